"""Walking all records of an object in the order of their last change, by searches that never come near the 10,000th result.

A search answers at most 10,000 results and takes one order. So every search here is a first page: it asks for what was changed
since the last record of the page before. A page that holds one instant only is told apart by ids, however many share it: HubSpot
itself changes tens of thousands of contacts at one instant (airbytehq/airbyte issue 43317).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sla_sync.connector import onward
from sla_sync_hubspot import wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.watching.ground import spell

PAGE: Final = 200
"""How many records a search answers at once (page "Search the CRM")."""
LAG: Final = timedelta(minutes=15)
"""How long the search may not know of a change. Inferred: the length, for HubSpot says «a few moments»."""
ID: Final = "hs_object_id"
_STAMPS: Mapping[str, str] = {CONTACTS: "lastmodifieddate"}
_STAMP: Final = "hs_lastmodifieddate"
_TICK: Final = timedelta(milliseconds=1)

Record = Mapping[str, Any]
Test = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a walk has come: all that was changed before `at`; with `last`, also what was changed then up to that id."""

    at: datetime
    last: str = ""

    def __str__(self) -> str:
        """Return it as text that `mark_in` reads."""
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds")
        return f"{at}/{self.last}" if self.last else at

    def until(self, instant: datetime) -> Mark:
        """Return the earlier of this mark and an instant."""
        return self if self.at <= instant else Mark(instant)


def mark_in(text: str, since: datetime) -> Mark:
    """Return the mark that was kept as text, or the one at which a walk begins where none was."""
    at, _, last = text.partition("/")
    found = wire.instant(at)
    return Mark(found, last) if found else Mark(_whole(since))


def stamp_of(owner: str) -> str:
    """Return the property of an object that says when it was last changed."""
    return _STAMPS.get(owner, _STAMP)


def changed(
    client: HubSpotClient, owner: str, properties: Sequence[str], start: Mark
) -> Iterator[tuple[list[Record], Mark]]:
    """Yield the records that were changed since a mark, page by page, each with the mark after it.

    A record may come twice: when it was changed meanwhile, and where a walk begins in the midst of an instant.
    """
    mark, told = start, frozenset[str]()
    seen: set[str] = set()
    while True:
        onward(seen, mark)
        page = _page(client, owner, properties, mark)
        full = len(page) == PAGE
        if mark.last:
            mark = Mark(mark.at, str(page[-1]["id"])) if full else Mark(mark.at + _TICK)
            yield page, mark
            continue
        instants = [_changed_at(each, owner, mark.at) for each in page]
        if full and instants[0] == instants[-1]:
            mark = Mark(instants[0], "0")
            continue
        fresh = [each for each in page if str(each["id"]) not in told]
        mark = Mark(instants[-1]) if instants else mark
        told = frozenset(str(each["id"]) for each, at in zip(page, instants, strict=True) if at == mark.at)
        yield fresh, mark
        if not full:
            return


def by_id(
    client: HubSpotClient, owner: str, alternatives: Sequence[Sequence[Test]], last: str
) -> Iterator[tuple[list[Record], str]]:
    """Yield the records for which all tests of one alternative hold, page by page by id, each with the last id of it."""
    seen: set[str] = set()
    while True:
        onward(seen, last)
        groups = [[*tests, _test("GT", ID, last)] for tests in alternatives]
        page = _search(client, owner, groups, ID, (ID,))
        if page:
            last = str(page[-1]["id"])
            yield page, last
        if len(page) < PAGE:
            return


def before(owner: str, instant: datetime) -> Test:
    """Return the test that a record was last changed before an instant."""
    return _test("LT", stamp_of(owner), spell(instant))


def _page(client: HubSpotClient, owner: str, properties: Sequence[str], mark: Mark) -> list[Record]:
    stamp, at = stamp_of(owner), spell(mark.at)
    if not mark.last:
        return _search(client, owner, [[_test("GTE", stamp, at)]], stamp, properties)
    then = {"propertyName": stamp, "operator": "BETWEEN", "value": at, "highValue": at}
    return _search(client, owner, [[then, _test("GT", ID, mark.last)]], ID, properties)


def _search(
    client: HubSpotClient, owner: str, groups: Sequence[Sequence[Test]], order: str, properties: Sequence[str]
) -> list[Record]:
    body = {
        "filterGroups": [{"filters": list(tests)} for tests in groups],
        "sorts": [{"propertyName": order, "direction": "ASCENDING"}],
        "properties": list(dict.fromkeys((*properties, stamp_of(owner)))),
        "limit": PAGE,
    }
    found: list[Record] = client.call("POST", Api.OBJECTS, f"/{owner}/search", body=body)["results"]
    return found


def _test(operator: str, name: str, value: str) -> Test:
    return {"propertyName": name, "operator": operator, "value": value}


def _changed_at(record: Record, owner: str, otherwise: datetime) -> datetime:
    told = wire.instant(record["properties"].get(stamp_of(owner))) or wire.instant(record.get("updatedAt"))
    return _whole(told or otherwise)


def _whole(instant: datetime) -> datetime:
    """Return an instant without what is less than a millisecond, which a search does not know."""
    return instant.astimezone(UTC).replace(microsecond=instant.microsecond // 1000 * 1000)
