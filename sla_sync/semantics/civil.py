"""Local clocks and UTC: when a local time first comes, and the same local time months later."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_MONTHS_OF_A_YEAR = 12


def first_instant(zone: ZoneInfo, local: datetime) -> datetime:
    """Return the first instant, in UTC, at which the clocks of a zone show a local time or have leapt past it.

    `local` has no zone. It comes twice where clocks go back and never where they go forward.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= second:
        return first
    # In a gap the two readings lie on both sides of the leap, and take each the offset of the other side.
    before, after = second, first
    while after - before > _SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def same_time_months_later(at: datetime, zone: ZoneInfo, months: int) -> datetime:
    """Return the same local clock time so many months later, on the last day of a month that is too short."""
    local = at.astimezone(zone)
    return first_instant(zone, datetime.combine(date_after_months(local.date(), months), local.time()))


def date_after_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def part_of_year(day: date, months: int, year_start: str | None) -> tuple[date, date]:
    """Return the first and the last day of the month, quarter or year in which a day lies; `months` says how long that is.

    They are counted from the day on which the fiscal year begins, such as `02-01`; from 1 January where None.
    """
    month, first = (int(part) for part in (year_start or "01-01").split("-"))
    index = day.year * _MONTHS_OF_A_YEAR + day.month - 1
    index -= day < _day_of_month(index, first)
    begun = index - (index - (month - 1)) % months
    return _day_of_month(begun, first), _day_of_month(begun + months, first) - timedelta(days=1)


def _day_of_month(index: int, day: int) -> date:
    """Return a day of a month, the last one where it is too short; months are counted from year 0 on."""
    year, month = divmod(index, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))
