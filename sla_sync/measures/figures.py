"""One number as people are shown it: its value, of how many, how far the truth may lie from it, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sla_sync.attainment.shares import Share


class Unit(StrEnum):
    """What a number counts."""

    SHARE = "share"
    COUNT = "count"
    SECONDS = "seconds"
    MONEY = "money"
    RATIO = "ratio"


def share_figure(share: Share, *, note: str = "") -> Figure:
    """Return a share as a figure, with the interval of Wilson."""
    return Figure(share.value, Unit.SHARE, share.whole, share.interval, note=note)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or none where it is not known, and then `note` says why.

    `n` is of how many it is; `interval` holds the truth in 95 of 100 cases. `at_least` says that the value is only known to be
    that much or more: a quantile that was not reached is shown as `> 3 days`, never left blank.
    """

    value: float | None
    unit: Unit
    n: int | None = None
    interval: tuple[float, float] | None = None
    at_least: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What stands beside every number: its definition, how many it is of, and what was left out by its reason."""

    definition: str
    n: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    unusable: Mapping[str, int] = field(default_factory=dict)
    """What could not be judged, by what it lacks."""
    note: str = ""
