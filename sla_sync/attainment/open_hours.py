"""The open hours of a calendar over some years, as whole microseconds that can be reckoned with quickly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from sla_sync.semantics.calendar import BusinessCalendar, Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MARGIN = timedelta(days=3)
"""So that the first and the last local day are whole in every zone."""


def micros(instant: datetime) -> int:
    """Return an instant as microseconds since 1970 in UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """Return the instant that lies so many microseconds after 1970 began in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Windows, the earliest first, those that touch made one: when each opens and closes, and the open time before it.

    `written` holds them as the calendar writes them, each within its day, and `days` by that local day. All instants and
    lengths are microseconds; `first` and `last` say from when to when the windows are known.
    """

    zone: ZoneInfo
    never_closes: bool
    first: int
    last: int
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    days: Mapping[date, tuple[tuple[int, int], ...]]
    dates: tuple[date, ...]
    written: tuple[tuple[int, int], ...]

    def is_open(self, at: int) -> bool:
        """Return whether an instant lies in a window; its closing does not."""
        place = bisect_right(self.opens, at) - 1
        return place >= 0 and at < self.closes[place]

    def next_opening(self, at: int) -> int:
        """Return the instant itself where it is open, else the next opening; raises IndexError beyond the last one."""
        return at if self.is_open(at) else self.opens[bisect_right(self.opens, at)]

    def passed(self, at: int) -> int:
        """Return the open time from the first window up to an instant."""
        place = bisect_right(self.opens, at) - 1
        return 0 if place < 0 else self.before[place] + min(at, self.closes[place]) - self.opens[place]

    def reached(self, passed: int) -> int:
        """Return the first instant by which so much open time, more than none, has passed since the first window."""
        place = bisect_left(self.before, passed) - 1
        return self.opens[place] + passed - self.before[place]


def open_hours(calendar: BusinessCalendar, first: datetime, last: datetime) -> OpenHours:
    """Return the open hours of a calendar between two instants, and a few days more on both sides.

    Raises CalendarError where the calendar never opens.
    """
    begins, ends = first - _MARGIN, last + _MARGIN
    found = [
        (micros(each.opens), micros(each.closes), _day(calendar, each)) for each in calendar.open_spans(begins, ends)
    ]
    days: dict[date, list[tuple[int, int]]] = {}
    joined: list[tuple[int, int]] = []
    for opens, closes, day in found:
        days.setdefault(day, []).append((opens, closes))
        if joined and joined[-1][1] == opens:
            joined[-1] = (joined[-1][0], closes)
        else:
            joined.append((opens, closes))
    return OpenHours(
        zone=calendar.zone,
        never_closes=calendar.never_closes,
        first=micros(begins),
        last=micros(ends),
        opens=tuple(opens for opens, _ in joined),
        closes=tuple(closes for _, closes in joined),
        before=tuple(accumulate((closes - opens for opens, closes in joined[:-1]), initial=0)),
        days={day: tuple(spans) for day, spans in days.items()},
        dates=tuple(days),
        written=tuple((opens, closes) for opens, closes, _ in found),
    )


def _day(calendar: BusinessCalendar, span: Span) -> date:
    return span.opens.astimezone(calendar.zone).date()
