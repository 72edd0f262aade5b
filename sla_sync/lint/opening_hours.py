"""40x: when the business is open: zones, holidays, changes of the clock, and business time that has no calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.hours import MINUTES_OF_A_DAY, MINUTES_OF_AN_HOUR, Weekday, Window
from sla_sync.agreement.quantities import WarnAt
from sla_sync.agreement.sections.amounts import DurationRange, Idle
from sla_sync.agreement.sections.calendars import Calendar, HolidayList, NamedHoliday
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Clock
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.on_the_clock import has_personal_hours, weeks_of
from sla_sync.lint.plain_week import plain_week
from sla_sync.lint.remarks import Case, Remark, Rule

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_FIXED = frozenset({"EST", "MST", "HST"})
_LATEST_CHANGE = 4 * MINUTES_OF_AN_HOUR
"""Clocks are changed before four in the morning, and never while an office with usual hours is open."""

_A_YEAR = timedelta(days=366)
_A_MONTH = 28


def unknown_zones(case: Case) -> Iterator[Remark]:
    """Yield names that are no time zone, and zones that never change their clocks though their people do."""
    for path, name in _zones(case):
        if _zone(name) is None:
            yield Remark(f"`{name}` is not a time zone.", path, _likely(name))
        elif name in _FIXED or (name.startswith("Etc/GMT") and name[7:8] in {"+", "-"}):
            yield Remark(
                f"Zone `{name}` keeps one offset all year, and people move their clocks.",
                path,
                "Write the zone of a place, such as `America/New_York`.",
                severity=Severity.WARNING,
            )


def _likely(name: str) -> str:
    """Return a hint that names the zones of a place of this name, where there are any."""
    from zoneinfo import available_timezones  # reads a whole folder, and hardly any name is wrong

    place = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    found = sorted(each for each in available_timezones() if "/" in each and each.casefold().endswith(f"/{place}"))
    if place and found:
        return f"Write {' or '.join(f'`{each}`' for each in found[:2])}, if that is meant."
    return "Write an IANA name, such as `America/New_York`."


def _zones(case: Case) -> Iterator[tuple[KeyPath, str]]:
    yield ("metadata", "timezone"), case.agreement.metadata.timezone
    for name, calendar in case.agreement.calendars.items():
        if calendar.timezone is not None:
            yield ("calendars", name, "timezone"), calendar.timezone


def _zone(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def holidays_missing(case: Case) -> Iterator[Remark]:
    """Yield calendars without a holiday in some year of the agreement, and holidays on days that are closed anyway."""
    for name, calendar in case.agreement.calendars.items():
        week = calendar.week
        if not week or plain_week(week).never_closes:
            continue
        days = [(index, day) for index, day in enumerate(map(_day, calendar.holidays)) if day is not None]
        for index, day in days:
            named = calendar.holidays[index]
            if tuple(Weekday)[day.weekday()] not in week and not (isinstance(named, NamedHoliday) and named.open):
                yield Remark(
                    f"Calendar '{name}' has a holiday on {day}, a {day:%A}, on which it is closed anyway.",
                    ("calendars", name, "holidays", index),
                    "Correct the day, or remove it.",
                )
        if any(isinstance(each, HolidayList) for each in calendar.holidays):
            continue
        covered = {day.year for _, day in days}
        for first, last in _years(case):
            if first.year not in covered:
                yield Remark(
                    f"Calendar '{name}' has no holiday from {first} to {last}.",
                    ("calendars", name),
                    "Add `holidays`, as days or as `{country: US}`.",
                    at_key=True,
                    absent=True,
                )
                break


def _day(holiday: object) -> date | None:
    return holiday.day if isinstance(holiday, NamedHoliday) else holiday if isinstance(holiday, date) else None


def _years(case: Case) -> Iterator[tuple[date, date]]:
    """Yield the part of each year in which the agreement is in force, as far as it is known, if a holiday may be due."""
    effective = case.agreement.metadata.effective
    until = effective.until or max(case.today, date(effective.start.year, 12, 31))
    first = effective.start
    while first <= until:
        last = min(until, date(first.year, 12, 31))
        if (last - first).days >= _A_MONTH:
            yield first, last
        first = date(first.year + 1, 1, 1)


def changes_of_the_clock(case: Case) -> Iterator[Remark]:
    """Yield windows that a change of the clock shortens, lengthens or moves while the agreement is in force."""
    metadata = case.agreement.metadata
    for name, calendar in case.agreement.calendars.items():
        early = {
            day: [each for each in windows if each.opens.minute < _LATEST_CHANGE]
            for day, windows in calendar.week.items()
        }
        if not any(early.values()) or plain_week(calendar.week).never_closes:
            continue
        zone = _zone(calendar.timezone or metadata.timezone)
        last = metadata.effective.until or metadata.effective.start + _A_YEAR
        for change, window in _changed(zone, early, metadata.effective.start, last) if zone else ():
            yield Remark(
                f"Calendar '{name}' is open {window} on {change:%A} {change:%Y-%m-%d}, when the clock changes at "
                f"{change:%H:%M}: that window is not as long as it looks.",
                _path_of(name, calendar, tuple(Weekday)[change.weekday()]),
                "Open before or after the change, or name that day under `holidays` with hours of its own.",
            )
            break


def _changed(
    zone: ZoneInfo, windows: dict[Weekday, list[Window]], first: date, last: date
) -> Iterator[tuple[datetime, Window]]:
    day = first
    while day <= min(last, first + _A_YEAR):
        following = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, following):
            first_minute, last_minute, leaps = _changed_minutes(zone, day)
            at = datetime.combine(day, time()) + timedelta(minutes=first_minute if leaps else last_minute)
            for window in windows.get(tuple(Weekday)[day.weekday()], ()):
                if window.opens.minute < last_minute and first_minute < window.closes.minute:
                    yield at, window
        day = following


def _offset(zone: ZoneInfo, day: date) -> timedelta:
    return zone.utcoffset(datetime.combine(day, time())) or timedelta()


def _changed_minutes(zone: ZoneInfo, day: date) -> tuple[int, int, bool]:
    """Return from when to when the local minutes of a day never come or come twice, and whether they never do.

    Python reads a minute that never comes, and one that comes twice the first time, by the offset before the change, so
    the first minute with another offset follows them.
    """
    midnight = datetime.combine(day, time())
    before = _offset(zone, day)
    after, minute = next(
        (offset, minute)
        for minute in range(1, MINUTES_OF_A_DAY + 1)
        if (offset := zone.utcoffset(midnight + timedelta(minutes=minute)) or timedelta()) != before
    )
    return minute - abs(after - before) // timedelta(minutes=1), minute, after > before


def _path_of(name: str, calendar: Calendar, day: Weekday) -> KeyPath:
    from sla_sync.agreement.hours import parse_weekdays

    key = next((days for days in calendar.open if day in parse_weekdays(days)), None)
    return ("calendars", name, "open", *([key] if key else []))


def business_time_without_hours(case: Case) -> Iterator[Remark]:
    """Yield business durations that no calendar gives a meaning, and those that a calendar without closing hours does."""
    agreement = case.agreement
    without: set[str] = set()
    always: dict[str, str] = {}
    for name, commitment in agreement.commitments.items():
        if commitment.clock is None:
            continue
        weeks = weeks_of(commitment.clock, agreement)
        open_ones = [each for each, week in weeks.items() if week.never_closes]
        if open_ones:
            always[name] = open_ones[0]
        elif (
            not weeks
            and not _undefined(commitment.clock, agreement.calendars)
            and not has_personal_hours(commitment.clock, agreement)
        ):
            without.add(name)
    for path, value in case.leaves:
        if not _is_business(value):
            continue
        owner = str(path[1]) if path[0] == "commitments" and len(path) > 1 else ""
        if owner in always:
            message = f"`{value}` counts business time, and calendar '{always[owner]}' never closes."
            yield Remark(message, path, "Write plain time, such as `24 hours`.")
        elif owner in without or not agreement.calendars:
            yield Remark(
                f"`{value}` counts business time, and no calendar says when that is.",
                path,
                "Name a calendar in `runs_in`, or write plain time, such as `24 hours`.",
            )


def _undefined(clock: Clock, calendars: Collection[str]) -> bool:
    """Return whether a clock names a calendar that there is not, which is another finding."""
    return clock.runs_in not in {WALL_CLOCK, OWNER_CALENDAR, *calendars}


def _is_business(value: object) -> bool:
    match value:
        case Duration():
            return value.business
        case Idle(duration) | WarnAt(duration):
            return isinstance(duration, Duration) and duration.business
        case DurationRange(most=most):
            return most.business
        case _:
            return False


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA407",
        Severity.ERROR,
        "Every zone is one that the world's clocks know, and changes with them.",
        unknown_zones,
        because="An abbreviation such as EST is an hour off for half of the year.",
        bad="calendars: {office: {timezone: EST}}",
        good="calendars: {office: {timezone: America/New_York}}",
    ),
    Rule(
        "SLA408",
        Severity.WARNING,
        "A calendar knows its holidays for all of the agreement.",
        holidays_missing,
        because="On a holiday that nobody wrote down every lead is late.",
        bad="calendars: {office: {open: {mon-fri: '09:00-17:00'}}}",
        good="calendars: {office: {open: {mon-fri: '09:00-17:00'}, holidays: [{country: US}]}}",
    ),
    Rule(
        "SLA409",
        Severity.WARNING,
        "The business is closed when the clock changes.",
        changes_of_the_clock,
        because="A window from one to four lasts two hours on one Sunday in spring and four on one in autumn.",
        bad="calendars: {night: {open: {sun: '01:00-04:00'}}}",
        good="calendars: {night: {open: {sun: '04:00-08:00'}}}",
    ),
    Rule(
        "SLA411",
        Severity.ERROR,
        "Business time has a calendar that closes.",
        business_time_without_hours,
        because="Without closing hours a business day has no end, and each reader puts it elsewhere.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, runs_in: wall clock},\n"
        "  within: 4 business hours}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, runs_in: office},\n"
        "  within: 4 business hours}}",
    ),
)
