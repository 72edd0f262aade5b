"""What people did, how often and since when: twice implies once, and the last 30 days contain the last 7."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sla_sync.agreement.durations import Duration, Unit, seconds
from sla_sync.agreement.reasoning.lead import Counted

_DAY = 86_400
_MONTHS: Mapping[Unit, int] = {Unit.MONTH: 1, Unit.QUARTER: 3}
_SHORTEST_MONTH, _LONGEST_MONTH = 28 * _DAY, 31 * _DAY


@dataclass(frozen=True, slots=True)
class Deed:
    """Something was done `times` or more in the last `within`, or, where this fails, less often."""

    times: int
    within: Duration | None
    holds: bool


def consistent(deeds: Iterable[Deed]) -> bool:
    """Tell whether one history can be as all of these say."""
    deeds = tuple(deeds)
    done = [each for each in deeds if each.holds]
    return not any(
        more.times >= less.times and contains(less.within, more.within)
        for less in deeds
        if not less.holds
        for more in done
    )


def counted(deeds: Iterable[Deed]) -> tuple[Counted, ...]:
    """Return how often it was done at least in each span that is spoken of, the fewest times that fit."""
    deeds = tuple(deeds)
    return tuple(
        Counted(max((each.times for each in deeds if each.holds and contains(span, each.within)), default=0), span)
        for span in dict.fromkeys(each.within for each in deeds)
    )


def contains(longer: Duration | None, shorter: Duration | None) -> bool:
    """Tell whether what was done in the last `shorter` was surely done in the last `longer`; None is ever."""
    if longer is None or longer == shorter:
        return True
    if shorter is None:
        return False
    if longer.business and shorter.business:
        return _business(longer, shorter)
    if shorter.business:
        return False
    least, most = _span(longer)[0], _span(shorter)[1]
    if longer.unit in _MONTHS and shorter.unit in _MONTHS and not longer.business:
        return longer.count * _MONTHS[longer.unit] >= shorter.count * _MONTHS[shorter.unit]
    return least >= most


def _business(longer: Duration, shorter: Duration) -> bool:
    first, second = seconds(longer), seconds(shorter)
    if first is not None and second is not None:
        return first >= second
    return longer.unit is shorter.unit and longer.count >= shorter.count


def _span(duration: Duration) -> tuple[float, float]:
    """Return the fewest and the most seconds on the wall that it can reach back."""
    if duration.business:
        # Open time takes at least as long as it lasts; a business day may be one short window of a day.
        return (seconds(duration) or 0, float("inf"))
    months = _MONTHS.get(duration.unit)
    if months is not None:
        return (duration.count * months * _SHORTEST_MONTH, duration.count * months * _LONGEST_MONTH)
    length = seconds(duration) or 0
    return (length, length)
