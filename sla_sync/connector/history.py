"""The past of a platform as a connector tells it: rows of the neutral tables, piece by piece, from a mark on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.expressions.walk import fields_in
from sla_sync.agreement.expressions.words import as_number
from sla_sync.history.tables import (
    ACTIVITIES,
    DEALS,
    FACTS,
    LEADS,
    LEGS,
    OWNERS,
    RAISES,
    STAGES,
    USERS,
    Table,
)
from sla_sync.resources import Resources
from sla_sync.semantics.expressions import holds

if TYPE_CHECKING:
    from sla_sync.connector import Setup

__all__ = (
    "ACTIVITIES", "DEALS", "FACTS", "LEADS", "LEGS", "OWNERS", "RAISES", "STAGES", "USERS",
    "Copied", "HistoryAsked", "Piece", "Table", "TellsCopied", "TellsHistory", "Untold", "as_number", "fields_in",
    "holds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryAsked:
    """What is asked: all that happened from `since` to before `until`, from each stream's mark on, in agreed words.

    `resources` and `binding` say what the words are and where they stand there, as in `Watched`. `marks` is what the last
    export of this target kept, by stream: text that only the connector understands.
    """

    since: datetime
    until: datetime
    resources: Resources
    binding: BindingDocument
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of one table, as plain values by column, with ids as the platform has them.

    When they are kept safely, `mark` is kept for `stream`; whoever asks again with it gets what comes after. A row may come
    again in a later piece: rows are one and the same by `key`, and the later one counts.
    """

    table: Table
    rows: Sequence[Mapping[str, object]]
    stream: str
    mark: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that the platform does not tell: what, why, and what somebody can do so that it will."""

    what: str
    because: str
    hint: str = ""


class Copied(Protocol):
    """Tables that a tool copied of a platform, by the names that tables and columns have there."""

    def has(self, table: str, column: str) -> bool:
        """Return whether a table with this column was copied."""
        ...

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table, as they are spelled in the copy."""
        ...

    def rows(
        self, table: str, columns: Sequence[str], by: str = "", among: tuple[str, Collection[str]] | None = None
    ) -> Iterator[dict[str, str]]:
        """Yield the rows of a table, each with a text for every column: empty where nothing is there, instants in ISO 8601.

        They come in the order of the column `by`, as text, where one is named; with `among`, a column and texts, only rows
        that hold one of these texts there.
        """
        ...


class TellsCopied(Protocol):
    """What tells the past from tables that were copied of a platform, as the history of a reader does."""

    def __call__(self, asked: HistoryAsked, setup: Setup, copied: Copied) -> Iterator[Piece | Untold]:
        """Yield what happened as far as the tables hold it, and what they do not tell."""
        ...


@runtime_checkable
class TellsHistory(Protocol):
    """A reader that can tell the past. `Untold` come among the pieces; nothing is promised to be whole before the end."""

    def history(self, asked: HistoryAsked) -> Iterator[Piece | Untold]:
        """Yield what happened, piece by piece, in memory that does not grow with it. Raises ConnectorError."""
        ...
