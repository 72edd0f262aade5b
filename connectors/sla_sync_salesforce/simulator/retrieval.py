"""Retrieving and listing: components as files, and who changed them when."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sla_sync_salesforce.simulator.catalogue import CHILDREN, EPOCH, FOLDER_TYPES, TYPES, UNDATED, UNLISTED, file_of
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.faults import RefusedError, not_implemented
from sla_sync_salesforce.simulator.fields import object_names
from sla_sync_salesforce.simulator.kinds import flow
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.rendering import escape, render_file
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION, Schema

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
    if type_name in TYPES or type_name in CHILDREN or type_name in FOLDER_TYPES.values():
        return
    if schema.is_metadata(type_name):
        raise not_implemented(f"The metadata type {type_name}")
    raise RefusedError("INVALID_TYPE", f"Unknown type name '{type_name}'")


def components_of(
    organization: Organization, type_name: str, switches: Switches
) -> dict[str, tuple[Component, Values]]:
    """Return the components of a type with the values that a retrieve brings, by full name."""
    if type_name == "CustomObject":
        return {name: (_standard_object(organization), {}) for name in object_names()}
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


def _standard_object(organization: Organization) -> Component:
    creator, since = organization.users[1].id, EPOCH
    return Component("", {}, creator, since, creator, since)


def read_values(organization: Organization, type_name: str, full_name: str, switches: Switches) -> Values | None:
    """Return a component as readMetadata answers it, or None where there is none."""
    found = components_of(organization, type_name, switches).get(full_name)
    if found is None:
        return None
    component, values = found
    if type_name == "CustomObject":
        values = _object_values(organization, full_name)
    if type_name == "StaticResource":
        values = {"content": component.content or "", **values}
    # Documented: readMetadata names a field with its object.
    return {"fullName": full_name, **values}


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
    children: dict[str, dict[str, list[tuple[str, Values]]]] = {}
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
                children.setdefault(member.partition(".")[0], {}).setdefault(kept_as, []).append((member, values))
            elif kept_as == "CustomObject":
                for child in CHILDREN:
                    own = _children(organization, child, member)
                    children.setdefault(member, {}).setdefault(child, []).extend(own)
            elif kept_as == "StaticResource":
                answer.files[path] = base64.b64decode(component.content or "")
                answer.files[f"{path}-meta.xml"] = render_file(kept_as, values, schema)
            else:
                answer.files[path] = render_file(kept_as, values, schema)
    for object_name, by_type in children.items():
        path = f"{prefix}{file_of('CustomObject', object_name)}"
        answer.files[path] = render_file("CustomObject", _composed(by_type), schema)
        if not any(each["type"] == "CustomObject" and each["fullName"] == object_name for each in answer.properties):
            whole = properties(organization, "CustomObject", object_name, _standard_object(organization), path)
            answer.properties.append(whole)
    answer.files[f"{prefix}package.xml"] = _manifest_file(found_names)
    whole = properties(organization, "Package", "unpackaged/package.xml", _standard_object(organization), "")
    answer.properties.append({**whole, "fileName": f"{prefix}package.xml", "fullName": f"{prefix}package.xml"})
    return answer


def _expanded(organization: Organization, type_name: str, members: list[str], switches: Switches) -> Iterator[str]:
    for member in dict.fromkeys(members):
        if member != "*":
            yield member
        elif type_name not in (*CHILDREN, *UNLISTED, *FOLDER_TYPES, "CustomObject"):
            # Documented: a wildcard reaches neither standard objects, nor what stands in folders.
            yield from components_of(organization, type_name, switches)


def _children(organization: Organization, type_name: str, object_name: str) -> list[tuple[str, Values]]:
    return [
        (name, each.values)
        for name, each in organization.of(type_name).items()
        if name.partition(".")[0] == object_name
    ]


def _object_values(organization: Organization, object_name: str) -> Values:
    return _composed({child: _children(organization, child, object_name) for child in CHILDREN})


def _composed(by_type: Mapping[str, list[tuple[str, Values]]]) -> Values:
    """Return an object with these fields and rules, each sorted by name as the platform does."""
    composed: Values = {}
    for type_name, own in by_type.items():
        named = {name: {"fullName": name.partition(".")[2], **values} for name, values in own}
        if named:
            composed[CHILDREN[type_name].element] = [named[name] for name in sorted(named)]
    return composed


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


def described(schema: Schema) -> dict[str, Any]:
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
        if shape.name in schema.types
    ]
    return {"metadataObjects": objects, "organizationNamespace": "", "partialSaveAllowed": True, "testRequired": False}
