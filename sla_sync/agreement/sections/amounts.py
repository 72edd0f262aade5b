"""Values that only one section knows: what a target counts, when a reason comes back, what a group holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from sla_sync.agreement.durations import Duration, parse_duration
from sla_sync.agreement.expressions import parse_expression, print_expression
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.formats import FormatError, shortened
from sla_sync.agreement.hours import parse_time, parse_weekdays
from sla_sync.agreement.quantities import Rate, Times, Volume, parse_at_most, parse_rate, parse_volume


@dataclass(frozen=True, slots=True)
class DurationRange:
    """From one duration to a longer one of the same unit: `30 to 90 days`."""

    least: Duration
    most: Duration

    def __str__(self) -> str:
        return f"{self.least.count} to {self.most}"


class Ask(StrEnum):
    """Whoever gives the reason is asked for the day."""

    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Idle:
    """So long without any engagement: `30 days idle`."""

    duration: Duration

    def __str__(self) -> str:
        return f"{self.duration} idle"


@dataclass(frozen=True, slots=True)
class Bracket:
    """The numbers that a bracket takes: from `least` to `most`, both included, or without an end."""

    least: Decimal
    most: Decimal | None = None

    def __str__(self) -> str:
        return f"from {self.least}" if self.most is None else f"{self.least} to {self.most}"


Revisit: TypeAlias = Duration | DurationRange | Ask
Target: TypeAlias = int | float | Rate | Volume

_RANGE = re.compile(r"([0-9]{1,6})\s+to\s+(.+)")
_FIGURE = r"([0-9]{1,15}(?:\.[0-9]{1,6})?)"
_BRACKET = re.compile(rf"(?:from\s+{_FIGURE}|{_FIGURE}\s+to\s+{_FIGURE})")
_RAMP_STEP = re.compile(r"(?:week|month|quarter) [1-9][0-9]?")
_SCHEDULE = re.compile(
    r"every (?:(?P<first>first (?:business )?day of the (?:month|quarter))|(?P<day>[A-Za-z]+))(?: (?P<time>[0-9:]+))?"
)
_SCHEDULE_HINT = "Write `every Tuesday 08:00`, `every day` or `every first business day of the month`."
_OPERATOR = re.compile(r"[<>=]|\b(?:is|contains|starts with|ends with|did|not|and|or|at least|score reaches)\b")


def parse_revisit(text: str) -> Revisit:
    """Return what `90 days`, `30 to 90 days` or `ask` says; raises FormatError."""
    if text.strip() == Ask.ASK:
        return Ask.ASK
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return parse_duration(text)
    most = parse_duration(found[2])
    least = Duration(int(found[1]), most.unit, most.business)
    if least.count >= most.count:
        message = f"`{shortened(text)}` ends before it begins."
        raise FormatError(message, hint="Write the shorter time first, such as `30 to 90 days`.")
    return DurationRange(least, most)


def parse_times(value: str | int) -> Times:
    """Return what `once`, `3 times` or a whole number says; raises FormatError."""
    bound = Times(value) if isinstance(value, int) else parse_at_most(value)
    if not isinstance(bound, Times):
        message = f"`{shortened(str(value))}` is not a number of times."
        raise FormatError(message, hint="Write `once`, `twice` or `3 times`.")
    return bound


def parse_idle(text: str) -> Idle:
    """Return what `30 days idle` says; the last word may be left out. Raises FormatError."""
    return Idle(parse_duration(text.strip().removesuffix(" idle")))


def parse_target(value: str | float) -> Target:
    """Return what `70%`, `110 per month`, `100 per member of mid_market per month` or a number says; raises FormatError."""
    if not isinstance(value, str):
        return value
    return parse_rate(value) if value.rstrip().endswith("%") else parse_volume(value)


def parse_bracket(text: str) -> Bracket:
    """Return the numbers that `from 11` or `1 to 10` names; raises FormatError."""
    match = _BRACKET.fullmatch(text.strip())
    if match is None:
        message = f"`{shortened(text)}` is not a bracket of numbers."
        raise FormatError(message, hint="Write `from 11`, which reaches to the next bracket, or `1 to 10`.")
    if match[1] is not None:
        return Bracket(Decimal(match[1]))
    bracket = Bracket(Decimal(match[2]), Decimal(match[3]))
    if bracket.most is not None and bracket.most < bracket.least:
        message = f"`{shortened(text)}` ends before it begins."
        raise FormatError(message, hint=f"Write `{bracket.most} to {bracket.least}`.")
    return bracket


def check_ramp_step(text: str) -> str:
    """Return the text of a step such as `month 1`; raises FormatError."""
    if not _RAMP_STEP.fullmatch(text):
        message = f"`{shortened(text)}` is not a time since a member joined."
        raise FormatError(message, hint="Write `week 1`, `month 1` or `quarter 1`, and so on.")
    return text


def check_schedule(text: str) -> str:
    """Return the text of a schedule such as `every Tuesday 08:00`; raises FormatError."""
    match = _SCHEDULE.fullmatch(text.strip())
    if match is None:
        raise FormatError(f"`{shortened(text)}` does not say when it comes back.", hint=_SCHEDULE_HINT)
    if match["day"] is not None and match["day"] != "day":
        parse_weekdays(match["day"])
    if match["time"] is not None:
        parse_time(match["time"])
    return text.strip()


def parse_member(value: str | float) -> str | Expression:
    """Return a member of a group: a value such as `DE`, or the condition that the text states; raises FormatError."""
    if not isinstance(value, str):
        return str(value)
    return parse_expression(value) if _OPERATOR.search(value) else value


def show_member(member: str | Expression) -> str:
    """Return a member of a group as it may be written, the inverse of `parse_member`."""
    return member if isinstance(member, str) else print_expression(member)


def parse_cut(value: str | float) -> float | Expression:
    """Return where a grade begins: at so many points, or where the condition holds; raises FormatError."""
    return parse_expression(value) if isinstance(value, str) else value


def show_cut(cut: float | Expression) -> float | str:
    """Return where a grade begins as it may be written, the inverse of `parse_cut`."""
    return cut if isinstance(cut, int | float) else print_expression(cut)
