"""What the database of audits keeps: episodes, verdicts, and nothing half."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.audits.database import forget, opened, record
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.trend import latest, trends
from sla_sync.errors import SlaSyncError
from tests.haste import examples

NIGHT = datetime(2026, 11, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = Subject("acme", "production")


def finding(name: str, *, accepted: bool = False) -> KeptFinding:
    return KeptFinding(name, "breach", "changed", f"Flow/{name}", f"{name} changed", accepted=accepted)


def audit(at: datetime, *names: str, subject: Subject = HERE) -> KeptAudit:
    verdict = Verdict.DRIFTED if names else Verdict.IN_SYNC
    return KeptAudit(subject, at, verdict, tuple(finding(each) for each in names), matched=7)


def unaudited(at: datetime) -> KeptAudit:
    return KeptAudit(HERE, at, Verdict.NOT_AUDITED, because="The host did not answer.")


NIGHTS = st.lists(st.none() | st.frozensets(st.sampled_from("abc")), min_size=1, max_size=8)


@given(NIGHTS)
@settings(max_examples=examples(12), deadline=None)
def test_an_episode_lasts_from_the_night_that_saw_it_first_to_the_night_that_saw_it_gone(
    tmp_path_factory: pytest.TempPathFactory, nights: list[frozenset[str] | None]
) -> None:
    expected: list[tuple[str, int, int | None]] = []
    running: dict[str, int] = {}
    with opened(tmp_path_factory.mktemp("audits") / "audits.sqlite") as book:
        for number, names in enumerate(nights):
            at = NIGHT + number * DAY
            record(book, "run", unaudited(at) if names is None else audit(at, *sorted(names)))
            if names is None:
                continue
            expected += [(name, start, number) for name, start in running.items() if name not in names]
            running = {name: running.get(name, number) for name in names}
        rows = book.execute("SELECT finding, first_seen, repaired FROM episodes").fetchall()
        found = {(row[0], row[1], row[2]) for row in rows}
    spelled = [(name, NIGHT + a * DAY, None if b is None else NIGHT + b * DAY) for name, a, b in expected]
    spelled += [(name, NIGHT + start * DAY, None) for name, start in running.items()]
    assert found == {(n, _text(a), None if b is None else _text(b)) for n, a, b in spelled}


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def test_what_was_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    kept = replace(
        audit(NIGHT),
        findings=(
            replace(finding("a"), text="HIGH a\n  Who: Dana", promises=("A rep calls.",)),
            finding("b", accepted=True),
        ),
        verdict=Verdict.DRIFTED,
        pending=2,
        unchecked=3,
        unread=True,
        title="Acme",
        zone="America/New_York",
        hurry="Fix now.",
    )
    with opened(tmp_path / "deep" / "audits.sqlite") as book:
        record(book, "run", kept)
        assert latest(book, HERE) == kept
        assert latest(book, Subject("acme", "elsewhere")) is None


def test_a_trend_tells_repairs_and_what_is_open_longest_and_leaves_out_what_is_accepted(tmp_path: Path) -> None:
    with opened(tmp_path / "audits.sqlite") as book:
        for number, names in enumerate((("a",), ("a", "b"), ("b", "c"))):
            record(book, "run", audit(NIGHT + number * DAY, *names))
        lived_with = replace(audit(NIGHT + 3 * DAY, "b"), findings=(finding("b"), finding("c", accepted=True)))
        record(book, "run", lived_with)
        (trend,) = trends(book, since=NIGHT)
        assert [len(each.open) for each in trend.audits] == [1, 2, 2, 1]
        assert [each.finding.id for each in trend.open] == ["b"]
        assert (trend.repaired, trend.mean_repair) == (1, 2 * DAY)
        assert trends(book, since=NIGHT + 9 * DAY) == ()
        assert trends(book, since=NIGHT, targets=["staging"]) == ()


def test_a_run_that_ends_late_takes_nothing_back_from_one_that_looked_later(tmp_path: Path) -> None:
    with opened(tmp_path / "audits.sqlite") as book:
        record(book, "late", audit(NIGHT + DAY, "a"))
        record(book, "early", audit(NIGHT))
        (trend,) = trends(book, since=NIGHT)
        assert [each.finding.id for each in trend.open] == ["a"]


def test_old_audits_are_dropped_and_open_findings_stay(tmp_path: Path) -> None:
    with opened(tmp_path / "audits.sqlite") as book:
        for number, names in enumerate((("a", "b"), ("a",), ("a",))):
            record(book, "run", audit(NIGHT + number * DAY, *names))
        assert forget(book, NIGHT + 2 * DAY) == 2
        (trend,) = trends(book, since=NIGHT)
        assert len(trend.audits) == 1
        assert [each.first_seen for each in trend.open] == [NIGHT]
        assert book.execute("SELECT count(*) FROM episodes").fetchone()[0] == 1


@pytest.mark.parametrize("content", [b"no database at all", None])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "audits.sqlite"
    if content is not None:
        path.write_bytes(content * 100)
    else:
        with sqlite3.connect(path) as newer:
            newer.execute("PRAGMA user_version = 99")
        newer.close()
    with pytest.raises(SlaSyncError, match=r"audits\.sqlite") as error, opened(path):
        pass
    assert "--history" in error.value.hint


_WRITER = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sla_sync.audits.database import opened, record
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict

path, name, number, dies = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "dies"
finding = KeptFinding("a", "breach", "changed", "Flow/a", "a changed")
for each in range(number):
    at = datetime(2026, 11, 1, 3, tzinfo=UTC) + timedelta(days=each)
    with opened(path) as book:
        record(book, name, KeptAudit(Subject("acme", name), at, Verdict.DRIFTED, (finding,), matched=7))
        if dies:
            book.execute("BEGIN IMMEDIATE")
            book.execute("DELETE FROM audits")
            os.kill(os.getpid(), signal.SIGKILL)
"""


def started(path: Path, name: str, number: int, *, dies: bool = False) -> subprocess.Popen[bytes]:
    end = "dies" if dies else "lives"
    return subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name, str(number), end])


@pytest.mark.slow
def test_writers_at_the_same_time_all_keep_what_they_found(tmp_path: Path) -> None:
    path = tmp_path / "audits.sqlite"
    writers = [started(path, f"target-{each}", 10) for each in range(4)]
    assert [each.wait() for each in writers] == [0] * 4
    with opened(path) as book:
        assert [len(each.audits) for each in trends(book, since=NIGHT)] == [10] * 4


@pytest.mark.slow
def test_a_writer_that_is_killed_loses_nothing_of_before(tmp_path: Path) -> None:
    path = tmp_path / "audits.sqlite"
    assert started(path, "production", 1, dies=True).wait() == -signal.SIGKILL
    with opened(path) as book:
        assert latest(book, HERE) == audit(NIGHT, "a")
        record(book, "run", audit(NIGHT + DAY))
        assert trends(book, since=NIGHT)[0].repaired == 1
