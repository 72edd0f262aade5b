"""What an agreement says about leads besides a condition: which values there are, and what its words stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.sections.leads import Predicate

WHOLE_NUMBERS: Mapping[str, float | None] = MappingProxyType(
    {"cycle": 1, "employees": 0, "seats": 0, "users": 0, "score": None, "engagement": None, "fit": None}
)
"""Fields that hold whole numbers only, each with the least that it can be; any other number may have a fraction."""

SCORING_MODEL = "scoring model"
"""Not a word of the language: the model by which a lead is scored, where there are several."""

ALWAYS_KNOWN = frozenset({"stage", "cycle", SCORING_MODEL})
"""What is known of every lead."""


@dataclass(frozen=True)
class Domain:
    """The leads that an agreement knows.

    `values` are the fields that can hold no other value than these. `first_match` are the words that stand for
    conditions in order: `priority`, and every division of segments. `thresholds` gives the points of each scoring
    model; None where they are a share of all leads or are not agreed yet.
    """

    groups: Mapping[str, tuple[str | Expression, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_match: Mapping[str, Mapping[str, Expression]] = field(default_factory=dict)
    thresholds: Mapping[str, int | None] = field(default_factory=dict)


def domain_of(agreement: Agreement) -> Domain:
    """Return what an agreement says about leads."""
    values: Mapping[str, Iterable[str]] = {
        "stage": agreement.stages,
        "source": agreement.sources,
        "team": agreement.teams,
        SCORING_MODEL: agreement.scoring,
    }
    priorities = {name: each.when.value for name, each in agreement.priorities.items()}
    divisions = {
        name: {part: (each.when if isinstance(each, Predicate) else each).value for part, each in parts.items()}
        for name, parts in agreement.segments.items()
    }
    return Domain(
        groups=agreement.groups,
        values={name: tuple(words) for name, words in values.items() if tuple(words)},
        first_match={"priority": priorities, **divisions} if priorities else divisions,
        thresholds={
            name: model.threshold if isinstance(model.threshold, int) else None
            for name, model in agreement.scoring.items()
        },
    )
