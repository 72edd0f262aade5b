"""A line of a file with a caret below the place that is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from sla_sync.diagnostics import Location

WIDEST = 100
"""How many characters of a line are shown; of a longer line those around the place."""


def excerpt(lines: Sequence[str], place: Location) -> str:
    """Return the line of `place` and a caret below its column, or nothing where the file has no such line."""
    if not 1 <= place.line <= len(lines):
        return ""
    line = lines[place.line - 1]
    column = min(place.column - 1, len(line))
    start = max(0, column - WIDEST // 2) if len(line) > WIDEST else 0
    shown = "".join(each if each.isprintable() else " " for each in line[start : start + WIDEST])
    before = "".join(" " * _width(each) for each in shown[: column - start])
    gutter = f"{place.line:>5} | "
    return f"{gutter}{shown}\n{' ' * (len(gutter) - 2)}| {before}^"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
