"""How much of a promised number belongs to some days: a month's target by how many of its business days they cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Period, Rate, Undecided, Volume
from sla_sync.agreement.sections.amounts import Target
from sla_sync.agreement.sections.commitments import Commitment, Targets
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.civil import first_instant, part_of_year

UNDECIDED = "Its target is not decided yet."
NO_MEMBERS = "Its target is for each member, and the agreement does not say how many there are."
NO_SHARE_OF_TIME = "Its target is one number for all time, and the agreement does not say until when it holds."
OTHER_MONTHS = "Its target names months, and none of these days lies in one of them."
A_SHARE = "Its target is a share, and what is counted is a number."

_DAY = timedelta(days=1)
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Days:
    """Local days from the first to the last, both included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        """Yield each day."""
        day = self.first
        while day <= self.last:
            yield day
            day += _DAY

    def within(self, other: Days) -> Days:
        """Return the days that both have; the last lies before the first where there are none."""
        return Days(max(self.first, other.first), min(self.last, other.last))


def month_of(day: date) -> Days:
    """Return the month of a day."""
    return _unit(Period.MONTH, day)


def is_business_day(calendar: BusinessCalendar, day: date) -> bool:
    """Return whether a calendar is open at any time of a day of its own zone."""
    begin, end = (first_instant(calendar.zone, datetime.combine(each, time())) for each in (day, day + _DAY))
    return bool(calendar.between(begin, end))


def business_days(calendar: BusinessCalendar, days: Days) -> int:
    """Return how many business days there are among some days."""
    return sum(is_business_day(calendar, day) for day in days)


def share_of(calendar: BusinessCalendar, part: Days, whole: Days) -> float:
    """Return how much of the business days of a unit some of its days are; of its days where it has no business day."""
    count = business_days(calendar, whole)
    if count:
        return business_days(calendar, part) / count
    return len(tuple(part)) / len(tuple(whole))


def months_in(calendar: BusinessCalendar, days: Days) -> float:
    """Return how many months some days are, each by the share of its business days."""
    return _units(Period.MONTH, calendar, days)


def owed(agreement: Agreement, commitment: Commitment, calendar: BusinessCalendar, days: Days) -> float | str:
    """Return the number that is promised for some days, or why there is none in a sentence."""
    return _owed(agreement, commitment.target, calendar, days)


def share_promised(targets: Targets | None, days: Days) -> float | str | None:
    """Return the share that is promised for some days, that of the last month where months differ; None where nothing is."""
    if isinstance(targets, dict):
        months = {f"{day:%Y-%m}" for day in days}
        named = [each for month, each in sorted(targets.items()) if month in months]
        return share_promised(named[-1], days) if named else OTHER_MONTHS
    if isinstance(targets, Rate):
        return float(targets.share)
    return UNDECIDED if isinstance(targets, Undecided) else None


def _owed(agreement: Agreement, targets: Targets | None, calendar: BusinessCalendar, days: Days) -> float | str:
    if not isinstance(targets, dict):
        return _of_one(agreement, targets, calendar, days)
    found = 0.0
    named = False
    for month, group in groupby(days, key=lambda day: f"{day:%Y-%m}"):
        inside = tuple(group)
        if month not in targets:
            continue
        named, target, part = True, targets[month], Days(inside[0], inside[-1])
        if isinstance(target, int | float):
            found += float(target) * share_of(calendar, part, month_of(part.first))
            continue
        each = _of_one(agreement, target, calendar, part)
        if isinstance(each, str):
            return each
        found += each
    return found if named else OTHER_MONTHS


def _of_one(
    agreement: Agreement, target: Target | Undecided | None, calendar: BusinessCalendar, days: Days
) -> float | str:
    match target:
        case Volume():
            members = members_of(agreement, target)
            if members is None:
                return NO_MEMBERS
            fiscal = agreement.metadata.fiscal_year_start
            return float(target.count) * members * _units(target.period, calendar, days, fiscal)
        case int() | float():
            effective = agreement.metadata.effective
            if effective.until is None:
                return NO_SHARE_OF_TIME
            whole = Days(effective.start, effective.until)
            return target * share_of(calendar, days.within(whole), whole)
        case Rate():
            return A_SHARE
        case Undecided():
            return UNDECIDED
        case None:
            return ""


def members_of(agreement: Agreement, volume: Volume) -> float | None:
    """Return by how many people a volume is multiplied; None where the agreement does not say."""
    if not volume.per_member:
        return 1.0
    names = [volume.team] if volume.team else list(agreement.teams)
    members = [agreement.teams[name].members if name in agreement.teams else None for name in names]
    known = [float(each) for each in members if isinstance(each, int | float)]
    return sum(known) if known and len(known) == len(members) else None


def _units(period: Period, calendar: BusinessCalendar, days: Days, fiscal: str | None = None) -> float:
    """Return how many of a period some days are, each by the share of its business days; quarters and years are fiscal ones."""
    if period is Period.DAY:
        return float(business_days(calendar, days) or len(tuple(days)))
    found, day = 0.0, days.first
    while day <= days.last:
        whole = _unit(period, day, fiscal)
        found += share_of(calendar, days.within(whole), whole)
        day = whole.last + _DAY
    return found


def _unit(period: Period, day: date, fiscal: str | None = None) -> Days:
    """Return the week, month, quarter or year in which a day lies; weeks begin on Monday, months on their first day."""
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + 6 * _DAY)
    return Days(*part_of_year(day, _MONTHS[period], None if period is Period.MONTH else fiscal))
