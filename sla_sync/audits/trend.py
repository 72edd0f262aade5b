"""What the kept audits say together: the last nights of each target, how long repairs take, what is open longest."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla_sync.audits.database import damaged, read_instant, subject_of, written
from sla_sync.audits.kept import Episode, KeptAudit, KeptFinding, Subject, Verdict


@dataclass(frozen=True)
class Trend:
    """One target over a time. `audits` are in order of time, `open` has what is open longest first."""

    subject: Subject
    audits: tuple[KeptAudit, ...]
    open: tuple[Episode, ...]
    repaired: int
    mean_repair: timedelta | None
    """The mean time from the audit that first saw a finding to the one that saw it gone; None where none was repaired."""


def trends(database: sqlite3.Connection, *, since: datetime, targets: Collection[str] = ()) -> tuple[Trend, ...]:
    """Return the trend of every target that was audited since then, or of these targets."""
    named = [each for each in subjects(database) if not targets or each.target in targets]
    found = (_trend(database, each, since) for each in named)
    return tuple(each for each in found if each.audits)


def subjects(database: sqlite3.Connection) -> tuple[Subject, ...]:
    """Return everything that was ever audited, by name."""
    rows = database.execute("SELECT DISTINCT agreement, target FROM audits ORDER BY agreement, target")
    return tuple(subject_of(row) for row in rows)


def latest(database: sqlite3.Connection, subject: Subject) -> KeptAudit | None:
    """Return the newest audit of a target with its findings, or None."""
    row = database.execute(
        "SELECT * FROM audits WHERE agreement = ? AND target = ? ORDER BY at DESC, id DESC LIMIT 1",
        (subject.agreement, subject.target),
    ).fetchone()
    return None if row is None else _audit(database, row)


def _trend(database: sqlite3.Connection, subject: Subject, since: datetime) -> Trend:
    rows = database.execute(
        "SELECT * FROM audits WHERE agreement = ? AND target = ? AND at >= ? ORDER BY at, id",
        (subject.agreement, subject.target, written(since)),
    ).fetchall()
    episodes = tuple(_episodes(database, subject))
    mended = [each for each in episodes if each.repaired is not None and each.repaired >= since]
    took = [each.repaired - each.first_seen for each in mended if each.repaired is not None]
    return Trend(
        subject,
        tuple(_audit(database, row) for row in rows),
        tuple(sorted((each for each in episodes if _is_open(each)), key=lambda each: each.first_seen)),
        len(mended),
        sum(took, timedelta()) / len(took) if took else None,
    )


def _is_open(episode: Episode) -> bool:
    return episode.repaired is None and not episode.finding.accepted


def _audit(database: sqlite3.Connection, row: sqlite3.Row) -> KeptAudit:
    findings = database.execute(
        "SELECT episodes.*, seen.accepted AS lived_with FROM episodes JOIN seen ON seen.episode = episodes.id"
        " WHERE seen.audit = ? ORDER BY episodes.id",
        (row["id"],),
    )
    return KeptAudit(
        subject_of(row),
        read_instant(row["at"]),
        _verdict(row["verdict"]),
        tuple(replace(finding_of(each), accepted=bool(each["lived_with"])) for each in findings),
        row["matched"],
        row["pending"],
        row["unchecked"],
        row["because"],
        bool(row["unread"]),
        row["title"],
        row["zone"],
        row["hurry"],
    )


def _episodes(database: sqlite3.Connection, subject: Subject) -> Iterator[Episode]:
    rows = database.execute(
        "SELECT * FROM episodes WHERE agreement = ? AND target = ? ORDER BY first_seen, id",
        (subject.agreement, subject.target),
    )
    for row in rows:
        repaired = read_instant(row["repaired"]) if row["repaired"] else None
        yield Episode(
            subject, finding_of(row), read_instant(row["first_seen"]), read_instant(row["last_seen"]), repaired
        )


def finding_of(row: sqlite3.Row) -> KeptFinding:
    """Return the finding that a row of `episodes` is about."""
    return KeptFinding(
        row["finding"],
        row["gravity"],
        row["sort"],
        row["place"],
        row["sentence"],
        row["text"],
        _promises(row["promises"]),
        bool(row["accepted"]),
    )


def _verdict(text: str) -> Verdict:
    with damaged():
        return Verdict(text)


def _promises(text: str) -> tuple[str, ...]:
    with damaged():
        return tuple(map(str, json.loads(text)))
