"""What goes with a component that is deleted: its parts, and the entries about it that others hold."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import METADATA
from sla_sync_salesforce.simulator.kinds import list_view, queue
from sla_sync_salesforce.simulator.organization import Organization
from sla_sync_salesforce.simulator.packages.catalogue import TYPES

_GRANTED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ApexClass": (("classAccesses", "apexClass"),),
    "CustomField": (("fieldPermissions", "field"),),
    "CustomObject": (
        ("customMetadataTypeAccesses", "name"),
        ("customSettingAccesses", "name"),
        ("objectPermissions", "object"),
    ),
    "CustomPermission": (("customPermissions", "name"),),
    "RecordType": (("recordTypeVisibilities", "recordType"),),
}
"""Type → the members of a permission set that name one, and by which key."""


def remove(organization: Organization, type_name: str, full_name: str) -> None:
    """Take a component out of the org, with its parts and the entries about it that others hold."""
    component = organization.of(type_name).pop(full_name)
    for member, key in _GRANTED.get(type_name, ()):
        for each in organization.of("PermissionSet").values():
            _strike(each.values, member, key, full_name)
    match type_name:
        case "CustomObject":
            _object(organization, full_name)
        case "CustomField":
            _field(organization, full_name)
        case "Queue" | "Group":
            queue.forget_members(organization, component)


def _strike(values: Values, member: str, key: str, name: str) -> None:
    if member in values:
        values[member] = [each for each in values[member] if each.get(key) != name]


def _object(organization: Organization, name: str) -> None:
    for child in TYPES["CustomObject"].children:
        for full_name in [each for each in organization.of(child) if each.startswith(f"{name}.")]:
            remove(organization, child, full_name)
    records = organization.of("CustomMetadata")
    for full_name in [each for each in records if each.startswith(f"{name.removesuffix(METADATA)}.")]:
        if name.endswith(METADATA):
            del records[full_name]
    for identity in list(organization.store.of(name)):
        organization.store.remove(name, identity)
    for each in organization.of("Queue").values():
        _strike(each.values, "queueSobject", "sobjectType", name)


def _field(organization: Organization, full_name: str) -> None:
    """Inferred: reports, list views and mappings lose a deleted field."""
    object_name, _, name = full_name.partition(".")
    for component in organization.of("Report").values():
        values = component.values
        _strike(values, "columns", "field", full_name)
        _strike(values, "columns", "field", f"{object_name}${name}")
        _strike(values.get("filter", {}), "criteriaItems", "column", full_name)
    for component in organization.of("ReportType").values():
        if component.values["baseObject"] == object_name:
            for section in component.values.get("sections", []):
                _strike(section, "columns", "field", name)
    for view, component in organization.of("ListView").items():
        if view.startswith(f"{object_name}."):
            known = list_view.columns_of(organization, object_name)
            component.values["columns"] = [each for each in component.values.get("columns", []) if each in known]
            _strike(component.values, "filters", "field", name)
    for component in organization.of("LeadConvertSettings").values():
        for mapping in component.values.get("objectMapping", []):
            side = "inputField" if object_name == "Lead" else "outputField"
            if object_name in ("Lead", mapping.get("outputObject")):
                _strike(mapping, "mappingFields", side, name)
    for record, component in organization.of("CustomMetadata").items():
        if f"{record.partition('.')[0]}{METADATA}" == object_name:
            _strike(component.values, "values", "field", name)
