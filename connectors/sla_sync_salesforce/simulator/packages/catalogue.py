"""The metadata types that this simulator executes, and how each stands in a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeShape:
    """How components of one type are filed: `folder/name.suffix`. `root` is the element where it is not the type's name."""

    name: str
    folder: str
    suffix: str
    in_folders: bool = False
    with_content: bool = False
    children: tuple[str, ...] = ()
    root: str = ""

    @property
    def element(self) -> str:
        """The type of the file's root element."""
        return self.root or self.name


@dataclass(frozen=True, slots=True)
class ChildShape:
    """A type that stands inside the file of another one, in this element, and can be named alone."""

    name: str
    parent: str
    element: str


TYPES: Mapping[str, TypeShape] = {
    each.name: each
    for each in (
        TypeShape(
            "CustomObject",
            "objects",
            "object",
            children=("BusinessProcess", "CustomField", "ListView", "RecordType", "ValidationRule"),
        ),
        TypeShape("StandardValueSet", "standardValueSets", "standardValueSet"),
        TypeShape("StaticResource", "staticresources", "resource", with_content=True),
        TypeShape("PermissionSet", "permissionsets", "permissionset"),
        TypeShape("Flow", "flows", "flow"),
        TypeShape("FlowDefinition", "flowDefinitions", "flowDefinition"),
        TypeShape("ReportType", "reportTypes", "reportType"),
        TypeShape("Report", "reports", "report", in_folders=True),
        TypeShape("Dashboard", "dashboards", "dashboard", in_folders=True),
        TypeShape("EmailTemplate", "email", "email", in_folders=True, with_content=True),
        TypeShape("Workflow", "workflows", "workflow", children=("WorkflowAlert",)),
        TypeShape("CustomMetadata", "customMetadata", "md"),
        TypeShape("CustomNotificationType", "notificationtypes", "notiftype"),
        TypeShape("CustomPermission", "customPermissions", "customPermission"),
        TypeShape("Group", "groups", "group"),
        TypeShape("Queue", "queues", "queue"),
        TypeShape("AssignmentRules", "assignmentRules", "assignmentRules", children=("AssignmentRule",)),
        TypeShape("LeadConvertSettings", "LeadConvertSettings", "LeadConvertSetting"),
        TypeShape("Settings", "settings", "settings", root="BusinessHoursSettings"),
        TypeShape("ApexClass", "classes", "cls", with_content=True),
    )
}
CHILDREN: Mapping[str, ChildShape] = {
    each.name: each
    for each in (
        ChildShape("AssignmentRule", "AssignmentRules", "assignmentRule"),
        ChildShape("BusinessProcess", "CustomObject", "businessProcesses"),
        ChildShape("CustomField", "CustomObject", "fields"),
        ChildShape("ListView", "CustomObject", "listViews"),
        ChildShape("RecordType", "CustomObject", "recordTypes"),
        ChildShape("ValidationRule", "CustomObject", "validationRules"),
        ChildShape("WorkflowAlert", "Workflow", "alerts"),
    )
}
FOLDER_TYPES: Mapping[str, str] = {
    "Dashboard": "DashboardFolder",
    "EmailTemplate": "EmailFolder",
    "Report": "ReportFolder",
}
"""Type that lives in folders → type of the folders; in a manifest a folder is named under the type it holds."""
HELD_IN = {folder: held for held, folder in FOLDER_TYPES.items()}
"""Type of folders → the type that they hold."""
GATHERED = ("AssignmentRules", "Workflow")
"""Types that hold nothing but their children: they are there when one of these is."""

DEPLOY_ORDER = (
    "CustomPermission",
    "CustomObject",
    "CustomMetadata",
    "StandardValueSet",
    "CustomField",
    "Group",
    "Queue",
    "BusinessProcess",
    "RecordType",
    "Settings",
    "CustomNotificationType",
    "ApexClass",
    "EmailFolder",
    "EmailTemplate",
    "WorkflowAlert",
    "ValidationRule",
    "ListView",
    "LeadConvertSettings",
    "AssignmentRule",
    "StaticResource",
    "Flow",
    "FlowDefinition",
    "PermissionSet",
    "ReportType",
    "ReportFolder",
    "Report",
    "DashboardFolder",
    "Dashboard",
)
"""The order in which one deployment saves its components, so that what others refer to comes first.

Inferred: fields of custom metadata types go before their records, all other fields after them, for formulas may read
these records; standard values go before fields whose values depend on them.
"""
UNDATED = ("StandardValueSet", "Settings", "LeadConvertSettings")
"""Types for which the platform gives no date of change; it answers the first instant of 1970."""
UNLISTED = ("StandardValueSet",)
"""Types for which listMetadata answers nothing, and which a wildcard does not reach."""
EPOCH = "1970-01-01T00:00:00.000Z"


def known(type_name: str) -> bool:
    """Return whether a manifest may name this type."""
    return type_name in TYPES or type_name in CHILDREN


def file_of(type_name: str, full_name: str) -> str:
    """Return the path of a component inside a package."""
    if type_name in CHILDREN:
        parent = TYPES[CHILDREN[type_name].parent]
        return f"{parent.folder}/{full_name.partition('.')[0]}.{parent.suffix}"
    if type_name in HELD_IN:
        return f"{TYPES[HELD_IN[type_name]].folder}/{full_name}-meta.xml"
    shape = TYPES[type_name]
    return f"{shape.folder}/{full_name}.{shape.suffix}"


def children_of(type_name: str) -> dict[str, str]:
    """Return element → type of what stands inside the files of a type."""
    return {CHILDREN[name].element: name for name in TYPES[type_name].children}
