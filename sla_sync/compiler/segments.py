"""Groups of leads that people look at: one for each priority, and one for each stage that is entered on a condition."""

from __future__ import annotations

from dataclasses import replace

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Expression
from sla_sync.compiler.divisions import opposite, spelled_out
from sla_sync.compiler.words import label
from sla_sync.resources import Segment


def segments(agreement: Agreement) -> tuple[Segment, ...]:
    """Return the segments; whom the agreement leaves out is said by the exclusions, and left out of each by translation."""
    scope = agreement.metadata.scope
    found = (*_by_priority(agreement), *_by_entry(agreement))
    if scope is None:
        return found
    # Agreements side by side share a platform, so that each may show its own leads only.
    own = _terms(spelled_out(scope.value, agreement))
    return tuple(replace(each, when=All((*own, *_terms(each.when)))) for each in found)


def _by_priority(agreement: Agreement) -> tuple[Segment, ...]:
    found: list[Segment] = []
    conditions = [spelled_out(each.when.value, agreement) for each in agreement.priorities.values()]
    for name, priority in agreement.priorities.items():
        # The first match counts, so a lead that an earlier priority takes is none of this one.
        own, earlier = conditions[len(found)], [opposite(each) for each in conditions[: len(found)]]
        found.append(
            Segment(
                f"priority_{name}",
                ("priorities", name),
                priority.means,
                label(name),
                All((*_terms(own), *earlier)) if earlier else own,
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
            spelled_out(stage.enter_when.value, agreement),
        )
        for name, stage in agreement.stages.items()
        if stage.enter_when
    )


def _terms(expression: Expression) -> tuple[Expression, ...]:
    return expression.terms if isinstance(expression, All) else (expression,)
