"""Which days a report is about: the last week, month or quarter that is over, or the days that somebody names."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.possible import EARLIEST, END
from sla_sync.errors import SlaSyncError
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.civil import first_instant, part_of_year

WEEK = "week"
QUARTER = "quarter"
_DAY = timedelta(days=1)
_MONTHS = {"month": 1, QUARTER: 3}
_FIRST, _LAST = EARLIEST.date(), END.date() - _DAY
_NAME_OTHERS = f"Name days from {_FIRST} to {_LAST}."


def period_of(said: str, as_of: datetime, zone: str, fiscal: str | None = None) -> Period:
    """Return the days that `week`, `month`, `quarter` or `2026-10-01..2026-10-31` means, seen from an instant.

    A week begins on Monday; quarters are counted from the day on which the `fiscal` year begins, such as `02-01`.
    What is not over at that instant does not count: the one before it does. Raises SlaSyncError.
    """
    today = as_of.astimezone(zone_named(zone)).date()
    if said == WEEK:
        monday = today - timedelta(days=today.weekday())
        return Period(monday - 7 * _DAY, monday - _DAY, zone)
    if said in _MONTHS:
        length, begins = _MONTHS[said], fiscal if said == QUARTER else None
        this, _ = part_of_year(today, length, begins)
        return Period(*part_of_year(this - _DAY, length, begins), zone)
    first_said, dots, last_said = said.partition("..")
    try:
        named = Period(date.fromisoformat(first_said), date.fromisoformat(last_said), zone)
    except ValueError:
        named = None
    if not dots or named is None:
        raise SlaSyncError(
            f"'{said}' names no period.", hint="Write week, month, quarter, or two days: 2026-10-01..2026-10-31."
        )
    if named.last < named.first:
        raise SlaSyncError(f"The period {said} ends before it begins.", hint="Write the earlier day first.")
    told_of(named.first)
    told_of(named.last)
    return named


def instant_of(said: str, zone: str) -> datetime:
    """Return the instant that a day or a time of day means in a zone; a day means its first moment. Raises SlaSyncError."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise SlaSyncError(
            f"'{said}' is no day and no time.", hint="Write it as 2026-11-17, or as 2026-11-17T10:00."
        ) from None
    told_of(found.date())
    return found if found.tzinfo is not None else first_instant(zone_named(zone), found)


def told_of(day: date) -> date:
    """Return a day that somebody named. Raises SlaSyncError for one of which no history tells."""
    if _FIRST <= day <= _LAST:
        return day
    raise SlaSyncError(f"No history tells of {day}.", hint=_NAME_OTHERS)


def since_day(said: date | timedelta, last: date) -> date:
    """Return the first day since a day, or of so many up to the last one, but none of which no history tells."""
    try:
        first = said if isinstance(said, date) else last - said + _DAY
    except OverflowError:
        first = _FIRST
    return max(first, _FIRST)
