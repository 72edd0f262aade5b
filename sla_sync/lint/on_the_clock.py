"""Times brought to one scale: which of two deadlines comes later on the clock, whatever units they are written in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit, seconds
from sla_sync.agreement.hours import MINUTES_OF_A_DAY, MINUTES_OF_AN_HOUR, Weekday
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Clock
from sla_sync.lint.plain_week import WEEK, PlainWeek, plain_week

PERSONAL = "personal"
"""The calendar of a team whose members have hours of their own, which only the platform knows."""

_DAY = 86_400
_MONTH = 365.2425 * _DAY / 12
_USUAL = {Unit.DAY: _DAY, Unit.WEEK: 7 * _DAY, Unit.MONTH: _MONTH, Unit.QUARTER: 3 * _MONTH}
_WORKING_DAYS = 5
_MORNING = 9 * MINUTES_OF_AN_HOUR


@dataclass(frozen=True, slots=True)
class Moment:
    """A start after which one deadline comes later than another, in minutes of a plain week."""

    minute: int

    def __str__(self) -> str:
        day, clock = divmod(self.minute, MINUTES_OF_A_DAY)
        hour, minute = divmod(clock, MINUTES_OF_AN_HOUR)
        return f"{tuple(Weekday)[day].capitalize()} at {hour:02d}:{minute:02d}"


def weeks_of(clock: Clock, agreement: Agreement) -> Mapping[str, PlainWeek]:
    """Return the plain weeks of the calendars that a clock may run in, by name; none for the wall clock.

    The owner's calendar is that of a team; where no team has one, any calendar of the agreement may be meant.
    """
    names: Collection[str] = {clock.runs_in} - {WALL_CLOCK}
    if clock.runs_in == OWNER_CALENDAR:
        names = {team.calendar for team in agreement.teams.values() if team.calendar} or agreement.calendars
    return {name: plain_week(each.week) for name, each in agreement.calendars.items() if name in names}


def has_personal_hours(clock: Clock, agreement: Agreement) -> bool:
    """Return whether the hours of a clock may be those of single people, which the platform keeps."""
    return clock.runs_in == OWNER_CALENDAR and any(team.calendar == PERSONAL for team in agreement.teams.values())


def later(one: Duration, other: Duration, week: PlainWeek | None) -> Moment | None:
    """Return a start after which the first deadline comes later than the other, in one calendar.

    None where it never does, or where only the hours of a calendar could tell and there is none. Units of one kind are
    compared as numbers; others are tried out at every open hour and every closing of a plain week.
    """
    exact = _as_numbers(one, other)
    if exact is not None:
        return Moment(week.starts[0] if week and week.starts else _MORNING) if exact[0] > exact[1] else None
    if week is None:
        return None
    return next((Moment(at) for at in week.starts if week.due(at, one) > week.due(at, other)), None)


def usual_seconds(duration: Duration, week: PlainWeek | None) -> float:
    """Return how many seconds on the wall a duration takes on average; open time is spread over the whole week."""
    length = seconds(duration)
    if not duration.business:
        return duration.count * _USUAL[duration.unit] if length is None else length
    if length is not None:
        return length * WEEK / (week.open_minutes or WEEK) if week else length
    days = sum(1 for day in week.days if day) if week else _WORKING_DAYS
    return duration.count * (7 * _DAY / (days or 7) if duration.unit is Unit.DAY else _USUAL[duration.unit])


def _as_numbers(one: Duration, other: Duration) -> tuple[int, int] | None:
    if one.business is not other.business:
        return None
    if one.unit is other.unit:
        return one.count, other.count
    first, second = seconds(one), seconds(other)
    return None if first is None or second is None else (first, second)
