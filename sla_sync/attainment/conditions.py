"""Conditions of an agreement over many turns at once, as far as turns record what they ask."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

import ibis
from ibis.expr.types import BooleanValue, Table

from sla_sync.agreement.expressions.tree import All, Any, Expression, Is, Known, Not

_FROZEN = frozenset({"source"})
_AT_ASSIGNMENT = frozenset({"source", "priority", "stage", "team", "owner"})
"""What a turn records of the moment at which it began; the source of its cycle never changes."""


def can_tell(condition: Expression, *, at_assignment: bool) -> bool:
    """Return whether turns record all that a condition asks, when they were assigned or before."""
    match condition:
        case All(terms) | Any(terms):
            return all(can_tell(each, at_assignment=at_assignment) for each in terms)
        case Not(term):
            return can_tell(term, at_assignment=at_assignment)
        case Is(field) | Known(field):
            return field in (_AT_ASSIGNMENT if at_assignment else _FROZEN)
        case _:
            return False


def holds(condition: Expression, turns: Table) -> BooleanValue:
    """Return whether a condition that turns can tell holds, for each of them; the unknown is no value at all."""
    match condition:
        case All(terms):
            return reduce(and_, (holds(each, turns) for each in terms), ibis.literal(value=True))
        case Any(terms):
            return reduce(or_, (holds(each, turns) for each in terms), ibis.literal(value=False))
        case Not(term):
            return ~holds(term, turns)
        case Is(field, values, negated):
            said = ibis.coalesce(turns[field].isin(values), ibis.literal(value=False))
            return ~said if negated else said
        case Known(field, negated):
            return turns[field].isnull() if negated else turns[field].notnull()
        case _:
            message = f"Turns cannot tell whether {condition} holds."
            raise ValueError(message)
