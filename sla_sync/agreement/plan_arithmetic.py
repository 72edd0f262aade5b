"""The plan worked backward: from the revenue that is wanted to the leads that each stage must have."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from sla_sync.agreement.durations import Duration, Unit, seconds
from sla_sync.agreement.quantities import Rate, Undecided
from sla_sync.agreement.sections.goal import Goal, Plan
from sla_sync.agreement.sections.header import Effective

MARKETING = "marketing"
"""The source of the plan that the agreement is about, where no other is asked for."""

_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3}
_MONTHS_OF_A_YEAR = 12
_SECONDS_OF_A_DAY = 86_400
_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Level:
    """How many leads a stage needs; `rate` is the share that goes on to the next one, where `following` are needed."""

    stage: str
    count: int
    rate: Rate | None = None
    following: int | None = None


@dataclass(frozen=True, slots=True)
class BackwardPlan:
    """The whole calculation; amounts in the currency of the agreement.

    `revenue` − `anyway` = `new`; `new` × `share` = `required`, which `source` has to bring; `required` ÷ `deal` = wins.
    `others` are the remaining sources with their shares and amounts. `levels` lead from the stage that is won up to the
    first, each count rounded up to whole leads before the next is worked out. `months` is the time the agreement has
    for it, None where it has no end. `due` is the last day on which a lead can qualify and still close in time.
    """

    source: str
    revenue: Decimal
    anyway: Decimal
    new: Decimal
    share: Rate
    others: tuple[tuple[str, Rate, Decimal], ...]
    required: Decimal
    deal: Decimal
    levels: tuple[Level, ...]
    months: Decimal | None
    due: date | None

    def count(self, stage: str) -> int | None:
        """Return how many leads a stage needs in all; None for a stage outside the plan."""
        return next((each.count for each in self.levels if each.stage == stage), None)

    def each_month(self, stage: str) -> Decimal | None:
        """Return how many leads a stage needs in a month, not rounded; None outside the plan or without an end."""
        count = self.count(stage)
        return None if count is None or not self.months else Decimal(count) / self.months

    def revenue_of(self, stage: str, count: Decimal) -> Decimal | None:
        """Return what so many leads of a stage bring in the end, at the rates of the plan; None outside the plan."""
        amount = count * self.deal
        for level in reversed(self.levels):
            if level.stage == stage:
                stage = ""
            if not stage and level.rate is not None:
                amount *= level.rate.share
        return None if stage else amount


class NoPlanError(ValueError):
    """The plan cannot be worked backward; the message is a sentence that says what is missing."""


def backward_plan(goal: Goal | None, effective: Effective, *, source: str = MARKETING) -> BackwardPlan | None:
    """Return the plan worked backward for one of its sources; None where `work_backward` says what is missing."""
    try:
        return work_backward(goal, effective, source=source)
    except NoPlanError:
        return None


def work_backward(goal: Goal | None, effective: Effective, *, source: str = MARKETING) -> BackwardPlan:
    """Return the plan worked backward for one of its sources. Raises NoPlanError."""
    if goal is None or goal.plan is None:
        raise NoPlanError("The goal has no plan.")
    plan = goal.plan
    revenue, deal = _amount(plan.revenue, "revenue"), _amount(plan.average_deal, "average_deal")
    if not deal:
        raise NoPlanError("The plan's `average_deal` is zero.")
    share = plan.sources.get(source)
    if not isinstance(share, Rate):
        raise NoPlanError(f"The plan does not say which share '{source}' brings.")
    if isinstance(plan.expected_anyway, Undecided):
        raise NoPlanError("The plan's `expected_anyway` is undecided.")
    chain = _chain(plan)
    anyway = revenue * plan.expected_anyway.share if plan.expected_anyway else Decimal(0)
    required = (revenue - anyway) * share.share
    others = tuple(
        (name, each, (revenue - anyway) * each.share)
        for name, each in plan.sources.items()
        if name != source and isinstance(each, Rate)
    )
    levels = _levels(_ceiling(required / deal), chain)
    months = months_between(effective.start, effective.until or (goal.by if isinstance(goal.by, date) else None))
    due = last_day_to_qualify(goal)
    return BackwardPlan(source, revenue, anyway, revenue - anyway, share, others, required, deal, levels, months, due)


def last_day_to_qualify(goal: Goal) -> date | None:
    """Return the last day on which a lead can qualify and still close by the day of the goal; None where that is open."""
    lag = goal.plan.mql_to_close if goal.plan else None
    return _before(goal.by, lag) if isinstance(goal.by, date) and isinstance(lag, Duration) else None


def first_day_to_qualify(goal: Goal, effective: Effective) -> date | None:
    """Return the first day on which a lead can qualify that is signed while the agreement is in force; None without a lag."""
    lag = goal.plan.mql_to_close if goal.plan else None
    return _before(effective.start, lag) if isinstance(lag, Duration) else None


def months_between(first: date, last: date | None) -> Decimal | None:
    """Return the months from the first day to the last, both counted: three from 1 October to 31 December.

    What is left of a month that is not whole counts by its days. None where there is no end, or it comes first.
    """
    if last is None or last < first:
        return None
    end = last + timedelta(days=1)
    whole = (end.year - first.year) * _MONTHS_OF_A_YEAR + end.month - first.month
    if _months_later(first, whole) > end:
        whole -= 1
    begun = _months_later(first, whole)
    return whole + Decimal((end - begun).days) / (_months_later(first, whole + 1) - begun).days


def _levels(wins: int, chain: tuple[tuple[str, str, Rate], ...]) -> tuple[Level, ...]:
    levels, count = [Level(chain[0][1], wins)], wins
    for start, _, rate in chain:
        following, count = count, _ceiling(count / rate.share)
        levels.append(Level(start, count, rate, following))
    return tuple(levels)


def _chain(plan: Plan) -> tuple[tuple[str, str, Rate], ...]:
    """Return the rates from the last stage up: (`opportunity`, `won`, 25%) first. Raises NoPlanError."""
    if isinstance(plan.rates, str):
        raise NoPlanError("The plan takes its rates from history, which is not here.")
    before: dict[str, tuple[str, Rate]] = {}
    for key, rate in plan.rates.items():
        start, _, end = (each.strip() for each in key.partition(" to "))
        if isinstance(rate, Undecided):
            raise NoPlanError(f"The plan's rate `{key}` is undecided.")
        if not rate.share:
            raise NoPlanError(f"The plan's rate `{key}` is zero, so nobody comes through.")
        if end in before:
            raise NoPlanError(f"Two rates of the plan lead to '{end}', and nobody says how many leads take which way.")
        before[end] = (start, rate)
    last = _single_end(before)
    chain: list[tuple[str, str, Rate]] = []
    while last in before:
        start, rate = before.pop(last)
        chain.append((start, last, rate))
        last = start
    if before:
        raise NoPlanError(f"The rates of the plan make no single chain: nothing joins '{next(iter(before))}' to it.")
    return tuple(chain)


def _single_end(before: Mapping[str, tuple[str, Rate]]) -> str:
    starts = {start for start, _ in before.values()}
    ends = [end for end in before if end not in starts]
    if len(ends) == 1:
        return ends[0]
    if not before:
        raise NoPlanError("The plan has no rates from one stage to the next.")
    said = " and ".join(f"'{each}'" for each in ends)
    raise NoPlanError(
        f"The rates of the plan end in {said}." if ends else "The rates of the plan go round in a circle."
    )


def _amount(number: float | Undecided | None, name: str) -> Decimal:
    if number is None:
        raise NoPlanError(f"The plan has no `{name}`.")
    if isinstance(number, Undecided):
        raise NoPlanError(f"The plan's `{name}` is undecided.")
    return Decimal(str(number))


def _ceiling(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _before(day: date, duration: Duration) -> date:
    """Return the day so long before another; business days are Mondays to Fridays."""
    if duration.unit in _MONTHS:
        return _months_later(day, -duration.count * _MONTHS[duration.unit])
    if duration.business and duration.unit is Unit.DAY:
        left = duration.count
        while left:
            day -= timedelta(days=1)
            left -= day.weekday() < _WORKING_DAYS
        return day
    weeks = duration.count if duration.unit is Unit.WEEK else 0
    return day - timedelta(weeks=weeks, days=0 if weeks else (seconds(duration) or 0) // _SECONDS_OF_A_DAY)


def _months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the last of that month where it has fewer days."""
    month = day.year * _MONTHS_OF_A_YEAR + day.month - 1 + months
    year, number = month // _MONTHS_OF_A_YEAR, month % _MONTHS_OF_A_YEAR + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))
