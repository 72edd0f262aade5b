"""The table of metadata types: how each is checked, kept and reported in the setup audit trail.

What a type keeps in the org is said by its module. Parts of a bigger file (fields, rules, assignment rules, alerts) are kept
under their own type as `Parent.Name`; business hours and holidays are the lists of `Settings`/`BusinessHours`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds import (
    apex_class,
    assignment_rule,
    business_hours,
    custom_field,
    custom_metadata,
    custom_object,
    dashboard,
    email,
    flow,
    folder,
    lead_conversion,
    lead_process,
    list_view,
    permission,
    permission_set,
    queue,
    report,
    report_type,
    standard_value_set,
    static_resource,
    validation_rule,
)
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

Check: TypeAlias = Callable[[Incoming, Organization, Component | None], Iterator[str]]
Settle: TypeAlias = Callable[[Incoming, Component | None, Switches], Values]
Together: TypeAlias = Callable[[Sequence[Incoming], Organization], Iterator[tuple[Incoming, str]]]
Keep: TypeAlias = Callable[[Incoming, Component, Organization, str, Switches], bool]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One type: what is refused, how it is kept, and what an audit line says of it.

    `together` looks at all components of the type in one package; `keep` does what else a saved component changes in the
    org, and says whether it changed something.
    """

    check: Check
    settle: Settle
    action: str
    section: str
    display: str
    together: Together | None = None
    keep: Keep | None = None


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
    "ReportFolder": KindRow(folder.check, folder.settle, "ReportFolder", "Report Folders", "report folder {name}"),
    "DashboardFolder": KindRow(
        folder.check, folder.settle, "DashboardFolder", "Dashboard Folders", "dashboard folder {name}"
    ),
    "EmailFolder": KindRow(folder.check, folder.settle, "EmailFolder", "Email Folders", "email folder {name}"),
    "Report": KindRow(report.check, report.settle, "Report", "Reports", "report {name}"),
    "ReportType": KindRow(report_type.check, report_type.settle, "ReportType", "Report Types", "report type {name}"),
    "Dashboard": KindRow(dashboard.check, dashboard.settle, "Dashboard", "Dashboards", "dashboard {name}"),
    "EmailTemplate": KindRow(email.check, email.settle, "EmailTemplate", "Email Templates", "email template {name}"),
    "WorkflowAlert": KindRow(
        email.check_alert, email.settle_alert, "WorkflowAlert", "Workflow Rule", "email alert {name} for {object}"
    ),
    "CustomObject": KindRow(
        custom_object.check, custom_object.settle, "CustomObject", "Custom Objects", "custom object {full}"
    ),
    "CustomMetadata": KindRow(
        custom_metadata.check, custom_metadata.settle, "CustomMetadata", "Custom Metadata Types", "record {full}"
    ),
    "CustomNotificationType": KindRow(
        permission.check_notification,
        permission.settle,
        "CustomNotificationType",
        "Custom Notifications",
        "notification type {name}",
    ),
    "CustomPermission": KindRow(
        permission.check, permission.settle, "CustomPermission", "Custom Permissions", "custom permission {name}"
    ),
    "Group": KindRow(queue.check_group, queue.settle_group, "Group", "Manage Users", "group {name}"),
    "Queue": KindRow(queue.check, queue.settle, "Queue", "Manage Users", "queue {name}", keep=queue.keep_members),
    "AssignmentRule": KindRow(
        assignment_rule.check,
        assignment_rule.settle,
        "AssignmentRule",
        "Lead Assignment Rules",
        "assignment rule {name}",
        together=assignment_rule.check_together,
        keep=assignment_rule.keep_one_active,
    ),
    "Settings": KindRow(
        business_hours.check, business_hours.settle, "BusinessHours", "Business Hours", "business hours and holidays"
    ),
    "LeadConvertSettings": KindRow(
        lead_conversion.check, lead_conversion.settle, "LeadConvert", "Customize Leads", "lead field mapping"
    ),
    "BusinessProcess": KindRow(
        lead_process.check, lead_process.settle, "BusinessProcess", "Customize Leads", "lead process {name}"
    ),
    "RecordType": KindRow(
        lead_process.check_record_type,
        lead_process.settle_record_type,
        "RecordType",
        "Customize Leads",
        "record type {name} for {object}",
    ),
    "ListView": KindRow(list_view.check, list_view.settle, "ListView", "List Views", "list view {name} for {object}"),
    "ApexClass": KindRow(apex_class.check, apex_class.settle, "ApexClass", "Apex Class", "Apex class {name}"),
}


def display(type_name: str, full_name: str, values: Values) -> str:
    """Return what an audit line says of a component."""
    object_name, _, own = full_name.partition(".")
    return KINDS[type_name].display.format(
        label=values.get("label", own), object=object_name, name=own or full_name, full=full_name
    )
