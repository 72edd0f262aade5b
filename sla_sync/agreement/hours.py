"""Times of day, weekdays and opening windows: `mon-fri: 09:00-17:00`, `Tuesday 10:00`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sla_sync.agreement.formats import FormatError, shortened

MINUTES_OF_AN_HOUR = 60
MINUTES_OF_A_DAY = 24 * MINUTES_OF_AN_HOUR
MOST_WINDOWS = 24
"""Windows of one day; what judges an agreement looks at the times around each of them."""


class Weekday(StrEnum):
    """The days of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, order=True)
class TimeOfDay:
    """A time on the local clock in minutes since midnight; 24:00 is the end of the day."""

    minute: int

    def __str__(self) -> str:
        return f"{self.minute // MINUTES_OF_AN_HOUR:02d}:{self.minute % MINUTES_OF_AN_HOUR:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """An open span of one day: `opens` belongs to it, `closes` does not."""

    opens: TimeOfDay
    closes: TimeOfDay

    def __str__(self) -> str:
        return f"{self.opens}-{self.closes}"


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A weekday, and a time on it where one is agreed: `Tuesday 10:00`."""

    weekday: Weekday
    at: TimeOfDay | None = None

    def __str__(self) -> str:
        name = self.weekday.capitalize()
        return name if self.at is None else f"{name} {self.at}"


_WEEK = tuple(Weekday)
_DAYS = {spelling: day for day in Weekday for spelling in (day, day[:3])}
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_TIME_HINT = "Write hours and minutes of a 24-hour clock, such as `09:00`."
_WINDOW_HINT = "Write the opening and the closing time, such as `09:00-17:00`."


def parse_time(text: str) -> TimeOfDay:
    """Return the time of day that `09:00` names; raises FormatError."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise FormatError(f"`{shortened(text)}` is not a time of day.", hint=_TIME_HINT)
    minute = int(match[1]) * MINUTES_OF_AN_HOUR + int(match[2])
    if int(match[2]) >= MINUTES_OF_AN_HOUR or minute > MINUTES_OF_A_DAY:
        raise FormatError(f"`{shortened(text)}` is not on a 24-hour clock.", hint=_TIME_HINT)
    return TimeOfDay(minute)


def parse_windows(value: str | Sequence[str]) -> tuple[Window, ...]:
    """Return the windows of one day, earliest first; raises FormatError.

    Written `09:00-17:00`, `09:00-13:00 and 15:00-18:00`, as a list of such texts, or `closed`.
    """
    texts = [value] if isinstance(value, str) else list(value)
    if [text.strip() for text in texts] == ["closed"]:
        return ()
    parts = [part for text in texts for part in re.split(r"\s+and\s+", text.strip())]
    if len(parts) > MOST_WINDOWS:
        message = f"A day has {len(parts)} windows, and at most {MOST_WINDOWS} can be agreed."
        raise FormatError(message, hint="Join windows that follow each other.")
    windows = sorted(_window(part) for part in parts)
    for earlier, later in pairwise(windows):
        if later.opens < earlier.closes:
            message = f"The windows `{earlier}` and `{later}` overlap."
            raise FormatError(message, hint="Write windows that follow each other, or one that spans both.")
    return tuple(windows)


def parse_weekdays(text: str) -> tuple[Weekday, ...]:
    """Return the days that `mon-fri`, `sat` or `monday and friday` name, in that order; raises FormatError."""
    days: list[Weekday] = []
    for part in re.split(r"\s+and\s+", text.strip()):
        first, dash, last = (each.strip() for each in part.partition("-"))
        start = _weekday(first, text)
        end = _weekday(last, text) if dash else start
        length = (_WEEK.index(end) - _WEEK.index(start)) % len(_WEEK) + 1
        days.extend(_WEEK[(_WEEK.index(start) + step) % len(_WEEK)] for step in range(length))
    if len(set(days)) < len(days):
        message = f"`{shortened(text)}` names a day twice."
        raise FormatError(message, hint="Write each day once.")
    return tuple(days)


def parse_weekly_time(text: str) -> WeeklyTime:
    """Return what `Tuesday` or `Tuesday 10:00` names; raises FormatError."""
    day, _, time = text.strip().partition(" ")
    return WeeklyTime(_weekday(day, text), parse_time(time) if time.strip() else None)


def _window(text: str) -> Window:
    first, dash, last = text.partition("-")
    if not dash:
        raise FormatError(f"`{shortened(text)}` is not a window of a day.", hint=_WINDOW_HINT)
    window = Window(parse_time(first), parse_time(last))
    if window.closes <= window.opens:
        message = f"The window `{window}` closes before it opens."
        hint = "Write two windows where one goes past midnight: one until `24:00`, one from `00:00` on the next day."
        raise FormatError(message, hint=hint)
    return window


def _weekday(word: str, text: str) -> Weekday:
    day = _DAYS.get(word.lower())
    if day is None:
        message = f"`{shortened(word)}` in `{shortened(text)}` is not a day of the week."
        raise FormatError(
            message, hint="Write `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun` or a range such as `mon-fri`."
        )
    return day
