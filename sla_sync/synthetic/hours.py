"""Office hours as rows of openings, and arithmetic on them: the generator's own, so that nothing judges itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from sla_sync.synthetic.chance import NEVER, SECOND, Ints


@dataclass(frozen=True, slots=True)
class Hours:
    """When a team is there: one window on each of its weekdays, in local time."""

    zone: str = "America/New_York"
    days: frozenset[int] = frozenset(range(5))
    """Weekdays, Monday is 0."""
    opens: time = time(9)
    closes: time = time(17)
    holidays: frozenset[date] = frozenset({date(2026, 11, 26), date(2026, 12, 25)})


def milliseconds(instant: datetime) -> int:
    """Return an instant as milliseconds since the epoch."""
    return round(instant.timestamp() * SECOND)


def local(day: date, clock: time, zone: str) -> int:
    """Return the instant at which the clock of a zone shows a time, in milliseconds since the epoch."""
    return milliseconds(datetime.combine(day, clock, ZoneInfo(zone)))


@dataclass(frozen=True, slots=True)
class Openings:
    """Every opening of some hours between two days: when it starts, and the open time before it; all in milliseconds."""

    starts: Ints
    lengths: Ints
    before: Ints
    """One more than there are openings: the last is the open time of all."""

    @classmethod
    def of(cls, hours: Hours, first: date, last: date) -> Openings:
        """Return the openings from a day to another, by stepping from day to day."""
        span = (first + timedelta(days=step) for step in range((last - first).days + 1))
        days = [day for day in span if day.weekday() in hours.days and day not in hours.holidays]
        starts = np.array([local(day, hours.opens, hours.zone) for day in days], dtype=np.int64)
        ends = np.array([local(day, hours.closes, hours.zone) for day in days], dtype=np.int64)
        lengths = ends - starts
        return cls(starts, lengths, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]))

    def spent(self, instants: Ints) -> Ints:
        """Return the open time from the first opening to each instant."""
        place = np.searchsorted(self.starts, instants, side="right") - 1
        inside = np.minimum(instants - self.starts[place], self.lengths[place])
        return np.where(place < 0, 0, self.before[place] + inside)

    def when(self, spent: Ints) -> Ints:
        """Return the first instant by which so much open time has passed; NEVER beyond the last opening."""
        place = np.clip(np.searchsorted(self.before, spent, side="left") - 1, 0, len(self.starts) - 1)
        return np.where(spent > self.before[-1], NEVER, self.starts[place] + spent - self.before[place])

    def after(self, instants: Ints, length: Ints) -> Ints:
        """Return the instant that lies so much open time after each; NEVER after NEVER."""
        return np.where((instants >= NEVER) | (length >= NEVER), NEVER, self.when(self.spent(instants) + length))
