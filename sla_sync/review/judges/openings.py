"""Opening hours held against each other: a clock that runs in more hours asks more of whoever it times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.hours import Weekday, Window
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.review.amendments import Effect
from sla_sync.review.judges.bearings import of_two

Hours = Calendar | str | None


def effect_of_week(before: Mapping[Weekday, tuple[Window, ...]], after: Mapping[Weekday, tuple[Window, ...]]) -> Effect:
    """Return what other weekly hours ask: more hours more, fewer less, other hours nobody can say."""
    old, new = _minutes(before), _minutes(after)
    return of_two(new - old, old - new)


def effect_of_hours(before: Hours, after: Hours, old: Agreement, new: Agreement) -> Effect:
    """Return what it asks to run in other hours; a text for hours is the wall clock, which never stands still."""
    week_before, week_after = _week(before), _week(after)
    if isinstance(before, Calendar) and isinstance(after, Calendar):
        if _zone(before, old) != _zone(after, new):
            return Effect.UNMEASURABLE
        closed = set(map(str, before.holidays)), set(map(str, after.holidays))
        return of_two(
            week_after - week_before or closed[0] - closed[1], week_before - week_after or closed[1] - closed[0]
        )
    # A calendar has holidays, or may have, so the wall clock always runs longer.
    return Effect.TIGHTENS if isinstance(before, Calendar) else Effect.LOOSENS


def _zone(calendar: Calendar, agreement: Agreement) -> str:
    return calendar.timezone or agreement.metadata.timezone


def _week(hours: Hours) -> frozenset[tuple[Weekday, int]]:
    return _minutes(hours.week) if isinstance(hours, Calendar) else frozenset()


def _minutes(week: Mapping[Weekday, Iterable[Window]]) -> frozenset[tuple[Weekday, int]]:
    """Return every open minute of a week."""
    return frozenset(
        (day, minute)
        for day, windows in week.items()
        for window in windows
        for minute in range(window.opens.minute, window.closes.minute)
    )
