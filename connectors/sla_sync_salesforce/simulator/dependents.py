"""Who refers to a component that somebody wants to delete, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sla_sync_salesforce.simulator.formulas import references_in
from sla_sync_salesforce.simulator.kinds.flow_references import objects_named
from sla_sync_salesforce.simulator.organization import Organization

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def dependents(
    organization: Organization, type_name: str, full_name: str, leaving: Collection[str] = ()
) -> Iterator[str]:
    """Yield what keeps a component from being deleted, in the platform's words; what is `leaving` too does not."""
    match type_name:
        case "CustomField":
            yield from _of_field(organization, full_name, leaving)
        case "PermissionSet":
            component = organization.of("PermissionSet")[full_name]
            if any(each.permission_set == component.id for each in organization.assignments):
                yield f"You can't delete the permission set {full_name} because it is assigned to users"
        case "ReportFolder":
            held = [name for name in organization.of("Report") if name.startswith(f"{full_name}/")]
            if held:
                yield f"The folder {full_name} cannot be deleted because it contains: {', '.join(sorted(held))}"
        case "Flow":
            if organization.of("Flow")[full_name].active:
                # Documented: an active flow cannot be deleted. The text is the one that orgs are reported to answer.
                yield "insufficient access rights on cross-reference id"
        case _:
            return


def _of_field(organization: Organization, full_name: str, leaving: Collection[str]) -> Iterator[str]:
    object_name, _, name = full_name.partition(".")
    users = []
    for other, component in organization.of("CustomField").items():
        if other not in (full_name, *leaving) and other.startswith(f"{object_name}."):
            formula = component.values.get("formula", "")
            if name in references_in(formula):
                users.append(f"Custom Field - {other}")
    for rule, component in organization.of("ValidationRule").items():
        mentioned = references_in(component.values["errorConditionFormula"]) | {
            component.values.get("errorDisplayField")
        }
        if rule.startswith(f"{object_name}.") and name in mentioned:
            users.append(f"Validation Rule - {rule.partition('.')[2]}")
    for flow, component in organization.of("Flow").items():
        for version in component.versions:
            words = {word for _, text in objects_named(version.values) for word in _WORD.findall(text)}
            if name in words:
                users.append(f"Flow Version - {flow}-{version.number}")
    if users:
        yield f"This custom field is referenced elsewhere in salesforce.com. : {', '.join(users)}"


def remove(organization: Organization, type_name: str, full_name: str) -> None:
    """Take a component out of the org, with the entries about it that others hold."""
    del organization.of(type_name)[full_name]
    if type_name != "CustomField":
        return
    for component in organization.of("PermissionSet").values():
        entries = component.values.get("fieldPermissions", [])
        component.values["fieldPermissions"] = [each for each in entries if each["field"] != full_name]
    # Inferred: a report loses the columns and filters of a deleted field.
    for component in organization.of("Report").values():
        values = component.values
        values["columns"] = [each for each in values.get("columns", []) if each["field"] != full_name]
        if "filter" in values:
            items = values["filter"].get("criteriaItems", [])
            values["filter"]["criteriaItems"] = [each for each in items if each["column"] != full_name]
