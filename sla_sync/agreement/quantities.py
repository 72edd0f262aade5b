"""Quantities as people write them: `70%`, `110 per month`, `1 per day`, `undecided`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from sla_sync.agreement.durations import Duration, parse_duration
from sla_sync.agreement.formats import FormatError, shortened


class Undecided(Enum):
    """The one value that stands where the parties have not agreed yet."""

    UNDECIDED = "undecided"

    def __str__(self) -> str:
        return self.value


UNDECIDED: Final = Undecided.UNDECIDED


class Period(StrEnum):
    """The periods a volume is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Unlimited(StrEnum):
    """The two ways to say that something may happen as often as it likes."""

    NO_LIMIT = "no limit"
    EVERY_TIME = "every time"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in percent: `70%`. It may be above 100; whether that makes sense is for the rules to say."""

    percent: Decimal

    @property
    def share(self) -> Decimal:
        """The rate as a number: 0.7 for `70%`."""
        return self.percent / 100

    def __str__(self) -> str:
        return f"{_plain(self.percent)}%"


@dataclass(frozen=True, slots=True)
class Volume:
    """`110 per month`, or for each member: `100 per member of mid_market per month` (`team` None: of the own team)."""

    count: Decimal
    period: Period
    per_member: bool = False
    team: str | None = None

    def __str__(self) -> str:
        member = "" if not self.per_member else f" per member of {self.team}" if self.team else " per member"
        return f"{_plain(self.count)}{member} per {self.period}"


@dataclass(frozen=True, slots=True)
class Capacity:
    """The working time that one member has: `110 hours per member per month`."""

    time: Duration
    period: Period

    def __str__(self) -> str:
        return f"{self.time} per member per {self.period}"


@dataclass(frozen=True, slots=True)
class WorkPerLead:
    """The working time that one lead costs: `48 minutes per lead`."""

    time: Duration

    def __str__(self) -> str:
        return f"{self.time} per lead"


@dataclass(frozen=True, slots=True)
class TopShare:
    """The best of a population: `top 10% of inquiries`."""

    rate: Rate
    population: str

    def __str__(self) -> str:
        return f"top {self.rate} of {self.population}"


@dataclass(frozen=True, slots=True)
class Frequency:
    """So often within each period: `1 per day`."""

    count: int
    period: Period

    def __str__(self) -> str:
        return f"{self.count} per {self.period}"


@dataclass(frozen=True, slots=True)
class Times:
    """So often in all: `once`, `3 times`."""

    count: int

    def __str__(self) -> str:
        return "once" if self.count == 1 else f"{self.count} times"


@dataclass(frozen=True, slots=True)
class WarnAt:
    """When to warn: at a share of the limit (`at 50%`) or so long after the start (`at 10 business minutes`)."""

    point: Rate | Duration

    def __str__(self) -> str:
        return f"at {self.point}"


AtMost: TypeAlias = Frequency | Times | Rate | Unlimited

_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,6})?"
_NAME = r"[^\W\d][\w-]*"
_PERIOD = "|".join(Period)
_RATE = re.compile(rf"({_NUMBER})\s?%")
_VOLUME = re.compile(rf"({_NUMBER})(\s+per\s+member(?:\s+of\s+({_NAME}))?)?\s+per\s+({_PERIOD})")
_CAPACITY = re.compile(rf"(.+?)\s+per\s+member\s+per\s+({_PERIOD})", re.DOTALL)
_WORK = re.compile(r"(.+?)\s+per\s+lead", re.DOTALL)
_TOP = re.compile(rf"top\s+({_NUMBER})\s?%\s+of\s+({_NAME})")
_FREQUENCY = re.compile(rf"([0-9]{{1,9}})\s+per\s+({_PERIOD})")
_TIMES = re.compile(r"([0-9]{1,9})\s+times?")
_POINTS = re.compile(r"[+-]?[0-9]{1,9}")
_COUNTS_IN_WORDS = {"once": 1, "twice": 2}
_LONGEST = 200


def parse_rate(text: str) -> Rate:
    """Return the rate that `70%` states; raises FormatError."""
    match = _RATE.fullmatch(_trimmed(text))
    if match is None:
        raise FormatError(f"`{shortened(text)}` is not a rate.", hint=_rate_advice(text.strip()))
    return Rate(Decimal(match[1]))


def parse_volume(text: str) -> Volume:
    """Return the volume that `110 per month` or `100 per member of TEAM per month` states; raises FormatError."""
    match = _VOLUME.fullmatch(_trimmed(text))
    if match is None:
        hint = "Write a number and a period, such as `110 per month` or `100 per member of mid_market per month`."
        raise FormatError(f"`{shortened(text)}` is not a volume.", hint=hint)
    return Volume(Decimal(match[1]), Period(match[4]), per_member=match[2] is not None, team=match[3])


def parse_capacity(text: str) -> Capacity:
    """Return the capacity that `110 hours per member per month` states; raises FormatError."""
    match = _CAPACITY.fullmatch(_trimmed(text))
    if match is None:
        hint = "Write the time of one member, such as `110 hours per member per month`."
        raise FormatError(f"`{shortened(text)}` is not a capacity.", hint=hint)
    return Capacity(parse_duration(match[1]), Period(match[2]))


def parse_work_per_lead(text: str) -> WorkPerLead:
    """Return the effort that `48 minutes per lead` states; raises FormatError."""
    match = _WORK.fullmatch(_trimmed(text))
    if match is None:
        hint = "Write the time that one lead costs, such as `48 minutes per lead`."
        raise FormatError(f"`{shortened(text)}` is not an effort per lead.", hint=hint)
    return WorkPerLead(parse_duration(match[1]))


def parse_threshold(value: str | int) -> int | TopShare:
    """Return the points, or the share that `top 10% of inquiries` states; raises FormatError."""
    match = _TOP.fullmatch(_trimmed(value)) if isinstance(value, str) else None
    if match is not None:
        return TopShare(Rate(Decimal(match[1])), match[2])
    try:
        return parse_points(value)
    except FormatError as error:
        hint = "Write points such as `100`, or a share such as `top 10% of inquiries`."
        raise FormatError(f"`{shortened(str(value))}` is not a threshold.", hint=hint) from error


def parse_points(value: str | int) -> int:
    """Return the points that `35` or `-10` states; raises FormatError."""
    if isinstance(value, bool) or not _POINTS.fullmatch(_trimmed(str(value))):
        raise FormatError(
            f"`{shortened(str(value))}` is not a number of points.", hint="Write a whole number, such as `35`."
        )
    return int(value)


def parse_at_most(text: str) -> AtMost:
    """Return the bound that `1 per day`, `once`, `3 times`, `10%`, `no limit` or `every time` states."""
    asked = " ".join(_trimmed(text).split())
    if asked in set(Unlimited):
        return Unlimited(asked)
    if asked in _COUNTS_IN_WORDS:
        return Times(_COUNTS_IN_WORDS[asked])
    if match := _FREQUENCY.fullmatch(asked):
        return Frequency(int(match[1]), Period(match[2]))
    if match := _TIMES.fullmatch(asked):
        return Times(int(match[1]))
    if match := _RATE.fullmatch(asked):
        return Rate(Decimal(match[1]))
    hint = "Write `1 per day`, `once`, `3 times`, `10%`, `no limit` or `every time`."
    raise FormatError(f"`{shortened(text)}` does not say how often at most.", hint=hint)


def parse_warning(text: str) -> WarnAt:
    """Return when to warn, from `at 50%` or `at 10 business minutes`; raises FormatError."""
    at, _, point = _trimmed(text).partition(" ")
    if at != "at" or not point.strip():
        hint = "Write `at` and a share of the limit or a time since the start, such as `at 50%` or `at 1 hour`."
        raise FormatError(f"`{shortened(text)}` does not say when to warn.", hint=hint)
    return WarnAt(parse_rate(point) if "%" in point else parse_duration(point))


def _trimmed(text: str) -> str:
    asked = text.strip()
    if len(asked) > _LONGEST:
        message = f"`{shortened(asked)}` is too long: {len(asked):,} characters where {_LONGEST} are enough."
        raise FormatError(message, hint="Write the quantity alone.")
    return asked


def _rate_advice(asked: str) -> str:
    number = asked.removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(_NUMBER, number):
        return "Write a percentage, such as `70%`."
    if asked.endswith("%") or Decimal(number) > 1:
        return f"Write `{Rate(Decimal(number))}`."
    return f"Write `{Rate(Decimal(number) * 100)}`, if a share of the whole is meant."


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
