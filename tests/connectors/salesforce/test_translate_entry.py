"""Stages that a lead enters by itself, lived in an org: when it does, when it must not, and what is stamped then."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Duration, Gap, Unit, tree
from sla_sync_salesforce.translate.entry import entry
from sla_sync_salesforce.translate.words import learn
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, KNOWN, Living, living


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return living(tmp_path_factory.mktemp("org"), {"routing": None})


def test_a_lead_enters_when_its_score_reaches_the_threshold(org: Living) -> None:
    lead = org.lead(**DEMO, SLA_Score__c=99, SLA_Engagement__c=30)
    assert org.values(lead)["Status"] == "Open - Not Contacted"
    org.lead(lead, SLA_Score__c=100)
    assert org.values(lead)["Status"] == "MQL"


@pytest.mark.parametrize("missing", ["Email", "Country", "LeadSource", "SLA_Score__c", "SLA_Engagement__c"])
def test_a_lead_waits_until_everything_that_is_needed_is_known(org: Living, missing: str) -> None:
    whole = {**DEMO, **FIT}
    lead = org.lead(**{name: value for name, value in whole.items() if name != missing})
    assert org.values(lead)["Status"] == "Open - Not Contacted"
    org.lead(lead, **{missing: whole[missing]})
    assert org.values(lead)["Status"] == "MQL"


def test_a_stage_from_which_none_may_come_is_not_left(org: Living) -> None:
    lead = org.lead(**KNOWN, Status="Working - Contacted")
    org.lead(lead, **DEMO, **FIT)
    assert org.values(lead)["Status"] == "Working - Contacted"


@pytest.mark.slow
def test_whoever_sets_a_status_by_hand_is_not_overruled_in_the_same_save(tmp_path: Path) -> None:
    resources, _, _ = compiled()
    stages = tuple(
        replace(each, next={**each.next, "inquiry": None}) if each.qualifies else each for each in resources.stages
    )
    org = living(tmp_path, {"routing": None, "stages": stages})
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, Status="Open - Not Contacted")
    assert org.values(lead)["Status"] == "Open - Not Contacted"


def test_a_lead_that_is_recycled_does_not_bounce_back(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    org.lead(lead, Phone="1")
    org.lead(lead, SLA_Score__c=130)
    assert org.values(lead)["Status"] == "Nurture"


def test_a_recycled_lead_comes_back_when_it_qualifies_anew(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    org.lead(lead, SLA_Engagement__c=0)
    org.lead(lead, SLA_Engagement__c=10)
    assert org.values(lead)["Status"] == "MQL"
    assert org.open_leg(lead)["Cycle__c"] == 2


def test_a_recycled_lead_comes_back_when_it_asks_again_though_its_score_never_fell(org: Living) -> None:
    lead = org.lead(**{**DEMO, "LeadSource": "Web"}, **FIT)
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    org.org.until(org.org.now + timedelta(days=1))
    org.lead(lead, LeadSource="Phone Inquiry")
    assert org.values(lead)["Status"] == "MQL"
    assert org.values(lead)["SLA_Priority__c"] == "hot"
    assert org.open_leg(lead)["Raised_At__c"] == org.org.now


@pytest.mark.parametrize("before", [{}, FIT], ids=["never qualified", "qualified before"])
def test_a_hand_that_was_raised_before_the_lead_closed_is_not_that_of_a_later_cycle(
    org: Living, before: dict[str, Any]
) -> None:
    lead = org.lead(**DEMO, **before)
    assert org.values(lead)["SLA_Raised_At__c"] == org.org.now
    org.org.until(org.org.now + timedelta(minutes=1))
    org.lead(lead, Status="Closed - Not Converted", SLA_Reason__c="bad_data")
    org.org.until(org.org.now + timedelta(minutes=1))
    org.lead(lead, Status="MQL")
    assert org.open_leg(lead)["Raised_At__c"] is None


def test_the_first_priority_whose_condition_holds_is_stamped_with_the_policy(org: Living) -> None:
    hot, warm = (org.values(org.lead(**{**DEMO, "LeadSource": each}, **FIT)) for each in ("Phone Inquiry", "Web"))
    assert (hot["SLA_Priority__c"], warm["SLA_Priority__c"]) == ("hot", "warm")
    assert hot["SLA_Policy__c"] == "acme-inbound@2026-10-01"


def test_the_source_of_an_open_cycle_is_frozen(org: Living) -> None:
    lead = org.lead(**{**DEMO, "LeadSource": "Web"}, **FIT)
    org.lead(lead, LeadSource="Phone Inquiry")
    assert org.values(lead)["SLA_Source__c"] == "content"
    assert org.open_leg(lead)["Source__c"] == "content"


def test_a_value_that_means_no_source_changes_none(org: Living) -> None:
    lead = org.lead(**{**DEMO, "LeadSource": "Web"})
    org.lead(lead, LeadSource="Other")
    assert org.values(lead)["SLA_Source__c"] == "content"


@pytest.mark.slow
def test_no_lead_comes_back_sooner_than_agreed(tmp_path: Path) -> None:
    resources, _, _ = compiled()
    stages = tuple(
        replace(each, again_after=Duration(30, Unit.DAY)) if each.qualifies else each for each in resources.stages
    )
    org = living(tmp_path, {"routing": None, "stages": stages})
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    for days, status in ((1, "Nurture"), (30, "MQL")):
        org.lead(lead, SLA_Engagement__c=0)
        org.org.until(org.org.now + timedelta(days=days))
        org.lead(lead, SLA_Engagement__c=10)
        assert org.values(lead)["Status"] == status


@pytest.mark.parametrize(
    ("stage", "after", "told"),
    [
        ("mql", Duration(30, Unit.DAY), "no lead enters it by itself before, but"),
        ("mql", Duration(1, Unit.MONTH), "leads enter it by themselves before, too; agree on days or weeks"),
        ("mql", Duration(1, Unit.QUARTER), "leads enter it by themselves before, too; agree on days or weeks"),
        ("mql", Duration(5, Unit.DAY, business=True), "leads enter it by themselves before, too; agree on days"),
        ("sal", Duration(30, Unit.DAY), "Salesforce does not hold back people who set the status"),
    ],
)
def test_who_is_not_kept_from_entering_again_is_told(stage: str, after: Duration, told: str) -> None:
    resources, binding, setup = compiled()
    stages = tuple(replace(each, again_after=after) if each.name == stage else each for each in resources.stages)
    found = entry(replace(resources, stages=stages), binding, setup, learn(resources, binding))
    (gap,) = [each for each in found if isinstance(each, Gap) and each.id.startswith("again:")]
    assert f"for {after} after they last entered it" in gap.advice
    assert told in gap.advice


def test_a_stage_whose_entries_nobody_keeps_lets_leads_in_by_themselves_and_says_so() -> None:
    resources, binding, setup = compiled()
    stages = tuple(
        replace(each, again_after=Duration(30, Unit.DAY), enter_when=tree.Known("email"))
        if each.name == "sal"
        else each
        for each in resources.stages
    )
    found = entry(replace(resources, stages=stages), binding, setup, learn(resources, binding))
    (gap,) = [each for each in found if isinstance(each, Gap) and each.id == "again:sal"]
    assert "does not keep when a lead entered it" in gap.advice


@pytest.mark.slow
def test_a_field_that_nobody_else_writes_starts_over_and_another_is_left_to_its_writer(tmp_path: Path) -> None:
    resources, binding, setup = compiled()
    stages = tuple(
        replace(each, resets=("engagement", "next_step")) if each.name == "recycled" else each
        for each in resources.stages
    )
    org = living(tmp_path, {"routing": None, "stages": stages})
    lead = org.lead(**DEMO, **FIT, SLA_Next_Step__c="Call on Monday.")
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    assert org.values(lead).get("SLA_Next_Step__c") is None
    assert org.values(lead)["SLA_Engagement__c"] == 30
    found = entry(replace(resources, stages=stages), binding, setup, learn(resources, binding))
    (gap,) = [each for each in found if isinstance(each, Gap)]
    assert gap.advice.startswith("Let hubspot blank Lead.SLA_Engagement__c")


def test_what_a_formula_cannot_say_is_entered_by_hand() -> None:
    resources, binding, setup = compiled()
    counted = tree.Did("visit", "pricing_page")
    stages = tuple(replace(each, enter_when=counted) if each.qualifies else each for each in resources.stages)
    found = entry(replace(resources, stages=stages), binding, setup, learn(resources, binding))
    ids = {each.id for each in found if isinstance(each, Gap)}
    assert {"enter:inquiry:mql", "enter:recycled:mql"} <= ids
