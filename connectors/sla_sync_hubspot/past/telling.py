"""Telling the past of a portal piece by piece: each stream from its mark on, with what the portal does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sla_sync.connector import ForbiddenError, onward
from sla_sync.connector.history import (
    ACTIVITIES,
    DEALS,
    FACTS,
    LEADS,
    OWNERS,
    RAISES,
    STAGES,
    USERS,
    HistoryAsked,
    Piece,
    Table,
    Untold,
)
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.binding import HubSpotBinding, of_hubspot
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.past import activities, deals, users
from sla_sync_hubspot.past.contacts import Row, Rows, Teller
from sla_sync_hubspot.past.reading import contacts_of, with_histories
from sla_sync_hubspot.past.unsaid import Versions, unsaid
from sla_sync_hubspot.past.walking import LAG, Mark, Record, before, by_id, changed, mark_in
from sla_sync_hubspot.past.words import words_of, worked
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.teams import Teams
from sla_sync_hubspot.translate.touches import ACTIVITIES as KINDS
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.watching.ground import one_of

_KEYS: Mapping[Table, tuple[str, ...]] = {
    LEADS: ("lead",),
    RAISES: ("lead", "at", "source"),
    FACTS: ("lead", "at", "field"),
    STAGES: ("lead", "at", "stage"),
    OWNERS: ("lead", "at"),
    ACTIVITIES: ("activity", "lead"),
    DEALS: ("deal",),
    USERS: ("user",),
}
"""By what the rows of a table are one and the same."""
_USERS, _STANDING, _ARCHIVED = "users", "standing", "archived"
_ALL: Final = "all"
_ARCHIVE_PAGE: Final = 100
_READ_TOGETHER: Final = 200
KEPT_IN_ARCHIVE: Final = timedelta(days=90)
"""How long HubSpot shows records that were deleted (knowledge base, "Restore deleted records")."""


@dataclass(frozen=True)
class Inquiry:
    """What is asked of a portal, and the conversation with it."""

    client: HubSpotClient
    asked: HistoryAsked
    people: Mapping[str, tuple[str, ...]]
    properties: Callable[[], Mapping[str, Mapping[str, Any]]]
    now: Callable[[], datetime]

    @property
    def binding(self) -> HubSpotBinding:
        """The binding of the agreement."""
        return of_hubspot(self.asked.binding)


def tell_past(inquiry: Inquiry) -> Iterator[Piece | Untold]:
    """Yield what became of contacts, piece by piece, and what the portal does not tell. Raises ConnectorError."""
    client, asked, binding = inquiry.client, inquiry.asked, inquiry.binding
    owners: list[dict[str, Any]] = []
    try:
        owners += [*catalogue.owners(client), *catalogue.archived_owners(client)]
    except ForbiddenError as error:
        yield Untold("Who could own contacts, and who changed them", error.message, error.hint or "")
    teams = Teams(client, binding, inquiry.people, owners)
    yield piece_of(USERS, list(users.rows(owners, teams, asked.until)), _USERS, "")
    words = words_of(Vocabulary(asked.resources, binding, inquiry.people), inquiry.properties())
    teller = Teller(words, asked.until, users.owners_by_user(owners))
    versions = Versions()
    yield from _contacts(inquiry, teller, versions)
    yield from _standing(inquiry, teller, versions)
    yield from _archived(inquiry, teller)
    for kind in activities.kinds(binding):
        owner = KINDS[kind].owner
        yield from _allowed(_activities(inquiry, kind, owner), owner)
    yield from _allowed(_deals(inquiry, teller), deals.OBJECT)
    yield from words.untold
    yield from unsaid(words, versions, asked, inquiry.now() - KEPT_IN_ARCHIVE)


def _contacts(inquiry: Inquiry, teller: Teller, versions: Versions) -> Iterator[Piece]:
    for found, old, new in _walk(inquiry, CONTACTS, CONTACTS, ()):
        yield from _told(inquiry, teller, versions, found, CONTACTS, (old, new))


def _standing(inquiry: Inquiry, teller: Teller, versions: Versions) -> Iterator[Piece]:
    """Yield those who wait in an open cycle and were last changed before what is asked for: they are in no other walk."""
    old = inquiry.asked.marks.get(_STANDING, "0")
    stages = worked(teller.words)
    if old == _ALL or not stages:
        return
    long_ago = before(CONTACTS, inquiry.asked.since)
    tests = [(one_of(name, values), long_ago) for name, values in stages.items()]
    for found, new in by_id(inquiry.client, CONTACTS, tests, old):
        yield from _told(inquiry, teller, versions, found, _STANDING, (old, new))
        old = new
    yield piece_of(LEADS, (), _STANDING, _ALL)


def _told(
    inquiry: Inquiry,
    teller: Teller,
    versions: Versions,
    found: Sequence[Record],
    stream: str,
    marks: tuple[str, str],
    *,
    archived: bool = False,
) -> Iterator[Piece]:
    """Yield the rows of contacts; the mark after them comes with the last piece, when all of them are there."""
    words = teller.words
    ids = [str(each["id"]) for each in found]
    gathered: dict[Table, list[Row]] = {}
    for contact in with_histories(inquiry.client, CONTACTS, ids, words.present, words.told, archived=archived):
        versions.count(contact)
        gather(gathered, teller.rows(contact))
    yield from pieces_of(gathered, stream, *marks)


def _archived(inquiry: Inquiry, teller: Teller) -> Iterator[Piece]:
    """Yield the contacts that were deleted; HubSpot lists them by id, so that the list is gone through each time."""
    old = inquiry.asked.marks.get(_ARCHIVED, "")
    since = wire.instant(old) or inquiry.asked.since
    began = inquiry.now()
    waiting: list[Record] = []
    for each in _archive(inquiry.client):
        at = wire.instant(each.get("archivedAt"))
        if at is None or at >= since:
            waiting.append(each)
        if len(waiting) == _READ_TOGETHER:
            yield from _told(inquiry, teller, Versions(), waiting, _ARCHIVED, (old, old), archived=True)
            waiting = []
    new = (began - LAG).isoformat()
    yield from _told(inquiry, teller, Versions(), waiting, _ARCHIVED, (old, new), archived=True)


def _archive(client: HubSpotClient) -> Iterator[Record]:
    after = ""
    seen: set[str] = set()
    while True:
        query = [("archived", "true"), ("limit", str(_ARCHIVE_PAGE)), *([("after", after)] if after else [])]
        page = client.call("GET", Api.OBJECTS, f"/{CONTACTS}", query=query)
        yield from page["results"]
        after = str(((page.get("paging") or {}).get("next") or {}).get("after") or "")
        if not after:
            return
        onward(seen, after)


def _activities(inquiry: Inquiry, kind: str, owner: str) -> Iterator[Piece]:
    for found, _, new in _walk(inquiry, owner, owner, activities.properties(kind)):
        linked = contacts_of(inquiry.client, owner, [str(each["id"]) for each in found])
        rows = list(activities.rows(kind, found, linked, inquiry.binding, inquiry.asked.until))
        yield piece_of(ACTIVITIES, rows, owner, new)


def _deals(inquiry: Inquiry, teller: Teller) -> Iterator[Piece]:
    ends = deals.ends_of(inquiry.client)
    for found, old, new in _walk(inquiry, deals.OBJECT, deals.OBJECT, ()):
        ids = [str(each["id"]) for each in found]
        linked = contacts_of(inquiry.client, deals.OBJECT, ids)
        gathered: dict[Table, list[Row]] = {}
        for deal in with_histories(inquiry.client, deals.OBJECT, ids, deals.PRESENT, (deals.STAGE,)):
            of = linked.get(str(deal["id"]), ())
            gather(gathered, deals.rows(deal, of, teller.words, ends, teller.owner_of, teller.until))
        yield from pieces_of(gathered, deals.OBJECT, old, new)


def _walk(
    inquiry: Inquiry, owner: str, stream: str, properties: Sequence[str]
) -> Iterator[tuple[list[Record], str, str]]:
    """Yield records page by page, with the mark before and after. No mark is later than what a search surely knows of."""
    kept = mark_in(inquiry.asked.marks.get(stream, ""), inquiry.asked.since)
    known = inquiry.now() - LAG
    old = str(kept)
    for found, mark in changed(inquiry.client, owner, properties, kept):
        new = str(_later(kept, mark.until(known)))
        yield found, old, new
        old, known = new, inquiry.now() - LAG


def _later(one: Mark, other: Mark) -> Mark:
    return other if other.at >= one.at else one


def _allowed(pieces: Iterator[Piece], owner: str) -> Iterator[Piece | Untold]:
    """Yield pieces, or that they cannot be told where the token may not read these records."""
    try:
        yield from pieces
    except ForbiddenError as error:
        yield Untold(f"What is kept as {owner}", error.message, error.hint or "")


def gather(into: dict[Table, list[Row]], rows: Rows) -> None:
    """Put rows with those of the same tables that were gathered before."""
    for table, some in rows.items():
        into.setdefault(table, []).extend(some)


def pieces_of(gathered: Mapping[Table, list[Row]], stream: str, old: str, new: str) -> Iterator[Piece]:
    """Yield gathered rows table by table; the new mark comes with the last of them, and also where there are none."""
    rest = [(table, rows) for table, rows in gathered.items() if rows] or [(LEADS, [])]
    for table, rows in rest[:-1]:
        yield piece_of(table, rows, stream, old)
    yield piece_of(*rest[-1], stream, new)


def piece_of(table: Table, rows: Sequence[Row], stream: str, mark: str) -> Piece:
    """Return rows of a table with the mark after them."""
    return Piece(table, rows, stream, mark, _KEYS[table])
