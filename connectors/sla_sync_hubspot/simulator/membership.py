"""Who is in which list: filter branches evaluated for records, and what follows from every write and from the clock.

Inferred: a list sees a write at once, and what only the clock changes every `segment_minutes` (see `switches.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sla_sync_hubspot.simulator.filter_tests import Asked, passes
from sla_sync_hubspot.simulator.looks import is_timed, lists_in, properties_in
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import ID, Record, members_kind
from sla_sync_hubspot.simulator.refusals import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DERIVED = ("createdate", "hs_createdate", "lastmodifieddate", "hs_lastmodifieddate", ID)
"""Properties that no write names and many move."""


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


def size(portal: Portal, list_id: str) -> int:
    """Return how many records are in a list."""
    return len(portal.records.noted(members_kind(list_id)))


def member_since(portal: Portal, list_id: str, identifier: str) -> datetime | None:
    """Return when a record joined a list, or None where it is not in it."""
    noted = portal.records.noted(members_kind(list_id)).get(identifier)
    return datetime.fromisoformat(noted["since"]) if noted else None


def fill(portal: Portal, found: Json) -> None:
    """Evaluate the filters of one list for every record; a SNAPSHOT is filled so once and never again."""
    portal.memory.forget()  # this very list is new, or has other filters
    _evaluate(portal, found)


def _evaluate(portal: Portal, found: Json) -> None:
    object_id = found["objectTypeId"]
    rows = tuple(portal.records.rows.get(object_id, {}).values())
    moved = [(object_id, each.id) for each in rows if _place(portal, found, each)]
    settle(portal, moved, [_name_of_list(found["listId"])])


def settle(
    portal: Portal, touched: Iterable[tuple[str, str]], changed: Collection[str] | None = None, *, created: bool = False
) -> None:
    """Evaluate the lists again for records (object type, id) that were written; each change of membership is told.

    Only those that look at the properties that `changed`, where that is said, and for a record that was `created` those
    that an empty one meets. A list may ask for another: this goes on until nothing moves, or as often as there are lists.
    """
    for object_id, identifier in dict.fromkeys(touched):
        record = portal.records.rows.get(object_id, {}).get(identifier)
        if record is None:
            continue
        if record.archived:
            for each in _lists_of(portal, object_id):
                _leave(portal, each, record)
            continue
        if changed is None:
            pending = _lists_of(portal, object_id)
        else:
            pending = _watching(portal, object_id, changed, (_empty_lists(portal, object_id) if created else ()))
        for _ in portal.state["lists"]:
            moved = [each for each in pending if each["processingType"] == "DYNAMIC" and _place(portal, each, record)]
            if not moved:
                break
            pending = _watching(portal, object_id, [_name_of_list(each["listId"]) for each in moved])


def _name_of_list(list_id: str) -> str:
    # No property has a name with a blank in it.
    return f"list {list_id}"


def _lists_of(portal: Portal, object_id: str) -> Sequence[Json]:
    lists = portal.state["lists"]
    watch = portal.memory.once("lists by what they look at", lambda: _watch(lists))
    return [lists[each] for each in watch.get((object_id, ""), ()) if "deletedAt" not in lists[each]]


def _empty_lists(portal: Portal, object_id: str) -> Sequence[str]:
    """Return the lists that a record without any value meets."""
    empty = Record(object_id, "", portal.now, portal.now)
    return portal.memory.once(
        f"lists of empty records {object_id}",
        lambda: [
            each["listId"]
            for each in _lists_of(portal, object_id)
            if each["processingType"] == "DYNAMIC" and meets(portal, empty, each["filterBranch"])
        ],
    )


def _watching(portal: Portal, object_id: str, changed: Iterable[str], further: Iterable[str] = ()) -> Sequence[Json]:
    """Return the lists that look at any of these properties, or at lists that are named so, in the order of their creation."""
    lists = portal.state["lists"]
    watch = portal.memory.once("lists by what they look at", lambda: _watch(lists))
    found = {one for each in (*changed, *_DERIVED) for one in watch.get((object_id, each), ())}
    found.update(further)
    return [lists[each] for each in sorted(found, key=int) if "deletedAt" not in lists[each]]


def _watch(lists: Mapping[str, Json]) -> dict[tuple[str, str], list[str]]:
    """Return the lists by object type and by each property and list that they look at; all of them by an empty one."""
    watch: dict[tuple[str, str], list[str]] = {}
    for identifier, each in lists.items():
        branch = each.get("filterBranch")
        for name in dict.fromkeys(("", *properties_in(branch), *map(_name_of_list, lists_in(branch)))):
            watch.setdefault((each["objectTypeId"], name), []).append(identifier)
    return watch


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
        settle(portal, [(object_id, identifier)], [_name_of_list(found["listId"])])
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
        _evaluate(portal, each)


def _timed_lists(portal: Portal) -> Iterator[Json]:
    lists = portal.state["lists"]
    timed = portal.memory.once(
        "lists that look at the clock",
        lambda: [key for key, each in lists.items() if is_timed(each.get("filterBranch"))],
    )
    for each in timed:
        if "deletedAt" not in lists[each] and lists[each]["processingType"] == "DYNAMIC":
            yield lists[each]


def _place(portal: Portal, found: Json, record: Record) -> bool:
    member = not record.archived and meets(portal, record, found["filterBranch"])
    return portal.records.enlist(found["listId"], record.object_id, record.id, portal.now, member=member)


def _leave(portal: Portal, found: Json, record: Record) -> bool:
    return portal.records.enlist(found["listId"], record.object_id, record.id, portal.now, member=False)


def _passes(portal: Portal, record: Record, tested: Json, asked: Asked) -> bool:
    if tested["filterType"] == "IN_LIST":
        return is_member(portal, tested["listId"], record.id) is (tested["operator"] == "IN_LIST")
    return passes(tested["operation"], record.values(tested["property"]), asked)
