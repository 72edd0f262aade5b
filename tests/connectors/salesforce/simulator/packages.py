"""The sample project of this folder as a package in mdapi form, with changes made to its text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

PROJECT = Path(__file__).parent / "project"
_SOURCE = PROJECT / "force-app" / "main" / "default"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'

Files: TypeAlias = dict[str, str]
OBJECT = "objects/Lead.object"
STATUS = "standardValueSets/LeadStatus.standardValueSet"
PERMISSIONS = "permissionsets/SLA_Access.permissionset"
FLOW = "flows/SLA_Qualified_Stamp.flow"
FOLDER = "reports/SLA_Sync-meta.xml"
REPORT = "reports/SLA_Sync/SLA_Qualified_Leads.report"
RESOURCE = "staticresources/SLA_Manifest.resource"


def sample() -> Files:
    """Return the valid package, path by path."""
    members: dict[str, list[str]] = {}
    children = ""
    for element, type_name, folder in (
        ("fields", "CustomField", "fields"),
        ("validationRules", "ValidationRule", "validationRules"),
    ):
        for path in sorted((_SOURCE / "objects/Lead" / folder).iterdir()):
            inside = path.read_text("utf-8").split('metadata">', 1)[1].rpartition("</")[0]
            children += f"    <{element}>{inside}    </{element}>\n"
            members.setdefault(type_name, []).append(f"Lead.{path.name.partition('.')[0]}")
    files = {OBJECT: f"{_HEAD}<CustomObject {_SPACE}>\n{children}</CustomObject>\n"}
    for name in (STATUS, PERMISSIONS, FLOW, REPORT):
        files[name] = (_SOURCE / f"{name}-meta.xml").read_text("utf-8")
    files[FOLDER] = (_SOURCE / "reports/SLA_Sync.reportFolder-meta.xml").read_text("utf-8")
    files[RESOURCE] = (_SOURCE / "staticresources/SLA_Manifest.json").read_text("utf-8")
    files[f"{RESOURCE}-meta.xml"] = (_SOURCE / "staticresources/SLA_Manifest.resource-meta.xml").read_text("utf-8")
    members |= {
        "StandardValueSet": ["LeadStatus"],
        "PermissionSet": ["SLA_Access"],
        "Flow": ["SLA_Qualified_Stamp"],
        "Report": ["SLA_Sync", "SLA_Sync/SLA_Qualified_Leads"],
        "StaticResource": ["SLA_Manifest"],
    }
    files["package.xml"] = manifest(members)
    return files


def manifest(members: Mapping[str, Iterable[str]], version: str = "63.0") -> str:
    """Return a package.xml."""
    types = "".join(
        "    <types>\n"
        + "".join(f"        <members>{name}</members>\n" for name in names)
        + f"        <name>{type_name}</name>\n    </types>\n"
        for type_name, names in members.items()
    )
    return f"{_HEAD}<Package {_SPACE}>\n{types}    <version>{version}</version>\n</Package>\n"


def document(type_name: str, inside: str) -> str:
    """Return a metadata file with these members."""
    return f"{_HEAD}<{type_name} {_SPACE}>{inside}</{type_name}>"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return files as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def unzipped(content: bytes) -> dict[str, str]:
    """Return the files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def swap(path: str, old: str, new: str) -> Callable[[Files], None]:
    """Return a change that replaces a text, which must be there, in one file."""

    def change(files: Files) -> None:
        assert old in files[path], f"{old!r} is not in {path}"
        files[path] = files[path].replace(old, new, 1)

    return change


def block(files: Files, path: str, pattern: str) -> str:
    """Return the first part of a file that matches a pattern."""
    found = re.search(pattern, files[path], re.DOTALL)
    assert found, f"{pattern!r} is not in {path}"
    return found.group(0)
