"""Whether a condition holds for a lead.

A field is known or unknown. Of what is unknown only `is unknown` holds, and what is negated with words: `country is not DE`
holds where no country is known, `employees != 5` does not hold where no number is known.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
    TextTest,
)
from sla_sync.agreement.expressions.words import NO, YES, as_number

Value: TypeAlias = str | float | bool | tuple[str, ...]
"""What a field holds: a text, a number, yes or no, or several names of which each counts."""


class Reader(Protocol):
    """What a condition can ask of a lead."""

    def value(self, field: str) -> Value | None:
        """Return what a field holds, or None where it is unknown."""
        ...

    def times_done(self, verb: str, done: str, within: Duration | None) -> int:
        """Return how often the person did something, in the last `within` or ever."""
        ...

    def members(self, group: str) -> tuple[str | Expression, ...]:
        """Return the members of a group; none where nobody defined it."""
        ...

    def reaches(self, model: str | None) -> bool:
        """Return whether the score has reached the threshold, of a model or of the one that applies."""
        ...


def holds(expression: Expression, lead: Reader) -> bool:
    """Return whether a condition holds. A group that asks for itself does not hold inside itself."""
    return _holds(expression, lead, frozenset())


def is_yes(value: Value | None) -> bool:
    """Return whether a value says yes."""
    return value is True or (isinstance(value, str) and value.lower() in YES)


def _holds(expression: Expression, lead: Reader, inside: frozenset[str]) -> bool:
    match expression:
        case All(terms):
            return all(_holds(each, lead, inside) for each in terms)
        case Any(terms):
            return any(_holds(each, lead, inside) for each in terms)
        case Not(term):
            return not _holds(term, lead, inside)
        case Is(field, values, negated):
            return _is(lead.value(field), values) is not negated
        case Compare(field, comparison, number):
            return compares(lead.value(field), comparison, number)
        case Known(field, negated):
            return (lead.value(field) is None) is negated
        case Text(field, test, text):
            value = lead.value(field)
            return isinstance(value, str) and _TEXTS[test](value, text)
        case InGroup(field, group, negated):
            named = tuple(each for each in lead.members(group) if isinstance(each, str))
            return _is(lead.value(field), named) is not negated
        case ScoreReaches(model):
            return lead.reaches(model)
        case Did(verb, done, times, within, negated):
            return (lead.times_done(verb, done, within) >= times) is not negated
        case AtLeast(count, group):
            return _at_least(count, group, lead, inside)


def _at_least(count: int, group: str, lead: Reader, inside: frozenset[str]) -> bool:
    if group in inside:
        return False
    # A member that is one word is a field, and counts where it is known.
    conditions = (Known(each) if isinstance(each, str) else each for each in lead.members(group))
    return sum(_holds(each, lead, inside | {group}) for each in conditions) >= count


def _is(value: Value | None, named: tuple[str, ...]) -> bool:
    match value:
        case None:
            return False
        case bool():
            return any(each.lower() in (YES if value else NO) for each in named)
        case str():
            return value in named
        case tuple():
            return any(each in named for each in value)
        case _:
            return any(as_number(each) == value for each in named)


def compares(value: Value | None, comparison: Comparison, number: float) -> bool:
    """Return whether a value is a number that compares so with another."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return _COMPARISONS[comparison](value, number)


_COMPARISONS: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.NOT_EQUAL: operator.ne,
    Comparison.GREATER: operator.gt,
    Comparison.GREATER_OR_EQUAL: operator.ge,
    Comparison.LESS: operator.lt,
    Comparison.LESS_OR_EQUAL: operator.le,
}

_TEXTS: Mapping[TextTest, Callable[[str, str], bool]] = {
    TextTest.CONTAINS: operator.contains,
    TextTest.STARTS_WITH: str.startswith,
    TextTest.ENDS_WITH: str.endswith,
}
