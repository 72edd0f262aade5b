"""Durations as people write them: `15 business minutes`, `2 business days`, `90 days`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
