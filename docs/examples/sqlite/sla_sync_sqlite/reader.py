"""Reading the CRM over a connection that cannot write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sla_sync import connector as sla
from sla_sync_sqlite.terms import TABLES, SqliteOptions

JSON = frozenset({"options", "columns"})
"""Columns whose text is JSON."""
MANIFEST, LOCK = "sla-sync manifest", "sla-sync lock"
"""The notes that we keep in the CRM."""
Connect = Callable[..., sqlite3.Connection]


@contextmanager
def opened(connection: sla.Connection, mode: str, connect: Connect) -> Iterator[sqlite3.Connection]:
    """Open the file as `ro` or `rw` until the context ends; here, and nowhere else, SQLite's errors become ours."""
    file = SqliteOptions.model_validate(connection.options).file
    try:
        with closing(connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None)) as crm:
            crm.row_factory = sqlite3.Row
            yield crm
    except sqlite3.Error as error:
        if file.is_file():
            raise sla.RejectedError(f"The CRM {file} refuses: {error}.", hint="Close what else uses it.") from None
        raise sla.UnreachableError(f"There is no CRM {file}.", hint="Correct the file of the target.") from None


@contextmanager
def reading(connection: sla.Connection, connect: Connect = sqlite3.connect) -> Iterator[SqliteReader]:
    """Open a conversation in which SQLite refuses every statement that changes something."""
    with opened(connection, "ro", connect) as crm:
        yield SqliteReader(crm, connection.setup.agreement)


def note(crm: sqlite3.Connection, name: str) -> str | None:
    """Return what is kept in the CRM under a name."""
    row = crm.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
    return str(row["value"]) if row else None


@dataclass(frozen=True)
class SqliteReader:
    """A conversation with one CRM that cannot write."""

    crm: sqlite3.Connection
    agreement: str

    def check(self) -> tuple[sla.Diagnostic, ...]:
        """Return nothing: whoever can open the file may do everything."""
        return ()

    def read(self, addresses: Collection[sla.Address]) -> sla.Snapshot:
        """Return these settings and all that bear our mark."""
        settings: dict[sla.Address, sla.Live] = {}
        for kind, table in TABLES.items():
            for row in self.crm.execute(f"SELECT rowid, * FROM {table}"):
                values = {key: json.loads(row[key]) if key in JSON and row[key] else row[key] for key in row.keys()[2:]}
                address, ours = sla.Address(kind, row["name"]), sla.bears_mark(row["description"], self.agreement)
                if ours or address in addresses:
                    settings[address] = sla.Live(address, values, handle=str(row["rowid"]), managed=ours)
        return sla.Snapshot(settings)

    def manifest(self) -> sla.Manifest | None:
        """Return what the last apply left."""
        kept = note(self.crm, MANIFEST)
        return sla.manifest_from_json(kept) if kept else None

    def audit_trail(self, since: datetime | None) -> tuple[sla.SettingChange, ...]:
        """Return nothing: this CRM does not tell who changed what."""
        del since
        return ()

    def examine(self) -> Iterator[sla.Checkup]:
        """Yield how many settings and people there are."""
        for table in (*TABLES.values(), "people"):
            (number,) = self.crm.execute(f"SELECT count(*) FROM {table}").fetchone()
            yield sla.Checkup(table, sla.Standing.GOOD, f"{number} of them are in the CRM.")

    def story(self, record: str) -> sla.RecordStory:
        """Raise SlaSyncError: the CRM keeps no history of people."""
        raise sla.SlaSyncError(f"The CRM keeps no history of '{record}'.", hint="Ask whoever works there.")
