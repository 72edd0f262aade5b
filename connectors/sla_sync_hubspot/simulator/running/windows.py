"""When a workflow may act: its time windows and blocked dates, on the clock of the portal's own time zone."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.pace import Pace
from sla_sync_hubspot.simulator.refusals import Json

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
    "DECEMBER",
)  # fmt: skip
_FAR = 3660
"""Days after which a workflow that never may act is given up."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The hours of a workflow; without any it may act at all hours of every day that is not blocked."""

    hours: Sequence[Json]
    blocked: Sequence[Json]
    zone: ZoneInfo

    def opens(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield when the workflow may act on a day, first to last, as instants.

        Inferred: that a window without a start begins at midnight, and that one without an end lasts until the next.
        """
        if any(_names(each, day) for each in self.blocked):
            return
        if not self.hours:
            yield self._span(day, time.min, None)
            return
        spans = (
            self._span(day, _time(each.get("startTime")) or time.min, _time(each.get("endTime")))
            for each in self.hours
            if each["day"] == DAYS[day.weekday()]
        )
        # A window within the hour that a night in spring leaves out has no time in it.
        yield from sorted(span for span in spans if span[0] < span[1])

    def _span(self, day: date, start: time, end: time | None) -> tuple[datetime, datetime]:
        closes = datetime.combine(day, end, self.zone) if end else datetime.combine(_after(day), time.min, self.zone)
        # In UTC, for instants of one zone are compared by what the clock on the wall shows.
        return datetime.combine(day, start, self.zone).astimezone(UTC), closes.astimezone(UTC)


def windows_of(flow: Json, zone: str) -> Windows:
    """Return the hours of a workflow in the time zone of its portal; a workflow has none of its own (documented)."""
    return Windows(flow.get("timeWindows", ()), flow.get("blockedDates", ()), ZoneInfo(zone))


def is_open(windows: Windows, moment: datetime) -> bool:
    """Return whether the workflow may act. Inferred: at the end of a window it may not."""
    day = moment.astimezone(windows.zone).date()
    return any(start <= moment < end for start, end in windows.opens(day))


def next_turn(windows: Windows, moment: datetime, pace: Pace, who: str) -> datetime | None:
    """Return when an action that is reached outside the hours is carried out, or None where that will never be.

    Documented: at the earliest time at which the workflow may act, spread over the fifteen minutes after it. Inferred:
    that the spread stays within the window. `who` tells one action of one record from another.
    """
    local = moment.astimezone(windows.zone)
    for ahead in range(_FAR):
        day = local.date() + timedelta(days=ahead)
        spans = [span for span in windows.opens(day) if span[1] > moment]
        if not spans:
            continue
        kept = datetime.combine(day, local.time(), windows.zone).astimezone(UTC)
        if pace.keeps_time and ahead and windows.blocked:
            for start, end in spans:
                if start <= kept < end:
                    return _spread((kept, end), pace, who)
        start, end = spans[0]
        return _spread((max(start, moment), end), pace, who)
    return None


def _spread(span: tuple[datetime, datetime], pace: Pace, who: str) -> datetime:
    start, end = span
    room = min(pace.spread, end - start)
    # The same for the same portal, whatever happened before: the order of actions must not move them.
    share = random.Random(f"{pace.seed}/{who}/{start.isoformat()}").random()  # noqa: S311 - not for secrets
    return start + timedelta(milliseconds=int(share * (room / timedelta(milliseconds=1))))


def _names(blocked: Json, day: date) -> bool:
    """Return whether a blocked date is this day. Documented: one without a year is every year's."""
    same = (MONTHS.index(blocked["month"]) + 1, blocked["dayOfMonth"]) == (day.month, day.day)
    return same and blocked.get("year") in (None, day.year)


def _time(said: Json | None) -> time | None:
    return time(said["hour"], said["minute"]) if said else None


def _after(day: date) -> date:
    return day + timedelta(days=1)
