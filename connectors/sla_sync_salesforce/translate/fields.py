"""Custom fields of the Lead: those that the agreement needs for itself, and those that the binding asks to add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sla_sync.connector import (
    Address,
    BoundField,
    Choice,
    DataType,
    Desired,
    Field,
    KeyPath,
    Resources,
    Setup,
    Value,
    describe,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, HELP_LIMIT, LABEL_LIMIT, shorten, words
from sla_sync_salesforce.translate.words import OBJECT, added_fields, own_field

# Salesforce Metadata API Developer Guide, "CustomField": what each type must say beside its name and label.
SHAPES: Mapping[DataType, Mapping[str, Value]] = {
    DataType.TEXT: {"type": "Text", "length": 255},
    DataType.LONG_TEXT: {"type": "LongTextArea", "length": 32768, "visibleLines": 3},
    DataType.CHECKBOX: {"type": "Checkbox", "defaultValue": "false"},
    DataType.NUMBER: {"type": "Number", "precision": 18, "scale": 2},
    DataType.INSTANT: {"type": "DateTime"},
    DataType.CHOICE: {"type": "Picklist"},
}

_SCORES = frozenset({"score", "fit", "engagement", "grade"})
"""Words that speak of the one scoring model where there is one."""


def field_address(api: str) -> Address:
    """Return the address of a custom field of the Lead."""
    return Address("CustomField", f"{OBJECT}.{api}")


def fields(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield every custom field that the Lead needs."""
    for field in resources.fields:
        if field.name not in binding.fields:
            yield _own(field, own_field(binding, field.name), setup)
    for name, bound, data in added_fields(binding):
        stage = next((stage for stage, needed in resources.needs.items() if name in needed), None)
        agreed = next((field for field in resources.fields if field.name == name), None)
        means = agreed.means if agreed else _means(name, bound, stage)
        origin = agreed.origin if agreed else _origin(name, stage, resources)
        yield Desired(
            Address("CustomField", bound.field),
            _values(agreed.label if agreed else words(name), means, data, setup),
            origins={(): origin},
        )


def _origin(name: str, stage: str | None, resources: Resources) -> KeyPath:
    """Return the place in the agreement for which a field is added."""
    if stage:
        return ("stages", stage, "needs")
    if name in resources.exclusions:
        return ("quality", "exclude")
    scored = name.removesuffix("_score")
    if scored in resources.thresholds:
        return ("scoring", scored)
    if name in _SCORES and len(resources.thresholds) == 1:
        return ("scoring", next(iter(resources.thresholds)))
    return ()


def _means(name: str, bound: BoundField, stage: str | None) -> str:
    """Return what people read of a field that the agreement names and does not explain."""
    known = f"Needed before a lead becomes {stage}." if stage else f"What the agreement calls «{name}»."
    return f"{known} Written by {bound.writer} alone." if bound.writer else known


def _own(field: Field, api: str, setup: Setup) -> Desired:
    values = _values(field.label, field.means, field.data, setup)
    origins: dict[KeyPath, KeyPath] = {(): field.origin}
    if field.data is DataType.CHOICE:
        values["valueSet"] = _value_set(field.choices)
        for choice in field.choices:
            origins["valueSet", "valueSetDefinition", "value", choice.name] = choice.origin or field.origin
    return Desired(field_address(api), values, origins=origins)


def _values(label: str, means: str, data: DataType, setup: Setup) -> dict[str, Value]:
    values: dict[str, Value] = {
        "label": shorten(label, LABEL_LIMIT),
        "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
        **SHAPES[data],
    }
    if means:
        values["inlineHelpText"] = shorten(means, HELP_LIMIT)
    return values


def _value_set(choices: Sequence[Choice]) -> Value:
    # Restricted: otherwise an import may invent a reason that nobody agreed.
    return {
        "restricted": True,
        "valueSetDefinition": {
            "sorted": False,
            "value": [
                {"fullName": choice.name, "default": False, "label": shorten(choice.label, 255)} for choice in choices
            ],
        },
    }
