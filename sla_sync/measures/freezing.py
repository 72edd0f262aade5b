"""When the numbers of a month are closed: some days after its end, so that what is disputed or late can still be put right."""

from __future__ import annotations

from datetime import date, timedelta

from sla_sync.measures.owed import month_of

AFTER = timedelta(days=10)
"""How long after its last day the numbers of a month may still change."""


def open_until(day: date) -> date:
    """Return the last day on which what happened on a day may be disputed, and on which its month is not frozen yet."""
    return month_of(day).last + AFTER


def open_since(today: date) -> date:
    """Return the first day of the earliest month that is not frozen on a day."""
    return month_of(today - AFTER).first


def is_frozen(day: date, today: date) -> bool:
    """Return whether the month of a day is frozen as seen from another day."""
    return today > open_until(day)
