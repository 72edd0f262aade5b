"""A document of the previous version of the language in today's words: only the renamed words change in its files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sla_sync.agreement.characters import lines_of
from sla_sync.agreement.compose import compose
from sla_sync.agreement.includes import INCLUDE
from sla_sync.agreement.source import Source
from sla_sync.agreement.versions import PREVIOUS, Renamed, Upgraded
from sla_sync.authoring.tokens import Edit, edited
from sla_sync.conventions import API_VERSION
from sla_sync.diagnostics import Location
from sla_sync.errors import SlaSyncError

_BEFORE_WORD = re.compile(r"(?:&\S+\s+)?['\"]?")


def rewritten(source: Source, upgraded: Upgraded) -> Mapping[str, str]:
    """Return the new text of each file of a document that changes, by the name of the file in `source.texts`.

    Raises SlaSyncError where an old word cannot be replaced in its place.
    """
    version = Renamed(source.locate(("apiVersion",)), PREVIOUS, API_VERSION)
    edits: dict[str, list[Edit]] = {}
    for each in (version, *upgraded.renamed):
        edits.setdefault(each.place.file, []).append(_edit(source.texts[each.place.file], each))
    new = {file: edited(source.texts[file], inside) for file, inside in edits.items()}
    if _said({**source.texts, **new}) != upgraded.source.data:
        raise SlaSyncError(
            f"{source.file} uses one value in several places, not all of which have a new name.",
            hint="Write the value out where an alias (`*…`) stands for it, and upgrade again.",
        )
    return new


def _said(texts: Mapping[str, str]) -> Mapping[str | int, object]:
    """Return what files say together."""
    roots = [compose(text, file).root for file, text in texts.items()]
    entries = [(key, entry) for root in roots if root for key, entry in root.entries.items()]
    return {key: entry.node.value for key, entry in entries if key != INCLUDE}


def _edit(text: str, renamed: Renamed) -> Edit:
    start = _offset(text, renamed.place)
    before = _BEFORE_WORD.match(text, start)
    start = before.end() if before else start
    end = start + len(renamed.old)
    if text[start:end] != renamed.old:
        raise SlaSyncError(
            f"{renamed.place}: `{renamed.old}` is spelled with escapes and cannot be replaced.",
            hint=f"Write `{renamed.new}` there, and upgrade again.",
        )
    return Edit(start, end, renamed.new)


def _offset(text: str, place: Location) -> int:
    """Return the offset of a place in its text."""
    offset = 0
    for line in lines_of(text)[: place.line - 1]:
        end = offset + len(line)
        offset = end + (2 if text.startswith("\r\n", end) else 1)
    return offset + place.column - 1
