"""The version of the language before this one: what was called otherwise, and how such a document is read all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sla_sync.agreement.nodes import Entry, Node
from sla_sync.agreement.source import Source
from sla_sync.conventions import API_VERSION
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity

PREVIOUS: Final = "sla-sync/v1beta1"
DEPRECATED = "SLA109"
_VERSION = ("apiVersion",)
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Renaming:
    """A key of one kind of document that has another name now. `within` leads to it in today's names; `*` is any."""

    kind: str
    within: tuple[str, ...]
    old: str
    new: str


RENAMINGS = (
    Renaming("LeadSLA", (), "glossary", "terms"),
    Renaming("LeadSLA", (), "tiers", "priorities"),
    Renaming("LeadSLA", ("stages", _ANY), "owner", "accountable"),
    Renaming("LeadSLA", ("commitments", _ANY), "escalate", "on_breach"),
    Renaming("LeadSLA", ("commitments", _ANY, "clock"), "from", "starts"),
    Renaming("LeadSLA", ("commitments", _ANY, "clock"), "to", "stops"),
    Renaming("Binding", ("metadata",), "platform", "connector"),
    Renaming("Targets", ("targets", _ANY), "platform", "connector"),
)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A key that was renamed, and where its old name stands."""

    place: Location
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A document in today's words with the places of the old ones, and what was renamed in it."""

    source: Source
    renamed: tuple[Renamed, ...]


def upgraded(source: Source) -> Upgraded | None:
    """Return a document of the previous version in today's words; None where it is no such document."""
    root, data = source.root, source.data
    if root is None or data is None or data.get("apiVersion") != PREVIOUS:
        return None
    node, renamed = _renamed(root, str(data.get("kind")), ())
    entries = dict(node.entries)
    version = entries["apiVersion"]
    entries["apiVersion"] = replace(version, node=replace(version.node, value=API_VERSION))
    node = _of(node, entries)
    # What a document includes is named in its tree, and is no section.
    value = {str(key): entry.node.value for key, entry in entries.items() if key != "include"}
    return Upgraded(replace(source, root=node, data=value), tuple(dict.fromkeys(renamed)))


def deprecated(source: Source) -> Diagnostic:
    """Return the finding for a document of the previous version."""
    return Diagnostic(
        DEPRECATED,
        Severity.WARNING,
        f"The document is written in `{PREVIOUS}`; the language is `{API_VERSION}` now.",
        _VERSION,
        source.locate(_VERSION),
        f"Rewrite it with `sla-sync upgrade {source.file}`.",
    )


def _renamed(node: Node, kind: str, path: KeyPath) -> tuple[Node, list[Renamed]]:
    """Return a node with today's names, and what was renamed in it; the node itself where nothing was."""
    names = {each.old: each.new for each in _at(kind, path) if each.new not in node.entries}
    entries: dict[str | int, Entry] = {}
    found: list[Renamed] = []
    for key, entry in node.entries.items():
        name = names.get(key, key) if isinstance(key, str) else key
        if isinstance(key, str) and name != key:
            found.append(Renamed(entry.key, key, str(name)))
        inside, more = _renamed(entry.node, kind, (*path, name))
        found += more
        entries[name] = replace(entry, node=inside) if more else entry
    return (_of(node, entries), found) if found else (node, [])


def _of(node: Node, entries: dict[str | int, Entry]) -> Node:
    if isinstance(node.value, list):
        return replace(node, entries=entries, value=[entry.node.value for entry in entries.values()])
    return replace(node, entries=entries, value={key: entry.node.value for key, entry in entries.items()})


def _at(kind: str, path: KeyPath) -> Iterator[Renaming]:
    for each in RENAMINGS:
        fits = len(each.within) == len(path) and all(
            step in {_ANY, name} for step, name in zip(each.within, path, strict=True)
        )
        if each.kind == kind and fits:
            yield each
