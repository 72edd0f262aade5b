"""What a picture of the pack shows, as numbers and words; drawing it is for `render.charts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weeks:
    """One number week by week: each with its label, its value, and the interval around it; `target` is a line across."""

    alternative: str
    weeks: tuple[tuple[str, float | None, float | None, float | None], ...]
    target: float | None
    is_share: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many still wait after a time: for each line its points, in seconds and shares.

    A line that ends before the last quantile says by `open_end` from where on nothing is known.
    """

    alternative: str
    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


@dataclass(frozen=True, slots=True)
class Bands:
    """Shares that add up to all, line by line, in the order of `names`."""

    alternative: str
    names: tuple[str, ...]
    lines: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A number that adds up day by day (days counted from 1) beside the target; `expected` is what it should be today."""

    alternative: str
    days: tuple[tuple[int, float], ...]
    length: int
    today: int
    expected: float
    target: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts by name, the largest first: all of each, and the part of it that is told apart, named `inner_name`."""

    alternative: str
    bars: tuple[tuple[str, int, int], ...]
    outer_name: str
    inner_name: str


@dataclass(frozen=True, slots=True)
class Cohorts:
    """A share by month: its value with its interval; a month that is not mature is hatched."""

    alternative: str
    months: tuple[tuple[str, float, float | None, float | None, bool], ...]
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """Counts by weekday (0 is Monday) and hour."""

    alternative: str
    counts: tuple[tuple[int, int, int], ...]


Picture = Weeks | Waiting | Bands | Month | Bars | Cohorts | Hours
