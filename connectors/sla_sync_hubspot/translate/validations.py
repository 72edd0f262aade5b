"""Validation rules: a score that we add takes no number beyond what its model can give."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.translate.properties import property_address
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import VALIDATION

_RULES = ("MIN_NUMBER", "MAX_NUMBER")
"""Types of rules for numbers (HubSpot, "Property validations")."""


def validation_address(name: str, rule: str) -> Address:
    """Return the address of a rule of one kind of a contact property."""
    return Address(VALIDATION, f"{CONTACTS}/{name}/{rule}")


def validations(vocabulary: Vocabulary) -> Iterator[Desired]:
    """Yield the rules for scores that the binding adds; a property of somebody else's gets none from us."""
    models = vocabulary.resources.score_bounds
    for model, sides in models.items():
        for side, bounds in sides.items():
            own = f"{model}_{side}"
            word = own if own in vocabulary.binding.fields or len(models) > 1 else side
            bound = vocabulary.binding.fields.get(word)
            if bound is None or bound.add != "number":
                continue
            for rule, number in zip(_RULES, bounds, strict=True):
                if number is not None:
                    yield Desired(
                        validation_address(bound.field, rule),
                        {"ruleArguments": [f"{number:g}"]},
                        requires=(property_address(bound.field),),
                        origins={(): ("scoring", model) if side == "score" else ("scoring", model, side)},
                    )
