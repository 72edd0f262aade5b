"""Which days of a period are agreed and known: what is to be said of the others, and that there is nothing to report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.in_force import in_order
from sla_sync.attainment.past import Past
from sla_sync.errors import SlaSyncError
from sla_sync.render.pack.numbers import span
from sla_sync.semantics.calendar import zone_named

_DAY = timedelta(days=1)
_LATER_DAYS = "Name later days with --period, or run: sla-sync baseline, which measures what was before."
_SOONER = "Name earlier days with {}, or export what has happened since: sla-sync export."
_INSTANT = timedelta(microseconds=1)


def in_force_of(past: Past, period: Period) -> tuple[str, ...]:
    """Return what is to be said of the days of a period on which nothing was agreed; raises SlaSyncError where all are such."""
    return tuple(_in_force_of(past, period))


def known_of(past: Past, period: Period, told: datetime) -> tuple[str, ...]:
    """Return what is to be said of the days of a period of which the history does not tell, or not yet.

    The history tells what happened until `told`. Raises SlaSyncError where it tells nothing of the period.
    """
    return tuple(_known_of(past, period, told))


def days_told(past: Past, period: Period) -> tuple[Period, tuple[str, ...]]:
    """Return the days of a period of which the history tells, and what is to be said where it begins later.

    Raises SlaSyncError where it tells nothing of the period.
    """
    last = _day(past.as_of - _INSTANT, period)
    told = replace(period, last=min(period.last, last))
    if told.last < told.first:
        raise SlaSyncError(
            f"What happened is known up to {last}, and {span(period)} lies after that.", hint=_SOONER.format("--since")
        )
    if past.since is None or past.since <= period.since:
        return told, ()
    begins = _day(past.since + _DAY - _INSTANT, period)  # Of its first day an export may hold a part.
    if begins > told.last:
        raise SlaSyncError(
            f"The history begins on {begins}, and {span(period)} lies before that.",
            hint="Name later days with --since and --until, or export from an earlier day on: sla-sync export --since.",
        )
    return replace(told, first=begins), (f"The history begins on {begins}, so the days before are left out.",)


def _in_force_of(past: Past, period: Period) -> Iterator[str]:
    _, since = in_order(past.agreements)[0]
    first = _day(since, period)
    if period.until <= since:
        raise SlaSyncError(
            f"The agreement took force on {first}, and {span(period)} lies before that.", hint=_LATER_DAYS
        )
    if period.since < since:
        yield f"The agreement took force on {first}, so the first days of {span(period)} are under none."
    ends = [each.metadata.effective.until for each in past.agreements.values()]
    last = max((each for each in ends if each is not None), default=None)
    if last is None or None in ends:
        return
    if period.first > last:
        raise SlaSyncError(
            f"The agreement ended on {last}, and {span(period)} lies after that.",
            hint="Name earlier days with --period, or agree on what holds now.",
        )
    if period.last > last:
        yield f"The agreement ended on {last}, so the last days of {span(period)} are under none."


def _known_of(past: Past, period: Period, told: datetime) -> Iterator[str]:
    since, last = past.since, _day(min(told, past.as_of), period)
    if since is not None and since > past.as_of:
        raise SlaSyncError(
            f"The history tells nothing of what happened by {_day(past.as_of, period)}.", hint="Name a later --as-of."
        )
    if since is not None and period.until <= since:
        raise SlaSyncError(
            f"The history begins on {_day(since, period)}, and {span(period)} lies before that.",
            hint="Name later days with --period, or export from an earlier day on: sla-sync export --since.",
        )
    if period.since > min(told, past.as_of):
        raise SlaSyncError(
            f"What happened is known up to {last}, and {span(period)} lies after that.", hint=_SOONER.format("--period")
        )
    if since is not None and since > period.since:
        yield f"The history begins on {_day(since, period)}, so nothing is counted of the days before."
    if past.as_of > told + _DAY:
        yield f"The history ends on {last}: what is open here may have been done since."
    if period.until > past.as_of + _DAY:
        yield f"{span(period)} is not over: {_day(past.as_of, period)} is the last day that is known."


def _day(at: datetime, period: Period) -> date:
    return at.astimezone(zone_named(period.zone)).date()
