"""R6, rejections: why sales gave leads back, with examples, by source and by whether somebody had touched them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import StringValue, Table

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.cuts import Row, inside, shares_by, voids_of
from sla_sync.measures.figures import Basis, Figure, Unit, share_figure
from sla_sync.measures.kaplan_meier import curve, quantiles
from sla_sync.measures.way import exits

MISSING = "missing"
"""The bar of exits without a reason."""
EXAMPLES = 3

_MILLION = 1_000_000
_DEFINITION = (
    "Cycles that ended in the period without being won, by the stage and the reason that was given. Before a touch: nobody who "
    "owned the lead had touched it. By source: of those that qualified in the period, how many have been given back so far."
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason of one stage of exit: how many, of how many exits; `examples` are ids of leads, the newest first."""

    stage: str
    reason: str
    count: int
    share: Figure
    before_touch: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejections:
    """Exits of the period, the commonest reason first; `rate` is the share of those that qualified, by source.

    So many per 100; those who qualified in the period and were given back by now.
    """

    bars: tuple[Bar, ...]
    rate: Mapping[str, Figure]
    verdict: Figure
    """The median time from the assignment to the verdict, on the wall, in seconds, of those assigned in the period."""
    basis: Basis


def rejections(past: Past, period: Period) -> Rejections:
    """Return why cycles ended in the period without being won."""
    cycles = past.tables["cycles"]
    leaving = exits(past.agreement)
    ended = ibis.coalesce(cycles["closed_by"].isin(leaving) if leaving else None, ibis.literal(value=False))
    cycles = cycles.mutate(left=ended)
    exited = cycles.filter(inside(cycles, "closed_at", period) & cycles["left"])
    rows = past.rows(_by_reason(exited))
    counted = [row for row in rows if row["void"] is None]
    examples = _examples(past.rows(_newest(exited.filter(exited["void"].isnull()))))
    total = sum(row["n"] for row in counted)
    bars = tuple(_bar(row, total, examples) for row in sorted(counted, key=_commonest))
    return Rejections(
        bars=bars,
        rate=_rates(past, cycles, period),
        verdict=_verdict(past, cycles, period),
        basis=Basis(_DEFINITION, total, voids_of(rows)),
    )


def _by_reason(exited: Table) -> Table:
    """Return how many exits there are by stage and reason, and of how many nobody had touched the lead."""
    untouched = exited["touched_at"].isnull() | (exited["touched_at"] > exited["closed_at"])
    return exited.group_by("void", stage="closed_by", reason=_reason(exited)).agg(
        n=exited.count(), before_touch=ibis.ifelse(untouched, 1, 0).sum()
    )


def _newest(exited: Table) -> Table:
    """Return the newest exits of each stage and reason."""
    told = exited.select("lead", "closed_at", stage="closed_by", reason=_reason(exited))
    latest = ibis.window(group_by=["stage", "reason"], order_by=[told["closed_at"].desc(), told["lead"]])
    found = told.mutate(place=ibis.row_number().over(latest))
    return found.filter(found["place"] < EXAMPLES)


def _reason(exited: Table) -> StringValue:
    return ibis.coalesce(exited["reason"].strip().nullif(""), MISSING)


def _examples(rows: Iterable[Row]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in sorted(rows, key=lambda each: each["place"]):
        key = (row["stage"], row["reason"])
        found[key] = (*found.get(key, ()), row["lead"])
    return found


def _commonest(row: Row) -> tuple[int, str, str]:
    return -row["n"], row["stage"], row["reason"]


def _bar(row: Row, total: int, examples: Mapping[tuple[str, str], tuple[str, ...]]) -> Bar:
    stage, reason = row["stage"], row["reason"]
    share = share_figure(Share(row["n"], total))
    return Bar(stage, reason, row["n"], share, row["before_touch"], examples.get((stage, reason), ()))


def _rates(past: Past, cycles: Table, period: Period) -> Mapping[str, Figure]:
    """Return the share that has been given back, of the cycles that opened in the period, by their source."""
    opened = cycles.filter(inside(cycles, "qualified_at", period) & cycles["void"].isnull())
    gone = opened["left"] & (opened["closed_at"] <= stamp(past.as_of))
    rows = past.rows(opened.group_by("source").agg(n=opened.count(), gone=ibis.ifelse(gone, 1, 0).sum()))
    return {source: share_figure(share) for source, share in shares_by(rows, "source", "gone", "n").items()}


def _verdict(past: Past, cycles: Table, period: Period) -> Figure:
    """Return the median time to the verdict by Kaplan and Meier, so that those who still wait count for as long as they have."""
    given = cycles.filter(inside(cycles, "assigned_at", period) & cycles["void"].isnull())
    until = ibis.coalesce(given["decided_at"], stamp(past.as_of))
    waited = ibis.greatest(until.delta(given["assigned_at"], unit="microsecond"), 0)
    seen = given.select(who=ibis.literal("all"), waited=waited, done=given["decided_at"].notnull())
    rows = past.rows(quantiles(curve(seen, ("who",)), ("who",), (50,)))
    if not rows:
        return Figure(None, Unit.SECONDS, 0, note="Nobody was assigned in the period.")
    row = rows[0]
    if row["p50"] is None:
        return Figure(row["longest"] / _MILLION, Unit.SECONDS, row["n"], at_least=True)
    ends = (row["p50_low"], row["p50_high"])
    interval = None if None in ends else (ends[0] / _MILLION, ends[1] / _MILLION)
    return Figure(row["p50"] / _MILLION, Unit.SECONDS, row["n"], interval)
