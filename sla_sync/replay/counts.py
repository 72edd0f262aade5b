"""How far a count may lie from what another time like this would have brought."""

from __future__ import annotations

from math import sqrt

from sla_sync.measures.figures import Figure, Unit

_Z = 1.959963984540054
"""The 97.5 % point of the normal distribution, for an interval of 95 %."""


def interval_of_count(count: int) -> tuple[float, float]:
    """Return between which numbers the mean of such counts lies in 95 of 100 cases (Byar's approximation of Poisson's)."""
    more = count + 1
    low = count * (1 - 1 / (9 * count) - _Z / (3 * sqrt(count))) ** 3 if count else 0.0
    return max(0.0, low), more * (1 - 1 / (9 * more) + _Z / (3 * sqrt(more))) ** 3


def counted(count: int, *, note: str = "") -> Figure:
    """Return a count with its interval."""
    return Figure(float(count), Unit.COUNT, count, interval_of_count(count), note=note)


def unknown(unit: Unit, because: str) -> Figure:
    """Return a number that nobody knows, with the sentence that says why."""
    return Figure(None, unit, note=because)
