"""Shares with their intervals: how many of how many, and how far the truth may lie from what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054
"""The 97.5 % point of the normal distribution, for an interval of 95 %."""

ENOUGH = 20
"""How many there must be before one share is ranked against another."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, or None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares the truth lies in 95 of 100 cases (Wilson 1927), or None of nothing."""
        if not self.whole:
            return None
        share, spread = self.part / self.whole, _Z * _Z / self.whole
        middle = share + spread / 2
        reach = _Z * sqrt((share * (1 - share) + spread / 4) / self.whole)
        low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
        # At both ends the formula meets the share itself, and rounding must not leave it.
        return (0.0 if not self.part else max(0.0, low)), (1.0 if self.part == self.whole else min(1.0, high))

    @property
    def may_be_ranked(self) -> bool:
        """Whether there are enough to be ranked against others."""
        return self.whole >= ENOUGH
