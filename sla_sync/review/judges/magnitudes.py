"""Which of two values is more, where their meaning tells: 120 minutes are 2 hours, `no limit` is more than once a day."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sla_sync.agreement.durations import Duration, seconds
from sla_sync.agreement.quantities import Frequency, Period, Rate, Times, TopShare, Unlimited, Volume, WarnAt
from sla_sync.agreement.reasoning.deeds import contains
from sla_sync.agreement.sections.amounts import DurationRange, Idle

_DAYS = {Period.DAY: Fraction(1), Period.WEEK: Fraction(7)}
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def compared(before: object, after: object) -> int | None:
    """Return 1 where `after` is more, -1 where it is less, 0 where both are the same, None where that cannot be told.

    More of a share at the top (`top 10% of inquiries`) is a larger share: easier to reach.
    """
    if before == after:
        return 0
    bounds = _bounds(before, after)
    if bounds is not None:
        return bounds
    match before, after:
        case (int() | float() | Decimal(), int() | float() | Decimal()):
            return _sign(Fraction(after) - Fraction(before))
        case Rate(), Rate():
            return _sign(after.percent - before.percent)
        case TopShare(), TopShare() if before.population == after.population:
            return _sign(after.rate.percent - before.rate.percent)
        case WarnAt(point=one), WarnAt(point=other):
            return compared(one, other)
        case _:
            return _times(before, after)


def _times(before: object, after: object) -> int | None:
    match before, after:
        case Duration(), Duration():
            return _longer(before, after)
        case Idle(), Idle():
            return _longer(before.duration, after.duration)
        case DurationRange(), DurationRange():
            ends = {_longer(before.least, after.least), _longer(before.most, after.most)} - {0}
            return ends.pop() if len(ends) == 1 else None
        case Volume(), Volume() if (before.per_member, before.team) == (after.per_member, after.team):
            return _pace(before.count, before.period, after.count, after.period)
        case _:
            return None


def _bounds(before: object, after: object) -> int | None:
    match before, after:
        case Times(), Times():
            return _sign(after.count - before.count)
        case Frequency(), Frequency():
            return _pace(before.count, before.period, after.count, after.period)
        case Unlimited(), Unlimited():
            return 0
        case Unlimited(), Frequency() | Times():
            return -1
        case Frequency() | Times(), Unlimited():
            return 1
        case _:
            return None


def _longer(before: Duration, after: Duration) -> int | None:
    lengths = seconds(before), seconds(after)
    if None not in lengths and before.business == after.business:
        return _sign((lengths[1] or 0) - (lengths[0] or 0))
    if contains(after, before):
        return 1
    return -1 if contains(before, after) else None


def _pace(before: float | Decimal, per: Period, after: float | Decimal, after_per: Period) -> int | None:
    for lengths in (_DAYS, _MONTHS):
        if per in lengths and after_per in lengths:
            return _sign(Fraction(after) / lengths[after_per] - Fraction(before) / lengths[per])
    return _sign(Fraction(after) - Fraction(before)) if per == after_per else None


def _sign(difference: float | Decimal | Fraction) -> int:
    return (difference > 0) - (difference < 0)
