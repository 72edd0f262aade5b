"""A zip that somebody wants to deploy, read into components, removals and everything that is wrong with its files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sla_sync_salesforce.simulator.documents import (
    MalformedError,
    Node,
    read_component,
    read_members,
    read_values,
    read_xml,
)
from sla_sync_salesforce.simulator.fields import CUSTOM, METADATA
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.packages.catalogue import (
    CHILDREN,
    FOLDER_TYPES,
    GATHERED,
    HELD_IN,
    TYPES,
    UNLISTED,
    TypeShape,
    children_of,
)
from sla_sync_salesforce.simulator.problems import Problem, not_implemented
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION, Schema

MANIFEST = "package.xml"
_DESTRUCTIVE = {"destructiveChangesPre.xml": False, "destructiveChanges.xml": False, "destructiveChangesPost.xml": True}
"""File → whether its removals come after the additions; see "Deleting Components from an Organization"."""
_META = "-meta.xml"
_FILES_LIMIT, _UNZIPPED_LIMIT = 10_000, 600 * 1024 * 1024


class UnreadableZipError(Exception):
    """The zip cannot be opened, or holds more than the platform takes."""


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one component or file of a package."""

    type: str
    full_name: str
    file: str
    problem: Problem


@dataclass
class Package:
    """What a zip brings."""

    prefix: str = ""
    manifest: dict[str, list[str]] = field(default_factory=dict)
    components: list[Incoming] = field(default_factory=list)
    wrappers: list[tuple[str, str]] = field(default_factory=list)
    """Types and names whose file is in the zip because of what it holds: objects, assignment rules, workflows."""
    removals: list[tuple[str, str, str, bool]] = field(default_factory=list)
    """Type, full name, file, and whether it goes after the additions."""
    complaints: list[Complaint] = field(default_factory=list)


def read_zip(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by path. Raises UnreadableZipError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            if len(entries) > _FILES_LIMIT or sum(each.file_size for each in entries) > _UNZIPPED_LIMIT:
                raise UnreadableZipError(
                    f"LIMIT_EXCEEDED: the zip holds {len(entries)} files or more bytes than allowed"
                )
            return {each.filename: archive.read(each) for each in entries}
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise UnreadableZipError(f"INVALID_ZIP: the zip file cannot be opened: {error}") from None


def read_package(files: Mapping[str, bytes], schema: Schema, *, single: bool, allow_missing: bool) -> Package:
    """Return what the files of a zip bring, and what is wrong with them."""
    package = Package()
    roots = {path.partition("/")[0] for path in files if "/" in path}
    if not single and MANIFEST not in files and len(roots) == 1:
        package.prefix = f"{next(iter(roots))}/"
    own = {path.removeprefix(package.prefix): content for path, content in files.items()}
    if MANIFEST not in own or (not single and not package.prefix):
        package.complaints.append(Complaint("", MANIFEST, MANIFEST, Problem(f"No {MANIFEST} found")))
        return package
    package.manifest = _read_manifest(MANIFEST, own.pop(MANIFEST), package, schema)
    for name, after in _DESTRUCTIVE.items():
        if name in own:
            removed = _read_manifest(name, own.pop(name), package, schema)
            for type_name, members in removed.items():
                package.removals.extend((type_name, member, name, after) for member in members)
    for path in sorted(own):
        for complaint in _read_file(path, own, package, schema):
            package.complaints.append(complaint)
    _compare_with_manifest(package, allow_missing=allow_missing)
    return package


def _complain(package: Package, file: str, problem: Problem) -> None:
    package.complaints.append(Complaint("", file, file, problem))


def _read_manifest(name: str, content: bytes, package: Package, schema: Schema) -> dict[str, list[str]]:
    try:
        root = read_xml(content)
    except MalformedError as error:
        _complain(package, name, error.problem)
        return {}
    if root.name != "Package" or root.namespace != NAMESPACE:
        _complain(
            package, name, Problem(f"Error parsing file: the root element must be Package in {NAMESPACE}", root.line)
        )
        return {}
    # Documented: destructive manifests need no version.
    values, problems = read_members(root, "Package", schema.types["Package"], schema, complete=False)
    for problem in problems:
        if "duplicated" not in problem.message or "Element types" not in problem.message:
            _complain(package, name, problem)
    version = values.get("version")
    if version != VERSION and (name == MANIFEST or version is not None):
        _complain(
            package,
            name,
            Problem(f"The API version {version} of {name} is not implemented by this simulator; use {VERSION}"),
        )
    members: dict[str, list[str]] = {}
    for each in root.children:
        if each.name == "types":
            _read_types(name, each, members, package, schema)
    return members


def _read_types(name: str, node: Node, members: dict[str, list[str]], package: Package, schema: Schema) -> None:
    type_name = node.text_of("name")
    if not type_name:
        _complain(package, name, Problem("Required field is missing: name", node.line, node.column))
        return
    if type_name not in TYPES and type_name not in CHILDREN:
        if schema.is_metadata(type_name):
            _complain(package, name, not_implemented(f"The metadata type {type_name}"))
        else:
            _complain(
                package, name, Problem(f"Unknown type name '{type_name}' specified in {name}", node.line, node.column)
            )
        return
    for each in node.children:
        if each.name == "members":
            # The official CLI names a folder with a slash at its end.
            member = each.text.strip().removesuffix("/")
            if member == "*" and name in _DESTRUCTIVE:
                _complain(package, name, Problem(f"Wildcards are not allowed in {name}", each.line, each.column))
            else:
                members.setdefault(type_name, []).append(member)


def _read_file(path: str, files: Mapping[str, bytes], package: Package, schema: Schema) -> Iterator[Complaint]:
    shape = next((each for each in TYPES.values() if path.startswith(f"{each.folder}/")), None)
    if shape is None:
        yield Complaint("", path, path, not_implemented(f"The folder {path.partition('/')[0]} of a package"))
        return
    name = path.removeprefix(f"{shape.folder}/")
    if name.endswith(_META):
        if shape.with_content and not (shape.in_folders and "/" not in name):
            if path.removesuffix(_META) not in files:
                text = f"{path.removesuffix(_META)} is missing beside its {_META} file"
                yield Complaint(shape.name, name, path, Problem(text))
        elif shape.in_folders and "/" not in name:
            folder = name.removesuffix(_META)
            yield from _read_single(FOLDER_TYPES[shape.name], folder, path, files[path], None, package, schema)
        else:
            yield Complaint(
                shape.name, name, path, Problem(f"A file with the ending {_META} does not belong into {shape.folder}")
            )
        return
    if not name.endswith(f".{shape.suffix}"):
        yield Complaint(shape.name, name, path, Problem(f"The file must have the ending .{shape.suffix}"))
        return
    full_name = name.removesuffix(f".{shape.suffix}")
    if ("/" in full_name) != shape.in_folders:
        where = "in a folder" if shape.in_folders else "directly in its folder"
        yield Complaint(shape.name, full_name, path, Problem(f"A component of type {shape.name} must stand {where}"))
    elif shape.name == "Settings" and full_name != "BusinessHours":
        yield Complaint(shape.name, full_name, path, not_implemented(f"The settings {full_name}"))
    elif shape.children:
        yield from _read_parent(shape, full_name, path, files[path], package, schema)
    elif shape.with_content:
        described = files.get(path + _META)
        if described is None:
            yield Complaint(shape.name, full_name, path, Problem(f"No {path}{_META} was found in the zip"))
        else:
            yield from _read_single(shape.name, full_name, path, described, files[path], package, schema)
    else:
        yield from _read_single(shape.name, full_name, path, files[path], None, package, schema)


def _read_single(
    type_name: str, full_name: str, path: str, text: bytes, content: bytes | None, package: Package, schema: Schema
) -> Iterator[Complaint]:
    root_name = TYPES[type_name].element if type_name in TYPES else type_name
    root, values, problems = read_component(text, root_name, schema)
    for problem in problems:
        yield Complaint(type_name, full_name, path, problem)
    if not problems and root is not None:
        package.components.append(Incoming(type_name, full_name, path, values, root.line, root.column, content))


def _read_parent(
    shape: TypeShape, full_name: str, path: str, text: bytes, package: Package, schema: Schema
) -> Iterator[Complaint]:
    """Read a file of an object, of assignment rules or of a workflow; each thing in it is a component of its own."""
    try:
        root = read_xml(text)
    except MalformedError as error:
        yield Complaint(shape.name, full_name, path, error.problem)
        return
    if root.name != shape.name or root.namespace != NAMESPACE:
        problem = Problem(
            f"Error parsing file: the root element must be {shape.name} in {NAMESPACE}", root.line, root.column
        )
        yield Complaint(shape.name, full_name, path, problem)
        return
    package.wrappers.append((shape.name, full_name))
    elements = children_of(shape.name)
    previous, seen = "", set()
    for node in root.children:
        if node.name in elements and node.name in seen and node.name != previous:
            problem = Problem(
                f"Error parsing file: Element {node.name} is duplicated at this location in type {shape.name}",
                node.line,
                node.column,
            )
            yield Complaint(shape.name, full_name, path, problem)
        elif node.name in elements:
            yield from _read_child(elements[node.name], full_name, path, node, package, schema)
        seen.add(node.name)
        previous = node.name
    own = [each for each in root.children if each.name not in elements]
    yield from _read_own(shape, full_name, path, replace(root, children=own), package, schema)


def _read_own(
    shape: TypeShape, full_name: str, path: str, root: Node, package: Package, schema: Schema
) -> Iterator[Complaint]:
    """Read what stands in such a file about the object itself: only objects that an org made have something."""
    values, problems = read_values(root, shape.name, schema)
    for problem in problems:
        yield Complaint(shape.name, full_name, path, problem)
    if shape.name in GATHERED or not full_name.endswith((CUSTOM, METADATA)):
        what = "custom object" if shape.name == "CustomObject" else shape.name
        for member in values:
            yield Complaint(shape.name, full_name, path, not_implemented(f"'{member}' of a {what}"))
    elif values and not problems:
        package.components.append(Incoming(shape.name, full_name, path, values, root.line, root.column))


def _read_child(
    type_name: str, object_name: str, path: str, node: Node, package: Package, schema: Schema
) -> Iterator[Complaint]:
    own = node.text_of("fullName")
    full_name = f"{object_name}.{own}"
    values, problems = read_values(node, type_name, schema)
    if not own:
        problems.append(Problem("Required field is missing: fullName", node.line, node.column))
    if any(each.type == type_name and each.full_name == full_name for each in package.components):
        problems.append(Problem(f"Duplicate fullName specified: {full_name}", node.line, node.column))
    for problem in problems:
        yield Complaint(type_name, full_name, path, problem)
    if not problems:
        package.components.append(Incoming(type_name, full_name, path, values, node.line, node.column))


def _compare_with_manifest(package: Package, *, allow_missing: bool) -> None:
    """Complain about components that package.xml does not name, and about names that the zip does not hold."""
    unnamed = [each for each in package.components if not _is_named(each, package.manifest)]
    for each in unnamed:
        problem = Problem("Not in package.xml", each.line, each.column)
        package.complaints.append(Complaint(each.type, each.full_name, each.file, problem))
        package.components.remove(each)
    for type_name, name in package.wrappers:
        children = [
            each for each in package.components if each.type in TYPES[type_name].children and each.object_name == name
        ]
        if not children and name not in package.manifest.get(type_name, []) and not package.complaints:
            file = f"{TYPES[type_name].folder}/{name}.{TYPES[type_name].suffix}"
            package.complaints.append(Complaint(type_name, name, file, Problem("Not in package.xml")))
    present = {(each.type, each.full_name) for each in package.components}
    present |= {(each.type, each.full_name) for each in package.complaints}
    present |= set(package.wrappers)
    for type_name, members in package.manifest.items():
        for member in members:
            found = {(type_name, member), (FOLDER_TYPES.get(type_name, ""), member)} & present
            if member != "*" and not found and not allow_missing:
                text = (
                    f"An object '{member}' of type {type_name} was named in package.xml,"
                    " but was not found in zipped directory"
                )
                package.complaints.append(Complaint("", member, MANIFEST, Problem(text)))


def _is_named(incoming: Incoming, manifest: Mapping[str, list[str]]) -> bool:
    named_as = HELD_IN.get(incoming.type, incoming.type)
    members = manifest.get(named_as, [])
    if incoming.full_name in members:
        return True
    if incoming.type in CHILDREN:
        parent = CHILDREN[incoming.type].parent
        # Documented: a wildcard does not reach standard objects.
        reached = parent != "CustomObject" or incoming.object_name.endswith((CUSTOM, METADATA))
        parents = manifest.get(parent, [])
        return incoming.object_name in parents or ("*" in parents and reached)
    return "*" in members and incoming.type not in UNLISTED and named_as not in FOLDER_TYPES
