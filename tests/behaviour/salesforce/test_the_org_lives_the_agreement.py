"""For random weeks, what the pushed flows keep of every lead equals what the model of the agreement says of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sla_sync.agreement.document import Agreement
from tests.behaviour.salesforce.comparing import CLOCKS, differences
from tests.behaviour.salesforce.orgs import agreed, applied, opened
from tests.behaviour.salesforce.scripts import Week, play, weeks

pytestmark = pytest.mark.slow

WEEKS = int(os.environ.get("SLA_SYNC_WEEKS", "10"))
"""How many weeks of five leads each are played for each engine; the nightly run asks for a thousand."""
AFTERWARDS = timedelta(days=4)
OPEN_QUESTIONS: Mapping[str, Mapping[str, object]] = {
    "paths run late": {"path_delay_minutes": 7},
    "paths stay where they were": {"reschedule_paths": "keep"},
    "a flow begins with the record as it stands": {"after_save_record": "fresh"},
}
"""What the platform's documentation leaves open: the agreement is lived either way."""


@pytest.fixture(scope="session", params=["calendar", "apex"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return an engine and the folder of an org in which the agreement was applied with it."""
    return request.param, applied(tmp_path_factory.mktemp("org"), deadlines=request.param)


@pytest.fixture(scope="session")
def agreement() -> Agreement:
    """Return the agreement that the org lives."""
    return agreed()


def lived(kept: tuple[str, Path], agreement: Agreement, week: Week, switches: Mapping[str, object]) -> list[str]:
    """Play a week in a copy of the org, and return in what the org and the model differ."""
    engine, folder = kept
    clocks = CLOCKS if engine == "calendar" else {"response": "Response"}  # Apex counts no business days
    late = timedelta(minutes=int(str(switches.get("path_delay_minutes", 0))))
    with tempfile.TemporaryDirectory() as copy:
        org = opened(folder, Path(copy) / "org", at=week.start, switches=switches)
        played = play(org, week)
        org.run_until(org.application.now + AFTERWARDS)
        return list(differences(agreement, org, played, clocks, late=late))


@settings(max_examples=WEEKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(week=weeks())
def test_every_assignment_has_the_instants_and_the_state_that_the_model_gives_it(
    kept: tuple[str, Path], agreement: Agreement, week: Week
) -> None:
    assert lived(kept, agreement, week, {}) == []


@pytest.mark.parametrize("question", OPEN_QUESTIONS)
@settings(max_examples=max(3, WEEKS // 3), deadline=None, suppress_health_check=list(HealthCheck))
@given(week=weeks())
def test_an_org_lives_the_agreement_whichever_way_the_platform_answers_an_open_question(
    kept: tuple[str, Path], agreement: Agreement, question: str, week: Week
) -> None:
    assert lived(kept, agreement, week, OPEN_QUESTIONS[question]) == []
