"""When a clock runs out: which limit applies, and how pauses push what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.quantities import Rate, Undecided, WarnAt
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, OUTSIDE_HOURS, Limits
from sla_sync.semantics.calendar import BusinessCalendar


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands still; it belongs to the pause up to `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that was started: the calendar in which it runs, when it began, and when it stood still."""

    calendar: BusinessCalendar
    start: datetime
    pauses: tuple[Pause, ...] = ()

    def reaches(self, duration: Duration) -> datetime:
        """Return when the clock has run so long, each pause before then added to it."""
        return self.pushed(self.calendar.add(self.start, duration), business=duration.business)

    def pushed(self, instant: datetime, *, business: bool) -> datetime:
        """Return an instant moved by the pauses that began before it, by their open time or by all of it."""
        for pause in self.pauses:
            if pause.since < instant:
                instant = self._later(
                    instant, self._time(pause.since, pause.until, business=business), business=business
                )
        return instant

    def used(self, until: datetime, *, business: bool) -> timedelta:
        """Return the time that the clock has run by an instant, pauses left out: open time, or all of it."""
        stood = (
            self._time(each.since, min(each.until, until), business=business)
            for each in self.pauses
            if each.since < until
        )
        return self._time(self.start, until, business=business) - sum(stood, timedelta(0))

    def warning(self, warn: WarnAt | Undecided | None, limit: Duration | None) -> datetime | None:
        """Return when the owner is warned: at a share of the limit, or so long after the start; None where never."""
        if warn is None or isinstance(warn, Undecided):
            return None
        if isinstance(warn.point, Duration):
            return self.reaches(warn.point)
        return None if limit is None else self._share(warn.point, limit)

    def _share(self, share: Rate, limit: Duration) -> datetime:
        """Return when a share of the limit has passed, counted in the time that lies between the start and its end."""
        whole = self._time(self.start, self.calendar.add(self.start, limit), business=limit.business)
        part = timedelta(seconds=round(whole.total_seconds() * float(share.share)))
        return self.pushed(self._later(self.start, part, business=limit.business), business=limit.business)

    def _time(self, start: datetime, end: datetime, *, business: bool) -> timedelta:
        return self.calendar.between(start, end) if business else end - start

    def _later(self, start: datetime, time: timedelta, *, business: bool) -> datetime:
        return self.calendar.add_open_time(start, time) if business else start + time


def limit_for(limits: Limits | None, *, priority: str | None, inside_hours: bool) -> Duration | Undecided | None:
    """Return the limit for a lead: the only one, that of its priority, or that inside or outside opening hours.

    None where nothing is promised to such a lead.
    """
    if not isinstance(limits, dict):
        return limits
    by_priority = limits.get(priority) if priority is not None else None
    return by_priority or limits.get(INSIDE_HOURS if inside_hours else OUTSIDE_HOURS)


def stretches(marks: Sequence[tuple[datetime, bool]], end: datetime) -> tuple[Pause, ...]:
    """Return when a clock stood still, from the instants at which it did (True) or went on (False), up to an end."""
    found: list[Pause] = []
    since: datetime | None = None
    for at, still in marks:
        if still and since is None:
            since = at
        elif not still and since is not None:
            found.append(Pause(since, at))
            since = None
    return (*found, Pause(since, end)) if since is not None else tuple(found)
