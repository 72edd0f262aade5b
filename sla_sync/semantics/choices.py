"""First match: the priority of a lead, its part of each division, and the scoring model that applies."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.sections.leads import Predicate, Segment
from sla_sync.semantics.expressions import Reader, holds


def priority(agreement: Agreement, lead: Reader) -> str | None:
    """Return the first priority that matches, or None where none does."""
    return first_match({name: each.when.value for name, each in agreement.priorities.items()}, lead)


def part_of(agreement: Agreement, division: str, lead: Reader) -> str | None:
    """Return the first part of a division that matches, or None where none does."""
    return first_match({name: _condition(each) for name, each in agreement.segments[division].items()}, lead)


def track(agreement: Agreement, stage: str, lead: Reader) -> str | None:
    """Return the first track of a stage that matches: what a person gets while there; None where none does."""
    return first_match({name: _condition(each) for name, each in agreement.stages[stage].tracks.items()}, lead)


def model_for(agreement: Agreement, lead: Reader) -> str | None:
    """Return the scoring model that applies: of those for all or for a segment of the lead the one of first precedence.

    Where no precedence decides, a model for a segment comes before one for all, and then the first in the agreement.
    None where no model is for this lead.
    """
    segments = lead.value("segment") or ()
    names = segments if isinstance(segments, tuple) else (str(segments),)
    fitting = [
        (math.inf if model.precedence is None else model.precedence, model.for_segment is None, order, name)
        for order, (name, model) in enumerate(agreement.scoring.items())
        if model.for_segment is None or model.for_segment in names
    ]
    return min(fitting)[-1] if fitting else None


def first_match(conditions: Mapping[str, Expression], lead: Reader) -> str | None:
    """Return the first name whose condition holds, or None."""
    return next((name for name, condition in conditions.items() if holds(condition, lead)), None)


def _condition(segment: Segment) -> Expression:
    return (segment.when if isinstance(segment, Predicate) else segment).value
