"""For random weeks, what the pushed flows keep of every lead equals what the model of the agreement says of it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

from sla_sync.agreement.document import Agreement
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.semantics.clocks import Run, runs
from sla_sync.semantics.ladders import Rung, Taken, rungs
from sla_sync.semantics.story import story_of
from sla_sync_salesforce.simulator.outbox import sent
from tests.behaviour.salesforce.orgs import LIVING, Org, applied, opened
from tests.behaviour.salesforce.scripts import Week, play, weeks
from tests.behaviour.salesforce.telling import told

pytestmark = pytest.mark.slow

WEEKS = int(os.environ.get("SLA_SYNC_WEEKS", "20"))
"""How many weeks of five leads each are played for each engine; the nightly run asks for a thousand."""
CLOCKS = {"response": "Response", "verdict": "Verdict"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one clock, as the org or the model has it."""

    clock: str
    person: str | None
    started: datetime | None
    due: datetime | None
    warn: datetime | None
    stopped: datetime | None
    state: str
    steps: tuple[tuple[int, datetime], ...] = ()
    """The steps of the ladder that were taken, by their place in `on_breach`, and when each was due."""


@pytest.fixture(scope="session", params=["calendar", "apex"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return an engine and the folder of an org in which the agreement was applied with it."""
    return request.param, applied(tmp_path_factory.mktemp("org"), deadlines=request.param)


@pytest.fixture(scope="session")
def agreement() -> Agreement:
    """Return the agreement that the org lives."""
    place = Place(LIVING / "agreement.yaml", LIVING / "targets.yaml", LIVING / "state")
    return read(place).usable


@settings(max_examples=WEEKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(week=weeks())
def test_every_assignment_has_the_instants_and_the_state_that_the_model_gives_it(
    kept: tuple[str, Path], agreement: Agreement, week: Week
) -> None:
    engine, folder = kept
    clocks = CLOCKS if engine == "calendar" else {"response": "Response"}  # Apex counts no business days
    with tempfile.TemporaryDirectory() as copy:
        org = opened(folder, Path(copy) / "org", at=week.start)
        leads = play(org, week)
        org.run_until(org.application.now + timedelta(days=4))
        assert not [each for each in sent(org.store) if each.kind == "failure"]
        for lead in leads:
            history = told(org, lead)
            note("\n".join(map(str, history.events)))
            found = sorted(_of_the_org(org, lead, clocks), key=_order)
            said = sorted(_of_the_model(agreement, org, lead, clocks), key=_order)
            assert found == said


def _of_the_model(agreement: Agreement, org: Org, lead: str, clocks: Mapping[str, str]) -> list[Turn]:
    story = story_of(agreement, told(org, lead))
    now = org.application.now
    return [
        _turn(run, [each for each in rungs(story, name, now) if each.run.started_at == run.started_at])
        for name in clocks
        for run in runs(story, name, now)
    ]


def _turn(run: Run, ladder: Sequence[Rung]) -> Turn:
    return Turn(
        clock=run.commitment,
        person=run.owner,
        started=run.started_at,
        due=run.deadline,
        warn=run.warn_at,
        stopped=run.stopped_at,
        state=str(run.state.value),
        steps=tuple(sorted((each.index + 1, each.due) for each in ladder if each.taken is Taken.TAKEN)),
    )


def _of_the_org(org: Org, lead: str, clocks: Mapping[str, str]) -> list[Turn]:
    legs = sorted(
        (row for row in org.rows("SLA_Leg__c") if row.get("Lead__c") == lead),
        key=lambda row: (row["Cycle__c"], row["Leg__c"]),
    )
    found: dict[tuple[str, object, object], Turn] = {}
    for leg in legs:
        for name, field in clocks.items():
            started = leg.get(f"{field}_Started_At__c")
            if started is None:
                continue
            # A clock that runs once in a cycle is handed on: the last assignment tells how it stands.
            first = found.get((name, leg["Cycle__c"], started))
            person = first.person if first else _person(org, leg.get("Person__c"))
            found[name, leg["Cycle__c"], started] = Turn(
                name,
                person,
                started,
                leg.get(f"{field}_Due_At__c"),
                leg.get(f"{field}_Warn_At__c"),
                leg.get(f"{field}_Stopped_At__c"),
                org.shown("SLA_Leg__c", str(leg["Id"]), f"{field}_State__c"),
                tuple(_steps(leg, field)),
            )
    return list(found.values())


def _steps(leg: Mapping[str, Any], field: str) -> Iterator[tuple[int, datetime]]:
    for step in re.findall(r";Step_(\d+);", str(leg.get(f"{field}_Taken__c") or "")):
        yield int(step), leg[f"{field}_Rung_{step}_At__c"]


def _person(org: Org, identity: object) -> str | None:
    return str(org.row("User", identity)["Username"]).partition("@")[0] if identity else None


def _order(turn: Turn) -> tuple[str, str]:
    return turn.clock, str(turn.started)
