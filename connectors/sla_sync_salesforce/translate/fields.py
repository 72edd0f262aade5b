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
    ReasonSet,
    Resources,
    Setup,
    Value,
    describe,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, HELP_LIMIT, LABEL_LIMIT, shorten, words
from sla_sync_salesforce.translate.contacts import (
    DEADLINE,
    ON_LEG,
    has_assignments,
    on_contact,
    stamp_address,
    stamps_of,
)
from sla_sync_salesforce.translate.stages import status_address
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
    """Yield every custom field that the Lead needs, and the stamps of the Contact where the binding asks for them."""
    stamped = {each.field.name: each for each in stamps_of(resources)}
    stamps = {
        name: _own(each.field, stamp_address(binding, name), setup, binding=binding, length=each.length)
        for name, each in stamped.items()
        if name not in binding.fields
    }
    yield from stamps.values()
    for field in resources.fields:
        if field.name not in binding.fields and field.name not in stamped and not only_on_leg(field.name, resources):
            address = field_address(own_field(binding, field.name))
            yield _own(field, address, setup, binding=binding, reasons=resources.reason_sets)
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
    for key, target in binding.lookups.items():
        yield _lookup(key, target, binding, setup)
    yield from on_contact(stamps, binding)


def _lookup(key: str, target: str, binding: SalesforceBinding, setup: Setup) -> Desired:
    """Return a field that points to another record: an account by which a lead is matched, for example."""
    api = key.partition(".")[2].removesuffix("__c")
    name = next((name for name, bound in binding.fields.items() if bound.field == key), api)
    means = f"What the agreement calls «{name}» is read from the {target} that this points to."
    return Desired(
        Address("CustomField", key),
        {
            "label": shorten(words(api.removeprefix(binding.prefix)), LABEL_LIMIT),
            "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "inlineHelpText": shorten(means, HELP_LIMIT),
            "type": "Lookup",
            "referenceTo": target,
            "relationshipLabel": "Leads",
            "relationshipName": f"{api}_Leads",
            "deleteConstraint": "SetNull",
        },
        origins={(): ("routing",)},
    )


def only_on_leg(name: str, resources: Resources) -> bool:
    """Return whether the assignment alone carries an agreed field."""
    if not has_assignments(resources):
        return False
    # Without a clock that the org holds there is no deadline to copy.
    return name in ON_LEG or (name == DEADLINE and name not in {each.field.name for each in stamps_of(resources)})


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


def _own(
    field: Field,
    address: Address,
    setup: Setup,
    *,
    binding: SalesforceBinding,
    length: int | None = None,
    reasons: Sequence[ReasonSet] = (),
) -> Desired:
    values = _values(field.label, field.means, field.data, setup)
    if length is not None:
        values["length"] = length
    origins: dict[KeyPath, KeyPath] = {(): field.origin}
    requires: tuple[Address, ...] = ()
    if field.data is DataType.CHOICE:
        offered = _offered(field, reasons, binding)
        values["valueSet"] = {**_value_set(field.choices), **offered}
        for choice in field.choices:
            origins["valueSet", "valueSetDefinition", "value", choice.name] = choice.origin or field.origin
        for each in reasons if offered else ():
            for choice in each.reasons:
                origins["valueSet", "valueSettings", choice.name] = each.origin
        added = {status for stage in binding.stages.values() if stage.add for status in stage.lead_status}
        requires = tuple(status_address(status) for status in sorted(added)) if offered else ()
    return Desired(address, values, requires=requires, origins=origins)


def _offered(field: Field, reasons: Sequence[ReasonSet], binding: SalesforceBinding) -> Mapping[str, Value]:
    """Return at which values of Lead Status each reason is offered, where the field keeps reasons; else nothing.

    Pages then offer only what may be given; who writes by the API is held by the gates, which such a list does not do.
    """
    sets = [each for each in reasons if each.field == field.name]
    if not sets:
        return {}
    statuses: dict[str, list[str]] = {}
    for each in sets:
        listed = [status for stage in each.stages if stage in binding.stages for status in _statuses(binding, stage)]
        for choice in each.reasons:
            known = statuses.setdefault(choice.name, [])
            known.extend(status for status in listed if status not in known)
    settings: list[Value] = [
        {"controllingFieldValue": statuses[choice.name], "valueName": choice.name}
        for choice in field.choices
        if statuses.get(choice.name)
    ]
    return {"controllingField": "Status", "valueSettings": settings} if settings else {}


def _statuses(binding: SalesforceBinding, stage: str) -> tuple[str, ...]:
    return binding.stages[stage].lead_status


def _values(label: str, means: str, data: DataType, setup: Setup) -> dict[str, Value]:
    values: dict[str, Value] = {
        "label": shorten(label, LABEL_LIMIT),
        "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
        **SHAPES[data],
    }
    if means:
        values["inlineHelpText"] = shorten(means, HELP_LIMIT)
    return values


def _value_set(choices: Sequence[Choice]) -> dict[str, Value]:
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
