"""The metadata types that this simulator executes, and how each stands in a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeShape:
    """How components of one type are filed: `folder/name.suffix`."""

    name: str
    folder: str
    suffix: str
    in_folders: bool = False
    with_content: bool = False
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildShape:
    """A type that stands inside the file of another one, in this element, and can be named alone."""

    name: str
    parent: str
    element: str


TYPES: Mapping[str, TypeShape] = {
    each.name: each
    for each in (
        TypeShape("CustomObject", "objects", "object", children=("CustomField", "ValidationRule")),
        TypeShape("StandardValueSet", "standardValueSets", "standardValueSet"),
        TypeShape("StaticResource", "staticresources", "resource", with_content=True),
        TypeShape("PermissionSet", "permissionsets", "permissionset"),
        TypeShape("Flow", "flows", "flow"),
        TypeShape("FlowDefinition", "flowDefinitions", "flowDefinition"),
        TypeShape("Report", "reports", "report", in_folders=True),
    )
}
CHILDREN: Mapping[str, ChildShape] = {
    each.name: each
    for each in (
        ChildShape("CustomField", "CustomObject", "fields"),
        ChildShape("ValidationRule", "CustomObject", "validationRules"),
    )
}
FOLDER_TYPES: Mapping[str, str] = {"Report": "ReportFolder"}
"""Type that lives in folders → type of the folders; in a manifest a folder is named under the type it holds."""

DEPLOY_ORDER = (
    "CustomField",
    "StandardValueSet",
    "ValidationRule",
    "StaticResource",
    "PermissionSet",
    "Flow",
    "FlowDefinition",
    "ReportFolder",
    "Report",
)
"""The order in which one deployment saves its components, so that what others refer to comes first."""
UNDATED = ("StandardValueSet",)
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
    if type_name in FOLDER_TYPES.values():
        held = next(held for held, folder in FOLDER_TYPES.items() if folder == type_name)
        return f"{TYPES[held].folder}/{full_name}-meta.xml"
    shape = TYPES[type_name]
    return f"{shape.folder}/{full_name}.{shape.suffix}"
