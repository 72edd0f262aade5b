"""Business time: local opening windows, arithmetic in UTC instants.

A window opens the first time that the local clock shows its opening time, or leaps past it, and closes likewise; the
opening instant belongs to it, the closing instant does not, though it may be a deadline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla_sync.agreement.durations import MONTHS, SECONDS, Duration, Unit
from sla_sync.agreement.hours import MINUTES_OF_A_DAY, TimeOfDay, Weekday, Window
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.semantics.civil import date_after_months, first_instant, same_time_months_later
from sla_sync.semantics.holidays import CalendarError, Holidays, holidays_of

_LONGEST_CLOSURE = 3_660
"""Days without an opening after which a calendar counts as one that never opens."""

_WEEK = tuple(Weekday)
_ALL_DAY = (Window(TimeOfDay(0), TimeOfDay(MINUTES_OF_A_DAY)),)
_NOTHING = timedelta(0)
_OPEN_TIME = frozenset({Unit.SECOND, Unit.MINUTE, Unit.HOUR})


@dataclass(frozen=True, slots=True)
class Span:
    """An open stretch of one day: `opens` belongs to it, `closes` does not. Both in UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Whose hours they are: a zone, the windows of each weekday, and the days that differ."""

    zone: ZoneInfo
    week: Mapping[Weekday, tuple[Window, ...]]
    holidays: Holidays = field(default_factory=Holidays)

    @property
    def never_closes(self) -> bool:
        """Whether it is open around the clock on every day."""
        return not self.holidays and all(self.week.get(day) == _ALL_DAY for day in _WEEK)

    def is_open(self, instant: datetime) -> bool:
        """Return whether the instant lies in a window."""
        return self._span_at(_utc(instant)) is not None

    def next_opening(self, instant: datetime) -> datetime:
        """Return the instant itself where it is open, else the next one at which a window opens; raises CalendarError."""
        at = _utc(instant)
        return max(at, next(self._spans_ending_after(at)).opens)

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Yield what is open from `start` to `end`, day by day, cut at both; raises CalendarError."""
        first, last = _utc(start), _utc(end)
        for span in self._spans_ending_after(first) if first < last else ():
            if span.opens >= last:
                return
            yield Span(max(span.opens, first), min(span.closes, last))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`; below zero where `end` comes first."""
        first, last = _utc(start), _utc(end)
        if last < first:
            return -self.between(last, first)
        # A closed calendar has no open time between any two instants, which is an answer and no error.
        days = (last.astimezone(self.zone).date() - first.astimezone(self.zone).date()).days + 3
        day = first.astimezone(self.zone).date() - timedelta(days=1)
        spans = (span for step in range(days) for span in self._spans_of(day + timedelta(days=step)))
        return sum((max(min(each.closes, last) - max(each.opens, first), _NOTHING) for each in spans), _NOTHING)

    def add_open_time(self, start: datetime, length: timedelta) -> datetime:
        """Return the first instant by which so much open time has passed since `start`; raises CalendarError."""
        at, left = _utc(start), length
        if left <= _NOTHING:
            return at
        for span in self._spans_ending_after(at):
            opens = max(span.opens, at)
            if left <= span.closes - opens:
                return opens + left
            left -= span.closes - opens
        raise _never_opens()

    def add(self, start: datetime, duration: Duration) -> datetime:
        """Return the instant that lies a duration after `start`; raises CalendarError.

        With `business`, seconds, minutes and hours count open time, days by `add_business_days`, and weeks, months and
        quarters lead to the same clock time on the first open day on or after the day so far away. Without it, seconds
        to weeks are elapsed time (a day is 24 hours), and months and quarters lead to the same local clock time.
        """
        at, count, unit = _utc(start), duration.count, duration.unit
        if not count:
            return at
        if not duration.business:
            if unit in MONTHS:
                return same_time_months_later(at, self.zone, count * MONTHS[unit])
            return at + timedelta(seconds=count * SECONDS[unit])
        if unit in _OPEN_TIME:
            return self.add_open_time(at, timedelta(seconds=count * SECONDS[unit]))
        if unit is Unit.DAY:
            return self.add_business_days(at, count)
        return self._add_far(at, count, unit)

    def is_within(self, duration: Duration, start: datetime, end: datetime) -> bool:
        """Return whether no more than a duration has passed from `start` to `end`; closed hours are no business time."""
        due, at = self.add(start, duration), _utc(end)
        return at <= due or (duration.business and not self.between(due, at))

    def add_business_days(self, start: datetime, count: int) -> datetime:
        """Return the same local clock time on the `count`th later open day, within that day's windows.

        Outside hours it counts from the next opening. A result on an opening is the closing before it, which is the
        same point in business time. Raises CalendarError where no window ever closes, for then no day ends.
        """
        at = _utc(start)
        if not count:
            return at
        self._refuse_endless()
        begin = self.next_opening(at).astimezone(self.zone)
        days = self._open_days_from(begin.date() + timedelta(days=1))
        return self._within(*next(islice(days, count - 1, None)), begin.time())

    def _add_far(self, at: datetime, count: int, unit: Unit) -> datetime:
        self._refuse_endless()
        begin = self.next_opening(at).astimezone(self.zone)
        if unit is Unit.WEEK:
            day = begin.date() + timedelta(weeks=count)
        else:
            day = date_after_months(begin.date(), count * MONTHS[unit])
        return self._within(*next(self._open_days_from(day)), begin.time())

    def _refuse_endless(self) -> None:
        if self.never_closes:
            message = "A calendar that never closes has no business days."
            raise CalendarError(message, hint="Write the time in hours or in plain days, such as `24 hours`.")

    def _within(self, day: date, spans: tuple[Span, ...], clock: time) -> datetime:
        """Return that time on an open day, moved into its spans; an opening becomes the closing before it."""
        asked = first_instant(self.zone, datetime.combine(day, clock))
        inside = next((max(span.opens, asked) for span in spans if asked < span.closes), spans[-1].closes)
        return self._closing_before(inside) if any(inside == span.opens for span in spans) else inside

    def _closing_before(self, opening: datetime) -> datetime:
        day = opening.astimezone(self.zone).date() + timedelta(days=1)
        for step in range(_LONGEST_CLOSURE):
            closings = [span.closes for span in self._spans_of(day - timedelta(days=step)) if span.opens < opening]
            if closings:
                return closings[-1]
        raise _never_opens()

    def _open_days_from(self, day: date) -> Iterator[tuple[date, tuple[Span, ...]]]:
        closed = 0
        while closed < _LONGEST_CLOSURE:
            spans = self._spans_of(day)
            closed = 0 if spans else closed + 1
            if spans:
                yield day, spans
            day += timedelta(days=1)
        raise _never_opens()

    def _span_at(self, at: datetime) -> Span | None:
        today = at.astimezone(self.zone).date()
        near = (today + timedelta(days=step) for step in (-1, 0, 1))
        return next((span for day in near for span in self._spans_of(day) if span.opens <= at < span.closes), None)

    def _spans_ending_after(self, at: datetime) -> Iterator[Span]:
        # The day before too: where clocks go back over midnight, the local date does.
        for _, spans in self._open_days_from(at.astimezone(self.zone).date() - timedelta(days=1)):
            yield from (span for span in spans if span.closes > at)

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        """Return the open stretches of a local day; a window that the clock leaps over has none."""
        special = self.holidays.hours_on(day)
        windows = self.week.get(_WEEK[day.weekday()], ()) if special is None else special
        midnight = datetime.combine(day, time())
        spans = (
            Span(*(first_instant(self.zone, midnight + timedelta(minutes=each.minute)) for each in window_ends))
            for window_ends in ((window.opens, window.closes) for window in joined(windows))
        )
        return tuple(span for span in spans if span.opens < span.closes)


def calendar_of(section: Calendar, *, default_zone: str, files: Mapping[str, str] | None = None) -> BusinessCalendar:
    """Return the calendar that a section of the agreement describes; raises CalendarError.

    `default_zone` counts where the section names none. `files` holds the text of each file of holidays, by the name
    under which the section knows it.
    """
    holidays = holidays_of(section.holidays, files or {})
    if not section.week and not any(holidays.days.values()):
        raise _never_opens()
    week = {day: joined(windows) for day, windows in section.week.items()}
    return BusinessCalendar(zone_named(section.timezone or default_zone), week, holidays)


def wall_clock(zone: str = "UTC") -> BusinessCalendar:
    """Return the calendar that never closes; the zone matters for months only."""
    return BusinessCalendar(zone_named(zone), dict.fromkeys(_WEEK, _ALL_DAY))


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; raises CalendarError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"`{name}` is not a time zone."
        raise CalendarError(message, hint="Write an IANA name, such as `America/New_York`.") from None


def joined(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Return the windows of a day with those made one that touch."""
    found: list[Window] = []
    for window in windows:
        if found and found[-1].closes == window.opens:
            found[-1] = Window(found[-1].opens, window.closes)
        else:
            found.append(window)
    return tuple(found)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        message = f"The time {instant.isoformat()} names no zone, so it is no instant."
        raise CalendarError(message, hint="Give the time in UTC.")
    return instant.astimezone(UTC)


def _never_opens() -> CalendarError:
    return CalendarError(
        "The calendar never opens.", hint="Write `open` with a window, such as `mon-fri: 09:00-17:00`."
    )
