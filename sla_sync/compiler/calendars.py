"""When clocks run: the weeks of an agreement, the days that differ, and every opening up to a horizon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.hours import MINUTES_OF_A_DAY, MINUTES_OF_AN_HOUR, TimeOfDay, Weekday, Window
from sla_sync.agreement.sections.calendars import Calendar as Section
from sla_sync.agreement.sections.calendars import HolidayList, NamedHoliday
from sla_sync.compiler.words import label
from sla_sync.resources import Calendar, ClosedDay, Opening
from sla_sync.semantics.calendar import BusinessCalendar, calendar_of, joined
from sla_sync.semantics.civil import date_after_months, first_instant
from sla_sync.semantics.holidays import CalendarError, days_in

MONTHS_AHEAD = 24
"""How far the openings of a calendar reach at least, from the quarter in which the agreement takes force."""
MONTHS_AFTER = 3
"""How far they reach beyond its last day, for the clocks that still run then."""

_MONTHS_OF_A_QUARTER = 3
_WEEK = tuple(Weekday)
_DAY = timedelta(days=1)
_HALF_A_DAY = timedelta(hours=12)
_NOON = time(12)


def calendars(agreement: Agreement, files: Mapping[str, str]) -> tuple[Calendar, ...]:
    """Return the calendars, the main one first; `files` holds the texts of its files of holidays by name.

    Raises CalendarError where such a text is missing, or a calendar cannot be used.
    """
    last = horizon(agreement)
    return tuple(_calendar(agreement, name, section, files, last) for name, section in agreement.calendars.items())


def horizon(agreement: Agreement) -> date:
    """Return the last day whose openings are written out, the later of two.

    24 months after the quarter begins in which the agreement takes force, or 3 months after its last day. An agreement
    without a last day is given a later first day before then, as one that is reviewed is.
    """
    effective = agreement.metadata.effective
    far = date_after_months(_first_day(agreement), MONTHS_AHEAD)
    return far if effective.until is None else max(far, date_after_months(effective.until, MONTHS_AFTER))


def _first_day(agreement: Agreement) -> date:
    """Return the first day whose openings are written out: that of the quarter in which the agreement takes force.

    Platforms number the openings from here on, so that a change with a first day in the same quarter renumbers none.
    """
    start = agreement.metadata.effective.start
    return start.replace(month=start.month - (start.month - 1) % _MONTHS_OF_A_QUARTER, day=1)


def instants_in_force(agreement: Agreement) -> tuple[datetime, datetime | None]:
    """Return the instants from which and until which the agreement is in force, by the days of its own zone."""
    zone = ZoneInfo(agreement.metadata.timezone)
    effective = agreement.metadata.effective
    return (
        _midnight(zone, effective.start),
        None if effective.until is None else _midnight(zone, effective.until + _DAY),
    )


def _calendar(agreement: Agreement, name: str, section: Section, files: Mapping[str, str], last: date) -> Calendar:
    start, zone = _first_day(agreement), section.timezone or agreement.metadata.timezone
    running = calendar_of(section, default_zone=agreement.metadata.timezone, files=files)
    return Calendar(
        name,
        ("calendars", name),
        section.means,
        label(name),
        zone,
        week={day[:3]: _times(windows) for day, windows in running.week.items()},
        closed_days=tuple(_closed_days(section, running, files, start, last)),
        openings=tuple(_openings(running, start, last)),
        horizon=last,
    )


def _openings(calendar: BusinessCalendar, start: date, last: date) -> Iterator[Opening]:
    zone = calendar.zone
    spans = calendar.open_spans(_midnight(zone, start), _midnight(zone, last + _DAY))
    while True:
        try:
            span = next(spans)
        except (StopIteration, CalendarError):
            # A calendar whose every window lies behind it opens no more, which is no reason to refuse the agreement.
            return
        day = span.opens.astimezone(zone).date()
        noon = datetime.combine(day, _NOON, tzinfo=zone).astimezone(UTC)
        yield Opening(day, noon - _HALF_A_DAY, span.opens, span.closes)


def _closed_days(
    section: Section, calendar: BusinessCalendar, files: Mapping[str, str], start: date, last: date
) -> Iterator[ClosedDay]:
    names = _names(section, files)
    for step in range((last - start).days + 1):
        day = start + step * _DAY
        hours = calendar.holidays.hours_on(day)
        if hours is not None and joined(hours) != calendar.week.get(_WEEK[day.weekday()], ()):
            yield ClosedDay(day, names.get(day, names.get(None, "")), _times(joined(hours)))


def _names(section: Section, files: Mapping[str, str]) -> Mapping[date | None, str]:
    """Return what each day is called; a day of a country's list is called by the country, as None is."""
    found: dict[date | None, str] = {}
    for entry in section.holidays:
        match entry:
            case NamedHoliday():
                found[entry.day] = entry.name
            case HolidayList(file=str(name)):
                found |= dict(_named_lines(files.get(name, "").splitlines()))
            case HolidayList(country=str(code)):
                place = f"{code}-{entry.region}" if entry.region else code
                found[None] = f"{found[None]} or {place}" if None in found else f"Public holiday of {place}"
            case date():
                found[entry] = ""
            case _:
                continue
    return found


def _named_lines(lines: Iterable[str]) -> Iterator[tuple[date, str]]:
    """Yield each day of a file with what follows it on its line."""
    for line in lines:
        said, _, remark = line.partition("#")
        for day in days_in(said):
            yield day, said.strip()[len(day.isoformat()) :].strip() or remark.strip()


def _times(windows: Iterable[Window]) -> tuple[tuple[time, time], ...]:
    return tuple((_time(each.opens), _time(each.closes)) for each in windows)


def _time(of_day: TimeOfDay) -> time:
    if of_day.minute == MINUTES_OF_A_DAY:
        return time.max
    return time(*divmod(of_day.minute, MINUTES_OF_AN_HOUR))


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return first_instant(zone, datetime.combine(day, time()))
