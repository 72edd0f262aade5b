"""Agreed lengths of time as the minutes that a workflow can wait, and the hours in which it may act."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sla_sync.connector import SECONDS, Calendar, Duration, Unit, Values
from sla_sync_hubspot.translate.vocabulary import UnsayableError

_DAYS = {
    "mon": "MONDAY", "tue": "TUESDAY", "wed": "WEDNESDAY", "thu": "THURSDAY", "fri": "FRIDAY", "sat": "SATURDAY",
    "sun": "SUNDAY",
}  # fmt: skip
_MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
    "DECEMBER",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in minutes: open ones of a calendar, or those of the wall clock. `days` are open days in it."""

    minutes: float
    open: bool
    days: float = 0

    @property
    def whole(self) -> int:
        """The minutes that a workflow waits, which knows no seconds; never too few."""
        return math.ceil(self.minutes)


def length_of(duration: Duration, calendar: Calendar | None) -> Length:
    """Return a duration as a workflow can count it; an open day is as long as the calendar's longest. Raises UnsayableError."""
    if duration.unit not in SECONDS or (duration.business and duration.unit is Unit.WEEK):
        raise UnsayableError(f"no workflow counts {duration} as the agreement means it")
    if duration.business and calendar is None:
        raise UnsayableError(f"no calendar says when {duration} are open")
    if duration.business and duration.unit is Unit.DAY and calendar is not None:
        return Length(duration.count * longest_day(calendar), open=True, days=duration.count)
    return Length(duration.count * SECONDS[duration.unit] / 60, open=duration.business)


def share_of(share: float, length: Length) -> Length:
    """Return a part of a length of time."""
    return Length(length.minutes * share, length.open, length.days * share)


def longest_day(calendar: Calendar) -> float:
    """Return the open minutes of the weekday that is open longest."""
    return max(_open_minutes(calendar), default=0)


def shortest_day(calendar: Calendar) -> float:
    """Return the open minutes of the open weekday that is open shortest."""
    return min((each for each in _open_minutes(calendar) if each), default=0)


def windows_of(calendar: Calendar) -> tuple[float, ...]:
    """Return the lengths of the windows of a week, in minutes."""
    return tuple(_span(opens, closes) for windows in calendar.week.values() for opens, closes in windows)


def time_windows(calendar: Calendar) -> list[Values]:
    """Return the week of a calendar as the hours in which a workflow acts, on the portal's own clock."""
    return [
        {"day": _DAYS[day], "startTime": _clock(opens), **_end(closes)}
        for day in _DAYS
        for opens, closes in calendar.week.get(day, ())
    ]


def blocked_dates(calendar: Calendar) -> list[Values]:
    """Return the days on which a calendar is closed as those on which a workflow does not act."""
    return [_named(each.day) for each in calendar.closed_days if not each.windows]


def days_with_own_hours(calendar: Calendar) -> tuple[date, ...]:
    """Return the days on which a calendar has other hours than its weekday and is not closed: a workflow knows none."""
    return tuple(each.day for each in calendar.closed_days if each.windows)


def _named(day: date) -> Values:
    return {"month": _MONTHS[day.month - 1], "dayOfMonth": day.day, "year": day.year}


def _clock(moment: time) -> Values:
    return {"hour": moment.hour, "minute": moment.minute}


def _end(closes: time) -> Values:
    # Inferred: that a window without an end lasts until midnight, which no clock time of the API says.
    return {} if closes == time.max else {"endTime": _clock(closes)}


def _open_minutes(calendar: Calendar) -> Iterator[float]:
    for windows in calendar.week.values():
        yield sum(_span(opens, closes) for opens, closes in windows)


def _span(opens: time, closes: time) -> float:
    day = date(2000, 1, 1)
    end = datetime.combine(day + timedelta(days=1), time.min) if closes == time.max else datetime.combine(day, closes)
    return (end - datetime.combine(day, opens)).total_seconds() / 60
