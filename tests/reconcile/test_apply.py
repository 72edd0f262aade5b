"""What apply did is on disk and is told, also when it was cut off or the disk is full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.errors import JournalError, SlaSyncError, UnreachableError
from sla_sync.reconcile.apply import Result, apply
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.manifest import manifest_from_json, next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import Address, Change, Desired, Manifest, Outcome, Snapshot, Status, Translation
from sla_sync.testing.memory import TYPES

DESIRED = tuple(Desired(Address("Segment", f"SLA | {name}"), {"filter": name}) for name in ("cold", "hot", "warm"))
MANIFEST = next_manifest(None, DESIRED, (), Snapshot({}), TYPES, agreement_digest="d")


def now() -> datetime:
    return datetime(2026, 10, 1, 9, tzinfo=UTC)


def plan() -> Plan:
    return make_plan(
        Translation(DESIRED), Snapshot({}), TYPES, target="t", agreement="acme-inbound", agreement_digest="d"
    )


class Writer:
    """Does as many changes as it is told to, then the line is cut."""

    def __init__(self, works: int = 3) -> None:
        self.works = works
        self.asked = 0

    def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
        """Do what the line allows."""
        del manifest
        self.asked += 1
        for number, change in enumerate(changes):
            if number == self.works:
                raise UnreachableError("The line was cut.")
            yield Outcome(change, Status.DONE, handle=str(number))


def run(writer: Writer, journal: Path) -> Result:
    with open_journal(journal, now) as opened:
        return apply(plan(), writer, MANIFEST, opened)


def test_every_outcome_is_a_line_between_begin_and_end(tmp_path: Path) -> None:
    result = run(Writer(), tmp_path / "j" / "journal.jsonl")
    assert result.complete
    lines = [json.loads(line) for line in (tmp_path / "j" / "journal.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["begin", "outcome", "outcome", "outcome", "end"]
    assert [line["address"] for line in lines[1:-1]] == [str(each.address) for each in DESIRED]
    assert all(line["at"] == "2026-10-01T09:00:00+00:00" for line in lines)


def test_a_cut_line_leaves_done_and_unknown_apart(tmp_path: Path) -> None:
    result = run(Writer(works=1), tmp_path / "journal.jsonl")
    assert not result.complete
    assert isinstance(result.error, UnreachableError)
    assert [each.status for each in result.outcomes] == [Status.DONE, Status.UNKNOWN, Status.UNKNOWN]
    lines = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["begin", "outcome"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_stops_apply_before_the_platform_is_touched(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").symlink_to("/dev/full")
    writer = Writer()
    with pytest.raises(JournalError, match="No space left") as raised:
        run(writer, tmp_path / "journal.jsonl")
    assert writer.asked == 0
    assert raised.value.hint.startswith("Free space")


def test_a_disk_that_fills_up_later_does_not_hide_what_was_done(tmp_path: Path) -> None:
    writer = Writer()
    with open_journal(tmp_path / "journal.jsonl", now) as journal:
        room = iter([True, True, False])
        real = journal.write

        def write(event: str, **facts: object) -> None:
            if not next(room, False):
                raise JournalError("The journal cannot be written: No space left on device.")
            real(event, **facts)

        journal.write = write  # type: ignore[method-assign]
        result = apply(plan(), writer, MANIFEST, journal)
    assert isinstance(result.error, JournalError)
    assert [each.status for each in result.outcomes] == [Status.DONE] * 3


def test_a_journal_in_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="cannot be written"), open_journal(tmp_path / "file" / "x.jsonl", now):
        pass


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"version": 99}', '{"version": 1}', '{"version": 1, "applied": 3}']
)
def test_a_damaged_manifest_is_one_clear_error(text: str) -> None:

    with pytest.raises(SlaSyncError, match="manifest on the platform") as raised:
        manifest_from_json(text)
    assert raised.value.hint


def test_a_line_that_a_killed_run_left_without_an_end_spoils_none_that_follows(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text('{"event": "begin"}\n{"event": "outco')
    assert run(Writer(), path).complete
    lines = path.read_text().splitlines()
    assert lines[1] == '{"event": "outco'
    assert [json.loads(line)["event"] for line in lines[2:]] == ["begin", "outcome", "outcome", "outcome", "end"]


def test_a_disk_that_is_full_at_the_last_line_does_not_hide_what_was_done(tmp_path: Path) -> None:
    with open_journal(tmp_path / "journal.jsonl", now) as journal:
        real = journal.write

        def write(event: str, **facts: object) -> None:
            if event == "end":
                raise JournalError("The journal cannot be written: No space left on device.")
            real(event, **facts)

        journal.write = write  # type: ignore[method-assign]
        result = apply(plan(), Writer(), MANIFEST, journal)
    assert isinstance(result.error, JournalError)
    assert [each.status for each in result.outcomes] == [Status.DONE] * 3


def test_who_stops_an_apply_is_told_how_far_it_came_and_so_is_the_journal(tmp_path: Path) -> None:
    class Stops(Writer):
        def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
            del manifest
            yield Outcome(changes[0], Status.DONE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as raised:
        run(Stops(), tmp_path / "journal.jsonl")
    assert raised.value.__notes__ == ["1 of 3 changes were reported as done until then."]
    events = [json.loads(line)["event"] for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert events == ["begin", "outcome", "stopped"]
