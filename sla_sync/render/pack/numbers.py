"""How the numbers of the pack are spelled, the same in every format: shares, counts, times, money, and what is not known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.shares import Share
from sla_sync.measures.figures import Figure, Unit

UNKNOWN = "not known"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_FEW = 0.01
_ROUND = 10


def spelled(figure: Figure, *, currency: str | None = None, business: bool = False) -> str:
    """Return a figure as people read it: `73%`, `1 h 36 min`, `> 3 days`; in words where it is not known.

    `business` times are in open hours, so that no day is made of 24 of them.
    """
    if figure.value is None:
        return UNKNOWN
    text = number(figure.value, figure.unit, currency=currency, business=business)
    return f"> {text}" if figure.at_least else text


def number(value: float, unit: Unit, *, currency: str | None = None, business: bool = False) -> str:
    """Return a number in its unit."""
    match unit:
        case Unit.SHARE:
            return share(value)
        case Unit.COUNT:
            return count_of(value)
        case Unit.SECONDS:
            return time(value, business=business)
        case Unit.MONEY:
            return f"{currency} {value:,.0f}" if currency else f"{value:,.0f}"
        case Unit.RATIO:
            return f"{value:.2f}"


def share(value: float) -> str:
    """Return a share in per cent; what is not all or nothing is never rounded to it."""
    percent = 100 * value
    if 0 < value < _FEW or 1 - _FEW < value < 1:
        return f"{min(max(percent, 0.1), 99.9):.1f}%"
    return f"{percent:.0f}%"


def of_share(found: Share) -> str:
    """Return a share with what it is of: `73% (264 of 361)`."""
    return f"{share(found.value)} ({found.part:,} of {found.whole:,})" if found.value is not None else UNKNOWN


def between(interval: tuple[float, float] | None, unit: Unit, *, currency: str | None = None) -> str:
    """Return an interval: `68–78%`; empty where there is none."""
    if interval is None:
        return ""
    low, high = (number(each, unit, currency=currency) for each in interval)
    return f"{low.removesuffix('%')}–{high}" if unit is Unit.SHARE else f"{low}–{high}"


def count_of(value: float) -> str:
    """Return a count; one that is a mean or a forecast keeps a decimal while it is small."""
    whole = round(value)
    return f"{whole:,}" if abs(value - whole) < _FEW or abs(value) >= _ROUND else f"{value:.1f}"


def time(seconds: float, *, business: bool = False) -> str:
    """Return a length of time in its two largest units: `1 h 36 min`, `3 d 4 h`."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY or business:
        hours, minutes = divmod(whole // _MINUTE, 60)
        return f"{hours} h {minutes} min" if minutes and hours < _DAY // _HOUR else f"{hours:,} h"
    days, hours = divmod(whole // _HOUR, 24)
    return f"{days:,} d {hours} h" if hours else f"{days:,} d"


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return the day of an instant in a zone: `Tue 17 Nov 2026`."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y}"


def minute(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant in a zone: `Tue 17 Nov 2026 10:00`."""
    return f"{day(at, zone)} {at.astimezone(zone):%H:%M}"


def span(period: Period) -> str:
    """Return the days of a period: `9–15 Nov 2026`, `28 Sep – 4 Oct 2026`."""
    first, last = period.first, period.last
    if first == last:
        return f"{first.day} {first:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b %Y}"
    begins = f"{first.day} {first:%b}" if first.year == last.year else f"{first.day} {first:%b %Y}"
    return f"{begins} – {last.day} {last:%b %Y}"
