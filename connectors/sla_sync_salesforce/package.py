"""Components as files: the layout of a Metadata API package, of a Salesforce DX project, and of a retrieved zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sla_sync.connector import Value, Values
from sla_sync_salesforce.markup import from_xml, to_xml

API_VERSION = "63.0"
SOURCE_ROOT = "force-app/main/default"
STATIC_RESOURCE = "StaticResource"
CONTENT = "content"
"""The member under which a static resource carries its text here; on the platform it is a file of its own."""


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
    "Flow": _Place("flows", "flow"),
    "PermissionSet": _Place("permissionsets", "permissionset"),
    "Report": _Place("reports", "report"),
    "StandardValueSet": _Place("standardValueSets", "standardValueSet"),
}
# These live inside the file of their object in a package, and in files of their own in a project.
_PARTS: Mapping[str, tuple[str, str, str]] = {
    "CustomField": ("fields", "fields", "field"),
    "ValidationRule": ("validationRules", "validationRules", "validationRule"),
}
_MANIFEST_TYPE = {"ReportFolder": "Report"}
"""A folder is listed under the type of what it holds (Metadata API Developer Guide, "Report")."""


def files(components: Iterable[Component], layout: Layout) -> dict[str, bytes]:
    """Return relative path → content for these components."""
    result: dict[str, bytes] = {}
    objects: dict[str, dict[str, list[Value]]] = {}
    tail = "" if layout is Layout.PACKAGE else "-meta.xml"
    for each in sorted(components, key=lambda component: (component.type, component.name)):
        if each.type in _PARTS:
            member, folder, suffix = _PARTS[each.type]
            owner, _, name = each.name.partition(".")
            values: Values = {"fullName": name, **each.values}
            if layout is Layout.PACKAGE:
                objects.setdefault(owner, {}).setdefault(member, []).append(values)
            else:
                result[f"objects/{owner}/{folder}/{name}.{suffix}-meta.xml"] = to_xml(each.type, values)
        elif each.type == "ReportFolder":
            ending = "-meta.xml" if layout is Layout.PACKAGE else ".reportFolder-meta.xml"
            result[f"reports/{each.name}{ending}"] = to_xml(each.type, each.values)
        elif each.type == STATIC_RESOURCE:
            result |= _static_resource(each, layout)
        else:
            place = _PLACES[each.type]
            result[f"{place.folder}/{each.name}.{place.suffix}{tail}"] = to_xml(each.type, each.values)
    for owner, members in objects.items():
        result[f"objects/{owner}.object"] = to_xml("CustomObject", members)
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
        types.setdefault(_MANIFEST_TYPE.get(type_name, type_name), []).append(name)
    listed: list[Value] = [{"members": members, "name": name} for name, members in types.items()]
    return to_xml("Package", {"types": listed, "version": version})


def mdapi_package(
    components: Iterable[Component], deletions: Iterable[tuple[str, str]] = (), version: str = API_VERSION
) -> dict[str, bytes]:
    """Return the files of a package that brings these components, then takes away those named by (type, full name).

    Inferred: an org carries out the deletions of one file in their order, so nothing stands before what refers to it.
    """
    components, deletions = tuple(components), tuple(deletions)
    named = sorted((_MANIFEST_TYPE.get(each.type, each.type), each.name) for each in components)
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
    """Return the components of a retrieved package. Raises ValueError where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = {name.removeprefix("unpackaged/"): archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        message = f"The retrieved package is not a zip: {error}."
        raise ValueError(message) from None
    components: list[Component] = []
    for path, text in sorted(found.items()):
        components.extend(_read(path, text))
    return components


def _read(path: str, content: bytes) -> Iterable[Component]:
    folder, _, rest = path.partition("/")
    if folder == "objects":
        owner = rest.removesuffix(".object")
        _, values = from_xml(content)
        for type_name, (member, _, _) in _PARTS.items():
            found = values.get(member)
            for each in found if isinstance(found, list) else ():
                name = each.pop("fullName")
                yield Component(type_name, f"{owner}.{name}", each)
    elif folder == "reports" and rest.endswith("-meta.xml"):
        name = rest.removesuffix("-meta.xml").removesuffix(".reportFolder")
        yield Component("ReportFolder", name, _nameless(from_xml(content)[1]))
    else:
        for type_name, place in _PLACES.items():
            if folder == place.folder and rest.endswith(f".{place.suffix}"):
                yield Component(type_name, rest.removesuffix(f".{place.suffix}"), _nameless(from_xml(content)[1]))


def _nameless(values: Values) -> Values:
    return {key: value for key, value in values.items() if key != "fullName"}
