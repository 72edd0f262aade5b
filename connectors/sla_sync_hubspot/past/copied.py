"""The past of a portal from tables that a tool copied of it: contacts with their histories, owners, activities and deals.

Records are told by what tells those of a portal; what such a copy does not hold is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from sla_sync.connector import Setup
from sla_sync.connector.history import ACTIVITIES, USERS, Copied, HistoryAsked, Piece, Table, Untold
from sla_sync_hubspot.binding import of_hubspot
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.past import activities, deals, users
from sla_sync_hubspot.past.contacts import Row, Rows, Teller
from sla_sync_hubspot.past.copies import COPIES
from sla_sync_hubspot.past.shelves import Shelves
from sla_sync_hubspot.past.telling import gather, piece_of, pieces_of
from sla_sync_hubspot.past.unsaid import Versions, unsaid
from sla_sync_hubspot.past.words import MERGED, MERGED_AT, words_of
from sla_sync_hubspot.teams import Teams
from sla_sync_hubspot.translate.lifecycle import SHIPPED
from sla_sync_hubspot.translate.vocabulary import Vocabulary

_TOGETHER: Final = 500


def copied_history(asked: HistoryAsked, setup: Setup, copied: Copied) -> Iterator[Piece | Untold]:
    """Yield what became of contacts as far as copied tables hold it, and what they do not tell."""
    binding = of_hubspot(asked.binding)
    found = [Shelves(copied, each) for each in COPIES]
    shelves = next((each for each in found if each.has(each.copy.contacts)), None)
    if shelves is None:
        yield Untold(
            "Anything of contacts", "The table of contacts was not copied.", "Copy contacts and their history."
        )
        return
    trail = shelves.copy.trail
    if not any(copied.has(trail.table, each) for each in trail.record):
        because = f"The table {trail.table} was not copied, and without it nothing tells what contacts were before."
        yield Untold("Anything of contacts", because, "Copy the history of the properties of contacts.")
        return
    owners = shelves.owners()
    if not owners:
        yield Untold("Who could own contacts, and who changed them", "No table of owners was copied.", "Copy owners.")
    # All owners are told, so that nobody is asked.
    teams = Teams(cast("HubSpotClient", None), binding, setup.people, owners)
    yield piece_of(USERS, list(users.rows(owners, teams, asked.until)), "users", "")
    words = words_of(Vocabulary(asked.resources, binding, setup.people), shelves.there())
    teller, versions = Teller(words, asked.until, users.owners_by_user(owners)), Versions()
    yield from _pieces(_contacts(shelves, teller, versions), "contacts")
    for kind in activities.kinds(binding):
        yield from _activities(shelves, kind, asked)
    yield from _deals(shelves, teller)
    yield from words.untold
    yield from unsaid(words, versions, asked, asked.since)
    yield from _lacking(teller)


def _contacts(shelves: Shelves, teller: Teller, versions: Versions) -> Iterator[Rows]:
    copy, words = shelves.copy, teller.words
    taken_over = _taken_over(shelves)
    for contact, _ in shelves.records(copy.contacts, words.present, words.told, copy.trail):
        # HubSpot itself tells nothing of those that were merged into others but with these.
        if contact["id"] not in taken_over:
            versions.count(contact)
            yield teller.rows(contact)


def _taken_over(shelves: Shelves) -> frozenset[str]:
    """Return the contacts that others took over, of all: they are few."""
    found: set[str] = set()
    for contact, held in shelves.held(shelves.copy.contacts, (MERGED, MERGED_AT)):
        found |= {each.partition(":")[0] for text in held for each in text.split(";")} - {"", contact}
    return frozenset(found)


def _activities(shelves: Shelves, kind: str, asked: HistoryAsked) -> Iterator[Piece | Untold]:
    kept = shelves.copy.activities.get(kind)
    if kept is None or not shelves.has(kept):
        because = f"{shelves.copy.name} copies no table of them, or it was not copied here."
        yield Untold(f"Each {kind}", because, "Copy it, or export from the portal.")
        return
    binding = of_hubspot(asked.binding)

    def told() -> Iterator[Rows]:
        for found, contacts in shelves.records(kept, activities.properties(kind)):
            if not found["archived"]:
                linked = {found["id"]: contacts}
                yield {ACTIVITIES: list(activities.rows(kind, [found], linked, binding, asked.until))}

    yield from _pieces(told(), kind)


def _deals(shelves: Shelves, teller: Teller) -> Iterator[Piece | Untold]:
    copy = shelves.copy
    trailed = any(shelves.copied.has(copy.deal_trail.table, each) for each in copy.deal_trail.record)
    if not shelves.has(copy.deals) or not trailed:
        yield Untold("Deals, and the stages that they show", "They were not copied with their history.", "Copy both.")
        return
    stages = shelves.stages()
    if not stages:
        yield Untold("Which deals were won or lost", "The stages of deals were not copied.", "Copy the pipelines.")
    ends = deals.ends_in(stages)

    def told() -> Iterator[Rows]:
        for found, contacts in shelves.records(copy.deals, deals.PRESENT, (deals.STAGE,), copy.deal_trail):
            if not found["archived"]:
                yield deals.rows(found, contacts, teller.words, ends, teller.owner_of, teller.until)

    yield from _pieces(told(), deals.OBJECT)


def _pieces(told: Iterable[Rows], stream: str) -> Iterator[Piece]:
    gathered: dict[Table, list[Row]] = {}
    for place, rows in enumerate(told, start=1):
        gather(gathered, rows)
        if place % _TOGETHER == 0:
            yield from pieces_of(gathered, stream, "", "")
            gathered = {}
    yield from pieces_of(gathered, stream, "", "")


def _lacking(teller: Teller) -> Iterator[Untold]:
    bound = teller.words.vocabulary.binding.stages
    for name, each in bound.items():
        labels: list[Any] = [value for value in each.lifecyclestage if value not in SHIPPED]
        if labels:
            yield Untold(
                f"When leads entered '{name}'",
                f"The label '{labels[0]}' of a lifecycle stage stands for a number, and copies do not tell for which.",
                "Write that number into the binding, or export from the portal.",
            )
