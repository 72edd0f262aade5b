"""Numbers as people speak them: seven in ten, two business hours, 1.5 million dollars, 31 December 2026."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.hours import MINUTES_OF_AN_HOUR, TimeOfDay, WeeklyTime, Window
from sla_sync.agreement.quantities import Frequency, Period, Rate, Times, Undecided, Unlimited, Volume
from sla_sync.explain.names import team

TO_DECIDE = "still to be decided"

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TIMES = {1: "once", 2: "twice"}
_SHARES = {Decimal(0): "none", Decimal(25): "a quarter", Decimal(50): "half", Decimal(75): "three quarters"}
_POINTS = {25: "a quarter of the time", 50: "half the time", 75: "three quarters of the time"}
_TEN, _TWENTY, _HUNDRED = 10, 20, 100
_FIVE = 5
_WEEK = 7
_WEEKS = frozenset({14, 21, 28})
"""Days that people call two, three or four weeks."""
_MILLION, _BILLION = 1_000_000, 1_000_000_000
_LAST_MORNING_HOUR = 12
_DECEMBER, _LAST_OF_THE_MONTH = 12, 31
_CURRENCIES: Mapping[str, str] = {
    "AUD": "Australian dollars",
    "BRL": "reais",
    "CAD": "Canadian dollars",
    "CHF": "Swiss francs",
    "DKK": "Danish kroner",
    "EUR": "euros",
    "GBP": "pounds",
    "INR": "rupees",
    "JPY": "yen",
    "MXN": "Mexican pesos",
    "NOK": "Norwegian kroner",
    "NZD": "New Zealand dollars",
    "PLN": "zloty",
    "SEK": "Swedish kronor",
    "SGD": "Singapore dollars",
    "USD": "dollars",
}


def number(value: float | Decimal) -> str:
    """Return a number with its thousands parted: `3,775`."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def counted(value: float | Decimal) -> str:
    """Return a number as it is read aloud: up to ten in words, above in digits."""
    return _WORDS[int(value)] if value == int(value) and 0 <= value <= _TEN else number(value)


def how_often(value: int) -> str:
    """Return `once`, `twice`, `three times`."""
    return _TIMES.get(value, f"{counted(value)} times")


def share(rate: Rate | Undecided) -> str:
    """Return a share of things: `seven in ten`, `half`, `12 in 100`, `all`."""
    if isinstance(rate, Undecided):
        return f"a share {TO_DECIDE}"
    if rate.percent == _HUNDRED:
        return "all"
    return _SHARES.get(rate.percent) or _one_in(rate, "")


def share_of(rate: Rate | Undecided, noun: str) -> str:
    """Return a share of things that are named: `seven in ten MQLs`, `half of all MQLs`."""
    if isinstance(rate, Undecided):
        return f"a share, {TO_DECIDE}, of {noun}"
    said = share(rate)
    if rate.percent in _SHARES:
        return f"{said} of all {noun}"
    return f"{said} of {noun}" if said.endswith("%") else f"{said} {noun}"


def times(rate: Rate | Undecided) -> str:
    """Return how often a promise is kept: `nine times in ten`, `every time`."""
    if isinstance(rate, Undecided):
        return f"in a share of cases {TO_DECIDE}"
    return "every time" if rate.percent == _HUNDRED else _one_in(rate, " times")


def _one_in(rate: Rate, noun: str) -> str:
    percent = rate.percent
    if percent != int(percent) or not 0 < percent < _HUNDRED:
        return str(rate) if not noun else f"in {rate} of cases"
    whole = int(percent)
    part, base = (
        (whole // _TEN, _TEN)
        if whole % _TEN == 0
        else (whole // _FIVE, _TWENTY)
        if whole % _FIVE == 0
        else (whole, _HUNDRED)
    )
    once = noun.replace("times", "time") if part == 1 else noun
    return f"{counted(part)}{once} in {counted(base)}"


def duration(length: Duration | Undecided) -> str:
    """Return a duration as it is read aloud: `two business hours`, `two weeks` for 14 days."""
    if isinstance(length, Undecided):
        return f"a time {TO_DECIDE}"
    if length.unit is Unit.DAY and not length.business and length.count in _WEEKS:
        length = Duration(length.count // _WEEK, Unit.WEEK)
    _, _, unit = str(length).partition(" ")
    return f"{counted(length.count)} {unit}"


def point(rate: Rate) -> str:
    """Return a point of a limit: `half the time`, `80% of the time`."""
    return _POINTS.get(int(rate.percent), f"{rate} of the time")


def each(period: Period) -> str:
    """Return `a month`, `a quarter`."""
    return f"a {period}"


def volume(value: Volume, noun: str = "") -> str:
    """Return a volume: `110 MQLs a month`, or for each member: `100 MQLs a month for each member of mid-market`."""
    of = f" {noun}" if noun else ""
    member = f" for each member of {team(value.team) if value.team else 'the team'}" if value.per_member else ""
    return f"{counted(value.count)}{of} {each(value.period)}{member}"


def bound(value: Frequency | Times | Rate | Unlimited | Undecided) -> str:
    """Return how often something counts: `once a day at most`, `every time`."""
    match value:
        case Undecided():
            return TO_DECIDE
        case Frequency(count, period):
            return f"{how_often(count)} {each(period)} at most"
        case Times(count):
            return f"{how_often(count)} at most"
        case Rate():
            return f"{value} at most"
        case Unlimited():
            return "every time"


def money(amount: float | Decimal, currency: str | None) -> str:
    """Return an amount as it is read aloud: `1.5 million dollars`, `40,000 euros`."""
    for size, name in ((_BILLION, "billion"), (_MILLION, "million")):
        if amount >= size:
            text = f"{Decimal(str(amount)) / size:.2f}".rstrip("0").rstrip(".")
            return f"{text} {name}{_of(currency)}"
    return f"{number(round(amount))}{_of(currency)}"


def exact_money(amount: float | Decimal, currency: str | None) -> str:
    """Return an amount to the unit: `USD 1,500,000`."""
    return f"{currency} {number(round(amount))}" if currency else number(round(amount))


def _of(currency: str | None) -> str:
    return f" {_CURRENCIES.get(currency, currency)}" if currency else ""


def day(value: date | Undecided) -> str:
    """Return a day: `31 December 2026`."""
    return f"a day {TO_DECIDE}" if isinstance(value, Undecided) else f"{value.day} {value:%B %Y}"


def until(value: date) -> str:
    """Return the end of a time: `year end`, or the day."""
    return "year end" if (value.month, value.day) == (_DECEMBER, _LAST_OF_THE_MONTH) else day(value)


def month(text: str) -> str:
    """Return `October 2026` for `2026-10`."""
    return f"{date.fromisoformat(f'{text}-01'):%B %Y}"


def hour(time: TimeOfDay) -> str:
    """Return a time of day: `ten` on a full hour of the morning, else `14:30`."""
    whole, minutes = divmod(time.minute, MINUTES_OF_AN_HOUR)
    return _WORDS[whole] if not minutes and 0 < whole < min(_LAST_MORNING_HOUR, len(_WORDS)) else str(time)


def weekly(time: WeeklyTime) -> str:
    """Return `every Tuesday at ten`."""
    at = "" if time.at is None else f" at {hour(time.at)}"
    return f"every {time.weekday.capitalize()}{at}"


def window(value: Window) -> str:
    """Return `09:00 to 17:00`."""
    return f"{value.opens} to {value.closes}"
