"""Coming back to a lead, lived in an org: when, who hears of it, and when nobody needs to."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Duration, Gap, Unit
from sla_sync_salesforce.translate.recycling import days_of, recycling
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, Living, living


@pytest.fixture
def org(tmp_path: Path) -> Living:
    return living(tmp_path, {"routing": None})


def recycled(org: Living, reason: str, **values: Any) -> str:
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, Status="Nurture", SLA_Reason__c=reason, **values)
    return lead


def told(org: Living) -> int:
    return sum(each.flow == "SLA_Leg_Revisit" for each in org.org.sent)


def test_the_reason_says_when_to_come_back_and_the_notice_goes_out_then(org: Living) -> None:
    group = next(str(row["Id"]) for row in org.org.rows("Group") if row["DeveloperName"] == "SLA_Role_Vp_Marketing")
    org.org.save("GroupMember", GroupId=group, UserOrGroupId=org.id_of("morgan"))
    lead = recycled(org, "no_response")
    (leg,) = org.legs(lead)
    at = org.org.now + timedelta(days=90)
    assert leg["Revisit_At__c"] == at
    org.org.until(at - timedelta(seconds=1))
    assert told(org) == 0
    org.org.until(at)
    (sent,) = [each for each in org.org.sent if each.flow == "SLA_Leg_Revisit"]
    assert (sent.title, sent.target) == ("A lead to come back to", lead)
    assert [org.name_of(each) for each in sent.to] == ["morgan"]


def test_nobody_is_told_of_a_lead_that_is_worked_again(org: Living) -> None:
    lead = recycled(org, "no_response")
    org.lead(lead, Status="MQL")
    org.org.until(org.org.now + timedelta(days=91))
    assert told(org) == 0


def test_the_reason_of_the_last_time_is_forgotten_where_a_lead_qualifies_again(org: Living) -> None:
    lead = recycled(org, "no_budget")
    org.lead(lead, Status="MQL")
    assert org.org.row("Lead", lead)["SLA_Reason__c"] is None
    assert [each["Reason__c"] for each in org.legs(lead)] == ["no_budget", None]


def test_whoever_gives_the_reason_says_when_where_it_asks(org: Living) -> None:
    lead = recycled(org, "bad_timing", SLA_Revisit_On__c=date(2026, 11, 4))
    (leg,) = org.legs(lead)
    assert leg["Revisit_At__c"] == org.org.now + timedelta(days=30)


def test_a_reason_without_a_time_says_none(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, Status="Closed - Not Converted", SLA_Reason__c="bad_data")
    assert org.legs(lead)[0].get("Revisit_At__c") is None


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        (Duration(90, Unit.DAY), "90"),
        (Duration(2, Unit.WEEK), "14"),
        (Duration(6, Unit.HOUR), "(21600 / 86400)"),
        (Duration(3, Unit.MONTH), None),
        (Duration(2, Unit.DAY, business=True), None),
    ],
    ids=str,
)
def test_a_time_is_counted_where_it_is_always_equally_long(duration: Duration, days: str | None) -> None:
    assert days_of(duration) == days


def test_a_time_that_no_formula_counts_is_a_step_for_people() -> None:
    resources, binding, setup = compiled()
    sets = tuple(
        replace(each, revisits={**each.revisits, "no_budget": Duration(6, Unit.MONTH)}) if each.revisits else each
        for each in resources.reason_sets
    )
    gaps = [each for each in recycling(replace(resources, reason_sets=sets), binding, setup) if isinstance(each, Gap)]
    assert [each.id for each in gaps] == ["revisit:recycle:no_budget"]
    assert "6 months" in gaps[0].advice
