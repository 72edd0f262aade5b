"""How many points a scoring model can give and take."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from sla_sync.agreement.expressions import terms_in
from sla_sync.agreement.expressions.tree import Did, Expression
from sla_sync.agreement.quantities import UNDECIDED, Frequency, Times, Unlimited
from sla_sync.agreement.sections.scoring import Dimension, ScoringModel, Signal
from sla_sync.agreement.walk import leaves


def is_decided(model: ScoringModel) -> bool:
    """Return whether every number of a model is agreed; sums over others say nothing."""
    return all(value is not UNDECIDED for _, value in leaves(model))


def threshold_of(model: ScoringModel) -> int | None:
    """Return the points at which a lead is ready; None where a share of all leads or nothing is said."""
    return model.threshold if isinstance(model.threshold, int) else None


def deeds_in(condition: Expression) -> tuple[Did, ...]:
    """Return what a condition asks people to have done."""
    return tuple(term for term in terms_in(condition) if isinstance(term, Did) and not term.negated)


def times_of(signal: Signal) -> float:
    """Return how often a signal may count in all; infinite where only a rate or nothing bounds it."""
    match signal.at_most:
        case Times(count):
            return count
        case Frequency() | Unlimited():
            return inf
        case _:
            return 1


def points_of(signal: Signal) -> int:
    """Return the points of one occurrence; none where they are undecided."""
    return signal.points if isinstance(signal.points, int) else 0


def most_of_signals(dimension: Dimension | None, names: Iterator[str] | None = None) -> float:
    """Return the most points that the signals of a dimension can give, or those of these names, within its cap."""
    if dimension is None:
        return 0
    chosen = dimension.add if names is None else {name: dimension.add[name] for name in names}
    earned = sum(points_of(each) * times_of(each) for each in chosen.values() if points_of(each) > 0)
    return min(earned, dimension.max) if isinstance(dimension.max, int) else earned


def most_of(dimension: Dimension | None) -> float:
    """Return the most points that one side of a score can give."""
    if dimension is None:
        return 0
    brackets = sum(
        max((each for each in points.values() if isinstance(each, int)), default=0)
        for points in dimension.brackets.values()
    )
    signals = sum(points_of(each) * times_of(each) for each in dimension.add.values() if points_of(each) > 0)
    return min(signals + brackets, dimension.max) if isinstance(dimension.max, int) else signals + brackets


def taken_by(dimension: Dimension | None) -> float:
    """Return the most points that one side of a score can take, as a number above zero; fading is not counted."""
    if dimension is None:
        return 0
    brackets = sum(
        -min((each for each in points.values() if isinstance(each, int) and each < 0), default=0)
        for points in dimension.brackets.values()
    )
    return brackets + sum(-points_of(each) for each in dimension.add.values() if points_of(each) < 0)
