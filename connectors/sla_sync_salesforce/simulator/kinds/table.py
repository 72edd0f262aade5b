"""The table of metadata types: how each is checked, kept and reported in the setup audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds import (
    custom_field,
    flow,
    permission_set,
    report,
    standard_value_set,
    static_resource,
    validation_rule,
)
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

Check: TypeAlias = Callable[[Incoming, Organization, Component | None], Iterator[str]]
Settle: TypeAlias = Callable[[Incoming, Component | None, Switches], Values]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One type: what is refused, how it is kept, and what an audit line says of it."""

    check: Check
    settle: Settle
    action: str
    section: str
    display: str


# Inferred: the words of action, section and display. The platform publishes no list of them.
KINDS: Mapping[str, KindRow] = {
    "CustomField": KindRow(
        custom_field.check, custom_field.settle, "CustomField", "Customize Leads", "custom field {label} ({object})"
    ),
    "ValidationRule": KindRow(
        validation_rule.check,
        validation_rule.settle,
        "ValidationRule",
        "Customize Leads",
        "Validation Rule {name} for {object}",
    ),
    "StandardValueSet": KindRow(
        standard_value_set.check, standard_value_set.settle, "LeadStatus", "Customize Leads", "values of {name}"
    ),
    "PermissionSet": KindRow(
        permission_set.check, permission_set.settle, "PermSet", "Manage Users", "permission set {name}"
    ),
    "Flow": KindRow(flow.check, flow.settle, "Flow", "Flows", "flow {name}"),
    "FlowDefinition": KindRow(
        flow.check_definition, flow.settle, "FlowDefinition", "Flows", "active version of flow {name}"
    ),
    "StaticResource": KindRow(
        static_resource.check, static_resource.settle, "StaticResource", "Static Resource", "static resource {name}"
    ),
    "ReportFolder": KindRow(
        report.check_folder, report.settle_folder, "ReportFolder", "Report Folders", "report folder {name}"
    ),
    "Report": KindRow(report.check, report.settle, "Report", "Reports", "report {name}"),
}


def display(type_name: str, full_name: str, values: Values) -> str:
    """Return what an audit line says of a component."""
    object_name, _, own = full_name.partition(".")
    return KINDS[type_name].display.format(label=values.get("label", own), object=object_name, name=own or full_name)
