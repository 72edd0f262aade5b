"""Durations as people write them: `15 business minutes`, `2 business days`, `90 days`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sla_sync.agreement.formats import FormatError, shortened


class Unit(StrEnum):
    """The units a duration may be written in."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Duration:
    """`count` units; `business` counts only while the calendar of the clock is open."""

    count: int
    unit: Unit
    business: bool = False

    def __str__(self) -> str:
        plural = "" if self.count == 1 else "s"
        return f"{self.count} {'business ' if self.business else ''}{self.unit}{plural}"


LONGEST_YEARS = 100
_LONGEST_TEXT = 60

# The longest that a unit can last; used only to refuse what no date could hold.
_SECONDS_AT_MOST = {
    Unit.SECOND: 1,
    Unit.MINUTE: 60,
    Unit.HOUR: 3_600,
    Unit.DAY: 90_000,
    Unit.WEEK: 608_400,
    Unit.MONTH: 2_682_000,
    Unit.QUARTER: 7_952_400,
}

SECONDS: Mapping[Unit, int] = {
    Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3_600, Unit.DAY: 86_400, Unit.WEEK: 604_800,
}  # fmt: skip
"""How long the units are that are always equally long on the wall clock."""
MONTHS: Mapping[Unit, int] = {Unit.MONTH: 1, Unit.QUARTER: 3}
"""The units that lead to the same day of another month."""
ABOUT_DAYS: Mapping[Unit, int] = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.QUARTER: 91}
"""How long a unit is about, where no calendar is at hand and a day more or less does not count."""
_SAME_IN_BUSINESS = frozenset({Unit.SECOND, Unit.MINUTE, Unit.HOUR})

_SHORT = {
    "s": Unit.SECOND, "sec": Unit.SECOND, "secs": Unit.SECOND,
    "m": Unit.MINUTE, "min": Unit.MINUTE, "mins": Unit.MINUTE,
    "h": Unit.HOUR, "hr": Unit.HOUR, "hrs": Unit.HOUR,
    "d": Unit.DAY, "w": Unit.WEEK, "wk": Unit.WEEK, "wks": Unit.WEEK,
    "mo": Unit.MONTH, "mos": Unit.MONTH, "mth": Unit.MONTH, "q": Unit.QUARTER,
}  # fmt: skip

_UNITS = "|".join(Unit)
_WORDS = re.compile(rf"([0-9]+)\s+(business\s+)?({_UNITS})s?")
_NEARLY = re.compile(r"(-?[0-9]+(?:[.,][0-9]+)?)\s*(?:(business|working|bus\.?|b)\b\s*)?([^\W\d_]+)\.?", re.IGNORECASE)
_ISO = re.compile(
    r"P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<weeks>[0-9]+)W)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)S)?)?"
)
_ISO_UNITS = (
    ("weeks", Unit.WEEK),
    ("days", Unit.DAY),
    ("hours", Unit.HOUR),
    ("minutes", Unit.MINUTE),
    ("seconds", Unit.SECOND),
)
_EXAMPLE = "Write a whole number and a unit, such as `15 business minutes`, `2 days` or `PT15M`."


def parse_duration(text: str) -> Duration:
    """Return the duration that the text states in words or in ISO 8601; raises FormatError."""
    asked = text.strip()
    if len(asked) > _LONGEST_TEXT:
        raise FormatError(f"`{shortened(asked)}` is not a duration.", hint=_EXAMPLE)
    words = _WORDS.fullmatch(asked)
    if words:
        return _bounded(Duration(int(words[1]), Unit(words[3]), business=words[2] is not None), asked)
    iso = _ISO.fullmatch(asked)
    if iso and iso.lastgroup:
        return _bounded(_from_iso(iso, asked), asked)
    raise FormatError(f"`{shortened(asked)}` is not a duration.", hint=_advice(asked))


def seconds(duration: Duration) -> int | None:
    """Return the length in seconds of the clock that it runs on, or None where that depends on the calendar.

    Without `business` a day is 24 hours of wall clock. A business day, a month and a quarter have no fixed length.
    """
    if duration.business and duration.unit not in _SAME_IN_BUSINESS:
        return None
    length = SECONDS.get(duration.unit)
    return None if length is None else duration.count * length


def minutes(duration: Duration) -> int | None:
    """Return the length in whole minutes of the clock that it runs on, or None where that is not exact."""
    length = seconds(duration)
    return None if length is None or length % 60 else length // 60


def _bounded(duration: Duration, asked: str) -> Duration:
    if duration.count * _SECONDS_AT_MOST[duration.unit] > LONGEST_YEARS * 366 * 86_400:
        message = f"`{shortened(asked)}` is longer than {LONGEST_YEARS} years."
        raise FormatError(message, hint="Write a duration that an agreement can wait for.")
    return duration


def _from_iso(match: re.Match[str], asked: str) -> Duration:
    parts = {name: int(number) for name, number in match.groupdict().items() if number is not None}
    if "years" in parts or "months" in parts:
        if set(parts) - {"years", "months"}:
            message = f"`{shortened(asked)}` mixes months with shorter units, so it has no fixed length."
            raise FormatError(message, hint="Write either months or days, such as `P45D`.")
        return Duration(12 * parts.get("years", 0) + parts.get("months", 0), Unit.MONTH)
    present = [(parts[name], unit) for name, unit in _ISO_UNITS if name in parts]
    smallest = present[-1][1]
    return Duration(sum(count * SECONDS[unit] for count, unit in present) // SECONDS[smallest], smallest)


def _advice(asked: str) -> str:
    nearly = _NEARLY.fullmatch(asked)
    if nearly is None:
        return _EXAMPLE
    number, business, word = nearly[1], nearly[2], nearly[3].lower()
    unit = _SHORT.get(word) or next((each for each in Unit if word in {each, f"{each}s"}), None)
    if unit is None:
        return _EXAMPLE
    if not number.isdigit():
        return "Write a whole number that is not negative, in a smaller unit where it must be, such as `90 minutes`."
    return f"Write `{Duration(int(number), unit, business=business is not None)}`."
