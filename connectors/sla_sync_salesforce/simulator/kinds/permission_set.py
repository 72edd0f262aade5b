"""Permission sets: which fields and objects their holders may read and write."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_IMPLEMENTED = {"fullName", "label", "description", "hasActivationRequired", "fieldPermissions", "objectPermissions"}
_KEYS = {"fieldPermissions": "field", "objectPermissions": "object"}
_OBJECT_FLAGS = (
    "allowCreate",
    "allowDelete",
    "allowEdit",
    "allowRead",
    "modifyAllRecords",
    "viewAllFields",
    "viewAllRecords",
)
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
    for member, key in _KEYS.items():
        seen: set[str] = set()
        for each in values.get(member, []):
            if each.get(key, "") in seen:
                yield f"Duplicate {member} specified: {each.get(key, '')}"
            seen.add(each.get(key, ""))
    for each in values.get("fieldPermissions", []):
        yield from _field_permission(each, organization)
    for each in values.get("objectPermissions", []):
        yield from _object_permission(each, organization)


def _field_permission(permission: Values, organization: Organization) -> Iterator[str]:
    path = permission.get("field", "")
    object_name, _, name = path.partition(".")
    shape = fields_of(organization, object_name).get(name)
    if shape is None:
        yield f"In field: field - no CustomField named {path} found"
        return
    if shape.required:
        yield f"You cannot deploy to a required field: {path}"
    editable, readable = permission.get("editable") == "true", permission.get("readable") == "true"
    if editable and not readable:
        yield f"Permission to edit {path} depends on permission(s): Read {path}"
    if editable and not shape.writeable:
        yield f"The field {path} cannot be editable: it is calculated"


def _object_permission(permission: Values, organization: Organization) -> Iterator[str]:
    name = permission.get("object", "")
    if not fields_of(organization, name):
        yield f"In field: object - no CustomObject named {name} found"
    if any(permission.get(each) == "true" for each in _OBJECT_FLAGS) and permission.get("allowRead") != "true":
        yield f"Permission on {name} depends on permission(s): Read {name}"


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
            defaults = {"readable": "false"} if member == "fieldPermissions" else dict.fromkeys(_OBJECT_FLAGS, "false")
            entries[each[key]] = {**defaults, **each}
        # An entry that grants nothing is not kept.
        granting = [entry for _, entry in sorted(entries.items()) if "true" in entry.values()]
        kept.pop(member, None)
        if granting:
            kept[member] = granting
    return kept
