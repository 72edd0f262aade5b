"""The pack as a document: parts with paragraphs, lists, tables and pictures, before any format has its say."""

from __future__ import annotations

from dataclasses import dataclass

from sla_sync.render.pack.pictures import Picture


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    `at` is the place of its number in the JSON (`/scorecard/0/actual/value`) and `value` that number; both are empty for words.
    `tone` is a word that the page has a colour for; the text says the same. `links` are the pieces of the text, each with its
    address, where they lead to different places.
    """

    text: str
    at: str = ""
    value: float | None = None
    link: str = ""
    tone: str = ""
    picture: Picture | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Grounds:
    """What stands beneath numbers: what they mean, of how many, and what was left out or could not be judged."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first cell of each row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph; `tone` as in a cell."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """A list under a few words; it is folded where it is long."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of something within a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text that others wrote, shown as it stands and folded at first."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture whose numbers stand in a table or a sentence beside it."""

    picture: Picture


Block = Grid | Said | Points | Heading | Quoted | Drawn | Grounds


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the pack; `id` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole pack. `warning` is empty but for a history that was made up; it then stands on every page."""

    title: str
    standing: tuple[str, ...]
    warning: str
    parts: tuple[Part, ...]


def kind_of(block: Block) -> str:
    """Return the word by which a template knows a block."""
    return type(block).__name__.lower()


def words_of(text: str) -> Cell:
    """Return a cell of words."""
    return Cell(text)
