"""The database of audits: one SQLite file, written by as many processes as there are, one transaction for each audit.

An audit is there whole or not at all; a writer that is killed takes nothing with it that was there before.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject
from sla_sync.errors import SlaSyncError

VERSION = 1
_BUSY_SECONDS = 30.0
"""How long a writer waits for the others before it gives up."""
_PRIMARY = 0xFF
"""SQLite tells in the lowest byte of a code what sort of error it is."""
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)

_SCHEMA = """
CREATE TABLE audits (
  id INTEGER PRIMARY KEY, run TEXT NOT NULL, agreement TEXT NOT NULL, target TEXT NOT NULL, at TEXT NOT NULL,
  verdict TEXT NOT NULL, matched INTEGER NOT NULL, pending INTEGER NOT NULL, unchecked INTEGER NOT NULL,
  because TEXT NOT NULL, unread INTEGER NOT NULL, title TEXT NOT NULL, zone TEXT NOT NULL, hurry TEXT NOT NULL);
CREATE INDEX audits_of ON audits (agreement, target, at);
CREATE TABLE episodes (
  id INTEGER PRIMARY KEY, agreement TEXT NOT NULL, target TEXT NOT NULL, finding TEXT NOT NULL, gravity TEXT NOT NULL,
  sort TEXT NOT NULL, place TEXT NOT NULL, sentence TEXT NOT NULL, text TEXT NOT NULL, promises TEXT NOT NULL,
  accepted INTEGER NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, repaired TEXT);
CREATE UNIQUE INDEX open_episodes ON episodes (agreement, target, finding) WHERE repaired IS NULL;
CREATE TABLE seen (
  audit INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
  episode INTEGER NOT NULL REFERENCES episodes ON DELETE CASCADE, accepted INTEGER NOT NULL,
  PRIMARY KEY (audit, episode)) WITHOUT ROWID;
CREATE INDEX seen_in ON seen (episode);
CREATE TABLE told (
  channel TEXT NOT NULL, agreement TEXT NOT NULL, target TEXT NOT NULL, finding TEXT NOT NULL, gravity TEXT NOT NULL,
  sort TEXT NOT NULL, place TEXT NOT NULL, sentence TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (channel, agreement, target, finding)) WITHOUT ROWID;
CREATE TABLE beats (channel TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
"""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database of a file until the context ends; it is made where it is not there.

    Raises SlaSyncError where the file is no such database, was written by a newer release, or cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as database:
            _prepare(database, path)
            yield database
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise SlaSyncError(
            f"The history of audits in {path} cannot be used: {error}.",
            hint="Free space on that disk, or name a file on another with --history: what was kept before still is."
            if getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _NO_ROOM
            else "Name another file with --history, or move this one away.",
        ) from None


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")
    # FULL, for a night that was written down must survive the machine that loses its power.
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    with writing(database):
        found = int(database.execute("PRAGMA user_version").fetchone()[0])
        if found == 0:
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {VERSION}")
        elif found != VERSION:
            raise SlaSyncError(
                f"The history of audits in {path} has version {found}, and this release reads version {VERSION}.",
                hint="Use the release that wrote it, or name another file with --history.",
            )
        elif (wrong := _wrong_table(database)) is not None:
            raise sqlite3.DataError(f"its table {wrong} is not as this release writes it")


def _wrong_table(database: sqlite3.Connection) -> str | None:
    """Return a table that lacks a column, or None."""
    with closing(sqlite3.connect(":memory:")) as sound:
        sound.executescript(_SCHEMA)
        meant = _columns(sound)
    there = _columns(database)
    return next((name for name, columns in meant.items() if columns - there.get(name, set())), None)


def _columns(database: sqlite3.Connection) -> dict[str, set[str]]:
    rows = database.execute(
        "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'"
    )
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """Do all that follows or nothing of it; other writers wait."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def record(database: sqlite3.Connection, run: str, audit: KeptAudit) -> None:
    """Keep one audit: its findings are seen again or for the first time, and those of before that are gone are repaired.

    What could not be audited leaves every finding as it was.
    """
    with writing(database):
        number = database.execute(
            "INSERT INTO audits (run, agreement, target, at, verdict, matched, pending, unchecked, because, unread, title,"
            " zone, hurry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run,
                audit.subject.agreement,
                audit.subject.target,
                written(audit.at),
                audit.verdict,
                audit.matched,
                audit.pending,
                audit.unchecked,
                audit.because,
                audit.unread,
                audit.title,
                audit.zone,
                audit.hurry,
            ),
        ).lastrowid
        if audit.because:
            return
        seen = [(number, _episode(database, audit, each), each.accepted) for each in audit.findings]
        # Two findings of one id are one, as two runs that overlap are.
        database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", seen)
        database.execute(
            "UPDATE episodes SET repaired = :at WHERE agreement = :agreement AND target = :target AND repaired IS NULL"
            " AND last_seen < :at AND id NOT IN (SELECT episode FROM seen WHERE audit = :audit)",
            {
                "at": written(audit.at),
                "agreement": audit.subject.agreement,
                "target": audit.subject.target,
                "audit": number,
            },
        )


def _episode(database: sqlite3.Connection, audit: KeptAudit, finding: KeptFinding) -> int:
    """Return the number of the episode that a finding belongs to: the one that is open, else a new one."""
    at = written(audit.at)
    row = database.execute(
        "INSERT INTO episodes (agreement, target, finding, gravity, sort, place, sentence, text, promises, accepted,"
        " first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (agreement, target, finding) WHERE repaired IS NULL DO UPDATE SET gravity = excluded.gravity,"
        " sort = excluded.sort, sentence = excluded.sentence, text = excluded.text, promises = excluded.promises,"
        " accepted = excluded.accepted, first_seen = min(first_seen, excluded.first_seen),"
        " last_seen = max(last_seen, excluded.last_seen) RETURNING id",
        (
            audit.subject.agreement,
            audit.subject.target,
            finding.id,
            finding.gravity,
            finding.sort,
            finding.place,
            finding.sentence,
            finding.text,
            json.dumps(finding.promises, ensure_ascii=False),
            finding.accepted,
            at,
            at,
        ),
    ).fetchone()
    return int(row["id"])


def forget(database: sqlite3.Connection, before: datetime) -> int:
    """Drop audits before an instant, and findings that were repaired before it; return how many audits went."""
    with writing(database):
        gone = database.execute("DELETE FROM audits WHERE at < ?", (written(before),)).rowcount
        database.execute("DELETE FROM episodes WHERE repaired < ?", (written(before),))
    return gone


def written(instant: datetime) -> str:
    """Return an instant as the database keeps it: UTC to the microsecond, so that texts sort as times do."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def read_instant(text: str) -> datetime:
    """Return an instant as it was written. Raises sqlite3.DataError where somebody else wrote something else."""
    with damaged():
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


@contextmanager
def damaged() -> Iterator[None]:
    """Raise sqlite3.DataError where a value that was read is none of those that this release writes."""
    try:
        yield
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise sqlite3.DataError(f"a value in it was not written by this program ({error})") from None


def subject_of(row: sqlite3.Row) -> Subject:
    """Return whose row it is."""
    return Subject(row["agreement"], row["target"])
