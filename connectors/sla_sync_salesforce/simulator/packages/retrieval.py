"""Retrieving and listing: components as files, and who changed them when."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import CUSTOM, METADATA, object_names
from sla_sync_salesforce.simulator.kinds import flow, queue
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.packages.catalogue import (
    CHILDREN,
    EPOCH,
    FOLDER_TYPES,
    GATHERED,
    HELD_IN,
    TYPES,
    UNDATED,
    UNLISTED,
    file_of,
)
from sla_sync_salesforce.simulator.packages.rendering import escape, render_file
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION, Schema

SETTINGS = ("BusinessHoursSettings", "FlowSettings")
"""The types of settings that readMetadata answers."""
_NO_ID = "000000000000000AAA"
_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


@dataclass
class Retrieved:
    """The files of a retrieve by path, their properties, and what could not be found."""

    files: dict[str, bytes] = field(default_factory=dict)
    properties: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def zipped(self) -> bytes:
        """Return the files as a zip that is the same for the same files."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in sorted(self.files.items()):
                archive.writestr(zipfile.ZipInfo(path, _DAY_OF_ZIP), content)
        return buffer.getvalue()


def require_type(type_name: str, schema: Schema) -> None:
    """Refuse a type that does not exist, or that this double does not know."""
    if type_name in TYPES or type_name in CHILDREN or type_name in HELD_IN:
        return
    if schema.is_metadata(type_name):
        raise not_implemented(f"The metadata type {type_name}")
    raise RefusedError("INVALID_TYPE", f"Unknown type name '{type_name}'")


def components_of(
    organization: Organization, type_name: str, switches: Switches
) -> dict[str, tuple[Component, Values]]:
    """Return the components of a type with the values that a retrieve brings, by full name."""
    if type_name == "CustomObject":
        custom = {name: (each, each.values) for name, each in organization.of(type_name).items()}
        return {name: (_standard_object(organization), {}) for name in object_names()} | custom
    if type_name in GATHERED:
        return _gathered(organization, type_name)
    if type_name == "Queue":
        return {name: (each, queue.with_members(organization, each)) for name, each in organization.of("Queue").items()}
    if type_name == "FlowDefinition":
        # Documented: activeVersionNumber is there only for a flow that is active.
        return {
            name: (each, {"activeVersionNumber": str(each.active)} if each.active else {})
            for name, each in organization.of("Flow").items()
        }
    if type_name == "Flow":
        return {
            name: (each, flow.version_to_retrieve(each, switches).values)
            for name, each in organization.of("Flow").items()
        }
    return {name: (each, each.values) for name, each in organization.of(type_name).items()}


def _gathered(organization: Organization, type_name: str) -> dict[str, tuple[Component, Values]]:
    """Return what is there only because of its children, with the dates of the one that changed last."""
    found: dict[str, tuple[Component, Values]] = {}
    if type_name == "AssignmentRules":
        found["Lead"] = (_standard_object(organization), {})
    for child in TYPES[type_name].children:
        for name, each in organization.of(child).items():
            own = name.partition(".")[0]
            if own not in found or found[own][0].changed_at <= each.changed_at:
                found[own] = (each, {})
    return found


def _standard_object(organization: Organization) -> Component:
    creator, since = organization.users[1].id, EPOCH
    return Component("", {}, creator, since, creator, since)


def read_values(organization: Organization, type_name: str, full_name: str, switches: Switches) -> Values | None:
    """Return a component as readMetadata answers it, or None where there is none."""
    if type_name in SETTINGS:
        return _settings(organization, type_name, full_name, switches)
    found = components_of(organization, type_name, switches).get(full_name)
    if found is None:
        return None
    component, values = found
    if type_name in TYPES and TYPES[type_name].children:
        values = {**values, **_composed(_all_children(organization, type_name, full_name))}
    if type_name in TYPES and TYPES[type_name].with_content:
        values = {"content": component.content or "", **values}
    # Documented: readMetadata names a field with its object.
    return {"fullName": full_name, **values}


def _settings(organization: Organization, type_name: str, full_name: str, switches: Switches) -> Values | None:
    """Return settings of one kind: each kind is a type of its own for readMetadata, and one of its name exists."""
    if full_name != type_name.removesuffix("Settings"):
        return None
    if type_name == "FlowSettings":
        return {"fullName": full_name, "enableFlowDeployAsActiveEnabled": str(switches.activate_flows).lower()}
    return {"fullName": full_name, **organization.of("Settings")[full_name].values}


def retrieve(
    organization: Organization,
    manifest: Mapping[str, list[str]],
    switches: Switches,
    schema: Schema,
    *,
    single: bool,
) -> Retrieved:
    """Return the components that a manifest names. `single` leaves out the folder `unpackaged`."""
    answer = Retrieved()
    prefix = "" if single else "unpackaged/"
    parents: dict[tuple[str, str], dict[str, dict[str, Values]]] = {}
    found_names: dict[str, list[str]] = {}
    for type_name, members in manifest.items():
        for member in _expanded(organization, type_name, members, switches):
            kept_as = FOLDER_TYPES[type_name] if type_name in FOLDER_TYPES and "/" not in member else type_name
            found = components_of(organization, kept_as, switches).get(member)
            if found is None:
                text = f"Entity of type '{type_name}' named '{member}' cannot be found"
                answer.messages.append({"fileName": f"{prefix}package.xml", "problem": text})
                continue
            component, values = found
            found_names.setdefault(type_name, []).append(member)
            path = f"{prefix}{file_of(kept_as, member)}"
            # Inferred: the properties of a folder in a retrieve bear the type that it holds.
            answer.properties.append({**properties(organization, kept_as, member, component, path), "type": type_name})
            if kept_as in CHILDREN:
                by_type = parents.setdefault((CHILDREN[kept_as].parent, member.partition(".")[0]), {})
                by_type.setdefault(kept_as, {})[member] = values
            elif kept_as in TYPES and TYPES[kept_as].children:
                by_type = parents.setdefault((kept_as, member), {})
                by_type[""] = {"": values}
                for child, own in _all_children(organization, kept_as, member).items():
                    by_type.setdefault(child, {}).update(own)
            else:
                answer.files |= _files(kept_as, path, component, values, schema)
    for (parent, object_name), by_type in parents.items():
        path = f"{prefix}{file_of(parent, object_name)}"
        values = by_type.pop("", {"": {}})[""]
        answer.files[path] = render_file(parent, {**values, **_composed(by_type)}, schema)
        if not any(each["type"] == parent and each["fullName"] == object_name for each in answer.properties):
            component = components_of(organization, parent, switches)[object_name][0]
            answer.properties.append(properties(organization, parent, object_name, component, path))
    answer.files[f"{prefix}package.xml"] = _manifest_file(found_names)
    whole = properties(organization, "Package", "unpackaged/package.xml", _standard_object(organization), "")
    answer.properties.append({**whole, "fileName": f"{prefix}package.xml", "fullName": f"{prefix}package.xml"})
    return answer


def _expanded(organization: Organization, type_name: str, members: list[str], switches: Switches) -> Iterator[str]:
    for member in dict.fromkeys(members):
        if member != "*":
            yield member
        elif type_name == "CustomObject":
            # Documented: a wildcard reaches neither standard objects, nor what stands in folders.
            yield from (name for name in organization.of(type_name) if name.endswith((CUSTOM, METADATA)))
        elif type_name not in (*CHILDREN, *UNLISTED, *FOLDER_TYPES):
            yield from components_of(organization, type_name, switches)


def _files(type_name: str, path: str, component: Component, values: Values, schema: Schema) -> dict[str, bytes]:
    """Return the files of a component that has a file of its own, by path."""
    shape = TYPES.get(type_name)
    text = render_file(shape.element if shape else type_name, values, schema)
    if shape is None or not shape.with_content:
        return {path: text}
    return {path: base64.b64decode(component.content or ""), f"{path}-meta.xml": text}


def _all_children(organization: Organization, type_name: str, object_name: str) -> dict[str, dict[str, Values]]:
    """Return what stands inside the file of an object, of assignment rules or of a workflow: type → name → values."""
    return {
        child: {
            name: each.values for name, each in organization.of(child).items() if name.partition(".")[0] == object_name
        }
        for child in TYPES[type_name].children
    }


def _composed(by_type: Mapping[str, Mapping[str, Values]]) -> Values:
    """Return a parent with these children, each sorted by name as the platform does."""
    return {
        CHILDREN[type_name].element: [
            {"fullName": name.partition(".")[2], **values} for name, values in sorted(own.items())
        ]
        for type_name, own in by_type.items()
        if own
    }


def _manifest_file(found: Mapping[str, list[str]]) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<Package xmlns="{NAMESPACE}">']
    for type_name, names in sorted(found.items()):
        lines.append("    <types>")
        lines += [f"        <members>{escape(name)}</members>" for name in sorted(names)]
        lines += [f"        <name>{type_name}</name>", "    </types>"]
    lines += [f"    <version>{VERSION}</version>", "</Package>", ""]
    return "\n".join(lines).encode()


def properties(
    organization: Organization, type_name: str, full_name: str, component: Component, path: str
) -> dict[str, Any]:
    """Return the FileProperties of a component."""
    undated = type_name in UNDATED
    created, changed = (EPOCH, EPOCH) if undated else (component.created_at, component.changed_at)
    creator, changer = (organization.user(each) for each in (component.created_by, component.changed_by))
    return {
        "createdById": creator.id,
        "createdByName": creator.name,
        "createdDate": created,
        "fileName": path,
        "fullName": full_name,
        "id": "" if undated else component.id or _NO_ID,
        "lastModifiedById": changer.id,
        "lastModifiedByName": changer.name,
        "lastModifiedDate": changed,
        "manageableState": "unmanaged",
        "type": type_name,
    }


def list_components(
    organization: Organization, type_name: str, folder: str, switches: Switches, schema: Schema
) -> list[dict[str, Any]]:
    """Return the properties of all components of a type, or of one folder of it."""
    require_type(type_name, schema)
    if type_name in UNLISTED:
        return []
    if type_name in FOLDER_TYPES and not folder:
        return []
    return [
        properties(organization, type_name, name, component, file_of(type_name, name))
        for name, (component, _) in sorted(components_of(organization, type_name, switches).items())
        if not folder or name.startswith(f"{folder}/")
    ]


def described() -> dict[str, Any]:
    """Return the DescribeMetadataResult: the types that this double executes."""
    objects = [
        {
            "childXmlNames": list(shape.children),
            "directoryName": shape.folder,
            "inFolder": shape.in_folders,
            "metaFile": shape.with_content,
            "suffix": shape.suffix,
            "xmlName": shape.name,
        }
        for shape in TYPES.values()
    ]
    return {"metadataObjects": objects, "organizationNamespace": "", "partialSaveAllowed": True, "testRequired": False}
