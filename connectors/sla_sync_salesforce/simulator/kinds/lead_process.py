"""Lead processes and record types: which values of the status list a kind of lead may take."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.kinds.standard_value_set import LEAD_STATUS, active_values
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.standard_fields import TAKES_CUSTOM_FIELDS

_NAME_LIMIT, _LABEL_LIMIT, _DESCRIPTION_LIMIT = 80, 80, 255
_VALUE = ("default",)


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a lead process."""
    if incoming.object_name != "Lead":
        yield f"Business processes of {incoming.object_name} are not implemented by this simulator"
        return
    yield from beyond("a business process", incoming.values, ("description", "isActive", "values"))
    yield from too_long("fullName", incoming.own_name, _NAME_LIMIT)
    yield from too_long("description", incoming.values.get("description", ""), _DESCRIPTION_LIMIT)
    values = incoming.values.get("values", [])
    known = {each["fullName"] for each in active_values(organization.of("StandardValueSet")[LEAD_STATUS])}
    yield from _choices(values, known)
    defaults = [each.get("fullName", "") for each in values if each.get("default") == "true"]
    if len(defaults) != 1:
        yield f"Exactly one value of the business process must be the default, and {len(defaults)} are"


def _choices(values: list[Values], known: set[str]) -> Iterator[str]:
    names = [unquote(each.get("fullName", "")) for each in values]
    if not values:
        yield "Must specify at least one value in 'values'"
    for each, name in zip(values, names, strict=True):
        if name not in known:
            yield f"Picklist value: {name} not found"
        if names.count(name) > 1:
            yield f"Duplicate value specified: {name}"
        yield from beyond("a value of a business process", each, _VALUE)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the process as the platform keeps it: its values sorted by name."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("isActive", "true")
    if "values" in values:
        values["values"] = sorted(values["values"], key=lambda each: str(each.get("fullName", "")))
    return values


def check_record_type(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a record type."""
    object_name, values = incoming.object_name, incoming.values
    if object_name not in TAKES_CUSTOM_FIELDS and object_name not in organization.of("CustomObject"):
        yield f"Entity of type 'CustomObject' named '{object_name}' cannot be found"
        return
    yield from wrong_name("Record Type Name", incoming.own_name, limit=_NAME_LIMIT)
    yield from blank(values, "label")
    yield from beyond("a record type", values, ("active", "businessProcess", "description", "label", "picklistValues"))
    for member, limit in (("label", _LABEL_LIMIT), ("description", _DESCRIPTION_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)
    process = values.get("businessProcess")
    if object_name == "Lead" and not process:
        yield "Must specify 'businessProcess' for a RecordType of Lead"
    elif process and f"{object_name}.{process}" not in organization.of("BusinessProcess"):
        yield f"In field: businessProcess - no BusinessProcess named {object_name}.{process} found"
    for each in values.get("picklistValues", []):
        yield from _picklist(object_name, each, organization)


def _picklist(object_name: str, entry: Values, organization: Organization) -> Iterator[str]:
    name = entry.get("picklist", "")
    shape = fields_of(organization, object_name).get(name)
    if shape is None or shape.type not in ("Picklist", "MultiselectPicklist"):
        yield f"Picklist: {name} not found on {object_name}"
        return
    component = organization.of("CustomField").get(f"{object_name}.{name}")
    if component is not None:
        choices = component.values["valueSet"].get("valueSetDefinition", {}).get("value", [])
        yield from _choices(entry.get("values", []), {each["fullName"] for each in choices})


def settle_record_type(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the record type as the platform keeps it: pairs of picklist and values sorted by name."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    if "picklistValues" in values:
        entries = [
            {**each, "values": sorted(each.get("values", []), key=lambda value: str(value.get("fullName", "")))}
            for each in values["picklistValues"]
        ]
        values["picklistValues"] = sorted(entries, key=lambda each: str(each.get("picklist", "")))
    return values
