"""A sound org passes every story, and each of these mistakes is told by one: so the comparison can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.document import Agreement
from tests.behaviour.salesforce.mutants import Mutant, of_flows, of_rows
from tests.behaviour.salesforce.mutation import EARLY, differing, told_apart
from tests.behaviour.salesforce.orgs import agreed, applied, opened
from tests.behaviour.salesforce.stories import STORIES

pytestmark = pytest.mark.slow

TOLD = (
    "SLA_Lead_Cycle.Stage_Moved: $Record.Status IsChanged inverted",
    "SLA_Lead_Cycle.Owner_Moved: $Record.OwnerId IsChanged inverted",
    "SLA_Lead_Cycle.Get_Leg: filter by Ended_At__c missing",
    "SLA_Lead_Cycle.Keep_Stage: Stage__c not written",
    "SLA_Lead_Cycle.Keep_Stage: Accepted_At__c not written",
    "SLA_Lead_Cycle.Keep_Stage: Ended_At__c not written",
    "SLA_Lead_Cycle.Take: Team__c not written",
    "SLA_Lead_Cycle.End_Turn: Ended_At__c not written",
    "SLA_Lead_Cycle.Open_Next_Turn: Source__c not written",
    "SLA_Lead_Cycle.Open_Next_Turn: Verdict_Warn_At__c not written",
    "SLA_Lead_Cycle.Open_Next_Turn: Assigned_At__c not written",
    "SLA_Lead_Cycle.Open_Cycle: Cycle__c not written",
    "SLA_Lead_Cycle.Open_Cycle: Route__c not written",
    "SLA_Lead_Cycle.Count_Cycle: Cycle not assigned",
    "SLA_Leg_Clocks.Response_Is_Done: Response_Stops GreaterThanOrEqualTo inverted",
    "SLA_Leg_Clocks.Verdict_Is_To_Run: Verdict_Begins IsNull inverted",
    "SLA_Leg_Clocks.Response_Due_Open_Row: filter by Calendar__c missing",
    "SLA_Leg_Clocks.Response_Warn_Open_Row: filter by Minutes_Through__c missing",
    "SLA_Leg_Clocks.Response_Step_3_Row: filter by Minutes_Through__c missing",
    "SLA_Leg_Clocks.Verdict_Due_Days_Row: filter by Calendar__c missing",
    "SLA_Leg_Clocks.Response_Set_Due_Open: $Record.Response_Due_At__c not assigned",
    "SLA_Leg_Clocks.Response_Set_Step_2: $Record.Response_Rung_2_At__c not assigned",
    "SLA_Leg_Stamps.Stamp_Lead: SLA_Assigned_At__c not written",
    "SLA_Task_Touch.Get_Touched: filter by Person__c missing",
    "every window closes a minute late",
    "every window opens a minute late",
    "days are counted from another one",
    "a hot lead has a minute more",
)
"""Mistakes of every kind; `campaign.py` makes all of them."""


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    """Return the agreement that the org lives."""
    return agreed()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an org in which the agreement was applied."""
    return applied(tmp_path_factory.mktemp("sound"), deadlines="calendar")


@pytest.fixture(scope="module")
def mistakes(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mutant]:
    """Return every mistake that can be made in the org, by its name."""
    org = opened(sound, tmp_path_factory.mktemp("broken") / "org", at=EARLY)
    return {each.name: each for each in (*of_flows(org), *of_rows())}


@pytest.mark.parametrize("story", STORIES)
def test_a_sound_org_passes_every_story(sound: Path, agreement: Agreement, story: str) -> None:
    assert differing(sound, agreement, None, STORIES[story]) == []


@pytest.mark.parametrize("mistake", TOLD)
def test_a_mistake_is_told_by_some_story(
    sound: Path, agreement: Agreement, mistakes: dict[str, Mutant], mistake: str
) -> None:
    assert told_apart(sound, agreement, mistakes[mistake]) is not None
