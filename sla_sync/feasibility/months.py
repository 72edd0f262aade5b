"""The whole months of a history, and whether there are enough of them to estimate from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.feasibility.trends import FEWEST
from sla_sync.measures.owed import Days, month_of
from sla_sync.semantics.calendar import zone_named

FEWEST_CYCLES = 100
"""Cycles before anything is estimated from them."""
_LATE = 3
"""On which day of its first month a history may begin, for the month to count as whole."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The whole months that a history covers, and how many cycles that count for something began in it at all."""

    months: tuple[Days, ...]
    cycles: int
    zone: str

    @property
    def is_enough(self) -> bool:
        """Whether anything may be estimated from it."""
        return len(self.months) >= FEWEST and self.cycles >= FEWEST_CYCLES

    @property
    def period(self) -> Period | None:
        """All of its whole months; None where there is none."""
        return Period(self.months[0].first, self.months[-1].last, self.zone) if self.months else None


def stretch_of(past: Past) -> Stretch:
    """Return the whole months from the first stage that any lead entered to the last one, by days in the agreement's zone."""
    zone = past.agreement.metadata.timezone
    stages, cycles = past.tables["stages"], past.tables["cycles"]
    reach = past.rows(stages.agg(first=stages["at"].min(), last=stages["at"].max()))[0]
    first = reach["first"]
    counting = cycles.filter(cycles["void"].isnull())
    n = past.rows(counting.agg(n=counting.count()))[0]["n"]
    if first is None:
        return Stretch((), int(n), zone)
    return Stretch(tuple(_whole_months(_day_of(first, zone), _day_of(reach["last"], zone))), int(n), zone)


def following(stretch: Stretch, count: int) -> Iterator[Days]:
    """Yield so many months after the last whole one."""
    day = stretch.months[-1].last + _DAY
    for _ in range(count):
        month = month_of(day)
        yield month
        day = month.last + _DAY


def sums_by_month(days: Sequence[tuple[date, float]], months: Sequence[Days]) -> tuple[float, ...]:
    """Return what amounts of some days come to in each month."""
    found = {each.first: 0.0 for each in months}
    for day, amount in days:
        first = day.replace(day=1)
        if first in found:
            found[first] += amount
    return tuple(found.values())


def name_of(month: Days) -> str:
    """Return a month as `2026-10`."""
    return f"{month.first:%Y-%m}"


def _day_of(at: datetime, zone: str) -> date:
    """Return the local day of an instant in UTC without a zone."""
    return at.replace(tzinfo=UTC).astimezone(zone_named(zone)).date()


def _whole_months(begins: date, last: date) -> Iterator[Days]:
    month = month_of(begins)
    if begins.day > _LATE:
        month = month_of(month.last + _DAY)
    while month.last <= last:
        yield month
        month = month_of(month.last + _DAY)
