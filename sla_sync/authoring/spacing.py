"""Space that means nothing: line ends, blanks at the end of a line, empty lines, the gaps inside `{…}` and `[…]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEntryToken,
    FlowEntryToken,
    KeyToken,
    ScalarToken,
    ValueToken,
)

from sla_sync.authoring.tokens import Closing, Edit, Opening, Placed, edited, placed, seen

_BLANK = re.compile(r"[ \t]*")


def with_plain_line_ends(text: str) -> str:
    """Return the text with a line feed at the end of each line, and nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_idle_space(text: str) -> str:
    """Return the text without blanks at the end of a line, and with no more than one empty line in a row."""
    texts = _lines_inside_texts(text)
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number in texts:
            lines.append(line)
        elif line.strip(" \t"):
            lines.append(line.rstrip(" \t"))
        elif lines and lines[-1]:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join([*lines, ""])


def _lines_inside_texts(text: str) -> frozenset[int]:
    """Return the lines that are a part of a text which goes over several, where blanks may mean something."""
    return frozenset(
        line
        for each in placed(text)
        if isinstance(each.token, ScalarToken) and each.last_line > each.line
        for line in range(each.line, each.last_line + 1)
    )


def with_even_gaps(text: str) -> str:
    """Return the text with one space after each `,` and `:` inside brackets, and none beside the brackets.

    More than one space after the `:` of a key on a line of its own stays: it lines values up.
    """
    return edited(text, _gaps(text))


def _gaps(text: str) -> Iterator[Edit]:
    depth = 0
    for before, after in pairwise(seen(placed(text))):
        depth += isinstance(before.token, Opening)
        depth -= isinstance(before.token, Closing)
        if before.last_line != after.line:
            continue
        gap = text[before.end : after.start]
        wanted = _wanted(before, after, inside=depth > 0)
        if _BLANK.fullmatch(gap) and wanted is not None and wanted != gap:
            yield Edit(before.end, after.start, wanted)


def _wanted(before: Placed, after: Placed, *, inside: bool) -> str | None:
    """Return what should stand between two tokens, or None where the author's space stays."""
    one, two = before.token, after.token
    if isinstance(one, KeyToken | BlockEntryToken) or isinstance(two, KeyToken | BlockEntryToken):
        return None
    if isinstance(two, ValueToken):
        return None if isinstance(one, AliasToken) else ""
    if isinstance(one, AnchorToken):
        return " "
    if not inside:
        return None
    if isinstance(one, Opening) or isinstance(two, Closing | FlowEntryToken):
        return ""
    return " " if isinstance(one, FlowEntryToken | ValueToken) else None
