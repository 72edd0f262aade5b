"""What a measure comes to, by local day, so that any week, month or period of it is a small sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ibis.expr.types import Table

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.cases import Outcome, cases
from sla_sync.measures.local_days import with_local_day
from sla_sync.measures.owed import Days

WAITS = "their time is not over yet"
"""Why something is left out that will be judged later."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases of one day, source and outcome there are, and what they add; `squares` are those of the amounts."""

    day: date
    source: str | None
    outcome: Outcome
    because: str | None
    again: bool
    n: int
    amount: float
    squares: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a commitment came to: `kept` of `judged`, or the `amount` of what counted; and what does not count, by reason."""

    kept: int
    judged: int
    amount: float
    waiting: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    unusable: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """Those that were kept, of those that are judged."""
        return Share(self.kept, self.judged)


def counts(past: Past, name: str, period: Period, *, when_over: bool = False) -> tuple[Count, ...] | str:
    """Return what a commitment with a measure counted on each day of a period, or why history cannot tell it.

    A case counts on the day on which it happened, or `when_over` on that on which its time was over.
    """
    found = cases(past, name)
    return found if isinstance(found, str) else by_day(past, found, period, "over_at" if when_over else "at")


def by_day(past: Past, found: Table, period: Period, at: str = "at") -> tuple[Count, ...]:
    """Return how many cases there are on each day of a period, by what became of them."""
    days = with_local_day(found, at, period)
    keys = ("day", "source", "outcome", "because", "again")
    amount = days["amount"]
    rows = past.rows(days.group_by(*keys).agg(n=days.count(), _sum=amount.sum(), _squares=(amount * amount).sum()))
    counted = (
        Count(
            row["day"],
            row["source"],
            Outcome(row["outcome"]),
            row["because"],
            row["again"],
            row["n"],
            float(row["_sum"] or 0),
            float(row["_squares"] or 0),
        )
        for row in rows
    )
    return tuple(
        sorted(counted, key=lambda each: (each.day, each.source or "", each.outcome, each.because or "", each.again))
    )


def told(found: Iterable[Count], days: Days) -> Told:
    """Return what counts of some days come to."""
    sums: Counter[Outcome] = Counter()
    left_out: Counter[str] = Counter()
    unusable: Counter[str] = Counter()
    amount = 0.0
    for each in found:
        if not days.first <= each.day <= days.last:
            continue
        sums[each.outcome] += each.n
        if each.outcome is Outcome.KEPT:
            amount += each.amount
        if each.outcome is Outcome.LEFT_OUT:
            left_out[each.because or ""] += each.n
        if each.outcome is Outcome.UNUSABLE:
            unusable[each.because or ""] += each.n
    return Told(
        kept=sums[Outcome.KEPT],
        judged=sums[Outcome.KEPT] + sums[Outcome.MISSED],
        amount=amount,
        waiting=sums[Outcome.WAITING],
        left_out=dict(sorted(left_out.items())),
        unusable=dict(sorted(unusable.items())),
    )
