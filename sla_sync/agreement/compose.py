"""A YAML text becomes a tree of values with places; what an agreement must not hold becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from sla_sync.agreement.formats import shortened
from sla_sync.agreement.nodes import Entry, Node
from sla_sync.agreement.scalars import Scalar, UnusableNumberError, key_text, resolved
from sla_sync.agreement.yaml_problems import syntax_finding
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity

DEEPEST = 40
"""How many levels mappings and lists may have."""

MOST_NODES = 100_000
"""How many keys and values a document may have, each alias written out."""

MOST_FINDINGS = 50
"""After so many the rest of a file is not read."""

_CORE_TAGS = "tag:yaml.org,2002:"
_FIRST_LINES = "Begin with `apiVersion: sla-sync/v1` and `kind:`."


@dataclass(frozen=True, slots=True)
class Composed:
    """What one text holds. `root` is None where it could not be read to its end.

    `whole` says that every value means what was written, so that what is missing or odd is the author's doing.
    """

    root: Node | None
    findings: tuple[Diagnostic, ...]
    whole: bool


@dataclass(slots=True)
class _Reading:
    """How far reading has come."""

    file: str
    events: Iterator[Event]
    room: int
    findings: list[Diagnostic] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    whole: bool = True


class _UnreadableError(Exception):
    """The rest of the text is not read; why is already noted."""


def compose(text: str, file: str, *, room: int = MOST_NODES) -> Composed:
    """Return what a text holds, with everything that is wrong with it; at most `room` nodes are read."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reading = _Reading(file, yaml.parse(text, Loader=loader), room)
    root: Node | None = None
    try:
        root = _document(reading)
    except yaml.YAMLError as error:
        reading.findings.append(syntax_finding(error, text, file))
    except _UnreadableError:
        pass
    return Composed(root, tuple(reading.findings), reading.whole and root is not None)


def _document(reading: _Reading) -> Node:
    first = next(reading.events)
    if isinstance(first, StreamStartEvent):
        first = next(reading.events)
    if not isinstance(first, DocumentStartEvent):
        _stop(reading, Location(reading.file), "The file is empty.", _FIRST_LINES)
    begun = next(reading.events)
    root = _node(reading, begun, _place(reading, begun), (), 1)
    next(reading.events)
    following = next(reading.events)
    if isinstance(following, DocumentStartEvent):
        _stop(reading, _place(reading, following), "A second document begins here.", "Keep one document in each file.")
    if root is None:
        raise _UnreadableError
    if root.value is None:
        _stop(reading, Location(reading.file), "The file is empty.", _FIRST_LINES)
    if not isinstance(root.value, dict):
        what = "a list" if isinstance(root.value, list) else "a single value"
        _stop(reading, root.place, f"The file holds {what}, where sections with names are expected.", _FIRST_LINES)
    return root


def _stop(reading: _Reading, place: Location, message: str, hint: str) -> NoReturn:
    _refuse(reading, place, message, hint)
    raise _UnreadableError


def _node(reading: _Reading, event: Event, place: Location, path: KeyPath, depth: int) -> Node | None:
    """Return the node that begins with `event`, or None where it was refused."""
    if depth > DEEPEST:
        _too_deep(reading, place, path)
    if isinstance(event, AliasEvent):
        return _aliased(reading, event, place, path, depth)
    anchor = _begun(reading, event, place, path)
    node = _content(reading, event, place, path, depth)
    if anchor is not None:
        reading.anchors[anchor] = node
    return node


def _begun(reading: _Reading, event: Event, place: Location, path: KeyPath) -> str | None:
    """Count a node, refuse its tag, and return its anchor, which no alias may name before the node ends."""
    _count(reading, 1, place, path)
    tag = event.tag if isinstance(event, ScalarEvent | CollectionStartEvent) else None
    if tag is not None:
        message = f"The tag `{shortened(tag.replace(_CORE_TAGS, '!!'))}` is not part of the language."
        _refuse(reading, place, message, "Remove the tag; values are read by their spelling.", path)
    anchor = event.anchor if isinstance(event, NodeEvent) else None
    if anchor is not None:
        reading.anchors[anchor] = None
    return anchor


def _content(reading: _Reading, event: Event, place: Location, path: KeyPath, depth: int) -> Node | None:
    if isinstance(event, MappingStartEvent):
        return _collection(place, event, _mapping(reading, path, depth), in_order=False)
    if isinstance(event, SequenceStartEvent):
        return _collection(place, event, _list(reading, path, depth), in_order=True)
    value: Scalar = None
    plain = isinstance(event, ScalarEvent) and bool(event.implicit[0])
    if isinstance(event, ScalarEvent):
        try:
            value = resolved(event.value) if event.implicit[0] else event.value
        except UnusableNumberError:
            message = f"`{shortened(event.value)}` is not a number that an agreement can state."
            _doubt(reading, place, message, "Write a finite number of less than 40 digits, or quote the text.", path)
    return Node(value, place, _offset(event), plain=plain and isinstance(value, str))


def _collection(place: Location, event: Event, entries: dict[str | int, Entry], *, in_order: bool) -> Node:
    nodes = [each.node for each in entries.values()]
    value: object = [node.value for node in nodes]
    if not in_order:
        value = {key: entry.node.value for key, entry in entries.items()}
    keys = 0 if in_order else len(nodes)
    size = 1 + keys + sum(node.size for node in nodes)
    height = 1 + max((node.height for node in nodes), default=0)
    return Node(value, place, _offset(event), entries, size, height)


def _list(reading: _Reading, path: KeyPath, depth: int) -> dict[str | int, Entry]:
    entries: dict[str | int, Entry] = {}
    while not isinstance(event := next(reading.events), SequenceEndEvent):
        place = _place(reading, event)
        node = _node(reading, event, place, (*path, len(entries)), depth + 1)
        if node is not None:
            entries[len(entries)] = Entry(place, place, node)
    return entries


def _mapping(reading: _Reading, path: KeyPath, depth: int) -> dict[str | int, Entry]:
    entries: dict[str | int, Entry] = {}
    while not isinstance(event := next(reading.events), MappingEndEvent):
        place = _place(reading, event)
        key = _key(reading, event, place, path, depth)
        plain = isinstance(event, ScalarEvent) and bool(event.implicit[0])
        event = next(reading.events)
        inside = path if key is None else (*path, key)
        held_at = _place(reading, event)
        node = _node(reading, event, held_at, inside, depth + 1)
        if key in entries:
            first = entries[key].key
            message = f"The key `{shortened(key)}` stands twice: in line {first.line} and here in line {place.line}."
            _refuse(reading, place, message, "Keep one of them.", inside)
        elif key is not None and node is not None:
            entries[key] = Entry(place, held_at, node, plain_key=plain)
    return entries


def _key(reading: _Reading, event: Event, place: Location, path: KeyPath, depth: int) -> str | None:
    """Return the key that begins with `event`, or None where it was refused."""
    if not isinstance(event, ScalarEvent):
        _node(reading, event, place, path, depth + 1)
        _doubt(
            reading, place, "A key is not a text.", "Write a name as the key; put values to the right of the `:`.", path
        )
        return None
    anchor = _begun(reading, event, place, path)
    if anchor is not None:
        reading.anchors[anchor] = Node(event.value, place, _offset(event))
    if not event.implicit[0]:
        return event.value
    if event.value == "<<":
        message = "The merge key `<<` is not part of the language."
        _doubt(reading, place, message, "Write the keys out, or use an alias for a whole value.", path)
        return None
    key = key_text(event.value)
    if key is None:
        message = f"The key `{shortened(event.value)}` is not a text." if event.value else "A key is empty."
        _doubt(reading, place, message, "Put the key in quotes if this text is meant.", path)
    return key


def _aliased(reading: _Reading, event: AliasEvent, place: Location, path: KeyPath, depth: int) -> Node | None:
    name = event.anchor or ""
    node = reading.anchors.get(name)
    if node is None:
        circular = name in reading.anchors
        message = f"The alias `*{shortened(name)}` " + (
            "stands inside its own anchor." if circular else "has no anchor before it."
        )
        _doubt(
            reading,
            place,
            message,
            f"Put quotes around the value, or mark what is meant with `&{shortened(name)}`.",
            path,
        )
        return None
    if depth + node.height - 1 > DEEPEST:
        _too_deep(reading, place, path)
    _count(reading, node.size, place, path)
    return node


def _count(reading: _Reading, nodes: int, place: Location, path: KeyPath) -> None:
    reading.room -= nodes
    if reading.room < 0:
        message = f"The document has more than {MOST_NODES:,} keys and values, each alias written out."
        _refuse(reading, place, message, "Split the agreement, or use fewer aliases.", path)
        raise _UnreadableError


def _too_deep(reading: _Reading, place: Location, path: KeyPath) -> NoReturn:
    message = f"Values are nested more than {DEEPEST} levels deep."
    _refuse(reading, place, message, "Keep mappings and lists flatter.", path)
    raise _UnreadableError


def _doubt(reading: _Reading, place: Location, message: str, hint: str, path: KeyPath) -> None:
    """Note a finding after which the values no longer say what was written."""
    reading.whole = False
    _refuse(reading, place, message, hint, path)


def _refuse(reading: _Reading, place: Location, message: str, hint: str, path: KeyPath = ()) -> None:
    reading.findings.append(Diagnostic("SLA100", Severity.ERROR, message, path, place, hint))
    if len(reading.findings) >= MOST_FINDINGS:
        raise _UnreadableError


def _place(reading: _Reading, event: Event) -> Location:
    mark = event.start_mark
    return Location(reading.file) if mark is None else Location(reading.file, mark.line + 1, mark.column + 1)


def _offset(event: Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.index
