"""The page that the parties sign, as blocks that Markdown and HTML both know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 begins a chapter, 3 a part of it."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of whole sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What one side promises, in one sentence that stands out, and the words in which its author put it."""

    text: str
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that is less than a clause."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list; `ordered` where the order counts."""

    items: Sequence[str]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what each means."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads, named by a caption; the first cell of a row is its head."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    """The columns that hold numbers and stand to the right."""


def without_empty(table: Table) -> Table:
    """Return a table without the columns that say nothing in any row."""
    kept = [index for index in range(len(table.head)) if not index or any(row[index] for row in table.rows)]
    return Table(
        table.caption,
        [table.head[index] for index in kept],
        [[row[index] for index in kept] for row in table.rows],
        frozenset(kept.index(index) for index in table.numbers if index in kept),
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with what it shows in words; `draw` returns SVG, or why there is none as `Undrawn`."""

    title: str
    description: str
    draw: Callable[[], str]
    mermaid: str = ""
    """The same as a Mermaid diagram for Markdown; empty where a table beside it says the same."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Where the roles sign."""

    roles: Sequence[str]


class Undrawn(Exception):  # noqa: N818 - it is an answer, not a fault
    """A picture cannot be drawn here; the message says what is missing."""


Block: TypeAlias = Heading | Paragraph | Promise | Note | Points | Terms | Table | Picture | Signatures


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    title: str
    standing: str
    """Status, dates and version in one line."""
    blocks: Sequence[Block]
