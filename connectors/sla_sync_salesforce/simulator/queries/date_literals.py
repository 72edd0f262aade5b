"""The date literals of SOQL, such as TODAY or LAST_N_DAYS:7, as spans of time in the time zone of the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.refusals import not_implemented

_ZONE = ZoneInfo(stock.TIME_ZONE)
_NINETY = 90
_MONTHS, _QUARTER = 12, 3


def span(word: str, count: int | None, now: datetime) -> tuple[date, date]:
    """Return the first day of a date literal and the first day after it. Raises RefusedError for one not known here."""
    today = now.astimezone(_ZONE).date()
    rule = (_PLAIN if count is None else {}).get(word)
    if rule is not None:
        return rule(today)
    counted = _COUNTED.get(word) if count is not None else None
    if counted is None or count is None:
        raise not_implemented(f"The date literal or bare word {word} in a query")
    return counted(today, count)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins for the user."""
    return datetime.combine(day, time(), _ZONE).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """Return the day on which an instant falls for the user."""
    return instant.astimezone(_ZONE).date()


def _days(first: int, after: int) -> Callable[[date], tuple[date, date]]:
    return lambda today: (today + timedelta(days=first), today + timedelta(days=after))


def _week(shift: int) -> Callable[[date], tuple[date, date]]:
    def found(today: date) -> tuple[date, date]:
        # Documented: the first day of the week is that of the user's locale; here it is en_US, which begins on Sunday.
        sunday = today - timedelta(days=today.isoweekday() % 7) + timedelta(weeks=shift)
        return sunday, sunday + timedelta(weeks=1)

    return found


def _month(day: date, shift: int) -> date:
    years, month = divmod(day.month - 1 + shift, _MONTHS)
    return date(day.year + years, month + 1, 1)


def _months(first: int, after: int) -> Callable[[date], tuple[date, date]]:
    return lambda today: (_month(today, first), _month(today, after))


def _quarters(shift: int) -> Callable[[date], tuple[date, date]]:
    def found(today: date) -> tuple[date, date]:
        begin = -((today.month - 1) % _QUARTER) + shift * _QUARTER
        return _month(today, begin), _month(today, begin + _QUARTER)

    return found


def _years(shift: int) -> Callable[[date], tuple[date, date]]:
    return lambda today: (date(today.year + shift, 1, 1), date(today.year + shift + 1, 1, 1))


_PLAIN: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "TODAY": _days(0, 1),
    "YESTERDAY": _days(-1, 0),
    "TOMORROW": _days(1, 2),
    "LAST_90_DAYS": _days(-_NINETY, 1),
    "NEXT_90_DAYS": _days(1, _NINETY + 1),
    "THIS_WEEK": _week(0),
    "LAST_WEEK": _week(-1),
    "NEXT_WEEK": _week(1),
    "THIS_MONTH": _months(0, 1),
    "LAST_MONTH": _months(-1, 0),
    "NEXT_MONTH": _months(1, 2),
    "THIS_QUARTER": _quarters(0),
    "LAST_QUARTER": _quarters(-1),
    "NEXT_QUARTER": _quarters(1),
    "THIS_YEAR": _years(0),
    "LAST_YEAR": _years(-1),
    "NEXT_YEAR": _years(1),
}
# Documented: the past days count with today, the coming ones without it.
_COUNTED: Mapping[str, Callable[[date, int], tuple[date, date]]] = {
    "LAST_N_DAYS": lambda today, count: _days(-count, 1)(today),
    "NEXT_N_DAYS": lambda today, count: _days(1, count + 1)(today),
    "N_DAYS_AGO": lambda today, count: _days(-count, 1 - count)(today),
    "LAST_N_WEEKS": lambda today, count: (_week(-count)(today)[0], _week(-1)(today)[1]),
    "LAST_N_MONTHS": lambda today, count: _months(-count, 0)(today),
    "NEXT_N_MONTHS": lambda today, count: _months(1, count + 1)(today),
}
