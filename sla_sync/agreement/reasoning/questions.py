"""The questions that rules ask about conditions, each answered with a lead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning.domain import Domain
from sla_sync.agreement.reasoning.forms import TooLargeError, form_of
from sla_sync.agreement.reasoning.lead import Lead
from sla_sync.agreement.reasoning.search import CannotSay, search

Answer: TypeAlias = Lead | CannotSay | None
"""A lead, None where surely no lead answers the question, or `CannotSay`."""


def satisfiable(condition: Expression, domain: Domain) -> Answer:
    """Return a lead for which the condition holds."""
    return example(domain, holds=(condition,))


def overlap(one: Expression, other: Expression, domain: Domain) -> Answer:
    """Return a lead for which both conditions hold."""
    return example(domain, holds=(one, other))


def uncovered(conditions: Iterable[Expression], domain: Domain) -> Answer:
    """Return a lead for which none of the conditions holds."""
    return example(domain, fails=conditions)


def implies(one: Expression, other: Expression, domain: Domain) -> Answer:
    """Return a lead for which the first condition holds and the other fails; None where the first implies the other."""
    return example(domain, holds=(one,), fails=(other,))


def example(domain: Domain, *, holds: Iterable[Expression] = (), fails: Iterable[Expression] = ()) -> Answer:
    """Return a lead for which each condition of `holds` holds and each of `fails` fails."""
    try:
        forms = [
            *(form_of(each, domain, holds=True) for each in holds),
            *(form_of(each, domain, holds=False) for each in fails),
        ]
    except TooLargeError:
        return CannotSay("A condition stands for more terms than can be looked through.")
    return search(forms, domain)
