"""Lists of values: what they may hold, and lists whose values depend on those of another field."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.names import too_long
from sla_sync_salesforce.simulator.organization import Organization

_VALUE_LIMIT, _VALUES_LIMIT = 255, 1000


def check(object_name: str, values: Values, organization: Organization) -> Iterator[str]:
    """Yield what is wrong with the list of a field: its values, and what it depends on."""
    value_set = values.get("valueSet")
    if value_set is None:
        return
    if "valueSetName" in value_set:
        yield "'valueSetName' of a value set is not implemented by this simulator"
    yield from _dependencies(object_name, value_set, organization)
    if "valueSetName" in value_set:
        return
    given = value_set.get("valueSetDefinition", {}).get("value", [])
    if not given:
        yield "Must specify at least one value in 'valueSetDefinition' for a CustomField of type Picklist"
    if len(given) > _VALUES_LIMIT:
        yield f"A picklist holds at most {_VALUES_LIMIT} values, and {len(given)} are given"
    yield from check_choices(given)
    defaults = [each.get("fullName", "") for each in given if each.get("default") == "true"]
    if len(defaults) > 1:
        yield f"Only one value may be the default, and {len(defaults)} are: {', '.join(defaults)}"


def _dependencies(object_name: str, value_set: Values, organization: Organization) -> Iterator[str]:
    """Yield what is wrong with a list that depends on another: its values must exist on both sides."""
    name, settings = value_set.get("controllingField"), value_set.get("valueSettings", [])
    if name is None:
        if settings:
            yield "Can not specify 'valueSettings' without a 'controllingField'"
        return
    shape = fields_of(organization, object_name).get(name)
    if shape is None or shape.type not in ("Picklist", "Checkbox"):
        yield f"In field: controllingField - no picklist or checkbox named {object_name}.{name} found"
        return
    controlling = _values_of(object_name, name, organization)
    own = {each.get("fullName", "") for each in value_set.get("valueSetDefinition", {}).get("value", [])}
    for each in settings:
        if each.get("valueName", "") not in own:
            yield f"Picklist value: {each.get('valueName', '')} in valueSettings not found in the value set"
        for value in each.get("controllingFieldValue", []):
            if controlling is not None and value not in controlling:
                yield f"Picklist value: {value} in {object_name}.{name} not found"


def _values_of(object_name: str, name: str, organization: Organization) -> set[str] | None:
    """Return the values that a field may have; None for a list that is not kept here."""
    if (object_name, name) == ("Lead", "Status"):
        return {each["fullName"] for each in organization.of("StandardValueSet")["LeadStatus"].values["standardValue"]}
    component = organization.of("CustomField").get(f"{object_name}.{name}")
    if component is None:
        return None
    choices = component.values.get("valueSet", {}).get("valueSetDefinition", {}).get("value", [])
    return {each["fullName"] for each in choices} if choices else {"true", "false"}


def check_choices(choices: list[Values]) -> Iterator[str]:
    """Yield what is wrong with the values of a list: names missing, too long or given twice."""
    for member in ("fullName", "label"):
        seen: set[str] = set()
        for each in choices:
            text = str(each.get(member, each.get("fullName", "")))
            if not text.strip():
                yield f"Required field is missing: {member}"
            yield from too_long(member, text, _VALUE_LIMIT)
            if text.casefold() in seen:
                yield f"Duplicate {'label' if member == 'label' else 'value'} specified: {text}"
            seen.add(text.casefold())


def settle(value_set: Values) -> Values:
    """Return the list as the platform keeps it: whether it is restricted, and a label and a default for each value."""
    settled = {"restricted": "false", **value_set}
    definition = settled.get("valueSetDefinition")
    if definition:
        choices = [
            {**each, "default": each.get("default", "false"), "label": each.get("label") or each.get("fullName", "")}
            for each in definition.get("value", [])
        ]
        settled["valueSetDefinition"] = {**definition, "value": choices}
    return settled
