"""Which fields an object has, standard and custom, and what a reference to one of them leads to.

An org keeps its own objects under `CustomObject`, the fields of every object under `CustomField` as `Object.Field__c`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sla_sync_salesforce.simulator import addresses
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.formulas.reading import Kind
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
METADATA, CUSTOM = "__mdt", "__c"
ACTIVITY, _ACTIVITIES = "Activity", ("Task", "Event")
_NARROWED = {"Queue": "Group"}
"""What a formula calls an owner that is not a person → the object that holds it."""


def object_names(organization: Organization | None = None) -> tuple[str, ...]:
    """Return the objects that have fields: the standard ones and, of an org, its custom ones."""
    custom = () if organization is None else tuple(organization.of("CustomObject"))
    return (*standard_objects(), *custom)


def fields_of(organization: Organization, object_name: str) -> dict[str, FieldShape]:
    """Return every field of an object by name; nothing for an object that does not exist."""
    standard = _coming_with(organization, object_name)
    if standard is None:
        return {}
    prefix = _prefix(object_name)
    own = {
        (name := full_name.removeprefix(prefix)): custom_shape(name, component.values)
        for full_name, component in organization.of("CustomField").items()
        if full_name.startswith(prefix)
    }
    return {**standard, **own}


def field_of(organization: Organization, object_name: str, name: str) -> FieldShape | None:
    """Return one field of an object, without looking at the others, or None where it has no such field."""
    standard = _coming_with(organization, object_name)
    if standard is None:
        return None
    own = organization.of("CustomField").get(_prefix(object_name) + name)
    return standard.get(name) if own is None else custom_shape(name, own.values)


def _coming_with(organization: Organization, object_name: str) -> Mapping[str, FieldShape] | None:
    """Return the fields that nobody added to an object, or None for an object that does not exist."""
    standard = standard_objects().get(object_name)
    if standard is not None:
        coded = object_name == addresses.OBJECT and organization.address_picklists
        return {**standard, **addresses.SHAPES} if coded else standard
    component = organization.of("CustomObject").get(object_name)
    return None if component is None else own_fields(object_name, component.values)


def _prefix(object_name: str) -> str:
    # Documented: Task and Event share the custom fields of Activity.
    return f"{ACTIVITY if object_name in _ACTIVITIES else object_name}."


def own_fields(object_name: str, values: Values) -> dict[str, FieldShape]:
    """Return the fields that come with a custom object, a custom metadata type or a custom setting."""
    if object_name.endswith(METADATA):
        return {each.name: each for each in _OF_METADATA}
    name = values.get("nameField", {})
    numbered = name.get("type") == "AutoNumber"
    label = name.get("label", "Name")
    shapes = [FieldShape("Name", "Text", label, length=80, required=not numbered, writeable=not numbered), *_DATED]
    if "customSettingsType" in values:
        shapes.append(
            FieldShape("SetupOwnerId", "Lookup", "Location", refers_to="Organization", relationship="SetupOwner")
        )
    elif values.get("sharingModel") != "ControlledByParent":
        shapes.append(FieldShape("OwnerId", "Lookup", "Owner", required=True, refers_to="User", relationship="Owner"))
    return {each.name: each for each in shapes}


_DATED = (
    FieldShape("Id", "Id", "Record ID", writeable=False),
    FieldShape("IsDeleted", "Checkbox", "Deleted", writeable=False),
    FieldShape("CreatedById", "Lookup", "Created By", writeable=False, refers_to="User", relationship="CreatedBy"),
    FieldShape("CreatedDate", "DateTime", "Created Date", writeable=False),
    FieldShape(
        "LastModifiedById",
        "Lookup",
        "Last Modified By",
        writeable=False,
        refers_to="User",
        relationship="LastModifiedBy",
    ),
    FieldShape("LastModifiedDate", "DateTime", "Last Modified Date", writeable=False),
    FieldShape("SystemModstamp", "DateTime", "System Modstamp", writeable=False),
)
_OF_METADATA = (
    FieldShape("Id", "Id", "Custom Metadata Record ID", writeable=False),
    FieldShape("DeveloperName", "Text", "Custom Metadata Record Name", length=40, required=True, writeable=False),
    FieldShape("MasterLabel", "Text", "Label", length=40, required=True, writeable=False),
    FieldShape("Label", "Text", "Label", length=40, required=True, writeable=False),
    FieldShape("QualifiedApiName", "Text", "Qualified API Name", length=70, writeable=False),
    FieldShape("NamespacePrefix", "Text", "Namespace Prefix", length=15, writeable=False),
    FieldShape("Language", "Picklist", "Master Language", writeable=False),
    FieldShape("SystemModstamp", "DateTime", "System Modstamp", writeable=False),
)


def custom_shape(name: str, values: Values) -> FieldShape:
    """Return what references need to know of a custom field."""
    return _shape(
        name,
        values.get("type", "Text"),
        values.get("label", name),
        values.get("length", "0"),
        values.get("required", "false"),
        values.get("referenceTo", ""),
        formula="formula" in values,
    )


@lru_cache(4096)  # every check of a deployment asks for the same few hundred again
def _shape(
    name: str, type_name: str, label: str, length: str, required: str, target: str, *, formula: bool
) -> FieldShape:
    lookup = type_name == "Lookup"
    return FieldShape(
        name,
        type_name,
        label,
        length=int(length or 0),
        required=required == "true",
        writeable=not formula and type_name != "AutoNumber",
        refers_to=target if lookup else "",
        relationship=name.removesuffix("__c") + "__r" if lookup else "",
    )


def find_field(organization: Organization, object_name: str, path: str) -> FieldShape | None:
    """Return the field that a path such as `Status`, `Owner.Email` or `Owner:User.Email` leads to from an object."""
    head, _, rest = path.partition(".")
    if not rest:
        return field_of(organization, object_name, path)
    relationship, _, narrowed = head.partition(":")
    for shape in fields_of(organization, object_name).values():
        if shape.relationship == relationship:
            target = _NARROWED.get(narrowed, narrowed) or shape.refers_to
            return find_field(organization, target, rest)
    return None


def formula_kind(organization: Organization, object_name: str, reference: str) -> Kind | None:
    """Return what a reference in a formula of an object holds, or None where it leads nowhere."""
    head, _, member = reference.partition(".")
    match head:
        case "$User":
            shape = find_field(organization, "User", member)
        case "$CustomMetadata":
            shape = _of_metadata(organization, member)
        case "$Setup":
            shape = _of_setting(organization, member)
        case "$Permission":
            return "boolean" if member in organization.of("CustomPermission") else None
        case _ if head in _GLOBALS:
            return _GLOBALS[head].get(member)
        case _:
            shape = find_field(organization, object_name, reference)
    return None if shape is None else kind_of(shape)


def _of_metadata(organization: Organization, path: str) -> FieldShape | None:
    """Return the field that `SLA_Threshold__mdt.Row.Minutes__c` leads to; the row must be there too."""
    type_name, _, rest = path.partition(".")
    row, _, name = rest.partition(".")
    if f"{type_name.removesuffix(METADATA)}.{row}" not in organization.of("CustomMetadata"):
        return None
    return field_of(organization, type_name, name) if type_name.endswith(METADATA) else None


def _of_setting(organization: Organization, path: str) -> FieldShape | None:
    """Return the field that `SLA_Switch__c.Silent__c` leads to; only hierarchies can be read by formulas."""
    setting, _, name = path.partition(".")
    component = organization.of("CustomObject").get(setting)
    if component is None or component.values.get("customSettingsType") != "Hierarchy":
        return None
    return field_of(organization, setting, name)


def kind_of(shape: FieldShape) -> Kind:
    """Return what a formula takes a field for."""
    return _KINDS.get(shape.type, "text")
