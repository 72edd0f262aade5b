"""What a portal has is surveyed as a first agreement needs it, and nothing is written to learn it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector import Connection, Setup, Survey, Surveys
from sla_sync.connector.simulation import serve
from sla_sync.registry import load_connector
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.actors.edits import Hand

PROPERTIES = "/crm/v3/properties/contacts"
OPTIONS = [
    {"label": "No budget", "value": "budget", "displayOrder": 0, "hidden": False},
    {"label": "Old", "value": "old", "displayOrder": 1, "hidden": True},
]
REASON = {
    "name": "reject_reason", "label": "Why", "groupName": "contactinformation", "type": "enumeration",
    "fieldType": "select", "options": OPTIONS,
}  # fmt: skip
SCORE = {
    "name": "fit_score", "label": "Fit", "groupName": "contactinformation", "type": "number", "fieldType": "number",
}  # fmt: skip


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survey]:
    folder: Path = tmp_path_factory.mktemp("portal")
    with serve(simulator, folder, clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:
        for each in (REASON, SCORE):
            Hand(running).ask("POST", PROPERTIES, each)
        connector = load_connector("hubspot")
        options = connector.options.model_validate({"url": running.url, "token": running.token})
        before = running.application.state_changes
        connection = Connection("portal", options, Setup("first"), lambda: running.application.now)
        with connector.open_reader(connection) as reader:
            assert isinstance(reader, Surveys)
            yield reader.survey()
        assert running.application.state_changes == before


@pytest.mark.slow
def test_lifecycle_stages_up_to_the_customer_and_the_statuses_of_those_given_up_are_the_stages(survey: Survey) -> None:
    assert [each.value for each in survey.stages] == [
        "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "UNQUALIFIED",
        "BAD_TIMING",
    ]  # fmt: skip
    assert [each.value for each in survey.stages if each.won] == ["customer"]
    assert [each.value for each in survey.stages if each.first] == ["subscriber"]
    assert survey.stages[-1].bound == {"hs_lead_status": ["BAD_TIMING"]}


@pytest.mark.slow
def test_sources_reasons_scores_and_teams_are_what_people_made(survey: Survey) -> None:
    assert survey.sources is not None
    assert survey.sources.read_from == "hs_analytics_source"
    assert [(each.field, list(each.values)) for each in survey.reasons] == [("reject_reason", ["budget"])]
    assert [each.field for each in survey.scores] == ["fit_score"]
    teams = {each.name: each.people for each in survey.teams}
    assert teams["sdr"] == ("ana@acme.example", "ben@acme.example", "kim@acme.example")
    assert (survey.zone, survey.currency) == ("US/Eastern", "USD")


@pytest.mark.slow
def test_what_a_portal_does_not_tell_is_said(survey: Survey) -> None:
    assert {each.what for each in survey.unseen} >= {"Business hours", "Forms"}
    assert survey.calendars == ()
