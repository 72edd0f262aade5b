"""From a start to its deadline: how one duration moves an instant, and at which starts that changes.

It is what `semantics.calendar` means, over windows that are known beforehand; a law holds both against each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sla_sync.agreement.durations import Duration, Unit, seconds
from sla_sync.attainment.open_hours import OpenHours, instant, micros
from sla_sync.semantics.civil import date_after_months, first_instant, same_time_months_later
from sla_sync.semantics.holidays import CalendarError

_SECOND = 1_000_000
_HALF_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3}


@dataclass(frozen=True, slots=True)
class Reach:
    """`due` leads from a start to its deadline; between two neighbours of `corners` it is a straight line. Microseconds."""

    due: Callable[[int], int]
    corners: frozenset[int] = frozenset()


def reach(hours: OpenHours, duration: Duration, first: int, last: int) -> Reach:
    """Return how a duration moves the starts from `first` to `last`; raises CalendarError.

    The hours must be known as far as the last of these deadlines.
    """
    length = seconds(duration)
    if not duration.count:
        return Reach(lambda start: start)
    if length is None or (duration.business and duration.unit is Unit.WEEK):
        return _far(hours, duration, first, last)
    step = length * _SECOND
    if not duration.business:
        return Reach(lambda start: start + step)
    ends = {each - step for each in hours.before if each > step}
    return Reach(
        lambda start: hours.reached(hours.passed(start) + step),
        frozenset({*hours.opens, *hours.closes, *map(hours.reached, ends)}),
    )


def _far(hours: OpenHours, duration: Duration, first: int, last: int) -> Reach:
    """Return how a duration moves starts that is counted in days of a calendar, whose lengths differ."""
    if duration.business and hours.never_closes:
        message = "A calendar that never closes has no business days."
        raise CalendarError(message, hint="Write the time in hours or in plain days, such as `24 hours`.")
    days = _Days(hours, duration)
    leaps = tuple(_leaps(hours.zone, instant(first), instant(hours.last)))
    middays = range(first, last + 2 * 86_400 * _SECOND, 86_400 * _SECOND)
    dates = {instant(each).astimezone(hours.zone).date() + timedelta(days=step) for each in middays for step in (-1, 0)}
    midnights = {micros(first_instant(hours.zone, datetime.combine(each, time()))) for each in dates}
    edges = {*hours.opens, *hours.closes, *leaps, *midnights} if duration.business else {*leaps, *midnights}
    cells = sorted({first, last + 1, *(each for each in edges if first <= each <= last)})
    inner = (each for since, until in pairwise(cells) for each in days.corners(since, until, leaps))
    return Reach(days.due, frozenset({*cells, *inner}))


@dataclass(frozen=True, slots=True)
class _Days:
    """The same local clock time on another day, moved into its windows where the time is business time."""

    hours: OpenHours
    duration: Duration

    def due(self, start: int) -> int:
        """Return the deadline of a start."""
        if not self.duration.business:
            months = self.duration.count * _MONTHS[self.duration.unit]
            return micros(same_time_months_later(instant(start), self.hours.zone, months))
        begin = self._begin(start)
        return self._within(self._day_after(begin.date()), begin.time())

    def corners(self, since: int, until: int, leaps: tuple[int, ...]) -> Iterator[int]:
        """Yield the starts in a stretch, of one local day without a leap, whose deadline is a corner of its own day."""
        if self.duration.business and not self.hours.is_open(since):
            return
        local = instant(since).astimezone(self.hours.zone).replace(tzinfo=None)
        day = self._day_after(local.date())
        ends = [edge for span in self.hours.days.get(day, ()) for edge in span]
        for end in {*ends, *(each for each in leaps if self._shown(each).date() == day)}:
            # A leap shows two times: the one that it leaves and the one that it comes to.
            for shown in (self._shown(end), self._shown(end - 1) + timedelta(microseconds=1)):
                at = since + (datetime.combine(local.date(), shown.time()) - local) // timedelta(microseconds=1)
                if since < at < until:
                    yield at

    def _shown(self, at: int) -> datetime:
        return instant(at).astimezone(self.hours.zone).replace(tzinfo=None)

    def _begin(self, start: int) -> datetime:
        return instant(self.hours.next_opening(start)).astimezone(self.hours.zone)

    def _day_after(self, day: date) -> date:
        """Return the day on which the deadline of starts of a day falls, before it is moved into windows."""
        dates, count, unit = self.hours.dates, self.duration.count, self.duration.unit
        if not self.duration.business:
            return date_after_months(day, count * _MONTHS[unit])
        if unit is Unit.DAY:
            return dates[bisect_right(dates, day) + count - 1]
        far = day + timedelta(weeks=count) if unit is Unit.WEEK else date_after_months(day, count * _MONTHS[unit])
        return dates[bisect_left(dates, far)]

    def _within(self, day: date, clock: time) -> int:
        asked, spans = micros(first_instant(self.hours.zone, datetime.combine(day, clock))), self.hours.days[day]
        inside = next((max(opens, asked) for opens, closes in spans if asked < closes), spans[-1][1])
        if all(inside != opens for opens, _ in spans):
            return inside
        return self.hours.written[bisect_left(self.hours.written, (inside, inside)) - 1][1]


def _leaps(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[int]:
    """Yield the instants at which the clocks of a zone are changed."""
    at = first - 2 * _DAY
    while at < last + 2 * _DAY:
        following = at + _HALF_DAY
        offset = at.astimezone(zone).utcoffset()
        if following.astimezone(zone).utcoffset() != offset:
            before, after = micros(at), micros(following)
            while after - before > 1:
                middle = (before + after) // 2
                if instant(middle).astimezone(zone).utcoffset() == offset:
                    before = middle
                else:
                    after = middle
            yield after
        at = following
