"""The tree of a YAML text: every value with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sla_sync.diagnostics import KeyPath, Location

_ANCHOR = re.compile(r"&\S+\s+")


@dataclass(frozen=True, slots=True)
class Node:
    """A value. `size` counts it, its keys and all below; `height` counts levels; both with aliases written out.

    `plain` says that it is a text without quotes, which other tools may read as something else.
    """

    value: object
    place: Location
    offset: int
    entries: Mapping[str | int, Entry] = field(default_factory=dict)
    size: int = 1
    height: int = 1
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in its mapping or list. `key` is where its key stands, in a list where the value stands.

    `place` is where the value stands in this text: for an alias not where its anchor is. `plain_key` is of the key what
    `plain` is of a value.
    """

    key: Location
    place: Location
    node: Node
    plain_key: bool = False


def known_entries(root: Node, path: KeyPath) -> tuple[Entry, ...]:
    """Return the entries along a path, from the top to the last one that exists."""
    found: list[Entry] = []
    node = root
    for step in path:
        entry = node.entries.get(step)
        if entry is None:
            break
        found.append(entry)
        node = entry.node
    return tuple(found)


def offset_of_character(text: str, node: Node, character: int) -> int | None:
    """Return where in `text` a character of a text value stands, or None where escapes blur it."""
    value = node.value
    if not isinstance(value, str) or not 0 <= character <= len(value):
        return None
    anchor = _ANCHOR.match(text, node.offset)
    place = end = anchor.end() if anchor else node.offset
    if text[place : place + 1] in {"|", ">"}:
        place = text.find("\n", place) + 1
    elif text[place : place + 1] in {"'", '"'}:
        place += 1
    for each in value[: character + 1]:
        if each.isspace():
            continue
        while text[place : place + 1].isspace():
            place += 1
        if text[place : place + 1] != each:
            return None
        end = place
        place += 1
    stands_on_it = character < len(value) and not value[character].isspace()
    return end if stands_on_it else end + 1
