"""The tables of a history, column by column: what a connector exports and what everything that measures reads.

All instants are UTC with microseconds. Words for stages, reasons, sources, teams and calendars are those of the agreement.
Ids are the platform's own or pseudonyms of them; names, addresses and texts of people are in no table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds."""

    ID = "id"
    WORD = "word"
    """A word of the agreement, or of a closed list named beside the column."""
    INSTANT = "instant"
    NUMBER = "number"
    WHOLE = "whole number"
    YES = "yes or no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `required` ones are never empty."""

    name: str
    kind: Kind
    means: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `at` is the column by whose month it is stored in partitions."""

    name: str
    means: str
    at: str
    columns: tuple[Column, ...]


LEADS = Table(
    "leads",
    "One row for each record that was ever a lead, those that are gone included.",
    "created_at",
    (
        Column("lead", Kind.ID, "The record.", required=True),
        Column("created_at", Kind.INSTANT, "When it came to be.", required=True),
        Column("batch", Kind.ID, "The import that made it; empty where it came by itself."),
        Column("excluded", Kind.WORD, "The exclusion of the agreement that it falls under: test, employee …"),
        Column("merged_into", Kind.ID, "The record that took it over."),
        Column("converted_at", Kind.INSTANT, "When it became a contact."),
        Column("gone_at", Kind.INSTANT, "When it was deleted or merged."),
    ),
)
RAISES = Table(
    "raises",
    "Each time a person asked or showed interest: a form, a campaign response, a request.",
    "at",
    (
        Column("lead", Kind.ID, "Who.", required=True),
        Column("at", Kind.INSTANT, "When.", required=True),
        Column("source", Kind.WORD, "By what, as the agreement calls it.", required=True),
    ),
)
FACTS = Table(
    "facts",
    "Each value that something of a lead took: score, country, reason …; the first is that of its creation.",
    "at",
    (
        Column("lead", Kind.ID, "Whose.", required=True),
        Column("at", Kind.INSTANT, "Since when.", required=True),
        Column("field", Kind.WORD, "Which, as the agreement calls it.", required=True),
        Column("value", Kind.WORD, "The value as text; empty where it was emptied."),
        Column("by", Kind.ID, "Who changed it."),
    ),
)
STAGES = Table(
    "stages",
    "Each stage that a lead entered.",
    "at",
    (
        Column("lead", Kind.ID, "Whose.", required=True),
        Column("at", Kind.INSTANT, "When it entered.", required=True),
        Column("stage", Kind.WORD, "Which; empty where the platform's value means none.", required=False),
        Column("reason", Kind.WORD, "The reason that was given with it."),
        Column("by", Kind.ID, "Who moved it."),
    ),
)
OWNERS = Table(
    "owners",
    "Each owner that a lead had.",
    "at",
    (
        Column("lead", Kind.ID, "Whose.", required=True),
        Column("at", Kind.INSTANT, "Since when.", required=True),
        Column("owner", Kind.ID, "The user; empty while it waits in a queue."),
        Column("queue", Kind.WORD, "The queue, as the agreement calls it."),
        Column("by", Kind.ID, "Who gave it."),
    ),
)
ACTIVITIES = Table(
    "activities",
    "Each call, mail and meeting.",
    "at",
    (
        Column("lead", Kind.ID, "With whom.", required=True),
        Column("at", Kind.INSTANT, "When it was done.", required=True),
        Column("activity", Kind.ID, "The record of it.", required=True),
        Column("kind", Kind.WORD, "call, email or meeting.", required=True),
        Column("by", Kind.ID, "The user who did it."),
        Column("counts", Kind.YES, "Whether it is a touch by the definition of the binding.", required=True),
        Column(
            "inbound", Kind.YES, "Whether it came from the buyer: a reply, a meeting that they booked.", required=True
        ),
    ),
)
DEALS = Table(
    "deals",
    "Each opportunity that came of a lead, with its last state.",
    "opened_at",
    (
        Column("deal", Kind.ID, "The opportunity.", required=True),
        Column("lead", Kind.ID, "Of whom it came.", required=True),
        Column("opened_at", Kind.INSTANT, "When it was opened.", required=True),
        Column("amount", Kind.NUMBER, "Its value in the currency of the agreement."),
        Column("closed_at", Kind.INSTANT, "When it was won or lost."),
        Column("won", Kind.YES, "Whether it was won; empty while it is open."),
    ),
)
USERS = Table(
    "users",
    "Who could own a lead, and when.",
    "since",
    (
        Column("user", Kind.ID, "The user.", required=True),
        Column("since", Kind.INSTANT, "From when on.", required=True),
        Column("until", Kind.INSTANT, "Until when; empty for those who are still there."),
        Column("team", Kind.WORD, "The team of the agreement."),
    ),
)

LEGS = Table(
    "legs",
    "One owner's turn in a cycle: what promises are judged by. Derived from the tables above, or a platform's own record.",
    "assigned_at",
    (
        Column("leg", Kind.ID, "The turn.", required=True),
        Column("lead", Kind.ID, "Of whom.", required=True),
        Column("cycle", Kind.WHOLE, "The number of the cycle, from 1.", required=True),
        Column("number", Kind.WHOLE, "The number of the turn in its cycle, from 1.", required=True),
        Column("owner", Kind.ID, "Who had it; empty for a turn that began in a queue."),
        Column("team", Kind.WORD, "The owner's team when it was assigned."),
        Column("calendar", Kind.WORD, "The calendar of that team.", required=True),
        Column("priority", Kind.WORD, "How urgent it was when it was assigned."),
        Column("source", Kind.WORD, "The source of the hand-raise that opened the cycle, frozen."),
        Column("stage", Kind.WORD, "The stage in which it was assigned."),
        Column("policy", Kind.WORD, "The version of the agreement by which it is judged.", required=True),
        Column("raised_at", Kind.INSTANT, "When the person asked."),
        Column("qualified_at", Kind.INSTANT, "When the cycle opened.", required=True),
        Column("assigned_at", Kind.INSTANT, "When this owner got it.", required=True),
        Column("ended_at", Kind.INSTANT, "When the turn ended; empty while it runs."),
        Column(
            "ended_by",
            Kind.WORD,
            "assigned, reassigned or returned end a turn and not its cycle; accepted, recycled, disqualified, converted, "
            "merged, deleted … end both.",
        ),
        Column("touched_at", Kind.INSTANT, "The owner's first touch in it."),
        Column("replied_at", Kind.INSTANT, "The buyer's first reply in it."),
        Column("decided_at", Kind.INSTANT, "When it left the stage in which it was assigned."),
        Column("touches", Kind.WHOLE, "How many touches.", required=True),
        Column("channels", Kind.WHOLE, "On how many channels.", required=True),
        Column("void", Kind.WORD, "Why it counts for nothing: merged, deleted, test …; queue: it waited for an owner."),
    ),
)

CYCLES = Table(
    "cycles",
    "One time that a person qualified, until it was decided. Derived, and never kept.",
    "qualified_at",
    (
        Column("lead", Kind.ID, "Who.", required=True),
        Column("cycle", Kind.WHOLE, "Its number, from 1.", required=True),
        Column("policy", Kind.WORD, "The version of the agreement in force when it opened.", required=True),
        Column("raised_at", Kind.INSTANT, "The hand-raise that opened it."),
        Column("source", Kind.WORD, "The source of that hand-raise, frozen."),
        Column("qualified_at", Kind.INSTANT, "When it opened.", required=True),
        Column("priority", Kind.WORD, "How urgent it was then, by the agreement."),
        Column("score", Kind.NUMBER, "The score that was recorded then."),
        Column("assigned_at", Kind.INSTANT, "When the first person got it."),
        Column("owner", Kind.ID, "The first person who got it."),
        Column("team", Kind.WORD, "Their team then."),
        Column("touched_at", Kind.INSTANT, "The first touch by whoever owned it."),
        Column("replied_at", Kind.INSTANT, "The buyer's first reply in it."),
        Column("touches", Kind.WHOLE, "How many touches by whoever owned it.", required=True),
        Column("channels", Kind.WHOLE, "On how many channels.", required=True),
        Column("decided_at", Kind.INSTANT, "When it first left the qualifying stage."),
        Column(
            "closed_at",
            Kind.INSTANT,
            "When it ended: an exit, the end of the funnel, or that the record was gone; empty while it is open.",
        ),
        Column("closed_by", Kind.WORD, "The stage in which it ended; empty where the record was gone."),
        Column("reason", Kind.WORD, "The reason that was given."),
        Column("batch", Kind.ID, "The import that made the lead."),
        Column("void", Kind.WORD, "Why it counts for nothing: the exclusion (test …), import, merged, deleted."),
    ),
)
STAYS = Table(
    "stays",
    "Each stay of a lead in a stage. Derived, and never kept.",
    "entered_at",
    (
        Column("lead", Kind.ID, "Who.", required=True),
        Column("cycle", Kind.WHOLE, "The last cycle that had opened by then; 0 before the first.", required=True),
        Column("stage", Kind.WORD, "Which stage.", required=True),
        Column("entered_at", Kind.INSTANT, "When it entered.", required=True),
        Column("left_at", Kind.INSTANT, "When it left; empty while it stays."),
        Column("came_from", Kind.WORD, "The stage before; empty for the first."),
        Column(
            "went_to", Kind.WORD, "The stage after; gone: deleted, merged or in no agreed one; empty while it stays."
        ),
        Column("reason", Kind.WORD, "The reason that was given on entering."),
        Column("by", Kind.ID, "Who moved it."),
        Column("void", Kind.WORD, "Why the lead counts for nothing, as in cycles."),
    ),
)
"""`cycles` and `stays` follow from the tables above under an agreement; see attainment/derived.py."""

TABLES: Mapping[str, Table] = {
    each.name: each for each in (LEADS, RAISES, FACTS, STAGES, OWNERS, ACTIVITIES, DEALS, USERS, LEGS)
}
"""Every table that is kept, by its name."""
