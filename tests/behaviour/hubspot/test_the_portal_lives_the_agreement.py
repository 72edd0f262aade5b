"""For random weeks, what the pushed workflows keep of every contact equals what the model of the agreement says of it."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sla_sync.pipeline.timekeeping import keep_time
from tests.behaviour.hubspot.comparing import differences
from tests.behaviour.hubspot.portals import TARGET, agreed, applied, opened, place_in
from tests.behaviour.hubspot.scripts import Week, play, weeks
from tests.behaviour.hubspot.stories import STORIES

pytestmark = pytest.mark.slow

WEEKS = int(os.environ.get("SLA_SYNC_WEEKS", "10"))
"""How many weeks of five contacts each are played; the nightly run asks for a thousand."""
AFTERWARDS = timedelta(days=4)


@pytest.fixture(scope="session", params=["computed", "custom_code"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a portal in which the agreement was applied, with dates from one of two exact sources."""
    return applied(tmp_path_factory.mktemp("portal"), deadlines=request.param)


def lived(kept: Path, week: Week) -> list[str]:
    """Play a week in a copy of the portal, and return in what the portal and the model differ."""
    with tempfile.TemporaryDirectory() as copy:
        folder = Path(copy) / "portal"
        with opened(kept, folder, at=week.start) as (crm, running):
            targets = folder / "configs" / "targets.yaml"
            served = f"simulator: {{url: {running.url}, token: PORTAL_TOKEN}}"
            targets.write_text(targets.read_text("utf-8").replace("simulator: true", served), "utf-8")

            def run_clock() -> None:
                keep_time(place_in(folder), TARGET, environ={"PORTAL_TOKEN": running.token}, today=None)

            played = play(crm, week, run_clock=run_clock, afterwards=AFTERWARDS)
            return list(differences(agreed(folder), crm, played))


@pytest.mark.parametrize("week", STORIES.values(), ids=STORIES)
def test_a_week_written_by_hand_comes_out_as_the_model_says(kept: Path, week: Week) -> None:
    assert lived(kept, week) == []


@settings(max_examples=WEEKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(week=weeks())
def test_every_run_of_a_clock_has_the_instants_and_the_state_that_the_model_gives_it(kept: Path, week: Week) -> None:
    assert lived(kept, week) == []
