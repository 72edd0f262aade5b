"""Walking an expression: its parts, the fields it reads and the groups it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
)


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that this one is made of; none for a single term."""
    match expression:
        case All() | Any():
            return expression.terms
        case Not():
            return (expression.term,)
        case Is() | Compare() | Known() | Text() | InGroup() | ScoreReaches() | Did() | AtLeast():
            return ()


def terms_in(expression: Expression) -> Iterator[Expression]:
    """Yield the single terms from left to right, whatever joins or negates them."""
    waiting = [expression]
    while waiting:
        each = waiting.pop()
        parts = children(each)
        if not parts:
            yield each
        waiting.extend(reversed(parts))


def fields_in(expression: Expression) -> tuple[str, ...]:
    """Return the fields that are read by name, each once, in the order of their first use.

    `score reaches threshold` names a model and not a field, so it adds nothing here.
    """
    named = (Is, Compare, Known, Text, InGroup)
    return tuple(dict.fromkeys(each.field for each in terms_in(expression) if isinstance(each, named)))


def groups_in(expression: Expression) -> tuple[str, ...]:
    """Return the groups that are referred to, each once, in the order of their first use."""
    named = (InGroup, AtLeast)
    return tuple(dict.fromkeys(each.group for each in terms_in(expression) if isinstance(each, named)))
