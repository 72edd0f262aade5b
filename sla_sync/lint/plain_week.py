"""A week without holidays or changes of the clock, in minutes since its Monday: enough to compare two limits.

What is due on a real day is for `sla_sync.semantics` to say; this keeps the same rules and needs no days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sla_sync.agreement.durations import Duration, Unit, seconds
from sla_sync.agreement.hours import MINUTES_OF_A_DAY, Weekday, Window

DAYS = len(Weekday)
WEEK = DAYS * MINUTES_OF_A_DAY
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3}
_MONTH = 365.2425 * MINUTES_OF_A_DAY / 12
_STEP = 60


@dataclass(frozen=True)
class PlainWeek:
    """The windows of each weekday, Monday first, as minutes of the week; those that touch are one."""

    days: tuple[tuple[tuple[int, int], ...], ...]

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Every open stretch, one that goes past midnight in two."""
        return tuple(span for day in self.days for span in day)

    @cached_property
    def open_minutes(self) -> int:
        """How many minutes the week is open."""
        return sum(closes - opens for opens, closes in self.spans)

    @cached_property
    def longest_gap(self) -> int:
        """The most minutes for which it is closed; a whole week where it never opens."""
        if not self.spans:
            return WEEK
        following = (*(opens for opens, _ in self.spans[1:]), self.spans[0][0] + WEEK)
        return max(opens - closes for opens, (_, closes) in zip(following, self.spans, strict=True))

    @property
    def never_closes(self) -> bool:
        """Whether it is open around the clock."""
        return self.open_minutes == WEEK

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The moments at which two limits may differ: every hour since an opening, then every closing."""
        opened = (at for opens, closes in self.spans for at in range(opens, closes, _STEP))
        return (*opened, *(closes % WEEK for _, closes in self.spans))

    def due(self, start: float, duration: Duration) -> float:
        """Return the minute by which the duration has passed; of a calendar that never opens, or never closes, any."""
        if not self.spans or not duration.count:
            return start
        length = seconds(duration)
        if length is not None:
            return self._after_open_time(start, length / 60) if duration.business else start + length / 60
        if duration.unit in _MONTHS:
            return start + duration.count * _MONTHS[duration.unit] * _MONTH
        if self.never_closes:
            return start
        begin = self._next_opening(start)
        day, clock = divmod(begin, MINUTES_OF_A_DAY)
        far = (
            int(day) + DAYS * duration.count if duration.unit is Unit.WEEK else self._open_day(int(day), duration.count)
        )
        while not self.days[far % DAYS]:
            far += 1
        return self._within(far, clock)

    def _next_opening(self, at: float) -> float:
        week, minute = divmod(at, WEEK)
        opens = next((max(opens, minute) for opens, closes in self.spans if minute < closes), self.spans[0][0] + WEEK)
        return week * WEEK + opens

    def _after_open_time(self, start: float, left: float) -> float:
        weeks = -(-left // self.open_minutes) - 1
        left -= weeks * self.open_minutes
        week, minute = divmod(start, WEEK)
        first = bisect_right([closes for _, closes in self.spans], minute)
        for index in range(first, first + len(self.spans) + 1):
            turn, place = divmod(index, len(self.spans))
            opens, closes = (each + turn * WEEK for each in self.spans[place])
            begins = max(opens, minute)
            if left <= closes - begins:
                return (week + weeks) * WEEK + begins + left
            left -= closes - begins
        return start

    def _open_day(self, day: int, count: int) -> int:
        """Return the `count`th open day after a day."""
        opened = sum(1 for each in self.days if each)
        weeks = (count - 1) // opened
        left = count - weeks * opened
        while left:
            day += 1
            left -= bool(self.days[day % DAYS])
        return day + weeks * DAYS

    def _within(self, day: int, clock: float) -> float:
        """Return that time of an open day, moved into its windows; an opening becomes the closing before it."""
        midnight = day * MINUTES_OF_A_DAY
        shift = midnight - (day % DAYS) * MINUTES_OF_A_DAY
        spans = [(opens + shift, closes + shift) for opens, closes in self.days[day % DAYS]]
        at = midnight + clock
        inside = next((max(opens, at) for opens, closes in spans if at < closes), spans[-1][1])
        if inside not in {opens for opens, _ in spans}:
            return inside
        week, minute = divmod(inside, WEEK)
        before = [closes for _, closes in self.spans if closes <= minute]
        return week * WEEK + before[-1] if before else (week - 1) * WEEK + self.spans[-1][1]


def plain_week(week: Mapping[Weekday, tuple[Window, ...]]) -> PlainWeek:
    """Return the plain week of a calendar."""
    return PlainWeek(tuple(_joined(week.get(day, ()), number) for number, day in enumerate(Weekday)))


def _joined(windows: tuple[Window, ...], day: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for each in windows:
        opens, closes = (day * MINUTES_OF_A_DAY + time.minute for time in (each.opens, each.closes))
        if found and found[-1][1] == opens:
            found[-1] = (found[-1][0], closes)
        else:
            found.append((opens, closes))
    return tuple(found)
