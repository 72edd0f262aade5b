"""Components as files: the layout of a Metadata API package, of a Salesforce DX project, and of a retrieved zip."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sla_sync.connector import Value, Values
from sla_sync_salesforce.markup import from_xml, to_xml

API_VERSION = "63.0"
SOURCE_ROOT = "force-app/main/default"
STATIC_RESOURCE = "StaticResource"
CONTENT = "content"
"""The member under which a static resource or a class carries its text here; on the platform it is a file of its own."""
MOST_FILES = 10_000
"""Files of a retrieved zip (Metadata API Developer Guide, "Deploying and Retrieving Metadata with the Zip File")."""
MOST_BYTES = 128 * 1024 * 1024
"""Bytes of its files together. The guide allows 600 MB; what we ask for is a small part of an org, so this is our own caution."""


class Layout(StrEnum):
    """The two trees in which the same components are kept."""

    PACKAGE = "mdapi"
    SOURCE = "source"


@dataclass(frozen=True)
class Component:
    """One thing that a package carries; `name` is its full name, such as `Lead.SLA_Due_At__c`."""

    type: str
    name: str
    values: Values


@dataclass(frozen=True, slots=True)
class _Place:
    folder: str
    suffix: str


_PLACES: Mapping[str, _Place] = {
    "ApexClass": _Place("classes", "cls"),
    "AssignmentRules": _Place("assignmentRules", "assignmentRules"),
    "CustomMetadata": _Place("customMetadata", "md"),
    "CustomNotificationType": _Place("notificationtypes", "notiftype"),
    "CustomPermission": _Place("customPermissions", "customPermission"),
    "Dashboard": _Place("dashboards", "dashboard"),
    "Flow": _Place("flows", "flow"),
    "FlowDefinition": _Place("flowDefinitions", "flowDefinition"),
    "Group": _Place("groups", "group"),
    "LeadConvertSettings": _Place("LeadConvertSettings", "LeadConvertSetting"),
    "PermissionSet": _Place("permissionsets", "permissionset"),
    "Queue": _Place("queues", "queue"),
    "Report": _Place("reports", "report"),
    "ReportType": _Place("reportTypes", "reportType"),
    "Settings": _Place("settings", "settings"),
    "StandardValueSet": _Place("standardValueSets", "standardValueSet"),
}
# These live inside the file of their object in a package, and in files of their own in a project: member, folder, suffix.
_PARTS: Mapping[str, tuple[str, str, str]] = {
    "BusinessProcess": ("businessProcesses", "businessProcesses", "businessProcess"),
    "CustomField": ("fields", "fields", "field"),
    "ListView": ("listViews", "listViews", "listView"),
    "RecordType": ("recordTypes", "recordTypes", "recordType"),
    "ValidationRule": ("validationRules", "validationRules", "validationRule"),
}
# Type of a folder → the type of what it holds, which is also its name in a package.xml, and the place of its file
# (Metadata API Developer Guide, "Report" and "Dashboard").
_FOLDERS: Mapping[str, tuple[str, str, str]] = {
    "DashboardFolder": ("Dashboard", "dashboards", "dashboardFolder"),
    "ReportFolder": ("Report", "reports", "reportFolder"),
}
_OBJECT = "CustomObject"
_APEX = "ApexClass"


def manifest_type(type_name: str) -> str:
    """Return the type under which a package.xml lists components of this type."""
    return _FOLDERS[type_name][0] if type_name in _FOLDERS else type_name


def root_of(type_name: str, name: str) -> str:
    """Return the name of the root element of a component's file: settings are named by what they set."""
    return f"{name}Settings" if type_name == "Settings" else type_name


def place_of(type_name: str, name: str, layout: Layout) -> str:
    """Return the relative path of a component that has a file of its own in this layout."""
    if type_name in _PARTS:
        _, folder, suffix = _PARTS[type_name]
        owner, _, part = name.partition(".")
        return f"objects/{owner}/{folder}/{part}.{suffix}-meta.xml"
    if type_name == _OBJECT:
        return f"objects/{name}.object" if layout is Layout.PACKAGE else f"objects/{name}/{name}.object-meta.xml"
    if type_name in _FOLDERS:
        _, folder, suffix = _FOLDERS[type_name]
        return f"{folder}/{name}-meta.xml" if layout is Layout.PACKAGE else f"{folder}/{name}.{suffix}-meta.xml"
    place = _PLACES[type_name]
    # The text of a class stands in one file, what is said about it in another, in both layouts.
    tail = "-meta.xml" if layout is Layout.SOURCE or type_name == _APEX else ""
    return f"{place.folder}/{name}.{place.suffix}{tail}"


def files(components: Iterable[Component], layout: Layout) -> dict[str, bytes]:
    """Return relative path → content for these components."""
    result: dict[str, bytes] = {}
    objects: dict[str, dict[str, Value]] = {}
    parts: dict[str, dict[str, list[Value]]] = {}
    for each in sorted(components, key=lambda component: (component.type, component.name)):
        if each.type in _PARTS:
            owner, _, name = each.name.partition(".")
            values: Values = {"fullName": name, **each.values}
            if layout is Layout.PACKAGE:
                parts.setdefault(owner, {}).setdefault(_PARTS[each.type][0], []).append(values)
            else:
                result[place_of(each.type, each.name, layout)] = to_xml(each.type, values)
        elif each.type == _OBJECT and layout is Layout.PACKAGE:
            objects[each.name] = dict(each.values)
        elif each.type == STATIC_RESOURCE:
            result |= _static_resource(each, layout)
        else:
            path = place_of(each.type, each.name, layout)
            if CONTENT in each.values:
                result[path.removesuffix("-meta.xml")] = str(each.values[CONTENT]).encode()
            values = {key: value for key, value in each.values.items() if key != CONTENT}
            result[path] = to_xml(root_of(each.type, each.name), values)
    for owner in objects.keys() | parts.keys():
        whole = {**objects.get(owner, {}), **parts.get(owner, {})}
        result[place_of(_OBJECT, owner, Layout.PACKAGE)] = to_xml(_OBJECT, whole)
    return result


def _static_resource(component: Component, layout: Layout) -> dict[str, bytes]:
    values = {key: value for key, value in component.values.items() if key != CONTENT}
    path = f"staticresources/{component.name}"
    # A project names the file by its content type, a package always `.resource`.
    ending = "resource" if layout is Layout.PACKAGE else "json"
    return {
        f"{path}.{ending}": str(component.values[CONTENT]).encode(),
        f"{path}.resource-meta.xml": to_xml(STATIC_RESOURCE, values),
    }


def static_json(name: str, text: str, description: str) -> Component:
    """Return a static resource that holds a JSON text and is not shown to visitors."""
    return Component(
        STATIC_RESOURCE,
        name,
        {"cacheControl": "Private", "contentType": "application/json", "description": description, CONTENT: text},
    )


def package_xml(names: Iterable[tuple[str, str]], version: str = API_VERSION) -> bytes:
    """Return the list of what a package carries or takes away: (type, full name) each, in this order."""
    types: dict[str, list[str]] = {}
    for type_name, name in names:
        types.setdefault(manifest_type(type_name), []).append(name)
    listed: list[Value] = [{"members": members, "name": name} for name, members in types.items()]
    return to_xml("Package", {"types": listed, "version": version})


def mdapi_package(
    components: Iterable[Component], deletions: Iterable[tuple[str, str]] = (), version: str = API_VERSION
) -> dict[str, bytes]:
    """Return the files of a package that brings these components, then takes away those named by (type, full name).

    Inferred: an org carries out the deletions of one file in their order, so nothing stands before what refers to it.
    """
    components, deletions = tuple(components), tuple(deletions)
    named = sorted((manifest_type(each.type), each.name) for each in components)
    result = {"package.xml": package_xml(named, version)}
    if deletions:
        # "Post": what still refers to a deleted component is changed first, in the same transaction.
        result["destructiveChangesPost.xml"] = package_xml(deletions, version)
    return result | files(components, Layout.PACKAGE)


def zipped(content: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(content):
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), content[path], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unzipped(content: bytes) -> list[Component]:
    """Return the components of a retrieved package. Raises ValueError where it cannot be read, or is larger than one can be.

    Names in it choose no file: nothing of it is written.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive)
            found = {each.filename.removeprefix("unpackaged/"): _file(archive, each) for each in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # zipfile says so of a damaged one, of damaged or cut contents, of another compression, and of one with a password.
        message = f"The retrieved package is not a zip that can be read: {error}."
        raise ValueError(message) from None
    return [each for path, text in sorted(found.items()) for each in _read(path, text, found)]


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Raise ValueError where a zip says that it unfolds to more than an org may send."""
    files, size = len(archive.infolist()), sum(each.file_size for each in archive.infolist())
    if files > MOST_FILES or size > MOST_BYTES:
        message = (
            f"The retrieved package unfolds to {files:,} files of {size:,} bytes, and an org sends at most {MOST_FILES:,} "
            f"and {MOST_BYTES:,}."
        )
        raise ValueError(message)


def _file(archive: zipfile.ZipFile, about: zipfile.ZipInfo) -> bytes:
    """Return a file of a zip, unfolded no further than the zip says that it is long."""
    with archive.open(about) as file:
        return file.read(about.file_size)


def _read(path: str, content: bytes, found: Mapping[str, bytes]) -> Iterable[Component]:
    folder, _, rest = path.partition("/")
    if folder == "objects":
        yield from _of_object(rest.removesuffix(".object"), content)
        return
    for type_name, (_, place, suffix) in _FOLDERS.items():
        if folder == place and rest.endswith("-meta.xml"):
            name = rest.removesuffix("-meta.xml").removesuffix(f".{suffix}")
            yield Component(type_name, name, _nameless(from_xml(content)[1]))
    for type_name, its in _PLACES.items():
        if folder != its.folder or not rest.endswith(f".{its.suffix}"):
            continue
        name = rest.removesuffix(f".{its.suffix}")
        if type_name == _APEX:
            about = found.get(f"{path}-meta.xml")
            values = _nameless(from_xml(about)[1]) if about else {}
            yield Component(type_name, name, {**values, CONTENT: content.decode("utf-8", errors="replace")})
        else:
            yield Component(type_name, name, _nameless(from_xml(content)[1]))


def _of_object(owner: str, content: bytes) -> Iterable[Component]:
    """Yield what an object file holds: its parts, and the object itself where the file says more than its parts."""
    _, values = from_xml(content)
    members = {member for member, _, _ in _PARTS.values()}
    own = {key: value for key, value in _nameless(values).items() if key not in members}
    if "label" in own:
        yield Component(_OBJECT, owner, own)
    for type_name, (member, _, _) in _PARTS.items():
        listed = values.get(member)
        for each in listed if isinstance(listed, list) else ():
            name = each.pop("fullName")
            yield Component(type_name, f"{owner}.{name}", each)


def _nameless(values: Values) -> Values:
    return {key: value for key, value in values.items() if key != "fullName"}
