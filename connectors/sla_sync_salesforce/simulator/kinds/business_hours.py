"""The settings of business hours: one file with all hours and holidays of the org, told apart by their names.

Kept under `Settings` as `BusinessHours`, its members `businessHours` and `holidays`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import blank, too_long
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

NAME = "BusinessHours"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LISTS = ("businessHours", "holidays")
_NAME_LIMIT, _HOLIDAY_LIMIT, _DESCRIPTION_LIMIT = 80, 80, 100
_MIDNIGHT = "00:00:00"
_NEEDS = {
    "RecursDaily": ("recurrenceInterval",),
    "RecursEveryWeekday": ("recurrenceDayOfWeekMask",),
    "RecursWeekly": ("recurrenceInterval", "recurrenceDayOfWeek"),
    "RecursMonthly": ("recurrenceInterval", "recurrenceDayOfMonth"),
    "RecursMonthlyNth": ("recurrenceInterval", "recurrenceInstance", "recurrenceDayOfWeek"),
    "RecursYearly": ("recurrenceDayOfMonth", "recurrenceMonthOfYear"),
    "RecursYearlyNth": ("recurrenceInstance", "recurrenceDayOfWeek", "recurrenceMonthOfYear"),
}
"""Kind of recurrence → the members that say when; see "Holiday" of the Object Reference."""


@cache  # the names are looked up file by file, which takes longer than all other checks
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in hours and holidays."""
    hours, holidays = (incoming.values.get(each, []) for each in _LISTS)
    names = [each.get("name", "") for each in hours]
    for each in sorted({name for name in names if names.count(name) > 1}):
        yield f"Duplicate businessHours specified: {each}"
    for each in hours:
        yield from (f"{each.get('name', '(no name)')}: {problem}" for problem in _hours(each))
    kept = organization.of("Settings")[NAME].values["businessHours"]
    defaults = [each.get("name", "") for each in kept if each.get("default") == "true"]
    if len(defaults) != 1:
        yield f"Exactly one of the business hours must be the default, and {len(defaults)} are"
    for each in kept:
        if each.get("default") == "true" and each.get("active") == "false":
            yield f"{each['name']}: The default business hours must be active"
    known = {each.get("name", "") for each in kept}
    for each in holidays:
        yield from (f"{each.get('name', '(no name)')}: {problem}" for problem in _holiday(each, known))


def _hours(entry: Values) -> Iterator[str]:
    yield from blank(entry, "name")
    yield from too_long("name", entry.get("name", ""), _NAME_LIMIT)
    zone = entry.get("timeZoneId", "")
    if zone not in _zones():
        yield f"timeZoneId: bad value for restricted picklist field: {zone or '(none)'}"
    for day in DAYS:
        start, end = entry.get(f"{day}StartTime"), entry.get(f"{day}EndTime")
        if (start is None) != (end is None):
            yield f"{day}: a start time and an end time belong together"
        elif start is not None and end is not None and not _in_order(start, end):
            yield f"{day}: the end time {end} must be after the start time {start}"


def _in_order(start: str, end: str) -> bool:
    # Documented: midnight to midnight is the whole day.
    return end.startswith(_MIDNIGHT) or start < end


def _holiday(entry: Values, hours: set[str]) -> Iterator[str]:
    yield from blank(entry, "name")
    yield from too_long("name", entry.get("name", ""), _HOLIDAY_LIMIT)
    yield from too_long("description", entry.get("description", ""), _DESCRIPTION_LIMIT)
    for each in entry.get("businessHours", []):
        if each not in hours:
            yield f"In field: businessHours - no BusinessHours named {each} found"
    if ("startTime" in entry) != ("endTime" in entry):
        yield "A start time and an end time belong together"
    if entry.get("isRecurring") != "true":
        yield from blank(entry, "activityDate")
        return
    kind = entry.get("recurrenceType", "")
    if kind not in _NEEDS:
        yield f"recurrenceType: bad value for restricted picklist field: {kind or '(none)'}"
        return
    yield from blank(entry, "recurrenceStartDate")
    for member in _NEEDS[kind]:
        if not entry.get(member):
            yield f"A holiday of the recurrence {kind} needs {member}"


def settle(incoming: Incoming, before: Component | None, switches: Switches) -> Values:
    """Return hours and holidays as the platform keeps them.

    Inferred: each entry takes the place of the one of its name, and what the file leaves out stays (a switch). New default
    hours take that place from the former ones.
    """
    settled: Values = {}
    for member in _LISTS:
        given = {_key(member, each): each for each in incoming.values.get(member, [])}
        kept = {_key(member, each): each for each in (before.values.get(member, []) if before else ())}
        if switches.omitted_business_hours == "remove" and member == "holidays":
            kept = {}
        entries = [*{**kept, **given}.values()]
        if member == "businessHours":
            entries = _one_default([{"active": "true", **each} for each in entries], incoming)
        else:
            entries = [{"isRecurring": "false", **each} for each in entries]
        if entries:
            settled[member] = sorted(entries, key=lambda each: str(each.get("name", "")))
    return settled


def _key(member: str, entry: Values) -> tuple[str, ...]:
    """Return what tells entries apart: the name; of a holiday, also the day that it falls on."""
    if member == "businessHours":
        return (entry.get("name", ""),)
    return entry.get("name", ""), entry.get("activityDate", "")[:10], entry.get("recurrenceStartDate", "")[:10]


def _one_default(entries: list[Values], incoming: Incoming) -> list[Values]:
    wanted = [each.get("name") for each in incoming.values.get("businessHours", []) if each.get("default") == "true"]
    if not wanted:
        return entries
    return [{**each, "default": "true" if each.get("name") in wanted else "false"} for each in entries]


def of_first_day() -> Values:
    """Return the hours that a new org has: one set, open all the time."""
    always = {f"{day}{end}Time": "00:00:00.000Z" for day in DAYS for end in ("Start", "End")}
    default = {"active": "true", "default": "true", "name": "Default", "timeZoneId": "America/New_York", **always}
    return {"businessHours": [default]}
