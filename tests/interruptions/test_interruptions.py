"""Commands that are killed, stopped, raced or refused by the disk: a few of the cases that `make interruptions` tries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interruptions.__main__ import made_up
from tests.interruptions.applies import wrong_after_loss, wrong_after_strike, wrong_with_two
from tests.interruptions.disk import DEEDS, Prepared, Undisturbed, undisturbed, wrong_at
from tests.interruptions.nursery import Nursery, Trap, nursery
from tests.interruptions.stage import staged

pytestmark = pytest.mark.slow

INIT, DISPUTE = (next(each for each in DEEDS if each.name == name) for name in ("init", "dispute"))
NOTHING = Prepared(Path(), {})


@pytest.fixture(scope="module")
def ward() -> Iterator[Nursery]:
    with nursery() as found:
        yield found


@pytest.fixture(scope="module")
def calm(ward: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed(tmp_path_factory.mktemp("calm") / "init", INIT, ward, NOTHING)


@pytest.mark.parametrize(("at", "name", "lost"), [(35, "SIGKILL", True), (60, "SIGTERM", False)])
def test_an_apply_that_is_struck_at_a_request_stops_cleanly_and_is_ended_by_the_next(
    ward: Nursery, tmp_path: Path, at: int, name: str, lost: bool
) -> None:
    with staged(tmp_path, "hubspot", ward) as stage:
        assert wrong_after_strike(stage, at, name, lost=lost) == []


def test_of_two_applies_at_once_one_goes_on_and_the_other_is_told_who_since_when_and_until_when(
    ward: Nursery, tmp_path: Path
) -> None:
    with staged(tmp_path, "hubspot", ward) as stage:
        assert wrong_with_two(stage, 40) == []


def test_an_apply_that_lost_its_lock_writes_nothing_more(ward: Nursery, tmp_path: Path) -> None:
    with staged(tmp_path, "hubspot", ward) as stage:
        assert wrong_after_loss(stage, 40) == []


@pytest.mark.parametrize(
    "trap",
    [Trap(70, "SIGKILL"), Trap(75, "SIGINT"), Trap(80, "ENOSPC"), Trap(room=2000, dies=True)],
    ids=lambda trap: trap.do or "full",
)
def test_a_command_that_is_struck_at_a_step_on_the_disk_leaves_no_half_file_and_ends_when_repeated(
    ward: Nursery, tmp_path: Path, calm: Undisturbed, trap: Trap
) -> None:
    assert wrong_at(tmp_path / "init", INIT, ward, NOTHING, calm, trap) == []


def test_a_dispute_that_is_killed_at_its_last_step_is_written_once_when_it_is_repeated(
    ward: Nursery, tmp_path: Path
) -> None:
    prepared = Prepared(made_up(tmp_path, ward), {})
    calm = undisturbed(tmp_path / "calm", DISPUTE, ward, prepared)
    assert wrong_at(tmp_path / "struck", DISPUTE, ward, prepared, calm, Trap(calm.steps, "SIGKILL")) == []


def test_a_half_file_would_be_seen(ward: Nursery, tmp_path: Path, calm: Undisturbed) -> None:
    broken = Undisturbed(calm.before, dict.fromkeys(calm.after, b"other"), calm.steps, calm.code)
    assert any(
        "neither" in each for each in wrong_at(tmp_path / "init", INIT, ward, NOTHING, broken, Trap(80, "SIGKILL"))
    )
    shutil.rmtree(tmp_path / "init")
