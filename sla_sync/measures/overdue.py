"""R3, overdue: the promises that are broken now, the oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.answering import once
from sla_sync.attainment.business_time import stamp, with_open_time, with_wall_time
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import UNUSABLE, Runs, runs
from sla_sync.measures.business_clock import of_runs
from sla_sync.measures.figures import Basis
from sla_sync.measures.lacking import lacking
from sla_sync.semantics.clocks import State

DEFINITION = (
    "Promises that are broken now: the limit has passed, and neither is it done nor was the turn ended. The oldest first, by "
    "the open hours since the limit. Who has the lead now stands as its owner."
)
NOT_DUE = "not due yet"
NOT_OPEN = "ended after the limit without being done"
"""Why something late is not in the list: the turn was taken away, or its cycle closed. It is a miss, and nobody can act on it."""

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Late:
    """One turn that is overdue: `open_seconds` since the limit in business time, `wall_seconds` on the wall.

    `owner` and `team` are those that have the lead now; where a clock runs through the whole cycle, `leg` is its first turn.
    """

    commitment: str
    lead: str
    leg: str
    owner: str | None
    team: str | None
    priority: str | None
    due_at: datetime
    open_seconds: float
    wall_seconds: float


@dataclass(frozen=True, slots=True)
class Overdue:
    """All that is overdue as of now; `late` holds the oldest ones, `count` says how many there are by commitment."""

    late: tuple[Late, ...]
    count: dict[str, int]
    basis: Basis


def overdue(past: Past, *, most: int = 20) -> Overdue:
    """Return what is overdue at the instant of the past; raises CalendarError and FormatError."""
    legs = past.tables["legs"]
    first, last = reach_of(past.engine, legs, past.as_of)
    found = runs(legs, past.agreements, past.as_of, first=first, last=last, files=past.files)
    unknown = lacking(past)
    owing = ((name, each) for name, each in past.agreement.commitments.items() if name not in unknown)
    names = [name for name, each in owing if each.clock and each.kind == "produce"]
    own = found.table.filter(found.table["commitment"].isin(names)) if names else found.table.limit(0)
    over = own["state"] == State.OVERDUE.value
    own = once(past.engine, own.filter(over | (own["stopped_at"].isnull() & own["ended_at"].isnull())))
    states = _states(past, own)
    count = {name: n for name in names if (n := sum(row["n"] for row in states if _is_late(row, name)))}
    late = _oldest(past, own, first, most) if count else ()
    return Overdue(late, count, _basis(states, sum(count.values()), found, names))


def _states(past: Past, table: Table) -> list[dict[str, Any]]:
    """Return how many runs are in which state, and why those that are not judged are not; only those that are not over."""
    missed = (table["state"] == State.OVERDUE.value) & table["ended_at"].notnull()
    here = table.filter((table["stopped_at"].isnull() & table["ended_at"].isnull()) | missed)
    here = here.mutate(
        because=ibis.coalesce(here["void_because"], here["unusable_because"]), is_open=here["ended_at"].isnull()
    )
    return past.rows(here.group_by("commitment", "state", "because", "is_open").agg(n=here.count()))


def _is_late(row: Mapping[str, Any], name: str) -> bool:
    return bool(row["commitment"] == name and row["state"] == State.OVERDUE and row["is_open"])


def _oldest(past: Past, table: Table, first: datetime, most: int) -> tuple[Late, ...]:
    """Return those that have been overdue for the longest open time."""
    legs, now = past.tables["legs"], stamp(past.as_of)
    late = table.filter((table["state"] == State.OVERDUE.value) & table["ended_at"].isnull())
    hours = legs.select(_leg="leg", _calendar="calendar")
    late = late.inner_join(hours, [late["leg"] == hours["_leg"]]).drop("_leg")
    # Who has a lead before it was assigned is nobody, and then the clock runs in the main calendar.
    early = late["assigned_at"] > late["started_at"]
    late = late.mutate(now=now, hours=ibis.ifelse(early, "", late["_calendar"]))
    clocks = of_runs(past)
    late = clocks.with_key(late, "clock", ("policy", "commitment", "hours"))
    open_hours = clocks.open_time(first, past.as_of)
    late = with_open_time(late, open_hours, "open", calendar="clock", start="due_at", end="now")
    late = with_wall_time(late, "wall", start="due_at", end="now")
    late = late.order_by(late["open"].desc(), late["wall"].desc(), "commitment", "lead", "leg").limit(most)
    holders = _holders(legs.filter(legs["assigned_at"] <= now))
    late = late.left_join(holders, [late["lead"] == holders["_lead"], late["cycle"] == holders["_cycle"]])
    rows = past.rows(late)
    ordered = sorted(rows, key=lambda row: (-row["open"], -row["wall"], row["commitment"], row["lead"], row["leg"]))
    return tuple(_late(row) for row in ordered)


def _holders(legs: Table) -> Table:
    """Return who has each cycle now: the owner of its last turn, nobody where that is a queue."""
    last = legs.group_by("lead", "cycle").agg(
        _owner=ibis.coalesce(legs["owner"], "").argmax(legs["number"]),
        _team=ibis.coalesce(legs["team"], "").argmax(legs["number"]),
    )
    return last.rename(_lead="lead", _cycle="cycle")


def _late(row: Mapping[str, Any]) -> Late:
    return Late(
        commitment=row["commitment"],
        lead=row["lead"],
        leg=row["leg"],
        owner=row["_owner"] or None,
        team=row["_team"] or None,
        priority=row["priority"],
        due_at=row["due_at"].replace(tzinfo=UTC),
        open_seconds=row["open"] / _SECOND,
        wall_seconds=row["wall"] / _SECOND,
    )


def _basis(states: Iterable[Mapping[str, Any]], n: int, found: Runs, asked: list[str]) -> Basis:
    left_out: dict[str, int] = {}
    unusable: dict[str, int] = {}
    for row in states:
        reason = {State.RUNNING.value: NOT_DUE, State.OVERDUE.value: None if row["is_open"] else NOT_OPEN}.get(
            row["state"], row["because"]
        )
        kind = unusable if row["state"] == UNUSABLE else left_out
        if reason is not None:
            kind[reason] = kind.get(reason, 0) + row["n"]
    names = dict.fromkeys(each.commitment for each in found.unmeasured if each.commitment in asked)
    note = f"Turns cannot tell it of {', '.join(f'`{each}`' for each in names)}." if names else ""
    return Basis(DEFINITION, n, dict(sorted(left_out.items())), dict(sorted(unusable.items())), note)
