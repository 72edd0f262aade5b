"""Where a count or a sum ends if it goes on as it began, and between which numbers in 95 of 100 cases."""

from __future__ import annotations

from math import exp, lgamma, log, log1p, sqrt

_TAIL = 0.025
_Z = 1.959963984540054
_MOST = 1_000_000
"""How far quantiles are looked for."""


def forecast_count(counted: int, share: float) -> tuple[float, tuple[float, float]] | None:
    """Return where a count ends, with its interval, when `share` of the time is over; None before any of it is.

    Arrivals are taken to come independently of each other at one rate (Poisson), of which the count so far is all that is
    known; what is still to come is then negative binomial. The rate has the prior of Jeffreys.
    """
    if share <= 0:
        return None
    if share >= 1:
        return float(counted), (float(counted), float(counted))
    low, high = _quantiles(counted + 0.5, share)
    return counted / share, (float(counted + low), float(counted + high))


def forecast_sum(summed: float, squares: float, share: float) -> tuple[float, tuple[float, float]] | None:
    """Return where a sum ends, with its interval, when `share` of the time is over; `squares` is the sum of squared amounts.

    Amounts are taken to come independently of each other at one rate, as they did so far; the interval is the normal one, and
    never lies below what is there. None where none of the time is over.
    """
    if share <= 0:
        return None
    middle = summed / share
    reach = _Z * sqrt(squares * max(0.0, 1 - share)) / share
    return middle, (max(summed, middle - reach), middle + reach)


def _quantiles(size: float, share: float) -> tuple[int, int]:
    """Return the 2.5 % and 97.5 % points of a negative binomial count with a real size and this chance of success."""
    so_far, low = 0.0, -1
    for number in range(_MOST):
        chance = lgamma(number + size) - lgamma(size) - lgamma(number + 1) + size * log(share) + number * log1p(-share)
        so_far += exp(chance)
        if low < 0 and so_far >= _TAIL:
            low = number
        if so_far >= 1 - _TAIL:
            return low, number
    return low, _MOST
