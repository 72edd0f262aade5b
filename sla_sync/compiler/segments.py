"""Groups of leads that people look at: one for each priority, and one for each stage that is entered on a condition."""

from __future__ import annotations

from dataclasses import replace

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Did, Expression, InGroup, Is, Known, Not
from sla_sync.compiler.words import label
from sla_sync.resources import Segment


def segments(agreement: Agreement) -> tuple[Segment, ...]:
    """Return the segments; whom the agreement leaves out is said by the exclusions, and left out of each by translation."""
    return (*_by_priority(agreement), *_by_entry(agreement))


def _by_priority(agreement: Agreement) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for name, priority in agreement.priorities.items():
        # The first match counts, so a lead that an earlier priority takes is none of this one.
        earlier = [_opposite(each.when.value) for each in list(agreement.priorities.values())[: len(found)]]
        found.append(
            Segment(
                f"priority_{name}",
                ("priorities", name),
                priority.means,
                label(name),
                All((*_terms(priority.when.value), *earlier)) if earlier else priority.when.value,
            )
        )
    return tuple(found)


def _by_entry(agreement: Agreement) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            f"meets_{name}",
            ("stages", name, "enter_when"),
            f"Leads that meet the condition of {label(name)}: {stage.means}".rstrip(": "),
            f"Meets {label(name)}",
            stage.enter_when.value,
        )
        for name, stage in agreement.stages.items()
        if stage.enter_when
    )


def _terms(expression: Expression) -> tuple[Expression, ...]:
    return expression.terms if isinstance(expression, All) else (expression,)


def _opposite(expression: Expression) -> Expression:
    """Return the expression that holds where this one does not, without a `not` where its words have one of their own."""
    if isinstance(expression, Is | Known | InGroup | Did):
        return replace(expression, negated=not expression.negated)
    return expression.term if isinstance(expression, Not) else Not(expression)
