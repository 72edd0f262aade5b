"""Promised numbers against the months that are over: how often they were met, what would be, and where the months go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import SumOf
from sla_sync.agreement.quantities import Rate
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.feasibility.chances import met, percentile, upper_bound
from sla_sync.feasibility.months import Stretch, following, name_of, sums_by_month
from sla_sync.feasibility.trends import Ahead, Trend, trend_of
from sla_sync.measures.cases import Outcome
from sla_sync.measures.counted import counts, told
from sla_sync.measures.definitions import definition
from sla_sync.measures.figures import Basis, Figure, Unit
from sla_sync.measures.owed import Days, month_of, owed
from sla_sync.measures.pacing import volumes
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import calendars_of

COMMIT = 0.4
"""The share of past months that a number to commit to lies above: a little below the middle one."""
AHEAD = 3
"""How many months are looked ahead."""
_MOST_MONTHS = 12
METHOD = (
    " By the month. The trend is the straight line of least squares through the months, and its error holds the noise of one "
    "month besides. A season, where there are 24 months, is the mean ratio of each month of the year to that line."
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One promised number a month and what history says of it; `because` says why it says nothing, and else is empty.

    `target` and `stretch` are for one month. `suggested` is the number above which 60 of 100 past months lay. `chance` is the
    share of months that met the target, at most `upper` with 95 % of certainty. `raised` is that share were each past month
    as much higher as the commitment's `uplift` says.
    """

    commitment: str
    unit: Unit
    months: Mapping[str, float]
    target: float | None
    stretch: float | None
    chance: Share | None
    upper: float | None
    raised: Share | None
    median: float | None
    suggested: float | None
    highest: float | None
    trend: Trend | None
    ahead: Mapping[str, Ahead]
    because: str
    basis: Basis


def outlooks(past: Past, agreed: Agreement, stretch: Stretch) -> tuple[Outlook, ...]:
    """Return each number that an agreement promises; `past` is asked about it as if it had always been in force.

    What is only influenced is not promised. Nothing is estimated from too short a history.
    """
    main = calendars_of(agreed, files=past.files).main
    return tuple(
        _outlook(past, agreed, stretch, main, name)
        for name in volumes(agreed)
        if agreed.commitments[name].kind != "influence"
    )


def judged_by(months: Sequence[float], target: float, uplift: float = 0.0) -> Share:
    """Return how many of some months met a target, had each been higher by a share."""
    return met([each * (1 + uplift) for each in months], target)


def uplift_of(commitment: Commitment) -> float:
    """Return by what share a promise may lie above history, for a reason that it says; 0 where it says none."""
    said = commitment.uplift
    return float(said.by.share) if said is not None and isinstance(said.by, Rate) else 0.0


def _outlook(past: Past, agreed: Agreement, stretch: Stretch, main: BusinessCalendar, name: str) -> Outlook:
    commitment, measure = agreed.commitments[name], volumes(agreed)[name]
    unit = Unit.MONEY if isinstance(measure, SumOf) else Unit.COUNT
    basis = Basis(f"{definition(measure)}{METHOD}", 0)
    target, ambition = (_monthly(agreed, each, main) for each in (commitment, _stretched(commitment)))
    period = stretch.period
    if period is None:
        return _nothing(name, unit, target, ambition, "There is no whole month in the history.", basis)
    found = counts(past, name, period)
    if isinstance(found, str):
        return _nothing(name, unit, target, ambition, found, basis)
    here = told(found, Days(period.first, period.last))
    by_day = [(each.day, each.amount) for each in found if each.outcome is Outcome.KEPT]
    months = sums_by_month(by_day, stretch.months)
    named = {name_of(month): amount for month, amount in zip(stretch.months, months, strict=True)}
    basis = Basis(basis.definition, here.kept, here.left_out, here.unusable)
    if not stretch.is_enough:
        return _nothing(name, unit, target, ambition, "The history is too short to estimate from.", basis, named)
    trend = trend_of(months, stretch.months[0].first.month)
    chance = None if target is None else met(months, target)
    uplift = uplift_of(commitment)
    return Outlook(
        commitment=name,
        unit=unit,
        months=named,
        target=target,
        stretch=ambition,
        chance=chance,
        upper=None if chance is None else upper_bound(chance),
        raised=judged_by(months, target, uplift) if uplift and target is not None else None,
        median=percentile(months, 0.5),
        suggested=percentile(months, COMMIT),
        highest=max(months),
        trend=trend,
        ahead={
            name_of(month): trend.ahead(step)
            for step, month in enumerate(following(stretch, AHEAD), start=1)
            if trend is not None
        },
        because="",
        basis=basis,
    )


def seen(outlook: Outlook) -> Figure:
    """Return the mean of the months, of how many months it is."""
    n = len(outlook.months)
    return Figure(sum(outlook.months.values()) / n if n else None, outlook.unit, n)


def _nothing(
    name: str,
    unit: Unit,
    target: float | None,
    ambition: float | None,
    because: str,
    basis: Basis,
    months: Mapping[str, float] | None = None,
) -> Outlook:
    return Outlook(
        name, unit, months or {}, target, ambition, None, None, None, None, None, None, None, {}, because, basis
    )


def _stretched(commitment: Commitment) -> Commitment:
    return commitment.model_copy(update={"target": commitment.stretch})


def _monthly(agreed: Agreement, commitment: Commitment, main: BusinessCalendar) -> float | None:
    """Return what is promised for a month, on average over the first twelve months of the agreement; None for no number."""
    found = [
        amount
        for month in _months_of(agreed)
        for amount in (owed(agreed, commitment, main, month),)
        if not isinstance(amount, str)
    ]
    return sum(found) / len(found) if found else None


def _months_of(agreed: Agreement) -> Sequence[Days]:
    effective = agreed.metadata.effective
    months: list[Days] = []
    month = month_of(effective.start)
    while len(months) < _MOST_MONTHS and (effective.until is None or month.first <= effective.until):
        months.append(month)
        month = month_of(month.last + timedelta(days=1))
    return months
