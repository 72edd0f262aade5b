"""Who is in which list: filter branches evaluated for records, and what follows from every write and from the clock.

Inferred: a list sees a write at once, and what only the clock changes every `segment_minutes` (see `switches.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sla_sync_hubspot.simulator.filter_tests import Asked, passes
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import Record, members_kind
from sla_sync_hubspot.simulator.refusals import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKS_AT_CLOCK = "INDEXED"


def meets(portal: Portal, record: Record, branch: Json, at: datetime | None = None) -> bool:
    """Return whether a record meets a root branch or an AND branch at an instant, or now."""
    if branch["filterBranchType"] == "OR":
        return any(meets(portal, record, each, at) for each in branch["filterBranches"])
    asked = Asked(at or portal.now, portal.state["portal"]["timeZone"], record)
    return all(_passes(portal, record, each, asked) for each in branch["filters"])


def is_member(portal: Portal, list_id: str, identifier: str) -> bool:
    """Return whether a record is in a list, as the list was last evaluated."""
    return identifier in portal.records.noted(members_kind(list_id))


def members(portal: Portal, list_id: str) -> Mapping[str, datetime]:
    """Return the records of a list with the instants at which they joined, in that order."""
    noted = portal.records.noted(members_kind(list_id))
    return {identifier: datetime.fromisoformat(each["since"]) for identifier, each in noted.items()}


def fill(portal: Portal, found: Json) -> None:
    """Evaluate the filters of one list for every record; a SNAPSHOT is filled so once and never again."""
    object_id = found["objectTypeId"]
    rows = tuple(portal.records.rows.get(object_id, {}).values())
    settle(portal, [(object_id, each.id) for each in rows if _place(portal, found, each)])


def settle(portal: Portal, touched: Iterable[tuple[str, str]]) -> None:
    """Evaluate the lists again for records (object type, id) that were written; each change of membership is told.

    A list may ask for another: this goes on until nothing moves, or as often as there are lists.
    """
    lists = [each for each in portal.state["lists"].values() if "deletedAt" not in each]
    for object_id, identifier in dict.fromkeys(touched):
        record = portal.records.rows.get(object_id, {}).get(identifier)
        mine = [each for each in lists if each["objectTypeId"] == object_id]
        if record is None or not mine:
            continue
        for _ in mine:
            moved = [_place(portal, each, record) for each in mine if each["processingType"] == "DYNAMIC"]
            if record.archived:
                moved += [_leave(portal, each, record) for each in mine]
            if not any(moved):
                break


def join(portal: Portal, found: Json, identifier: str) -> bool:
    """Add a record to a static list, and return whether it was not in it."""
    return _enlist(portal, found, identifier, member=True)


def leave(portal: Portal, found: Json, identifier: str) -> bool:
    """Remove a record from a static list, and return whether it was in it."""
    return _enlist(portal, found, identifier, member=False)


def _enlist(portal: Portal, found: Json, identifier: str, *, member: bool) -> bool:
    object_id = found["objectTypeId"]
    moved = portal.records.enlist(found["listId"], object_id, identifier, portal.now, member=member)
    if moved:
        settle(portal, [(object_id, identifier)])
    return moved


def next_refresh(portal: Portal) -> datetime | None:
    """Return when lists that look at the clock are evaluated next, or None where there is no such list."""
    if not any(True for _ in _timed_lists(portal)):
        return None
    every = timedelta(minutes=portal.switches.segment_minutes)
    return _EPOCH + ((portal.now - _EPOCH) // every + 1) * every


def refresh(portal: Portal) -> None:
    """Evaluate the lists that look at the clock for every record, now."""
    for each in tuple(_timed_lists(portal)):
        fill(portal, each)


def looks_at_clock(part: Any) -> bool:
    """Return whether a filter branch, or any part of one, compares with NOW or TODAY."""
    if isinstance(part, list | tuple):
        return any(looks_at_clock(each) for each in part)
    if not isinstance(part, dict):
        return False
    return part.get("timeType") == _LOOKS_AT_CLOCK or any(looks_at_clock(each) for each in part.values())


def _timed_lists(portal: Portal) -> Iterator[Json]:
    for each in portal.state["lists"].values():
        if "deletedAt" not in each and each["processingType"] == "DYNAMIC" and looks_at_clock(each["filterBranch"]):
            yield each


def _place(portal: Portal, found: Json, record: Record) -> bool:
    member = not record.archived and meets(portal, record, found["filterBranch"])
    return portal.records.enlist(found["listId"], record.object_id, record.id, portal.now, member=member)


def _leave(portal: Portal, found: Json, record: Record) -> bool:
    return portal.records.enlist(found["listId"], record.object_id, record.id, portal.now, member=False)


def _passes(portal: Portal, record: Record, tested: Json, asked: Asked) -> bool:
    if tested["filterType"] == "IN_LIST":
        return is_member(portal, tested["listId"], record.id) is (tested["operator"] == "IN_LIST")
    return passes(tested["operation"], record.values(tested["property"]), asked)
