"""An agreement put into a team's own Salesforce DX project: our files beside theirs, our parts inside their lists.

A file that many write into is edited and not written anew: every line of theirs that we do not touch stays as it is,
byte for byte. A file of theirs that bears a name of ours and not our mark is a conflict, and then nothing is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from sla_sync.connector import Address, Manifest, Mark, SlaSyncError, Translation, Values, bears_mark
from sla_sync_salesforce.build import (
    STOCK_LEAD_STATUS,
    component,
    manifest_component,
    portable,
)
from sla_sync_salesforce.containers import RULE, active_rules, merged
from sla_sync_salesforce.markup import from_xml, to_xml
from sla_sync_salesforce.names import manifest_name
from sla_sync_salesforce.package import SOURCE_ROOT, Component, Layout, files, place_of, root_of
from sla_sync_salesforce.types import CONTAINERS, STANDARD_VALUE_SET, TYPES

_PROJECT = "sfdx-project.json"


def merge_into(tree: Mapping[str, bytes], translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    """Return the files of a project that become new or different: relative path → content.

    Raises SlaSyncError where files of others stand in the way, all of them named, or where a list cannot be read.
    """
    roots = _roots(tree)
    found = {_inside(path, roots): path for path in sorted(tree, reverse=True) if _inside(path, roots)}
    result: dict[str, bytes] = {}
    foreign: list[str] = []
    for made in _components(translation, manifest):
        ours = manifest_name(translation.agreement) == made.name
        for path, content in files((made,), Layout.SOURCE).items():
            at = found.get(path, f"{roots[0]}/{path}")
            before = tree.get(at)
            if before is not None and not ours and not _is_ours(made, before, translation.agreement, manifest):
                foreign.append(at)
            elif before is None or _plain(before) != _plain(content):
                result[at] = content
    for container, wanted in sorted(_parts(translation).items()):
        path = place_of(container.type, container.key, Layout.SOURCE)
        at = found.get(path, f"{roots[0]}/{path}")
        _refuse_other_rules(at, tree.get(at), wanted)
        content = _with_parts(container, tree.get(at), wanted, at)
        if tree.get(at) != content:
            result[at] = content
    if foreign:
        raise SlaSyncError(
            f"{len(foreign)} files of your project bear names of ours and are not ours: {', '.join(sorted(foreign))}.",
            hint="Rename them, or choose another prefix in the binding.",
        )
    return result


def _roots(tree: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the folders of the project's packages in which metadata stands, the default one first."""
    try:
        project = json.loads(tree[_PROJECT]) if _PROJECT in tree else {}
    except (ValueError, RecursionError) as error:
        raise SlaSyncError(f"{_PROJECT} is not JSON: {error}.", hint="Correct it, or name another folder.") from None
    listed = project.get("packageDirectories") if isinstance(project, dict) else None
    folders = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    folders.sort(key=lambda each: not each.get("default"))
    named = [str(each["path"]).removeprefix("./").strip("/") for each in folders if each.get("path")]
    tail = SOURCE_ROOT.partition("/")[2]
    return tuple(f"{each}/{tail}" for each in named) or (SOURCE_ROOT,)


def _inside(path: str, roots: tuple[str, ...]) -> str:
    """Return a path as it stands inside the folder of a package, empty where it stands outside of all."""
    root = next((each for each in roots if path.startswith(f"{each}/")), "")
    return path[len(root) + 1 :] if root else ""


def _components(translation: Translation, manifest: Manifest) -> Iterator[Component]:
    for each in translation.desired:
        made = component(each.address, each.values)
        if made is not None:
            yield made
    yield manifest_component(translation.agreement, portable(manifest))


def _parts(translation: Translation) -> dict[Address, dict[Address, Values]]:
    parts: dict[Address, dict[Address, Values]] = {}
    for each in translation.desired:
        if each.address.type in CONTAINERS:
            parts.setdefault(CONTAINERS[each.address.type], {})[each.address] = each.values
    return parts


def _refuse_other_rules(at: str, before: bytes | None, wanted: Mapping[Address, Values]) -> None:
    """Raise SlaSyncError where an assignment rule of theirs is switched on and ours would take its place."""
    ours = {each.key for each, values in wanted.items() if each.type == RULE and values.get("active") is True}
    if not ours or before is None:
        return
    others = [name for name in active_rules(_read(at, before)) if name not in ours]
    if others:
        raise SlaSyncError(
            f"{at} has the assignment rule «{others[0]}» switched on, and only one can be: {min(ours)} needs it off.",
            hint="Switch it off in your project, or leave `routing: rules` out of the binding.",
        )


def _is_ours(made: Component, before: bytes, agreement: str, manifest: Manifest) -> bool:
    """Return whether a file was written by us: it bears our mark, or the manifest knows what it says.

    Where a type cannot bear a mark, a file of ours is known by what it says: it is the one that we would write.
    """
    kind = TYPES.get(made.type)
    if kind is None or Address(made.type, made.name) in manifest.applied:
        return True
    if kind.mark is Mark.DESCRIPTION:
        return bears_mark(_description(before), agreement)
    return any(_plain(content) == _plain(before) for content in files((made,), Layout.SOURCE).values())


def _description(content: bytes) -> str:
    try:
        values = from_xml(content)[1]
    except ValueError:
        return ""
    return str(values.get("description") or "")


def _plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").rstrip()


def _with_parts(container: Address, before: bytes | None, wanted: Mapping[Address, Values], at: str) -> bytes:
    """Return the text of a list with our parts in it; the lines of others stay as they stand."""
    root = root_of(container.type, container.key)
    if before is None:
        stock: Mapping[str, Values] = {STANDARD_VALUE_SET: {"standardValue": list(STOCK_LEAD_STATUS)}}
        return to_xml(root, merged(container, stock.get(container.type, {}), wanted))
    values = _read(at, before)
    whole = merged(container, values, wanted)
    if whole == values:
        return before
    try:
        return _patched(before, to_xml(root, values), to_xml(root, whole))
    except ValueError as error:
        raise _unreadable(at, error) from None


def _read(at: str, content: bytes) -> Values:
    """Return the values of one of their files. Raises SlaSyncError where it cannot be read."""
    try:
        return from_xml(content)[1]
    except ValueError as error:
        raise _unreadable(at, error) from None


def _unreadable(at: str, error: ValueError) -> SlaSyncError:
    return SlaSyncError(f"{at} cannot be read: {error}", hint="Correct the file, or take it out.")


def _patched(text: bytes, spelled: bytes, wanted: bytes) -> bytes:
    """Return a text with exactly those lines changed that differ between its own spelling in our hand and what is wanted.

    Where a team spells a file in another way than we do, line by line, the parts between equal lines are kept as found.
    """
    ending = b"\r\n" if b"\r\n" in text else b"\n"
    own = text.replace(b"\r\n", b"\n").split(b"\n")
    ours, after = spelled.split(b"\n"), wanted.split(b"\n")
    place = _places(own, ours)
    if place is None:
        return wanted.replace(b"\n", ending)
    result: list[bytes] = []
    at = 0
    for tag, first, last, start, end in SequenceMatcher(a=ours, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            until = place[last - 1] + 1 if last else at
            result += own[at:until]
            at = until
            continue
        upto = place[first] if first < len(place) else len(own)
        result += own[at:upto]
        result += after[start:end]
        at = place[last - 1] + 1 if last > first else upto
    result += own[at:]
    return ending.join(result)


def _places(own: list[bytes], ours: list[bytes]) -> list[int] | None:
    """Return for each line of our spelling where it stands in theirs, or None where one stands nowhere."""
    stripped = [re.sub(rb"\s+", b" ", each).strip() for each in own]
    places: list[int] = []
    at = 0
    for line in ours:
        wanted = line.strip()
        while at < len(stripped) and not _same(stripped[at], wanted):
            at += 1
        if at == len(stripped):
            return None
        places.append(at)
        at += 1
    return places


def _same(theirs: bytes, ours: bytes) -> bool:
    return theirs == ours or (theirs.startswith(b"<?xml") and ours.startswith(b"<?xml"))
