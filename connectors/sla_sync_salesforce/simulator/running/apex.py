"""Business time by an org's own hours and holidays: what Apex's `BusinessHours.add` does, for the class that is known here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.refusals import not_implemented
from sla_sync_salesforce.simulator.running.paths import Viewpoint
from sla_sync_salesforce.simulator.store import Row

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January February March April May June July August September October November December".split()
_FAR = 3660
"""Days after which hours without an opening are given up."""


def hours_named(view: Viewpoint, name: str) -> Row | None:
    """Return the active business hours of a name."""
    rows = view.world.store.of("BusinessHours").values()
    return next((row for row in rows if row.get("IsActive") and row.get("Name") == name), None)


def add_business_time(view: Viewpoint, hours: Row, start: datetime, duration: timedelta) -> datetime | None:
    """Return the instant at which so much business time has passed since the start; None where none ever passes.

    Documented: time outside the hours and on holidays does not count. Inferred: nothing added outside the hours gives the
    next opening.
    """
    left = duration
    for opens, closes in _openings(view, hours, start):
        begin = max(opens, start)
        if closes <= begin:
            continue
        if left <= closes - begin:
            return begin + left
        left -= closes - begin
    return None


def _openings(view: Viewpoint, hours: Row, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(str(hours["TimeZoneSidKey"]))
    first = start.astimezone(zone).date()
    closed = _closing(view, hours)
    for day in (first + timedelta(days=number) for number in range(_FAR)):
        window = _window(hours, day)
        if window is None:
            continue
        pieces = [window]
        for each in closed:
            if _falls(each, day):
                pieces = [piece for whole in pieces for piece in _without(whole, *_span(each))]
        for begin, end in pieces:
            yield _at(day, begin, zone), _at(day, end, zone)


def _closing(view: Viewpoint, hours: Row) -> list[Values]:
    """Return the holidays of some hours. Documented: a holiday counts for the business hours that it is attached to."""
    component = view.world.organization.of("Settings").get("BusinessHours")
    entries = component.values.get("holidays", []) if component else []
    return [each for each in entries if hours["Name"] in each.get("businessHours", [])]


def _falls(holiday: Values, day: date) -> bool:
    if holiday.get("isRecurring") == "true":
        if holiday.get("recurrenceType") != "RecursYearly":
            raise not_implemented(
                f"Adding business time around the holiday {holiday.get('name')}, which recurs otherwise"
            )
        month = _MONTHS.index(holiday["recurrenceMonthOfYear"]) + 1
        start, end = holiday.get("recurrenceStartDate", "0001-01-01"), holiday.get("recurrenceEndDate", "9999-12-31")
        within = start[:10] <= day.isoformat() <= end[:10]
        return within and (day.month, day.day) == (month, int(holiday["recurrenceDayOfMonth"]))
    return "activityDate" in holiday and date.fromisoformat(holiday["activityDate"][:10]) == day


def _span(holiday: Values) -> tuple[int, int]:
    """Return the minutes of a day that a holiday takes; one without times takes all of it."""
    begin, end = _minutes(holiday.get("startTime")), _minutes(holiday.get("endTime"))
    return begin or 0, end if end is not None else 24 * 60


def _without(whole: tuple[int, int], begin: int, end: int) -> Iterator[tuple[int, int]]:
    if whole[0] < min(whole[1], begin):
        yield whole[0], min(whole[1], begin)
    if max(whole[0], end) < whole[1]:
        yield max(whole[0], end), whole[1]


def _window(hours: Row, day: date) -> tuple[int, int] | None:
    """Return the minutes of a day between which the hours are open; an end of midnight is that of the same day."""
    name = _DAYS[day.weekday()]
    begin, end = _minutes(hours.get(f"{name}StartTime")), _minutes(hours.get(f"{name}EndTime"))
    if begin is None or end is None:
        return None
    # Documented: open from midnight to midnight is a day of twenty-four hours.
    return begin, end if end > begin else 24 * 60


def _minutes(given: object) -> int | None:
    text = str(given) if given not in (None, "") else ""
    return int(text[:2]) * 60 + int(text[3:5]) if text else None


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minutes, 24 * 60)
    local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
    return local.astimezone(UTC)
