"""Turns as LEGS has them, derived from the history of a lead step by step, for the tests to hold runs against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.history.tables import LEGS, Kind
from sla_sync.semantics.cycles import Cycle, cycles
from sla_sync.semantics.history import Assigned, Entered, Event, Parted, Parting, Queued, Replied
from sla_sync.semantics.moments import is_touch
from sla_sync.semantics.story import Story

TYPES = {
    Kind.ID: pa.string(),
    Kind.WORD: pa.string(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.NUMBER: pa.float64(),
    Kind.WHOLE: pa.int64(),
    Kind.YES: pa.bool_(),
}
SCHEMA = pa.schema([(each.name, TYPES[each.kind]) for each in LEGS.columns])
ENDS = {Parting.MERGED: "merged", Parting.DELETED: "deleted", Parting.CONVERTED: "converted"}


def arrow(rows: Iterable[dict[str, object]]) -> pa.Table:
    """Return rows as a table of legs; what a row does not say is empty."""
    plain = [
        {
            each.name: value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
            for each in LEGS.columns
            for value in (row.get(each.name),)
        }
        for row in rows
    ]
    return pa.Table.from_pylist(plain, schema=SCHEMA)


def legs(rows: Iterable[dict[str, object]]) -> Table:
    """Return rows as a table of legs for expressions."""
    return ibis.memtable(arrow(rows))


def turns_of(story: Story, lead: str, policy: str) -> list[dict[str, object]]:
    """Return the turns of a lead: a new one with each owner, and with each wait in a queue once it was assigned."""
    found = [row for cycle in cycles(story) for row in _turns(story, cycle, lead, policy)]
    gone = any(isinstance(each, Parted) and each.how is Parting.MERGED for each in story.history.events)
    return [row | {"void": "merged"} for row in found] if gone else found


def _turns(story: Story, cycle: Cycle, lead: str, policy: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for place in range(cycle.first, cycle.last + 1):
        event, after = story.history.events[place], story.standings[place + 1]
        running = found[-1] if found and found[-1]["ended_at"] is None else None
        if running is not None:
            _notice(story, running, place)
        if isinstance(event, Assigned | Queued):
            owner = event.owner if isinstance(event, Assigned) else None
            if running is not None and running["owner"] == owner:
                continue
            if running is not None:
                word = "assigned" if running["owner"] is None else "reassigned" if owner else "returned"
                running |= {"ended_at": event.at, "ended_by": word}
            elif owner is None:
                continue
            team = after.team
            found.append(
                {
                    "leg": f"{lead}-{cycle.number}-{len(found) + 1}",
                    "lead": lead,
                    "cycle": cycle.turn,
                    "number": len(found) + 1,
                    "owner": owner,
                    "team": team,
                    "calendar": story.calendars.teams.get(team or "", "office"),
                    "priority": story.after(place).value("priority"),
                    "source": after.source,
                    "stage": after.stage,
                    "policy": policy,
                    "raised_at": cycle.raised_at,
                    "qualified_at": cycle.qualified_at or event.at,
                    "assigned_at": event.at,
                    "ended_at": None,
                    "touches": 0,
                    "channels": 0,
                    "void": None if owner else "queue",
                }
            )
    return found


def _notice(story: Story, turn: dict[str, object], place: int) -> None:
    event, (before, after) = story.history.events[place], story.standings[place : place + 2]
    if is_touch(event, before.owner) and before.owner is not None:
        turn.setdefault("touched_at", event.at)
    if isinstance(event, Replied):
        turn.setdefault("replied_at", event.at)
    if isinstance(event, Entered) and before.stage == turn["stage"] != after.stage:
        turn.setdefault("decided_at", event.at)
    if after.closed and not before.closed:
        turn |= {"ended_at": event.at, "ended_by": "recycled" if after.stage == "recycled" else "disqualified"}
    if isinstance(event, Parted):
        turn |= {"ended_at": event.at, "ended_by": ENDS[event.how]}


def ordered(*events: Event) -> tuple[Event, ...]:
    """Return events in the order of time."""
    return tuple(sorted(events, key=lambda each: each.at))
