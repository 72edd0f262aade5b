"""What a plan says beforehand: the portal's zone where workflows count hours, and a score that cannot reach its threshold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sla_sync.connector import Diagnostic, Severity, Standing
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.translate.steps import steps
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from tests.connectors.hubspot.stories import Portal, acme_resources, binding

OWN_SCORE = {"score": "lead_points"}
LONDON = replace(acme_resources().calendars[0], timezone="Europe/London")


def said(portal: Portal, bound: HubSpotBinding, **parts: Any) -> list[Diagnostic]:
    with reading(portal.connection()) as reader:
        return list(reader.foresee_for(replace(acme_resources(), **parts), bound))


def give_score(portal: Portal, most: str | None = None) -> None:
    """Let somebody have a score of their own, which takes no number above `most`."""
    kept = {"name": "lead_points", "label": "Lead points", "groupName": "contactinformation"}
    client = portal.client()
    client.call("POST", Api.PROPERTIES, "/contacts", body={**kept, "type": "number", "fieldType": "number"})
    if most is not None:
        body = {"ruleArguments": [most]}
        client.call("PUT", Api.VALIDATIONS, "/0-1/lead_points/rule-type/MAX_NUMBER", body=body)


@pytest.mark.parametrize("deadlines", ["ticks", "delay"])
def test_a_plan_warns_of_another_zone_where_workflows_count_opening_hours(served: Portal, deadlines: str) -> None:
    served.switch(time_zone="Asia/Tokyo")
    (found,) = said(served, binding(deadlines=deadlines))
    assert (found.code, found.severity, found.path) == ("SLA810", Severity.WARNING, ("calendars",))
    assert "in the portal's zone (Asia/Tokyo)" in found.message


@pytest.mark.parametrize("more", [{"deadlines": "computed"}, {"deadlines": "ticks", "timers": "salesforce"}])
def test_a_plan_asks_for_no_zone_where_no_workflow_counts_hours(served: Portal, more: dict[str, str]) -> None:
    served.switch(time_zone="Asia/Tokyo")
    before = len(served.running.calls)
    assert said(served, binding(**more)) == []
    assert len(served.running.calls) == before


def test_the_portal_of_the_same_zone_is_no_finding(served: Portal) -> None:
    served.switch(time_zone="Europe/London")
    assert said(served, binding(deadlines="ticks"), calendars=(LONDON,)) == []


def test_a_score_that_takes_no_number_as_high_as_its_threshold_is_told_by_plan_and_doctor(served: Portal) -> None:
    give_score(served, most="60")
    bound = binding(fields=OWN_SCORE)
    (found,) = said(served, bound)
    assert (found.code, found.path) == ("SLA802", ("scoring", "person", "threshold"))
    assert "takes no number above 60" in found.message
    with reading(served.connection()) as reader:
        by_name = {each.name: each for each in reader.examine_for(acme_resources(), bound)}
    assert by_name["threshold person"].standing is Standing.MISSING


@pytest.mark.parametrize("most", [None, "100", "250"])
def test_of_a_score_of_somebody_elses_nobody_knows_from_how_many_points_it_counts(
    served: Portal, most: str | None
) -> None:
    give_score(served, most)
    bound = binding(fields=OWN_SCORE)
    assert said(served, bound) == []
    with reading(served.connection()) as reader:
        by_name = {each.name: each for each in reader.examine_for(acme_resources(), bound)}
    found = by_name["threshold person"]
    assert found.standing is Standing.UNKNOWN
    assert "100 points" in found.hint


def test_a_score_that_we_add_is_not_asked_for(served: Portal) -> None:
    bound = binding(fields={"score": {"field": "sla_score", "add": "number"}})
    before = len(served.running.calls)
    assert said(served, bound) == []
    assert len(served.running.calls) == before


def test_the_beta_of_scores_is_a_step_by_hand_that_says_why() -> None:
    allowed = list(steps(Vocabulary(acme_resources(), binding(beta=["scores"]))))
    usual = list(steps(Vocabulary(acme_resources(), binding())))
    (more,) = [each for each in allowed if each.id not in {one.id for one in usual}]
    assert more.id == "beta-scores"
    assert "this release writes no score" in more.advice
