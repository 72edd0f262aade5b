"""What each channel was told and when, so that nobody is told twice of what did not change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sla_sync.audits.database import read_instant, subject_of, writing, written
from sla_sync.audits.kept import KeptFinding, Subject


@dataclass(frozen=True, slots=True)
class Told:
    """One finding that a channel was told of and that it was not told to be gone."""

    subject: Subject
    finding: KeptFinding
    at: datetime


def told(database: sqlite3.Connection, channel: str) -> tuple[Told, ...]:
    """Return what a channel was told."""
    rows = database.execute("SELECT * FROM told WHERE channel = ? ORDER BY agreement, target, at, finding", (channel,))
    return tuple(
        Told(
            subject_of(row),
            KeptFinding(row["finding"], row["gravity"], row["sort"], row["place"], row["sentence"]),
            read_instant(row["at"]),
        )
        for row in rows
    )


def last_beat(database: sqlite3.Connection, channel: str) -> datetime | None:
    """Return when a channel last heard anything, or None."""
    row = database.execute("SELECT at FROM beats WHERE channel = ?", (channel,)).fetchone()
    return read_instant(row["at"]) if row else None


def remember(
    database: sqlite3.Connection,
    channel: str,
    at: datetime,
    *,
    news: Iterable[tuple[Subject, KeptFinding]],
    gone: Iterable[tuple[Subject, KeptFinding]],
) -> None:
    """Keep that a channel was told of these findings, and that these are gone."""
    with writing(database):
        database.executemany(
            "DELETE FROM told WHERE channel = ? AND agreement = ? AND target = ? AND finding = ?",
            [(channel, each.agreement, each.target, finding.id) for each, finding in gone],
        )
        database.executemany(
            "INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    channel,
                    each.agreement,
                    each.target,
                    finding.id,
                    finding.gravity,
                    finding.sort,
                    finding.place,
                    finding.sentence,
                    written(at),
                )
                for each, finding in news
            ],
        )
        database.execute("INSERT OR REPLACE INTO beats VALUES (?, ?)", (channel, written(at)))
