"""Writing to the CRM: one transaction that happens whole or not at all, under a lock that says who applies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sla_sync import connector as sla
from sla_sync.connector.locking import locked_by, read_signature, signed
from sla_sync_sqlite.reader import JSON, LOCK, MANIFEST, Connect, note, opened
from sla_sync_sqlite.terms import TABLES, TYPES

_KEEP = "INSERT OR REPLACE INTO notes VALUES (?, ?)"


@contextmanager
def writing(connection: sla.Connection, connect: Connect = sqlite3.connect) -> Iterator[SqliteWriter]:
    """Open a conversation that may write, under the apply lock until the context ends."""
    ticket, now = connection.lock, connection.now()
    if ticket is None:
        raise ValueError("A writer needs a ticket for the apply lock.")
    ours = signed(ticket, now, ticket.expires)
    with opened(connection, "rw", connect) as crm:
        with transaction(crm):
            held = read_signature(text, None, now) if (text := note(crm, LOCK)) else None
            if held and held.token != ticket.token and not held.over(now):
                raise locked_by(held, connection.target, ahead=timedelta(), remove=f"delete the note '{LOCK}'")
            crm.execute(_KEEP, (LOCK, ours))
        try:
            yield SqliteWriter(crm, ours)
        finally:
            crm.execute("DELETE FROM notes WHERE name = ? AND value = ?", (LOCK, ours))


@contextmanager
def transaction(crm: sqlite3.Connection, end: str = "COMMIT") -> Iterator[None]:
    """Do all that follows or none of it; with `ROLLBACK` none of it in any case."""
    crm.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        crm.rollback()
        raise
    crm.execute(end)


@dataclass(frozen=True)
class SqliteWriter:
    """A conversation with one CRM that may write."""

    crm: sqlite3.Connection
    lock: str

    def rehearse(self, changes: Sequence[sla.Change], manifest: sla.Manifest) -> Iterator[sla.Diagnostic]:
        """Yield what SQLite refuses: all is done, and then undone."""
        try:
            with transaction(self.crm, "ROLLBACK"):
                self._carry_out(changes, manifest)
        except sqlite3.Error as error:
            yield sla.Diagnostic("SLA802", sla.Severity.ERROR, f"The CRM would refuse it: {error}.")

    def apply(self, changes: Sequence[sla.Change], manifest: sla.Manifest) -> Iterator[sla.Outcome]:
        """Carry out the changes and keep the manifest in one transaction; only then tell what was done."""
        with transaction(self.crm):
            if note(self.crm, LOCK) != self.lock:
                raise sla.LockedError("The apply lock was lost, so nothing was written.", hint="Run apply again.")
            self._carry_out(changes, manifest)
        for each in changes:
            yield sla.Outcome(each, sla.Status.DONE, handle=self._handle(each.address))

    def _carry_out(self, changes: Sequence[sla.Change], manifest: sla.Manifest) -> None:
        for each in changes:
            if each.action is sla.Action.DELETE:
                self.crm.execute(f"DELETE FROM {TABLES[each.address.type]} WHERE name = ?", (each.address.key,))
            elif each.desired is not None:
                self._put(each, each.desired.values)
        if manifest.says_nothing:
            self.crm.execute("DELETE FROM notes WHERE name = ?", (MANIFEST,))
        else:
            self.crm.execute(_KEEP, (MANIFEST, sla.manifest_to_json(manifest)))

    def _put(self, change: sla.Change, wish: sla.Values) -> None:
        kind, name = change.address.type, change.address.key
        known = {key: sla.resolve(each, self._handle) for key, each in wish.items()}
        values = sla.merge(change.live.values if change.live else {}, known, TYPES[kind])
        stored = {key: json.dumps(each) if key in JSON else each for key, each in values.items()}
        row = {"name": name, **stored}
        names, changed = ", ".join(row), ", ".join(f"{key} = excluded.{key}" for key in row)
        self.crm.execute(
            f"INSERT INTO {TABLES[kind]} ({names}) VALUES ({', '.join('?' * len(row))}) ON CONFLICT DO UPDATE SET {changed}",
            tuple(row.values()),
        )
        if kind == "Field" and change.action is sla.Action.CREATE:
            self.crm.execute('ALTER TABLE people ADD COLUMN "' + name.replace('"', '""') + '"')

    def _handle(self, address: sla.Address) -> str | None:
        row = self.crm.execute(f"SELECT rowid FROM {TABLES[address.type]} WHERE name = ?", (address.key,)).fetchone()
        return str(row["rowid"]) if row else None
