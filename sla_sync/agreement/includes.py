"""A file and what it includes become one tree; each key comes from one file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sla_sync.agreement.characters import LARGEST, Decoded, checked, decoded
from sla_sync.agreement.compose import MOST_NODES, compose
from sla_sync.agreement.files import content_of
from sla_sync.agreement.formats import shortened
from sla_sync.agreement.nodes import Entry, Node
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity

INCLUDE = "include"
MOST_FILES = 50
"""How many files one document may be made of."""

_RELATIVE = "Write a path relative to this file, with `/`, to a file inside the folder of the agreement."


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a file and its includes hold together. `whole` as in `Composed`."""

    root: Node | None
    texts: Mapping[str, str]
    findings: tuple[Diagnostic, ...]
    whole: bool


@dataclass(slots=True)
class _Gathering:
    """How far reading has come; `folder` is None where the text comes from no file."""

    folder: Path | None
    room: int = MOST_NODES
    texts: dict[str, str] = field(default_factory=dict)
    files: set[Path] = field(default_factory=set)
    findings: list[Diagnostic] = field(default_factory=list)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Wish:
    """One entry of `include:`: where it stands and what it says."""

    path: KeyPath
    place: Location
    says: object


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a file cannot be included, and what to do."""

    message: str
    hint: str


def gather_file(path: Path, file: str, *, folder: Path) -> Gathered:
    """Return what the file at `path` and its includes inside `folder` hold; `file` is its name for people."""
    gathering = _Gathering(folder)
    content = (
        content_of(path, at_most=LARGEST + 1) if _inside(path, folder) else "is a link that leads outside its folder"
    )
    if isinstance(content, str):
        message = f"The file `{shortened(file, 200)}` {content}."
        gathering.findings.append(
            Diagnostic(
                "SLA100", Severity.ERROR, message, location=Location(file), hint="Check the path and the rights."
            )
        )
        return _gathered(gathering, None)
    return _gathered(gathering, _file(gathering, path, file, decoded(content, file), ()))


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def gather_text(text: str, file: str) -> Gathered:
    """Return what a text holds that comes from no file and so includes none."""
    gathering = _Gathering(None)
    return _gathered(gathering, _file(gathering, Path(), file, checked(text, file), ()))


def _gathered(gathering: _Gathering, root: Node | None) -> Gathered:
    whole = gathering.whole and root is not None
    return Gathered(root, gathering.texts, tuple(gathering.findings), whole)


def _file(gathering: _Gathering, path: Path, file: str, content: Decoded, chain: tuple[Path, ...]) -> Node | None:
    gathering.texts[file] = content.text
    if content.finding is not None:
        gathering.findings.append(content.finding)
        gathering.whole = False
        return None
    composed = compose(content.text, file, room=gathering.room)
    gathering.findings.extend(composed.findings)
    gathering.whole = gathering.whole and composed.whole
    if composed.root is None:
        return None
    gathering.room -= composed.root.size
    chain = (*chain, path.resolve()) if gathering.folder else chain
    gathering.files.update(chain)
    entries = dict(composed.root.entries)
    for wish in _wishes(entries.get(INCLUDE)):
        included = _included(gathering, path, file, wish, chain)
        _join(gathering, entries, included.entries if included else {})
    value = {key: entry.node.value for key, entry in entries.items() if key != INCLUDE}
    return replace(composed.root, value=value, entries=entries)


def _wishes(include: Entry | None) -> Iterator[_Wish]:
    if include is None:
        return
    if not isinstance(include.node.value, list):
        yield _Wish((INCLUDE,), include.place, include.node.value)
    for index, entry in include.node.entries.items() if isinstance(include.node.value, list) else ():
        yield _Wish((INCLUDE, index), entry.place, entry.node.value)


def _included(gathering: _Gathering, path: Path, file: str, wish: _Wish, chain: tuple[Path, ...]) -> Node | None:
    target = _target(gathering, path, wish, chain)
    if isinstance(target, Path):
        content = content_of(target, at_most=LARGEST + 1)
        if isinstance(content, bytes):
            shown = posixpath.normpath(posixpath.join(posixpath.dirname(file), str(wish.says)))
            return _file(gathering, target, shown, decoded(content, shown), chain)
        target = _Refusal(f"`{shortened(str(wish.says), 200)}` {content}.", _RELATIVE)
    finding = Diagnostic("SLA106", Severity.ERROR, target.message, wish.path, wish.place, target.hint)
    gathering.findings.append(finding)
    gathering.whole = False
    return None


def _target(gathering: _Gathering, path: Path, wish: _Wish, chain: tuple[Path, ...]) -> Path | _Refusal:
    """Return the file that is wished for, or why it cannot be included and what to do."""
    name = f"`{shortened(str(wish.says), 200)}`"
    if gathering.folder is None:
        return _Refusal("A text that comes from no file cannot include one.", "Save it as a file.")
    if not isinstance(wish.says, str) or not wish.says.strip() or Path(wish.says).is_absolute():
        return _Refusal(f"{name} is not a relative path of a file.", _RELATIVE)
    try:
        target = (path.parent / wish.says).resolve()
        inside = target.is_relative_to(gathering.folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return _Refusal(f"{name} is not a path that can be followed.", _RELATIVE)
    if not inside:
        return _Refusal(f"{name} lies outside the folder of the agreement.", _RELATIVE)
    if target in chain:
        return _Refusal(f"{name} includes itself, directly or through others.", "Remove this entry.")
    if target in gathering.files:
        return _Refusal(f"{name} is included twice.", "Remove one of the entries.")
    if len(gathering.files) >= MOST_FILES:
        return _Refusal(
            f"{name} is one file too many; a document is made of at most {MOST_FILES}.", "Join some of the files."
        )
    return target


def _join(gathering: _Gathering, entries: dict[str | int, Entry], more: Mapping[str | int, Entry]) -> None:
    for key, entry in more.items():
        if key == INCLUDE:
            continue
        if key not in entries:
            entries[key] = entry
            continue
        first = entries[key].key
        message = f"`{shortened(str(key))}` stands in two files: at {first} and at {entry.key}."
        finding = Diagnostic("SLA107", Severity.ERROR, message, (key,), entry.key, "Keep it in one of them.")
        gathering.findings.append(finding)
