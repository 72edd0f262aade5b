"""The mapping of lead fields at conversion: every pair must exist, be writeable and hold the same kind of value."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.standard_fields import FieldShape

NAME = "LeadConvertSettings"
_TARGETS = ("Account", "Contact", "Opportunity")
_WIDER = {
    "Email": ("Text",),
    "Phone": ("Text",),
    "Picklist": ("Text", "TextArea"),
    "Text": ("TextArea", "LongTextArea", "Picklist"),
    "TextArea": ("LongTextArea",),
}
"""Type of a lead field → the other types of fields that take its values."""


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in the mapping."""
    if incoming.full_name != NAME:
        yield f"Entity of type 'LeadConvertSettings' named '{incoming.full_name}' cannot be found"
        return
    for mapping in incoming.values.get("objectMapping", []):
        source, target = mapping.get("inputObject", ""), mapping.get("outputObject", "")
        if source != "Lead":
            yield f"inputObject: bad value for restricted picklist field: {source}"
        elif target not in _TARGETS:
            yield f"outputObject: bad value for restricted picklist field: {target}"
        else:
            yield from _pairs(mapping.get("mappingFields", []), target, organization)


def _pairs(pairs: list[Values], target: str, organization: Organization) -> Iterator[str]:
    own, others = fields_of(organization, "Lead"), fields_of(organization, target)
    seen: set[str] = set()
    for each in pairs:
        given, taken = each.get("inputField", ""), each.get("outputField", "")
        for name, object_name, known in ((given, "Lead", own), (taken, target, others)):
            if name not in known:
                yield f"In field: mappingFields - no CustomField named {object_name}.{name} found"
        if taken in seen:
            yield f"The field {target}.{taken} is mapped more than once"
        seen.add(taken)
        if given in own and taken in others:
            yield from _fits(own[given], others[taken], target)


def _fits(given: FieldShape, taken: FieldShape, target: str) -> Iterator[str]:
    if given.type != taken.type and taken.type not in _WIDER.get(given.type, ()):
        yield f"Lead.{given.name} is of the type {given.type} and {target}.{taken.name} is of the type {taken.type}"
    elif not taken.writeable:
        yield f"The field {target}.{taken.name} is not writeable"
    elif 0 < taken.length < given.length:
        yield f"The field {target}.{taken.name} is shorter ({taken.length}) than Lead.{given.name} ({given.length})"


def settle(incoming: Incoming, before: Component | None, switches: Switches) -> Values:
    """Return the mapping as the platform keeps it.

    Inferred: a deployed mapping takes the place of the whole mapping (a switch keeps what it does not name), a retrieve
    sorts the pairs by the lead's field, and an object without pairs is not named.
    """
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    kept = before.values if before else {}
    values = {**{key: value for key, value in kept.items() if key != "objectMapping"}, **values}
    if "objectMapping" not in incoming.values:
        return {**kept, **values}
    pairs: dict[str, dict[str, Values]] = {}
    sources = [*(kept.get("objectMapping", []) if switches.omitted_lead_mappings == "keep" else ())]
    for mapping in [*sources, *incoming.values["objectMapping"]]:
        by_field = pairs.setdefault(mapping.get("outputObject", ""), {})
        by_field.update({each.get("outputField", ""): each for each in mapping.get("mappingFields", [])})
    values["objectMapping"] = [
        {
            "inputObject": "Lead",
            "mappingFields": sorted(by_field.values(), key=lambda each: str(each.get("inputField", ""))),
            "outputObject": target,
        }
        for target, by_field in sorted(pairs.items())
        if by_field
    ]
    return {key: value for key, value in values.items() if key != "objectMapping" or value}


def of_first_day() -> Values:
    """Return the mapping of a new org: that of the standard fields is built in and not named."""
    return {"allowOwnerChange": "true", "opportunityCreationOptions": "VisibleOptional"}
