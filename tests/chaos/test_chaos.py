"""A small part of the campaign, and what its reports rest on; `make chaos` runs all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sla_sync.connector.simulation import Asked, Happened
from sla_sync.connector.simulation.schedules import Line
from tests.chaos.campaign import Log, save, saved
from tests.chaos.jobs import JOBS, OF
from tests.chaos.mutants import MUTANTS
from tests.chaos.schedule import SILENCES, Schedule, schedules
from tests.chaos.stage import clear
from tests.chaos.voyage import Voyage, sail
from tests.mistakes import Mutant, broken_source


@pytest.fixture(scope="module", autouse=True)
def _worlds() -> Iterator[None]:
    yield
    clear()


NAMES = ("cut-before", "502-after", "locked", *SILENCES)


def test_a_seed_gives_the_same_schedules_and_the_same_faults_each_time() -> None:
    first, second = schedules(7, 50, OF), schedules(7, 50, OF)
    assert first == second != schedules(8, 50, OF)
    for one, other in zip(first, second, strict=True):
        asked = [Asked(number, "POST", "/flows", reads=False) for number in range(1, 60)]
        troubles = one.trouble(50), other.trouble(50)
        faults = [[trouble.fault_of(each, NAMES) for each in asked] for trouble in troubles]
        assert faults[0] == faults[1]
        assert one.shape in ("one", "few") or not SILENCES & set(faults[0])


def test_many_schedules_try_every_job_on_its_platforms() -> None:
    tried = {(each.platform, each.job) for each in schedules(1, 500, OF)}
    assert tried == {(platform, name) for platform, names in OF.items() for name in names}
    assert {name for _, name in tried} == set(JOBS)


def test_a_schedule_that_failed_is_written_down_as_a_script_of_its_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    schedule = Schedule(7, 3, "hubspot", "first apply", "storm")
    happened = (Happened(12, "POST", "/flows", "502-after", carried_out=True),)
    log = Log()
    log.add(Voyage(schedule, 1, happened, ("It is there twice.",)))
    again = saved(save(log.broken[0]))
    trouble = again.trouble(50)
    assert (again.platform, again.job) == ("hubspot", "first apply")
    assert trouble.fault_of(Asked(12, "POST", "/flows", reads=False), NAMES) == "502-after"
    assert trouble.fault_of(Asked(13, "POST", "/flows", reads=False), NAMES) is None


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mistake_that_the_campaign_must_find_still_fits_the_code(mutant: Mutant) -> None:
    assert mutant.wrong in broken_source(mutant)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "job", "shape", "number"),
    [
        ("hubspot", "first apply", "storm", 1),
        ("hubspot", "first apply", "few", 2),
        ("hubspot", "first apply", "outage", 3),
        ("salesforce", "first apply", "few", 4),
        ("hubspot", "adoption", "few", 5),
        ("salesforce", "drift in a silence", "few", 6),
    ],
)
def test_after_faults_nothing_is_lost_doubled_leaked_or_lied_about(
    platform: str, job: str, shape: str, number: int
) -> None:
    voyage = sail(Schedule(2, number, platform, job, shape))
    assert voyage.happened
    assert voyage.faults == ()


@pytest.mark.slow
def test_a_remove_of_which_one_deletion_failed_comes_to_its_end_when_it_is_repeated() -> None:
    """The platform fails on one call: the run says so, and a second one leaves nothing."""
    script = (Line("500-before", call="DELETE /crm/v3/properties/contacts/*", nth=3),)
    voyage = sail(Schedule(1, 265, "hubspot", "remove", "one", script))
    assert voyage.code == 1
    assert voyage.happened
    assert voyage.faults == ()
