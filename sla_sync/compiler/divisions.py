"""Conditions in plain fields: a part of a division, `territory is emea`, gives way to the condition that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Any, Did, Expression, InGroup, Is, Known, Not
from sla_sync.agreement.sections.leads import Predicate, Segment

SEGMENT = "segment"
"""The word for every division at once: `segment is emea`."""


def spelled_out(expression: Expression, agreement: Agreement) -> Expression:
    """Return the condition without a word for a part of a division; one that no division has is left as it is.

    In a division the first part that matches counts, so a part stands for its own condition where no earlier one holds.
    """
    return _spelled_out(expression, agreement.segments, frozenset())


def _spelled_out(
    expression: Expression, divisions: Mapping[str, Mapping[str, Segment]], inside: frozenset[str]
) -> Expression:
    match expression:
        case Is(field, values, negated):
            meant = {name: each for name, each in divisions.items() if field in {name, SEGMENT} and name not in inside}
            if not all(any(value in each for each in meant.values()) for value in values):
                return expression
            found = tuple(
                _part(division, value, divisions, inside | {name})
                for value in values
                for name, division in meant.items()
                if value in division
            )
            joined = found[0] if len(found) == 1 else Any(found)
            return opposite(joined) if negated else joined
        case All(terms):
            return All(tuple(_spelled_out(each, divisions, inside) for each in terms))
        case Any(terms):
            return Any(tuple(_spelled_out(each, divisions, inside) for each in terms))
        case Not(term):
            return Not(_spelled_out(term, divisions, inside))
        case _:
            return expression


def _part(
    division: Mapping[str, Segment],
    name: str,
    divisions: Mapping[str, Mapping[str, Segment]],
    inside: frozenset[str],
) -> Expression:
    earlier = list(division).index(name)
    conditions = [_spelled_out(_condition(each), divisions, inside) for each in list(division.values())[: earlier + 1]]
    own, before = conditions[-1], conditions[:-1]
    return All((own, *map(opposite, before))) if before else own


def opposite(expression: Expression) -> Expression:
    """Return the expression that holds where this one does not, without a `not` where its words have one of their own."""
    if isinstance(expression, Is | Known | InGroup | Did):
        return replace(expression, negated=not expression.negated)
    return expression.term if isinstance(expression, Not) else Not(expression)


def _condition(part: Segment) -> Expression:
    return part.when.value if isinstance(part, Predicate) else part.value
