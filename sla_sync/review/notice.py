"""From which day a change can take force: the notice that the old revision grants, counted in its own calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import MONTHS, Duration, Unit
from sla_sync.agreement.hours import Weekday, Window, parse_windows
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.review.amendments import Difference, Matter
from sla_sync.review.outcome import Notice
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.civil import date_after_months
from sla_sync.semantics.holidays import CalendarError

_OFFICE: tuple[Window, ...] = parse_windows("09:00-17:00")
_MONDAY_TO_FRIDAY: Mapping[Weekday, tuple[Window, ...]] = dict.fromkeys(tuple(Weekday)[:5], _OFFICE)
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 3_660
"""Days without an opening after which a calendar counts as one that never opens."""


def notice(difference: Difference, *, signed_on: date) -> Notice | None:
    """Return from which day a change can take force that is signed on a day; None where nothing takes force.

    The notice is that of the revision before: a change of the notice does not shorten its own. Where no calendar is
    agreed, business days are Monday to Friday. Nothing that was a draft until now needs notice.
    """
    if all(each.matter is Matter.TECHNICAL for each in difference.amendments):
        return None
    before, after = difference.before.agreement, difference.after.agreement
    granted = before.approval.notice
    planned = after.metadata.effective.start
    if not isinstance(granted, Duration) or before.metadata.status is DocumentStatus.DRAFT:
        return Notice("", signed_on, signed_on, planned)
    first = first_day(granted, signed_on, _calendar(before, difference.before.holidays))
    return Notice(str(granted), signed_on, first, planned)


def first_day(granted: Duration, signed_on: date, calendar: BusinessCalendar) -> date:
    """Return the first whole day that begins when the time has passed since a day began on which was signed.

    Business days are days on which the calendar opens; the day of the signature is not one of them. Raises CalendarError
    where the calendar never opens.
    """
    count, unit = granted.count, granted.unit
    if granted.business and unit is Unit.DAY:
        return _open_days_later(signed_on, count, calendar)
    if unit in _DAYS or unit in MONTHS:
        far = signed_on + timedelta(days=_DAYS[unit] * count) if unit in _DAYS else None
        day = far or date_after_months(signed_on, MONTHS[unit] * count)
        return _open_days_later(day - _DAY, 1, calendar) if granted.business else day
    passed = calendar.add(_midnight(signed_on, calendar), granted).astimezone(calendar.zone)
    return passed.date() if passed.time() == time() else passed.date() + _DAY


def _open_days_later(day: date, count: int, calendar: BusinessCalendar) -> date:
    closed = 0
    while count and closed < _LONGEST_CLOSURE:
        day += _DAY
        opens = bool(calendar.between(_midnight(day, calendar), _midnight(day + _DAY, calendar)))
        count, closed = (count - 1, 0) if opens else (count, closed + 1)
    if count:
        message = "The calendar never opens, so no business day ends the notice."
        raise CalendarError(message, hint="Write `open` with a window, such as `mon-fri: 09:00-17:00`.")
    return day


def _midnight(day: date, calendar: BusinessCalendar) -> datetime:
    return datetime.combine(day, time(), tzinfo=calendar.zone).astimezone(UTC)


def _calendar(agreement: Agreement, holidays: Mapping[str, str]) -> BusinessCalendar:
    """Return the first calendar of an agreement, else an office week in its zone."""
    found = calendars_of(agreement, files=holidays)
    if found.named:
        return found.main
    return BusinessCalendar(ZoneInfo(agreement.metadata.timezone), _MONDAY_TO_FRIDAY)
