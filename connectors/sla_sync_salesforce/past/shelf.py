"""A shelf on disk for what a run has read of leads, so that each can be told whole, in order, in memory that stays flat.

Bulk queries hand their rows out in any order; here they are sorted. The file is ours alone and gone when the run ends.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

_SCHEMA = """
CREATE TABLE lead (id TEXT, created TEXT, maker TEXT, body TEXT);
CREATE TABLE change (lead TEXT, at TEXT, field TEXT, old TEXT, new TEXT, maker TEXT, id TEXT);
CREATE TABLE verdict (lead TEXT, body TEXT);
"""
_SORTED = "CREATE INDEX lead_id ON lead (id); CREATE INDEX change_lead ON change (lead, at, id)"
_TOGETHER = 50
"""So many leads of one user within one minute are an import."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a lead that became another; `at` as the org writes it."""

    lead: str
    at: str
    field: str
    old: str
    new: str
    by: str
    id: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All that was read of one lead."""

    row: Mapping[str, str]
    changes: tuple[Change, ...]
    turns: tuple[Mapping[str, str], ...]
    """Its assignments, as far as they tell what became of it."""


class Shelf:
    """Rows of leads, of their changes and of their assignments, in a file."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path)
        self._file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def put_leads(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Keep leads."""
        told = ((row["Id"], row["CreatedDate"], row["CreatedById"], json.dumps(row)) for row in rows)
        self._file.executemany("INSERT INTO lead VALUES (?, ?, ?, ?)", told)

    def put_changes(self, rows: Iterable[Change]) -> None:
        """Keep changes."""
        told = ((each.lead, each.at, each.field, each.old, each.new, each.by, each.id) for each in rows)
        self._file.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?)", told)

    def put_turns(self, rows: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        """Keep assignments, each with its lead."""
        self._file.executemany("INSERT INTO verdict VALUES (?, ?)", ((lead, json.dumps(row)) for lead, row in rows))

    def sort(self) -> None:
        """Bring all into order; nothing is put afterwards."""
        self._file.executescript(_SORTED)

    def imports(self) -> frozenset[tuple[str, str]]:
        """Return who made many leads at once, and in which minute.

        Inferred: Salesforce does not tell that a lead came by an import.
        """
        found = self._file.execute(
            "SELECT maker, substr(created, 1, 16) FROM lead GROUP BY 1, 2 HAVING count(*) >= ?", (_TOGETHER,)
        )
        return frozenset((str(maker), str(minute)) for maker, minute in found)

    def leads(self, after: str = "") -> Iterator[Kept]:
        """Yield each lead after one, by id, with its changes by time."""
        with (
            closing(self._file.execute("SELECT id, body FROM lead WHERE id > ? ORDER BY id", (after,))) as leads,
            closing(
                self._file.execute("SELECT * FROM change WHERE lead > ? ORDER BY lead, at, id", (after,))
            ) as changes,
            closing(self._file.execute("SELECT * FROM verdict WHERE lead > ? ORDER BY lead", (after,))) as turns,
        ):
            changed = _Following(changes)
            turned = _Following(turns)
            for identity, body in leads:
                kept = tuple(Change(*each) for each in changed.of(identity))
                yield Kept(json.loads(body), kept, tuple(json.loads(each[1]) for each in turned.of(identity)))


class _Following:
    """Rows in the order of their leads, handed out lead by lead."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self._groups = groupby(rows, key=lambda each: each[0])
        self._next = self._taken()

    def of(self, lead: str) -> list[tuple[str, ...]]:
        """Return the rows of a lead; leads are asked for in order."""
        while self._next is not None and self._next[0] < lead:
            self._next = self._taken()
        return self._next[1] if self._next is not None and self._next[0] == lead else []

    def _taken(self) -> tuple[str, list[tuple[str, ...]]] | None:
        found = next(self._groups, None)
        return None if found is None else (found[0], list(found[1]))


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Open a shelf that is gone afterwards."""
    with TemporaryDirectory(prefix="sla-sync-") as folder:
        opened = Shelf(Path(folder) / "leads")
        try:
            yield opened
        finally:
            opened.close()
