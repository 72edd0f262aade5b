"""R5, conversion: how many of a month's cohort got to a later stage in time, judged only when their time is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.durations import ABOUT_DAYS, Duration, seconds
from sla_sync.attainment.answering import once
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.cuts import Row, share_of_rows, shares_by, voids_of
from sla_sync.measures.entries import went_on
from sla_sync.measures.figures import Basis, Figure
from sla_sync.measures.figures import Unit as Counted
from sla_sync.measures.kaplan_meier import as_counted, curve, done_by
from sla_sync.measures.local_days import with_local_day
from sla_sync.measures.way import Step, steps

NOT_OVER = "their days are not over"

_CUTS = ("month", "source", "priority", "again", "void")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who entered a stage in a month (`2026-10`): the mature ones judged, the others counted.

    `estimate` is the share by Kaplan and Meier over all of them, for a month that is not mature yet.
    """

    month: str
    mature: Share
    immature: int
    estimate: Figure | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """One step within its days, by cohort, and over all mature ones; `first` and `again` are first and later cycles."""

    start: str
    goal: str
    days: int
    whole: Share
    first: Share
    again: Share
    cohorts: tuple[Cohort, ...]
    by_source: dict[str, Share]
    naive: Share
    """All that got there so far of all that ever entered: what makes a growing team look worse, for comparison."""
    basis: Basis
    by_priority: dict[str, Share] = field(default_factory=dict)
    within: Duration | None = None
    """The time as the agreement writes it: `days` counts business days where it says so."""


def conversions(past: Past, period: Period) -> tuple[Conversion, ...]:
    """Return every step of the funnel from the qualifying stage on; cohorts are months of entry in the period."""
    return tuple(conversion(past, period, step) for step in steps(past.agreement))


def conversion(past: Past, period: Period, step: Step) -> Conversion:
    """Return one step of those who began it in the period."""
    found = with_local_day(went_on(past, step.start, step.goal, step.within), "at", period)
    found = found.mutate(month=found["day"].strftime("%Y-%m"), again=found["cycle"] > 1)
    found = once(past.engine, found.select(*_CUTS, "at", "reached_at", "mature", "kept"))
    rows = past.rows(_counted(found))
    judged = [row for row in rows if row["void"] is None]
    whole = _share(judged)
    entered = sum(row["n"] for row in judged)
    waiting = entered - whole.whole
    definition = (
        f"Of all that entered {step.start} and have had {step.within} since, those that entered {step.goal} in the same "
        f"cycle by then."
    )
    return Conversion(
        start=step.start,
        goal=step.goal,
        days=_days(step.within),
        whole=whole,
        first=_share(row for row in judged if not row["again"]),
        again=_share(row for row in judged if row["again"]),
        cohorts=_cohorts(judged, _estimates(past, found, step.within, entered) if waiting else {}),
        by_source=shares_by(judged, "source", "kept", "mature"),
        naive=share_of_rows(judged, "so_far", "n"),
        basis=Basis(definition, whole.whole, voids_of(rows) | ({NOT_OVER: waiting} if waiting else {})),
        by_priority=shares_by(judged, "priority", "kept", "mature"),
        within=step.within,
    )


def _counted(found: Table) -> Table:
    """Return how many there are by all that they are cut by: all, the mature, those of them that are kept, and all so far."""
    return found.group_by(*_CUTS).agg(
        n=found.count(),
        mature=found["mature"].sum(),
        kept=(found["mature"] & found["kept"]).sum(),
        so_far=found["reached_at"].count(),
    )


def _estimates(past: Past, found: Table, within: Duration, number: int) -> Mapping[str, Figure]:
    """Return by month the share of everybody within a time by Kaplan and Meier; none where it is no fixed time.

    Who left the way stays among those who are waited for: they never arrive, and that is known of them.
    """
    length = seconds(within)
    if length is None or within.business:
        return {}
    seen = found.filter(found["void"].isnull())
    until = ibis.coalesce(seen["reached_at"], stamp(past.as_of))
    waited = as_counted(until.delta(seen["at"], unit="microsecond"), number)
    seen = seen.select("month", waited=waited, done=seen["kept"])
    told = past.rows(done_by(curve(seen, ("month",)), ("month",), length * _MILLION))
    return {row["month"]: _estimate(row) for row in told}


def _estimate(row: Row) -> Figure:
    if row["done"] is None:
        return Figure(None, Counted.SHARE, row["n"], note="Nobody has had that long yet.")
    return Figure(row["done"], Counted.SHARE, row["n"], (row["low"], row["high"]))


def _cohorts(rows: Iterable[Row], estimates: Mapping[str, Figure]) -> tuple[Cohort, ...]:
    months: dict[str, list[Row]] = {}
    for row in rows:
        months.setdefault(row["month"], []).append(row)
    found = []
    for month, own in sorted(months.items()):
        waiting = sum(row["n"] - row["mature"] for row in own)
        found.append(Cohort(month, _share(own), waiting, estimates.get(month) if waiting else None))
    return tuple(found)


def _share(rows: Iterable[Row]) -> Share:
    return share_of_rows(rows, "kept", "mature")


def _days(within: Duration) -> int:
    """Return a time in days, months as 30 of them; a part of a day counts as one."""
    length = seconds(within)
    return within.count * ABOUT_DAYS[within.unit] if length is None else -(-length // 86_400)
