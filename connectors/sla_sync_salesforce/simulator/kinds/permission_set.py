"""Permission sets: which fields and objects their holders may read and write."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import field_of, fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_KEYS = {
    "classAccesses": "apexClass",
    "customMetadataTypeAccesses": "name",
    "customPermissions": "name",
    "customSettingAccesses": "name",
    "fieldPermissions": "field",
    "objectPermissions": "object",
    "recordTypeVisibilities": "recordType",
    "tabSettings": "tab",
    "userPermissions": "name",
}
_IMPLEMENTED = {"fullName", "label", "description", "hasActivationRequired", *_KEYS}
_NAMED = {
    "classAccesses": "ApexClass",
    "customMetadataTypeAccesses": "CustomObject",
    "customPermissions": "CustomPermission",
    "customSettingAccesses": "CustomObject",
    "recordTypeVisibilities": "RecordType",
}
"""Member → the type of the components that it names."""
_TABS = ("standard-Lead", "standard-Contact", "standard-report", "standard-Dashboard", "standard-Task")
_USER_PERMISSIONS = (
    "ApiEnabled",
    "ManageUsers",
    "RunReports",
    "TransferAnyLead",
    "ViewAllData",
    "ViewSetup",
    "ModifyAllData",
)
_NEEDS = (
    ("allowEdit", "allowRead"),
    ("allowDelete", "allowEdit"),
    ("viewAllRecords", "allowRead"),
    ("modifyAllRecords", "viewAllRecords"),
    ("modifyAllRecords", "allowDelete"),
)
"""A permission on an object and the one that it depends on."""
_OBJECT_FLAGS = (
    "allowCreate",
    "allowDelete",
    "allowEdit",
    "allowRead",
    "modifyAllRecords",
    "viewAllFields",
    "viewAllRecords",
)
_DEFAULTS = {"fieldPermissions": {"readable": "false"}, "objectPermissions": dict.fromkeys(_OBJECT_FLAGS, "false")}
_NAME_LIMIT, _LABEL_LIMIT, _DESCRIPTION_LIMIT = 80, 80, 255


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a permission set."""
    values = incoming.values
    for member in sorted(values.keys() - _IMPLEMENTED):
        yield f"'{member}' of a permission set is not implemented by this simulator"
    yield from wrong_name("PermissionSet Name", incoming.full_name, limit=_NAME_LIMIT)
    if "label" in values and not values["label"].strip():
        yield "Required field is missing: label"
    for member, limit in (("label", _LABEL_LIMIT), ("description", _DESCRIPTION_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)
    yield from _twice(values)
    for each in values.get("fieldPermissions", []):
        yield from _field_permission(each, organization)
    for each in values.get("objectPermissions", []):
        yield from _object_permission(each, organization)
    yield from _named(values, organization)


def _twice(values: Values) -> Iterator[str]:
    for member, key in _KEYS.items():
        seen: set[str] = set()
        for each in values.get(member, []):
            if each.get(key, "") in seen:
                yield f"Duplicate {member} specified: {each.get(key, '')}"
            seen.add(each.get(key, ""))


def _named(values: Values, organization: Organization) -> Iterator[str]:
    for member, type_name in _NAMED.items():
        for each in values.get(member, []):
            if each.get(_KEYS[member], "") not in organization.of(type_name):
                yield f"In field: {_KEYS[member]} - no {type_name} named {each.get(_KEYS[member], '')} found"
    for each in values.get("tabSettings", []):
        if each.get("tab", "") not in _TABS:
            yield f"In field: tab - no CustomTab named {each.get('tab', '')} found"
    for each in values.get("userPermissions", []):
        if each.get("name", "") not in _USER_PERMISSIONS:
            yield f"The user permission {each.get('name', '')} is not implemented by this simulator"


def _field_permission(permission: Values, organization: Organization) -> Iterator[str]:
    path = permission.get("field", "")
    object_name, _, name = path.partition(".")
    shape = field_of(organization, object_name, name)
    if shape is None:
        yield f"In field: field - no CustomField named {path} found"
        return
    if shape.required or name in ("Id", "Name"):
        yield f"You cannot deploy to a required field: {path}"
    if object_name.endswith("__mdt") or "customSettingsType" in _own(organization, object_name):
        yield f"Fields of {object_name} have no field permissions: {path}"
    editable, readable = permission.get("editable") == "true", permission.get("readable") == "true"
    if editable and not readable:
        yield f"Permission to edit {path} depends on permission(s): Read {path}"
    if editable and not shape.writeable:
        yield f"The field {path} cannot be editable: it is calculated"


def _object_permission(permission: Values, organization: Organization) -> Iterator[str]:
    name = permission.get("object", "")
    if not fields_of(organization, name):
        yield f"In field: object - no CustomObject named {name} found"
    elif name.endswith("__mdt") or "customSettingsType" in _own(organization, name):
        yield f"In field: object - {name} has no object permissions"
    if any(permission.get(each) == "true" for each in _OBJECT_FLAGS) and permission.get("allowRead") != "true":
        yield f"Permission on {name} depends on permission(s): Read {name}"
        return
    for given, needed in _NEEDS:
        if permission.get(given) == "true" and permission.get(needed) != "true":
            yield f"Permission {given} on {name} depends on permission(s): {needed} {name}"


def _own(organization: Organization, object_name: str) -> Values:
    component = organization.of("CustomObject").get(object_name)
    return component.values if component else {}


def settle(incoming: Incoming, before: Component | None, switches: Switches) -> Values:
    """Return the permission set as the platform keeps it. Inferred: entries that are not listed stay (a switch)."""
    given = {key: value for key, value in incoming.values.items() if key != "fullName"}
    given.setdefault("hasActivationRequired", "false")
    kept = {**before.values, **given} if before and switches.merge_permissions else given
    for member, key in _KEYS.items():
        entries = {each[key]: each for each in (before.values.get(member, []) if before else ())}
        if not switches.merge_permissions:
            entries = {}
        for each in given.get(member, []):
            entries[each[key]] = {**_DEFAULTS.get(member, {}), **each}
        # An entry that grants nothing is not kept.
        granting = [
            entry for _, entry in sorted(entries.items()) if member == "tabSettings" or "true" in entry.values()
        ]
        kept.pop(member, None)
        if granting:
            kept[member] = granting
    return kept
