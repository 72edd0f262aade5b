"""The tokens of a YAML text as the parser sees them: what stands where, and what between them is only space and comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml
from yaml.tokens import (
    BlockEndToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    Token,
)

Opening = FlowMappingStartToken | FlowSequenceStartToken
Closing = FlowMappingEndToken | FlowSequenceEndToken
BlockStart = BlockMappingStartToken | BlockSequenceStartToken

__all__ = [
    "BlockEndToken",
    "BlockStart",
    "Closing",
    "Edit",
    "Opening",
    "Placed",
    "comments",
    "edited",
    "placed",
    "seen",
]


@dataclass(frozen=True, slots=True)
class Placed:
    """A token with where it begins and ends: offsets into the text, lines and a column, all from 0."""

    token: Token
    start: int
    end: int
    line: int
    column: int
    last_line: int

    @property
    def wide(self) -> bool:
        """Whether it is written; the parser also reports what only follows from the indentation."""
        return self.end > self.start


@dataclass(frozen=True, slots=True)
class Edit:
    """What replaces the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text after all edits, which do not overlap."""
    parts, at = [], 0
    for each in sorted(edits, key=lambda edit: edit.start):
        parts += [text[at : each.start], each.text]
        at = each.end
    return "".join([*parts, text[at:]])


def placed(text: str) -> tuple[Placed, ...]:
    """Return every token of a text. Raises yaml.YAMLError where it has none that fit."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(_placed(each) for each in yaml.scan(text, Loader=loader))


def _placed(token: Token) -> Placed:
    start, end = token.start_mark, token.end_mark
    # A token that ends where a line begins, as a block scalar does, has its last character in the line before.
    last = end.line - 1 if end.column == 0 and end.line > start.line else end.line
    return Placed(token, start.index, end.index, start.line, start.column, last)


def seen(tokens: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return the tokens that are written, in the order of the text."""
    return tuple(each for each in tokens if each.wide)


def comments(text: str) -> tuple[str, ...]:
    """Return every comment of a text, sorted. Raises yaml.YAMLError as `placed`."""
    return tuple(sorted(_comments(text)))


def _comments(text: str) -> Iterator[str]:
    inside = seen(placed(text))
    ends = [0, *(each.end for each in inside)]
    starts = [*(each.start for each in inside), len(text)]
    for begin, end in zip(ends, starts, strict=True):
        for line in text[begin:end].splitlines():
            if "#" in line:
                yield line[line.index("#") :].rstrip()
