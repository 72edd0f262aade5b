"""Keeping what a source tells, batch by batch: rows first, then how far it was told; one export at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sla_sync.errors import SlaSyncError
from sla_sync.history.folding import fold
from sla_sync.history.incoming import keep_parcel
from sla_sync.history.leaving import is_kept
from sla_sync.history.privacy import Privacy
from sla_sync.history.standing import Lacking, Standing, write_standing
from sla_sync.history.tables import TABLES, Table

LOCK: Final = "export.lock"
_TOGETHER: Final = 20_000
_FOLDED: Final = 100_000
_PRIMARY: Final = 0xFF
"""SQLite tells in the lowest byte of a code what sort of error it is."""
_DAMAGED: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


@dataclass
class Keeping:
    """An export that is under way into a folder: what it has reached, and rows that are not written yet.

    `begin` is the first instant that is kept, None for all. So many rows are written `together`; after so many that were
    written, parcels are `folded` into their months: as many are held then as have come since the last time.
    """

    folder: Path
    standing: Standing
    privacy: Privacy
    begin: datetime | None = None
    together: int = _TOGETHER
    folded: int = _FOLDED
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows of each table have come."""
    too_old: int = 0
    """How many rows came that ended before what is kept, and were left out at once."""
    _waiting: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _marks: dict[str, str] = field(default_factory=dict)
    _unfolded: int = 0

    def put(self, table: Table, rows: Sequence[Mapping[str, object]], key: tuple[str, ...]) -> None:
        """Take rows that are one and the same by a key; what must not be kept of them never touches the disk."""
        for row in rows:
            if not is_kept(table, row, self.begin):
                self.too_old += 1
            elif not self.privacy.is_forgotten(row):
                self._waiting.setdefault(table.name, []).append(self.privacy.kept(table, row))
                self.rows[table.name] = self.rows.get(table.name, 0) + 1
        self._keys[table.name] = key

    def reached(self, stream: str, mark: str) -> None:
        """Note up to where a stream was told; it counts when the rows that have come are on the disk."""
        self._marks[stream] = mark
        if sum(map(len, self._waiting.values())) >= self.together:
            self.flush()

    def lacks(self, lacking: Lacking) -> None:
        """Note what the source does not tell, once."""
        if lacking not in self.standing.untold:
            self.standing = replace(self.standing, untold=(*self.standing.untold, lacking))

    def flush(self) -> None:
        """Write what has come, and then how far it was told."""
        for name, rows in self._waiting.items():
            if rows:
                keep_parcel(self.folder, TABLES[name], rows, self._keys[name])
                self._unfolded += len(rows)
        self._waiting.clear()
        self.standing = replace(self.standing, marks={**self.standing.marks, **self._marks})
        write_standing(self.folder, self.standing)
        if self._unfolded >= self.folded:
            fold(self.folder)
            self._unfolded = 0

    def finish(self) -> None:
        """Write the rest, bring everything into its month, and note that all was told."""
        self.flush()
        fold(self.folder)
        self.standing = replace(self.standing, finished=True, words=self.privacy.wanted.words)
        write_standing(self.folder, self.standing)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep other exports out of a folder until the context ends, however it ends. Raises SlaSyncError where one is under way."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
    except sqlite3.DatabaseError as error:
        raise _unusable(folder, error) from error
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY:
                raise SlaSyncError(
                    f"Another export into {folder} is under way.",
                    hint="Wait until it has ended, or name another folder.",
                ) from error
            raise _unusable(folder, error) from error
        yield
    finally:
        lock.close()


def _unusable(folder: Path, error: sqlite3.DatabaseError) -> SlaSyncError:
    if error.sqlite_errorcode & _PRIMARY in _DAMAGED:
        return SlaSyncError(f"{folder / LOCK} is damaged.", hint="Delete it: it holds nothing, and is made anew.")
    return SlaSyncError(
        f"Nothing can be exported into {folder}: {error}.",
        hint="Free space on that disk or correct the rights there, or name another folder with --out.",
    )
