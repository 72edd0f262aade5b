"""Who refers to a component that somebody wants to delete, in the platform's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from sla_sync_salesforce.simulator.formulas.reading import references_in
from sla_sync_salesforce.simulator.organization import Organization
from sla_sync_salesforce.simulator.packages.catalogue import HELD_IN

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SAID = ("description", "label", "interviewLabel", "name", "stringValue", "text")
"""Members of a flow that people read: a name in them refers to nothing."""

Finder: TypeAlias = Callable[[Organization, str, Collection[str]], Iterator[str]]


def dependents(
    organization: Organization, type_name: str, full_name: str, leaving: Collection[str] = ()
) -> Iterator[str]:
    """Yield what keeps a component from being deleted; what is `leaving` too, as `Type:Name`, does not."""
    if type_name in HELD_IN:
        held = [name for name in organization.of(HELD_IN[type_name]) if name.startswith(f"{full_name}/")]
        if any(f"{HELD_IN[type_name]}:{each}" not in leaving for each in held):
            yield f"The folder {full_name} cannot be deleted because it contains: {', '.join(sorted(held))}"
    elif type_name == "PermissionSet":
        component = organization.of("PermissionSet")[full_name]
        if any(each.permission_set == component.id for each in organization.assignments):
            yield f"You can't delete the permission set {full_name} because it is assigned to users"
    elif type_name == "Flow" and organization.of("Flow")[full_name].active:
        # Documented: an active flow cannot be deleted. The text is the one that orgs are reported to answer.
        yield "insufficient access rights on cross-reference id"
    elif type_name in _FINDERS:
        words, find = _FINDERS[type_name]
        users = [each for each in find(organization, full_name, leaving) if each]
        if users:
            yield f"This {words} is referenced elsewhere in salesforce.com. : {', '.join(users)}"


def _staying(
    organization: Organization, type_name: str, leaving: Collection[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, component in organization.of(type_name).items():
        if f"{type_name}:{name}" not in leaving:
            yield name, component.values


def _formulas(organization: Organization, leaving: Collection[str]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield what holds a formula, the object that it is about, and what it refers to."""
    for name, values in _staying(organization, "CustomField", leaving):
        if "formula" in values:
            yield f"Custom Field - {name}", name.partition(".")[0], references_in(values["formula"])
    for name, values in _staying(organization, "ValidationRule", leaving):
        object_name, _, own = name.partition(".")
        shown_at = {values["errorDisplayField"]} if "errorDisplayField" in values else set()
        yield f"Validation Rule - {own}", object_name, references_in(values["errorConditionFormula"]) | shown_at


def _flows(organization: Organization, word: str, leaving: Collection[str]) -> Iterator[str]:
    """Yield the versions of flows that name something."""
    for name, component in organization.of("Flow").items():
        if f"Flow:{name}" in leaving:
            continue
        for version in component.versions:
            if word in set(_words(version.values)):
                yield f"Flow Version - {name}-{version.number}"


def _words(values: Any) -> Iterator[str]:
    if isinstance(values, str):
        yield from _WORD.findall(values)
    elif isinstance(values, list):
        for each in values:
            yield from _words(each)
    elif isinstance(values, dict):
        for key, each in values.items():
            if key not in _SAID:
                yield from _words(each)


def _field(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    object_name, _, name = full_name.partition(".")
    for user, about, references in _formulas(organization, leaving):
        if user != f"Custom Field - {full_name}" and any(
            _leads_to(each, object_name, name, about) for each in references
        ):
            yield user
    yield from _flows(organization, name, leaving)
    for rule, values in _staying(organization, "AssignmentRule", leaving):
        fields = {item["field"] for entry in values.get("ruleEntry", []) for item in entry.get("criteriaItems", [])}
        if full_name in fields:
            yield f"Assignment Rule - {rule.partition('.')[2]}"
    for field, values in _staying(organization, "CustomField", leaving):
        controlling = values.get("valueSet", {}).get("controllingField")
        if controlling == name and field.startswith(f"{object_name}."):
            yield f"Custom Field - {field}"


def _leads_to(reference: str, object_name: str, name: str, about: str) -> bool:
    """Return whether a reference in a formula about an object can be one to a field."""
    first, *rest = reference.partition(":")[0].split(".") if ":" in reference else reference.split(".")
    if not rest:
        return (about, first) == (object_name, name)
    through = first.removesuffix("__r") + "__c" if first.endswith("__r") else first
    return (
        (about, through) == (object_name, name)
        or (rest[-1] == name and about != object_name)
        or (rest[-1] == name and first.startswith("$"))
    )


def _object(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for user, about, references in _formulas(organization, leaving):
        if about != full_name and any(full_name in each.split(".") for each in references):
            yield user
    yield from _flows(organization, full_name, leaving)
    for name, values in _staying(organization, "CustomField", leaving):
        if values.get("referenceTo") == full_name and not name.startswith(f"{full_name}."):
            yield f"Custom Field - {name}"
    for name, values in _staying(organization, "ReportType", leaving):
        if values["baseObject"] == full_name:
            yield f"Report Type - {name}"
    for name, values in _staying(organization, "Report", leaving):
        if values["reportType"] == f"CustomEntity${full_name}":
            yield f"Report - {name}"


def _record(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    type_name, _, row = full_name.partition(".")
    path = f"$CustomMetadata.{type_name}__mdt.{row}."
    for user, _, references in _formulas(organization, leaving):
        if any(each.startswith(path) for each in references):
            yield user
    for name, component in organization.of("Flow").items():
        if f"Flow:{name}" not in leaving:
            for version in component.versions:
                if path in str(version.values):
                    yield f"Flow Version - {name}-{version.number}"


def _permission(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for user, _, references in _formulas(organization, leaving):
        if f"$Permission.{full_name}" in references:
            yield user
    yield from _flows(organization, full_name, leaving)


def _queue(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for name, values in _staying(organization, "AssignmentRule", leaving):
        entries = values.get("ruleEntry", [])
        if any((each.get("assignedToType"), each.get("assignedTo")) == ("Queue", full_name) for each in entries):
            yield f"Assignment Rule - {name.partition('.')[2]}"
    for name, values in _staying(organization, "ListView", leaving):
        if values.get("queue") == full_name:
            yield f"List View - {name.partition('.')[2]}"
    identity = organization.of("Queue")[full_name].id
    for object_name, rows in organization.store.rows.items():
        if any(row.get("OwnerId") == identity for row in rows.values()):
            yield f"Records of {object_name} that it owns"


def _group(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for name, values in _staying(organization, "ListView", leaving):
        shared = values.get("sharedTo", {})
        if full_name in [*shared.get("group", []), *shared.get("groups", [])]:
            yield f"List View - {name.partition('.')[2]}"


def _report(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for name, values in _staying(organization, "Dashboard", leaving):
        cells = values.get("dashboardGridLayout", {}).get("dashboardGridComponents", [])
        if any(each["dashboardComponent"].get("report") == full_name for each in cells):
            yield f"Dashboard - {name}"


def _report_type(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for name, values in _staying(organization, "Report", leaving):
        if values["reportType"] == f"{full_name}__c":
            yield f"Report - {name}"


def _process(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    object_name, _, own = full_name.partition(".")
    for name, values in _staying(organization, "RecordType", leaving):
        if name.startswith(f"{object_name}.") and values.get("businessProcess") == own:
            yield f"Record Type - {name.partition('.')[2]}"


def _template(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for name, values in _staying(organization, "WorkflowAlert", leaving):
        if values["template"] == full_name:
            yield f"Email Alert - {name.partition('.')[2]}"


def _called(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    for name, component in organization.of("Flow").items():
        if f"Flow:{name}" not in leaving:
            for version in component.versions:
                if any(each.get("actionName") == full_name for each in version.values.get("actionCalls", [])):
                    yield f"Flow Version - {name}-{version.number}"


_FINDERS: Mapping[str, tuple[str, Finder]] = {
    "ApexClass": ("Apex class", _called),
    "BusinessProcess": ("business process", _process),
    "CustomField": ("custom field", _field),
    "CustomMetadata": ("custom metadata record", _record),
    "CustomObject": ("custom object", _object),
    "CustomPermission": ("custom permission", _permission),
    "EmailTemplate": ("email template", _template),
    "Group": ("group", _group),
    "Queue": ("queue", _queue),
    "Report": ("report", _report),
    "ReportType": ("report type", _report_type),
    "WorkflowAlert": ("email alert", _called),
}
"""Type → what the platform calls it, and how to find who refers to one of them."""
