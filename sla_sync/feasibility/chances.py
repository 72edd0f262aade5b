"""How often a number was met in the months that are over, and which number would have been met as often as one should."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sla_sync.attainment.shares import Share

ONE_SIDED = 0.95
"""How sure an upper bound is."""
_STEPS = 60
"""Halvings of an interval, after which nothing is left of it."""


def met(counts: Sequence[float], target: float) -> Share:
    """Return in how many of some months a target was met."""
    return Share(sum(each >= target for each in counts), len(counts))


def upper_bound(share: Share, *, sure: float = ONE_SIDED) -> float | None:
    """Return above which chance it would be unlikely to see no more than was seen (Clopper and Pearson 1934, one-sided).

    None of nothing; 1 where all were met.
    """
    if not share.whole:
        return None
    low, high = share.part / share.whole, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(share.part, share.whole, middle) > 1 - sure else (low, middle)
    return high if share.part < share.whole else 1.0


def percentile(counts: Sequence[float], share: float) -> float:
    """Return below which number a share of some lies, by straight lines between them; raises ValueError for none."""
    if not counts:
        message = "nothing has no percentile"
        raise ValueError(message)
    ordered = sorted(counts)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _at_most(part: int, whole: int, chance: float) -> float:
    """Return how likely no more than `part` of `whole` are met, each with the same chance."""
    return math.fsum(math.comb(whole, k) * chance**k * (1 - chance) ** (whole - k) for k in range(part + 1))
