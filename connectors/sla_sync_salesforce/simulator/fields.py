"""Which fields an object has, standard and custom, and what a reference to one of them leads to."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.formulas import Kind
from sla_sync_salesforce.simulator.organization import Organization
from sla_sync_salesforce.simulator.standard_fields import FieldShape, standard_objects

_KINDS: Mapping[str, Kind] = {
    "Checkbox": "boolean",
    "Currency": "number",
    "Date": "date",
    "DateTime": "datetime",
    "Number": "number",
    "Percent": "number",
    "Picklist": "picklist",
    "MultiselectPicklist": "multipicklist",
    "Time": "time",
}
# Inferred: of the global variables only these members are known here; a formula that names another is refused.
_GLOBALS: Mapping[str, Mapping[str, Kind]] = {
    "$Profile": {"Id": "text", "Name": "text"},
    "$UserRole": {"Id": "text", "Name": "text", "DeveloperName": "text"},
    "$Organization": {"Id": "text", "Name": "text"},
    "$System": {"OriginDateTime": "datetime"},
}


def object_names() -> tuple[str, ...]:
    """Return the objects that have fields here."""
    return tuple(standard_objects())


def fields_of(organization: Organization, object_name: str) -> dict[str, FieldShape]:
    """Return every field of an object by name; nothing for an object that does not exist."""
    standard = standard_objects().get(object_name)
    if standard is None:
        return {}
    own = {
        full_name.partition(".")[2]: custom_shape(full_name.partition(".")[2], component.values)
        for full_name, component in organization.of("CustomField").items()
        if full_name.startswith(f"{object_name}.")
    }
    return {**standard, **own}


def custom_shape(name: str, values: Values) -> FieldShape:
    """Return what references need to know of a custom field."""
    lookup = values.get("type") == "Lookup"
    return FieldShape(
        name,
        values.get("type", "Text"),
        values.get("label", name),
        length=int(values.get("length", "0") or 0),
        required=values.get("required") == "true",
        writeable="formula" not in values,
        refers_to=values.get("referenceTo", "") if lookup else "",
        relationship=name.removesuffix("__c") + "__r" if lookup else "",
    )


def find_field(organization: Organization, object_name: str, path: str) -> FieldShape | None:
    """Return the field that a path such as `Status`, `Owner.Email` or `Owner:User.Email` leads to from an object."""
    head, _, rest = path.partition(".")
    if not rest:
        return fields_of(organization, object_name).get(path)
    relationship, _, narrowed = head.partition(":")
    for shape in fields_of(organization, object_name).values():
        if shape.relationship == relationship:
            return find_field(organization, narrowed or shape.refers_to, rest)
    return None


def formula_kind(organization: Organization, object_name: str, reference: str) -> Kind | None:
    """Return what a reference in a formula of an object holds, or None where it leads nowhere."""
    head, _, member = reference.partition(".")
    if head == "$User":
        shape = find_field(organization, "User", member)
    elif head in _GLOBALS:
        return _GLOBALS[head].get(member)
    else:
        shape = find_field(organization, object_name, reference)
    return None if shape is None else kind_of(shape)


def kind_of(shape: FieldShape) -> Kind:
    """Return what a formula takes a field for."""
    return _KINDS.get(shape.type, "text")
