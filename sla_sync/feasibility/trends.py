"""Where the months go: a straight line through what was, with a season where there are years enough, and its error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 6
"""Months before anything is said of how a number grows."""
FEWEST_OF_A_SEASON = 24
"""Months before anything is said of a season: each month of the year twice."""
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the trend says of a month to come, with the standard error of one month, noise included."""

    expected: float
    error: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line through `n` months, `slope` more in each, and what each month of the year is beside it.

    `season` has twelve parts that are 1 on average, January first, and none where there are too few months.
    """

    n: int
    slope: float
    middle: float
    scatter: float
    """The standard deviation of the months about the line."""
    season: tuple[float, ...]
    first: int
    """The month of the year of the first one, from 1."""

    def ahead(self, step: int) -> Ahead:
        """Return what is expected of the month that comes so many after the last one, from 1."""
        away = self.n - 1 + step - (self.n - 1) / 2
        spread = math.sqrt(1 + 1 / self.n + away * away / _spread(self.n))
        beside = self.season[(self.first - 1 + self.n - 1 + step) % _YEAR] if self.season else 1.0
        return Ahead((self.middle + self.slope * away) * beside, self.scatter * spread * beside)


def trend_of(counts: Sequence[float], first: int) -> Trend | None:
    """Return the trend of monthly counts of which the first belongs to a month of the year; None of fewer than `FEWEST`."""
    if len(counts) < FEWEST:
        return None
    season = _season(counts, first) if len(counts) >= FEWEST_OF_A_SEASON else ()
    plain = [each / _part(season, first, place) for place, each in enumerate(counts)]
    middle, slope = _line(plain)
    n = len(plain)
    squares = math.fsum((each - _on_line(middle, slope, n, place)) ** 2 for place, each in enumerate(plain))
    # Each part of a season that is estimated takes one of the months with it.
    free = n - 2 - (_YEAR - 1 if season else 0)
    scatter = math.sqrt(squares / free)
    return Trend(n, slope, middle, scatter, season, first)


def _season(counts: Sequence[float], first: int) -> tuple[float, ...]:
    """Return the mean ratio of each month of the year to the line, 1 on average; none where the line is not above zero."""
    middle, slope = _line(counts)
    ratios: list[list[float]] = [[] for _ in range(_YEAR)]
    for place, each in enumerate(counts):
        expected = _on_line(middle, slope, len(counts), place)
        if expected <= 0:
            return ()
        ratios[(first - 1 + place) % _YEAR].append(each / expected)
    means = [math.fsum(each) / len(each) for each in ratios]
    whole = math.fsum(means) / _YEAR
    return tuple(each / whole for each in means) if whole and all(means) else ()


def _part(season: Sequence[float], first: int, place: int) -> float:
    return season[(first - 1 + place) % _YEAR] if season else 1.0


def _line(counts: Sequence[float]) -> tuple[float, float]:
    """Return the mean, and by how much the line of least squares rises with each month."""
    n = len(counts)
    middle = math.fsum(counts) / n
    return middle, math.fsum((place - (n - 1) / 2) * each for place, each in enumerate(counts)) / _spread(n)


def _on_line(middle: float, slope: float, n: int, place: int) -> float:
    return middle + slope * (place - (n - 1) / 2)


def _spread(n: int) -> float:
    """Return the sum of the squares by which n places in a row differ from their middle."""
    return n * (n * n - 1) / 12
