"""R2, speed: how long people waited, step by step, those who still wait included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import ibis
from ibis.expr.types import StringValue, Table

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp, with_open_time, with_wall_time
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import NO_HOURS, NO_START, STOP_BEFORE_START
from sla_sync.attainment.shares import Share
from sla_sync.attainment.stacking import stacked
from sla_sync.measures.business_clock import of_teams, with_hours_of_team
from sla_sync.measures.figures import Basis, Figure, Unit, share_figure
from sla_sync.measures.kaplan_meier import MANY, as_counted, curve, quantiles

STEPS = (
    "raised to touched", "raised to qualified", "qualified to assigned", "assigned to touched", "touched to replied",
)  # fmt: skip
"""The whole way as the buyer sees it, then what it is made of: the system, the routing, the person, the buyer."""
QUANTILES = (50, 75, 90, 95)
BANDS = ("0–5 min", "5–15 min", "15–60 min", "1–4 h", "4–24 h", "over 24 h", "none yet")

CLOCKS = ("wall", "business")
NOT_BEGUN = "this step has not begun"
"""Why a cycle is left out of a step: nobody has it yet, or nobody touched it yet."""

_WAY = ("raised_at", "qualified_at", "assigned_at", "touched_at", "replied_at")
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_ENDS = tuple(each * _MINUTE for each in (5, 15, 60, 4 * 60, 24 * 60))
_BY = ("step", "clock")
_HOW = {
    "wall": "Time on the wall, as the buyer waits",
    "business": "Time in the open hours of the first owner's team, of the main calendar where nobody has it",
}


@dataclass(frozen=True, slots=True)
class Waited:
    """How long one step took by one clock: `wall`, as the buyer waits, or `business`, in the open hours of the owner.

    `quantiles` are in seconds, by Kaplan and Meier, so that who still waits is not left out; `bands` are shares by name.
    """

    step: str
    clock: str
    quantiles: Mapping[int, Figure]
    bands: Mapping[str, Figure]
    naive_median: Figure
    """The median of those who were answered only: what is not to be used, for comparison."""
    basis: Basis


def speed(past: Past, period: Period) -> tuple[Waited, ...]:
    """Return every step by both clocks, of the cycles whose hand-raise fell into the period.

    Raises CalendarError and FormatError where hours cannot be reckoned.
    """
    waits = _waits(past, period)
    judged = waits.filter(waits["because"].isnull())
    counted = past.rows(waits.group_by(*_BY, "because", "unusable", "band").agg(n=waits.count()))
    number = sum(row["n"] for row in counted if row["because"] is None)
    times = judged.select(*_BY, "done", waited=as_counted(judged["waited"], number))
    found = past.rows(quantiles(curve(times, _BY), _BY, QUANTILES))
    spread = {(row["step"], row["clock"]): row for row in found}
    return tuple(
        _waited(step, clock, [row for row in counted if (row["step"], row["clock"]) == (step, clock)], spread)
        for step in STEPS
        for clock in CLOCKS
    )


def _waits(past: Past, period: Period) -> Table:
    """Return a row for each cycle, step and clock: how long it took or has taken, or why it is not counted."""
    cycles, now = past.tables["cycles"], stamp(past.as_of)
    begun = ibis.coalesce(cycles["raised_at"], cycles["qualified_at"])
    asked = cycles.filter((begun >= stamp(period.since)) & (begun < stamp(period.until)) & (begun <= now))
    known = {name: ibis.ifelse(asked[name] <= now, asked[name], ibis.null("timestamp(6)")) for name in _WAY}
    # Who was somebody's already is not waited for: they have it from the moment at which it qualifies.
    owned, qualified = known["assigned_at"], known["qualified_at"]
    known["assigned_at"] = ibis.ifelse(owned < qualified, qualified, owned)
    asked = asked.mutate(**known, closed_at=ibis.ifelse(asked["closed_at"] < now, asked["closed_at"], now))
    own = of_teams(past)
    asked = with_hours_of_team(asked, own, "hours")
    hours = own.open_time(min(period.since, past.as_of), past.as_of)
    ways = [("raised_at", "touched_at"), *pairwise(_WAY)]
    steps = [_step(asked, step, *way) for step, way in zip(STEPS, ways, strict=True)]
    rows = with_wall_time(stacked(*steps), "wall", start="started", end="ended")
    rows = with_open_time(rows, hours, "business", calendar="hours", start="started", end="ended")
    return stacked(*(_by_clock(rows, clock) for clock in CLOCKS))


def _step(asked: Table, step: str, start: str, stop: str) -> Table:
    """Return the cycles in one step: from when to when it took, or has taken, and whether it is done."""
    done = asked[stop].notnull()
    return asked.select(
        "hours",
        "void",
        step=ibis.literal(step),
        lacks=ibis.literal(NO_START if start == _WAY[0] else NOT_BEGUN),
        started=asked[start],
        ended=ibis.ifelse(done, asked[stop], asked["closed_at"]),
        done=done,
    )


def _by_clock(rows: Table, clock: str) -> Table:
    """Return the time of each step by one clock, its band, and why it is not counted."""
    waited = rows[clock]
    broken = ibis.cases(
        (rows["started"].isnull(), rows["lacks"]),
        (rows["wall"] < 0, STOP_BEFORE_START),
        (waited.isnull(), NO_HOURS),
        else_=ibis.null("string"),
    )
    return rows.select(
        "step",
        "done",
        clock=ibis.literal(clock),
        waited=waited,
        band=_band(rows, clock),
        unusable=rows["void"].isnull() & (broken != NOT_BEGUN),
        because=ibis.coalesce(rows["void"], broken),
    )


def _band(rows: Table, clock: str) -> StringValue:
    """Return in which band a time lies; the end of a band belongs to it."""
    ends = [(rows["done"] & (rows[clock] <= end), band) for end, band in zip(_ENDS, BANDS, strict=False)]
    return ibis.cases((~rows["done"], BANDS[-1]), *ends, else_=BANDS[-2])


def _waited(
    step: str, clock: str, counted: Iterable[Mapping[str, Any]], spread: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Waited:
    bands = dict.fromkeys(BANDS, 0)
    left_out: dict[str, int] = {}
    unusable: dict[str, int] = {}
    for row in counted:
        if row["because"] is None:
            bands[row["band"]] += row["n"]
        else:
            reasons = unusable if row["unusable"] else left_out
            reasons[row["because"]] = reasons.get(row["because"], 0) + row["n"]
    whole = sum(bands.values())
    row = spread.get((step, clock), {})
    return Waited(
        step,
        clock,
        {percent: _quantile(row, percent) for percent in QUANTILES},
        {band: share_figure(Share(count, whole)) for band, count in bands.items()},
        Figure(
            _seconds(row.get("naive50")),
            Unit.SECONDS,
            row.get("events", 0),
            note="Of those only for whom it was done: whoever still waits is forgotten.",
        ),
        _basis(step, clock, whole, left_out, unusable),
    )


def _quantile(row: Mapping[str, Any], percent: int) -> Figure:
    if not row:
        return Figure(None, Unit.SECONDS, 0, note="Nobody began this step in the period.")
    found, low, high = (_seconds(row[f"p{percent}{end}"]) for end in ("", "_low", "_high"))
    if found is None:
        note = f"Fewer than {percent} of 100 had it done by the longest time that anybody was seen."
        return Figure(_seconds(row["longest"]), Unit.SECONDS, row["n"], at_least=True, note=note)
    if low is None or high is None:
        note = "How much longer it may be is not known: too few were seen for so long."
        return Figure(found, Unit.SECONDS, row["n"], note=note)
    return Figure(found, Unit.SECONDS, row["n"], (low, high))


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / _SECOND


def _basis(step: str, clock: str, n: int, left_out: Mapping[str, int], unusable: Mapping[str, int]) -> Basis:
    start, stop = step.split(" to ")
    definition = (
        f"From {start} to {stop}, of the cycles whose hand-raise fell in the period, or, where none is recorded, "
        f"which qualified in it. {_HOW[clock]}. Quantiles by Kaplan and "
        "Meier: who still waits counts for as long as they have waited, and who left for as long as they were there. "
        f"Of more than {MANY:,} times in all, each is counted in whole seconds, from an hour on in whole minutes."
    )
    note = "Who asked and never qualified has no cycle and is not counted."
    return Basis(definition, n, dict(sorted(left_out.items())), dict(sorted(unusable.items())), note)
