"""Sets of numbers: one interval without some numbers, or a few numbers of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sla_sync.agreement.expressions.tree import Comparison


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers from `low` to `high`; `only` these where some are named, `without` those, `whole` ones alone."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    only: frozenset[float] | None = None
    without: frozenset[float] = frozenset()
    whole: bool = False

    @property
    def bounded(self) -> bool:
        """Whether anything is said about them at all."""
        return self.low > -math.inf or self.high < math.inf or self.only is not None


OPPOSITES: Mapping[Comparison, Comparison] = {
    Comparison.EQUAL: Comparison.NOT_EQUAL,
    Comparison.NOT_EQUAL: Comparison.EQUAL,
    Comparison.GREATER: Comparison.LESS_OR_EQUAL,
    Comparison.GREATER_OR_EQUAL: Comparison.LESS,
    Comparison.LESS: Comparison.GREATER_OR_EQUAL,
    Comparison.LESS_OR_EQUAL: Comparison.GREATER,
}


def compared(numbers: Numbers, comparison: Comparison, number: float) -> Numbers:
    """Return those numbers for which the comparison holds."""
    match comparison:
        case Comparison.EQUAL:
            return among(numbers, (number,))
        case Comparison.NOT_EQUAL:
            return replace(numbers, without=numbers.without | {number})
        case Comparison.GREATER | Comparison.GREATER_OR_EQUAL:
            is_open = comparison is Comparison.GREATER
            if (number, is_open) <= (numbers.low, numbers.low_open):
                return numbers
            return replace(numbers, low=number, low_open=is_open)
        case Comparison.LESS | Comparison.LESS_OR_EQUAL:
            is_open = comparison is Comparison.LESS
            if (-number, is_open) <= (-numbers.high, numbers.high_open):
                return numbers
            return replace(numbers, high=number, high_open=is_open)


def among(numbers: Numbers, some: Iterable[float]) -> Numbers:
    """Return those of `some` that are in the set."""
    named = frozenset(some)
    return replace(numbers, only=named if numbers.only is None else numbers.only & named)


def example_of(numbers: Numbers) -> float | None:
    """Return a number of the set, a round one where it can be; None where the set is empty."""
    candidates = sorted(numbers.only) if numbers.only is not None else _candidates(numbers)
    return next((each for each in candidates if _contains(numbers, each)), None)


def _contains(numbers: Numbers, number: float) -> bool:
    above = number > numbers.low or (number == numbers.low and not numbers.low_open)
    below = number < numbers.high or (number == numbers.high and not numbers.high_open)
    named = numbers.only is None or number in numbers.only
    return above and below and named and number not in numbers.without and (not numbers.whole or number % 1 == 0)


def _candidates(numbers: Numbers) -> Iterator[float]:
    """Yield more numbers than can be left out, whole ones first; one of them is in the set unless it is empty."""
    enough = len(numbers.without) + 2
    if numbers.low > -math.inf:
        yield numbers.low
        yield from (math.floor(numbers.low) + step for step in range(1, enough + 1))
    elif numbers.high < math.inf:
        yield numbers.high
        yield from (math.ceil(numbers.high) - step for step in range(1, enough + 1))
    else:
        yield from map(float, range(1, enough + 1))
    if not numbers.whole and -math.inf < numbers.low < numbers.high < math.inf:
        # Halves and quarters are the plainest fractions, and the middle is the plainest of them.
        parts = 1 << enough.bit_length()
        steps = sorted(range(1, parts), key=lambda step: abs(2 * step - parts))
        yield from (numbers.low + (numbers.high - numbers.low) * step / parts for step in steps)
