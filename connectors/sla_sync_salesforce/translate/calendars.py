"""Calendars as rows of custom metadata that flows look up, and as business hours with their holidays.

A row is one opening. Its minutes count the open time of the calendar from its first row, so that a deadline is the
first row by whose end enough of it has passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time

from sla_sync.connector import Address, Calendar, ClosedDay, Desired, Gap, Opening, Resources, Setup, Value
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name, shorten, words
from sla_sync_salesforce.translate.clocks import Kind, Timed, has_two_windows
from sla_sync_salesforce.translate.custom_metadata import Columns, row, row_type

_INSTANT: Mapping[str, Value] = {"type": "DateTime"}
_MINUTES: Mapping[str, Value] = {"type": "Number", "precision": 18, "scale": 4}
FIELDS: Columns = {
    "Calendar__c": ("Calendar", {"type": "Text", "length": 255}, "The agreed name of the calendar."),
    "Day_Number__c": (
        "Day number",
        {"type": "Number", "precision": 6, "scale": 0},
        "The how-manieth open day this is; both openings of a day bear one number.",
    ),
    "Midnight_At__c": ("Midnight at", _INSTANT, "The instant from which local clock time is counted on this day."),
    "Opens_At__c": ("Opens at", _INSTANT, "When it opens; this instant belongs to it."),
    "Closes_At__c": ("Closes at", _INSTANT, "When it closes; this instant does not belong to it."),
    "Previous_Closes_At__c": ("Previous closes at", _INSTANT, "When the opening before this one closed."),
    "Minutes_Before__c": ("Minutes before", _MINUTES, "Open minutes of the calendar before this opening."),
    "Minutes_Through__c": ("Minutes through", _MINUTES, "Open minutes of the calendar by the end of this opening."),
}
_DAYS: Mapping[str, str] = {
    "mon": "monday",
    "tue": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "fri": "friday",
    "sat": "saturday",
    "sun": "sunday",
}
_WEEK = tuple(_DAYS)
_HOLIDAY_LIMIT = 80
_FAR = (
    "The rows of «{name}» end on {day}: apply the agreement again before then, with a later last day or a new version."
)


def day_type(binding: SalesforceBinding) -> str:
    """Return the name of the type of these rows, without its `__mdt`."""
    return f"{binding.prefix}Calendar_Day"


def hours_name(binding: SalesforceBinding, calendar: str) -> str:
    """Return the name of the business hours of a calendar: `SLA office`."""
    return f"{hours_prefix(binding)}{calendar}"


def hours_prefix(binding: SalesforceBinding) -> str:
    """Return what stands before a calendar's agreed name in that of its business hours."""
    return f"{binding.prefix.rstrip('_')} "


def calendars(
    resources: Resources, timed: Sequence[Timed], binding: SalesforceBinding, setup: Setup
) -> Iterator[Desired | Gap]:
    """Yield what the chosen engine needs of each calendar in which a clock runs, its business hours, and gaps."""
    used = {name for each in timed if {Kind.OPEN, Kind.DAYS} & _kinds(each) or each.by_hours for name in each.calendars}
    running = [each for each in resources.calendars if each.name in used]
    yield from _personal(resources, running)
    if running and binding.deadlines == "calendar":
        means = "When the agreed calendars are open."
        yield from row_type(day_type(binding), "SLA Calendar Day", means, FIELDS, setup, ("calendars",))
    for calendar in running:
        if binding.deadlines == "calendar":
            yield from _rows(calendar, binding)
            advice = _FAR.format(name=calendar.name, day=calendar.horizon.isoformat())
            yield Gap(
                f"horizon:{calendar.name}", f"days of «{calendar.name}»", f"Note the date. {advice}", calendar.origin
            )
        yield from _hours(calendar, binding)


def _kinds(timed: Timed) -> set[Kind]:
    lengths = [timed.warn, *(each.length for each in timed.rungs)]
    return {*timed.kinds, *(each.kind for each in lengths if each is not None and not isinstance(each, float | int))}


def _personal(resources: Resources, running: Sequence[Calendar]) -> Iterator[Gap]:
    for team in resources.teams:
        if team.calendar == "personal" and running:
            yield Gap(
                f"calendar:{team.name}",
                f"hours of the members of «{team.name}»",
                f"Agree a calendar for «{team.name}»: the org knows no member's own hours, and their clocks run in "
                f"«{resources.calendars[0].name}».",
                (*team.origin, "calendar"),
            )


def rows(openings: Sequence[Opening], calendar: str) -> Iterator[dict[str, Value]]:
    """Yield the fields of the row of each opening, the earliest first."""
    before, number = 0.0, 0
    last: Opening | None = None
    for each in openings:
        number += last is None or each.day != last.day
        through = before + (each.closes - each.opens).total_seconds() / 60
        values: dict[str, Value] = {
            "Calendar__c": calendar,
            "Closes_At__c": _spell(each.closes),
            "Day_Number__c": float(number),
            "Midnight_At__c": _spell(each.midnight),
            "Minutes_Before__c": round(before, 4),
            "Minutes_Through__c": round(through, 4),
            "Opens_At__c": _spell(each.opens),
        }
        if last is not None:
            values["Previous_Closes_At__c"] = _spell(last.closes)
        yield values
        before, last = through, each


def _rows(calendar: Calendar, binding: SalesforceBinding) -> Iterator[Desired]:
    seen: set[str] = set()
    for opening, values in zip(calendar.openings, rows(calendar.openings, calendar.name), strict=True):
        day = f"{opening.day:%Y%m%d}"
        name = developer_name("", calendar.name, f"{day}b" if day in seen else day)
        seen.add(day)
        label = f"{words(calendar.name)} {opening.day.isoformat()}"
        yield row(day_type(binding), name, label, values, calendar.origin, needs=FIELDS)


def _spell(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"


def _hours(calendar: Calendar, binding: SalesforceBinding) -> Iterator[Desired | Gap]:
    if has_two_windows(calendar):
        kept = (
            "flows read their own rows of it"
            if binding.deadlines == "calendar"
            else "no deadline is computed in it; write `deadlines: calendar` in the binding"
        )
        yield Gap(
            f"hours:{calendar.name}",
            f"business hours of «{calendar.name}»",
            f"Leave the business hours of Salesforce alone for «{calendar.name}»: they open once a day, it opens twice, "
            f"and {kept}.",
            calendar.origin,
        )
        return
    name = hours_name(binding, calendar.name)
    values: dict[str, Value] = {"active": True, "default": False}
    for day, windows in calendar.week.items():
        for opens, closes in windows:
            values[f"{_DAYS[day[:3]]}EndTime"] = _clock(closes)
            values[f"{_DAYS[day[:3]]}StartTime"] = _clock(opens)
    values["timeZoneId"] = calendar.timezone
    hours = Address("BusinessHours", name)
    yield Desired(hours, dict(sorted(values.items())), origins={(): calendar.origin})
    for closed in calendar.closed_days:
        yield from _holiday(closed, calendar, name, hours)


def _holiday(closed: ClosedDay, calendar: Calendar, name: str, hours: Address) -> Iterator[Desired | Gap]:
    usual = calendar.week.get(_WEEK[closed.day.weekday()], ())
    origin = (*calendar.origin, "holidays")
    if any(not any(start <= opens and closes <= end for start, end in usual) for opens, closes in closed.windows):
        yield Gap(
            f"hours:{calendar.name}:{closed.day.isoformat()}",
            f"{closed.day.isoformat()} of «{calendar.name}»",
            f"Expect no business hours of Salesforce on {closed.day.isoformat()} beyond those of the weekday: a holiday "
            "closes and cannot open.",
            origin,
        )
    for number, (start, end) in enumerate(_shut(usual, closed.windows), 1):
        said = closed.name or "Closed"
        part = "" if number == 1 else f" {number}"
        # Names of holidays are keys here, and a year later the same feast comes again.
        key = shorten(f"{name}: {said}", _HOLIDAY_LIMIT - len(f" {closed.day.isoformat()}{part}"))
        values: dict[str, Value] = {
            "activityDate": closed.day.isoformat(),
            "businessHours": [name],
            "isRecurring": False,
        }
        if closed.windows:
            values |= {"endTime": _clock(end), "startTime": _clock(start)}
        yield Desired(
            Address("Holiday", f"{key} {closed.day.isoformat()}{part}"), values, requires=(hours,), origins={(): origin}
        )


def _shut(usual: Sequence[tuple[time, time]], windows: Sequence[tuple[time, time]]) -> Iterator[tuple[time, time]]:
    """Yield the stretches of the usual hours in which a day with other hours is closed."""
    for opens, closes in usual:
        at = opens
        for start, end in windows:
            if at < start < closes:
                yield at, start
            at = max(at, end)
        if at < closes:
            yield at, closes


def _clock(of_day: time) -> str:
    """Return a time as metadata spells it; the end of a day is its midnight."""
    return "00:00:00.000Z" if of_day == time.max else f"{of_day:%H:%M:%S}.000Z"
