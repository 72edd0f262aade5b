"""A night over many targets: none hides another, an apply under way is no drift, and the codes are those of the worst."""

from __future__ import annotations

import errno
import threading
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sla_sync.audits.kept import Subject, Verdict
from sla_sync.errors import LockedError, RefusedError, SlaSyncError, TargetError, UnreachableError
from sla_sync.pipeline.applying import refuse_what_moved, refuse_while_applying
from sla_sync.pipeline.night import Asked, Pace, asked_for, night, places_of
from sla_sync.reconcile.drift import Drift, Unverifiable
from sla_sync.reconcile.settings import Manifest
from tests.pipeline.nights import NIGHT, PLACE, Answer, Clock, audited, drift, found


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def raises(error: Exception) -> Answer:
    def fails() -> Drift:
        raise error

    return fails


def test_a_target_that_fails_hides_no_other_and_answers_come_in_the_order_of_the_question() -> None:
    answers = {
        "away": raises(UnreachableError("The host did not answer.", call="GET /")),
        "drifted": lambda: drift("drifted", found()),
        "fault": raises(KeyError("oops")),
        "refused": raises(RefusedError("No.")),
        "fine": lambda: drift("fine"),
    }
    done, kept = audited(answers)
    assert [each.kept.subject.target for each in done] == list(answers)
    assert [each.kept.verdict for each in done] == [
        Verdict.NOT_AUDITED,
        Verdict.DRIFTED,
        Verdict.NOT_AUDITED,
        Verdict.NOT_AUDITED,
        Verdict.IN_SYNC,
    ]
    assert [set(each.codes) for each in done] == [{1}, {3}, {1}, {4}, set()]
    assert done[1].told == "drifted"
    assert sorted(each.subject for each in kept) == sorted(each.kept.subject for each in done)
    assert "KeyError" in done[2].kept.because


def test_a_setting_that_could_not_be_read_fails_the_night_beside_the_drift() -> None:
    unread = Drift("t", (found(),), 1, (Unverifiable("Flow", "no scope"),))
    (done,), _ = audited({"t": lambda: unread})
    assert set(done.codes) == {1, 3}


def test_an_apply_that_ends_in_time_is_waited_for() -> None:
    clock, left = Clock(), [LockedError("Kim applies since 03:02.")] * 3

    def answer() -> Drift:
        if left:
            raise left.pop()
        return drift("t")

    (done,), _ = audited({"t": answer}, clock=clock)
    assert done.kept.verdict is Verdict.IN_SYNC
    assert clock.slept == [15, 15, 15]


def test_an_apply_that_lasts_is_neither_drift_nor_in_sync() -> None:
    clock = Clock()
    (done,), _ = audited(
        {"t": raises(LockedError("Kim applies since 03:02."))}, clock=clock, patience=timedelta(seconds=40)
    )
    assert done.kept.verdict is Verdict.NOT_AUDITED
    assert done.codes == {1}
    assert done.kept.because == "acme · t was not audited: Kim applies since 03:02."
    assert sum(clock.slept) == 40


def test_targets_of_one_org_are_audited_one_after_another_and_others_at_the_same_time() -> None:
    together, inside, most = threading.Barrier(2, timeout=10), [0], [0]

    def look(each: Asked) -> Drift:
        inside[0] += each.org == "one"
        most[0] = max(most[0], inside[0])
        if each.subject.target in {"a", "other"}:
            together.wait()
        inside[0] -= each.org == "one"
        return drift(each.subject.target)

    asked = [Asked(PLACE, Subject("acme", name), org) for name, org in (("a", "one"), ("b", "one"), ("other", "two"))]
    clock = Clock()
    pace = Pace(lambda: clock.now, clock.sleep, jobs=3)
    assert len(night(asked, look, tell=lambda _: "", pace=pace, keep=lambda _: None)) == 3
    assert most == [1]


def test_the_lock_of_somebody_who_applies_is_named_and_one_that_expired_is_not() -> None:
    class Reader:
        def lock(self) -> object:
            from sla_sync.connector import LockHeld

            return LockHeld("kim@host", NIGHT, NIGHT + timedelta(minutes=30))

    reader: object = Reader()
    with pytest.raises(LockedError, match="kim@host applies since 2026-11-04 08:10 UTC"):
        refuse_while_applying(reader, NIGHT)  # type: ignore[arg-type]
    refuse_while_applying(reader, NIGHT + timedelta(hours=1))  # type: ignore[arg-type]
    refuse_while_applying(object(), NIGHT)  # type: ignore[arg-type]


def test_a_manifest_that_moved_while_settings_were_read_is_no_audit() -> None:
    before, after = Manifest("old", {}), Manifest("new", {})

    class Reader:
        def __init__(self, kept: Manifest | None) -> None:
            self.kept = kept

        def manifest(self) -> Manifest | None:
            return self.kept

    def sight(kept: Manifest | None, read: Manifest | None) -> Any:
        connection = SimpleNamespace(now=lambda: NIGHT)
        connector = SimpleNamespace(open_reader=lambda _: nullcontext(Reader(kept)))
        return SimpleNamespace(
            target=SimpleNamespace(connection=connection), prepared=SimpleNamespace(connector=connector), manifest=read
        )

    for kept, read in ((after, before), (after, None), (None, before)):
        with pytest.raises(LockedError, match="Somebody applied while the settings were read"):
            refuse_what_moved(sight(kept, read))
    refuse_what_moved(sight(Manifest("old", {}), before))
    refuse_what_moved(sight(None, None))


AGREEMENT = "apiVersion: sla-sync/v1\nkind: LeadSLA\nmetadata: {name: NAME}\n"
TARGET = (
    "  NAME: {connector: salesforce, binding: b.yaml, agreements: [FOLDER/agreement.yaml], url: 'https://x.example'}\n"
)


def written(tmp_path: Path, *targets: tuple[str, str]) -> Path:
    """Write a folder `configs` with these targets, each of the agreement in a folder."""
    configs = tmp_path / "configs"
    configs.mkdir()
    text = "apiVersion: sla-sync/v1\nkind: Targets\ntargets:\n"
    for name, folder in targets:
        (configs / folder).mkdir(exist_ok=True)
        (configs / folder / "agreement.yaml").write_text(AGREEMENT.replace("NAME", folder))
        text += TARGET.replace("NAME", name).replace("FOLDER", folder)
    (configs / "targets.yaml").write_text(text)
    return configs


def test_a_targets_file_stands_for_all_its_agreements(tmp_path: Path) -> None:
    configs = written(tmp_path, ("live", "acme"), ("test", "acme"), ("live2", "globex"))
    for named in ([configs], [configs / "targets.yaml"], [configs / "acme", configs / "globex", configs]):
        asked = asked_for(places_of(named, here=tmp_path), ())
        assert [str(each.subject) for each in asked] == ["acme · live", "acme · test", "globex · live2"]
    chosen = asked_for(places_of([configs], here=tmp_path), ("live2",))
    assert [each.subject.target for each in chosen] == ["live2"]
    with pytest.raises(TargetError, match="None of the 2 agreements has the target nowhere"):
        asked_for(places_of([configs], here=tmp_path), ("nowhere",))


def test_two_targets_that_would_be_kept_under_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    places = places_of([written(tmp_path / each, ("live", "acme")) for each in "ab"], here=tmp_path)
    with pytest.raises(SlaSyncError, match="Two targets are called 'live'"):
        asked_for(places, ())


def test_whoever_stops_a_night_waits_for_no_apply() -> None:
    stopping, applies = threading.Event(), threading.Event()

    def look(each: Asked) -> Drift:
        if each.subject.target == "stops":
            assert applies.wait(10)
            raise KeyboardInterrupt
        applies.set()
        raise LockedError("Kim applies since 03:02.")

    waited = list[bool]()
    pace = Pace(
        lambda: NIGHT + timedelta(hours=len(waited)), lambda _: waited.append(stopping.wait(2)), stopping=stopping
    )
    asked = [Asked(PLACE, Subject("acme", name), name) for name in ("applied to", "stops")]
    with pytest.raises(KeyboardInterrupt):
        night(asked, look, tell=lambda _: "", pace=pace, keep=lambda _: None)
    assert waited in ([], [True])


def test_a_target_alone_is_audited_where_a_signal_reaches_it() -> None:
    where = list[threading.Thread]()

    def answer() -> Drift:
        where.append(threading.current_thread())
        return drift("t")

    audited({"t": answer})
    assert where == [threading.main_thread()]


def test_a_disk_that_refuses_is_no_fault_of_the_program_and_is_named() -> None:
    refused = OSError(errno.EROFS, "Read-only file system", "/srv/.sla-sync")
    (done,), _ = audited({"t": raises(refused)})
    assert done.kept.because == "/srv/.sla-sync: Read-only file system."
    assert done.error is not None
    assert done.error.hint.startswith("Choose a place that can be written to")
