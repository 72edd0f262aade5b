"""A YAML file and the files that it includes, as plain values with the place of each; what is wrong is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sla_sync.agreement.characters import lines_of
from sla_sync.agreement.excerpts import excerpt
from sla_sync.agreement.files import shown_from_here
from sla_sync.agreement.includes import Gathered, gather_file, gather_text
from sla_sync.agreement.nodes import Node, known_entries, offset_of_character
from sla_sync.diagnostics import Diagnostic, KeyPath, Location


@dataclass(frozen=True, slots=True)
class Source:
    """What a file and its includes hold.

    `data` has plain values only: mappings with text keys, lists, text, numbers, booleans and None. It is None where the
    files cannot be read or where what they say is in doubt; then `diagnostics` says why.
    """

    file: str
    data: Mapping[str, object] | None
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    root: Node | None = None

    def locate(self, path: KeyPath) -> Location:
        """Return where the value at `path` stands; where there is none, the key of the last part that exists."""
        return self._place(path, of_key=False)

    def locate_key(self, path: KeyPath) -> Location:
        """Return where the key at `path` stands; where there is none, the key of the last part that exists."""
        return self._place(path, of_key=True)

    def locate_character(self, path: KeyPath, offset: int) -> Location:
        """Return where the character `offset` (from 0) of the text at `path` stands, or where the text begins."""
        start = self.locate(path)
        entries = known_entries(self.root, path) if self.root else ()
        if not path or len(entries) < len(path) or entries[-1].node.place != start:
            return start
        text = self.texts.get(start.file, "")
        at = offset_of_character(text, entries[-1].node, offset)
        if at is None:
            return start
        lines = lines_of(text[entries[-1].node.offset : at])
        before = start.column - 1 if len(lines) == 1 else 0
        return Location(start.file, start.line + len(lines) - 1, before + len(lines[-1]) + 1)

    def plain_texts(self) -> Iterator[tuple[KeyPath, str, bool]]:
        """Yield path and text of every key and value that is a text without quotes; True where it is the key."""
        waiting: list[tuple[KeyPath, Node]] = [((), self.root)] if self.root else []
        while waiting:
            path, node = waiting.pop()
            for key, entry in node.entries.items():
                inside = (*path, key)
                if entry.plain_key and isinstance(key, str):
                    yield inside, key, True
                if entry.node.plain and isinstance(entry.node.value, str):
                    yield inside, entry.node.value, False
                if entry.node.entries:
                    waiting.append((inside, entry.node))

    def text_of(self, file: str) -> tuple[str, ...]:
        """Return the lines of one of the files, named as a location names it; none where it was not read."""
        return lines_of(self.texts[file]) if file in self.texts else ()

    def excerpt(self, location: Location) -> str:
        """Return the line at a place with a caret below the column; empty where there is no such line."""
        return excerpt(self.text_of(location.file), location)

    def _place(self, path: KeyPath, *, of_key: bool) -> Location:
        entries = known_entries(self.root, path) if self.root else ()
        if not entries:
            return Location(self.file)
        last = entries[-1]
        return last.place if len(entries) == len(path) and not of_key else last.key


def read_source(path: Path, *, root: Path, shown: str | None = None) -> Source:
    """Return what the file at `path` holds, with what it includes from inside `root`.

    `shown` is how the file is named in findings; else relative to the current folder, else to `root`.
    """
    file = shown or shown_from_here(path, root)
    return _source(file, gather_file(path, file, folder=root))


def read_text_source(text: str, name: str = "agreement.yaml") -> Source:
    """Return what a text holds that comes from no file; `name` stands for the file in findings."""
    return _source(name, gather_text(text, name))


def _source(file: str, gathered: Gathered) -> Source:
    value = gathered.root.value if gathered.root and gathered.whole else None
    data = value if isinstance(value, dict) else None
    return Source(file, data, gathered.findings, gathered.texts, gathered.root)
