"""Hands that are raised, lived in an org: through a form, through a campaign, by leads and by contacts."""

from datetime import timedelta
from typing import Any

import pytest

from sla_sync.connector import Gap
from sla_sync_salesforce.translate.handraise import hand_raise_fields, hand_raises
from sla_sync_salesforce.translate.words import learn
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, KNOWN, Living, living


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return living(tmp_path_factory.mktemp("org"))


def respond(org: Living, kind: str, status: str = "Responded", **who: Any) -> str:
    campaign = org.org.save("Campaign", Name=kind, Type=kind, IsActive=True)
    return org.org.save("CampaignMember", CampaignId=campaign, Status=status, **who)


def test_a_response_is_kept_as_the_source_with_its_instant(org: Living) -> None:
    lead = org.lead(**KNOWN)
    org.org.until(org.org.now + timedelta(minutes=1))
    respond(org, "Webinar", LeadId=lead)
    assert org.values(lead)["SLA_Source__c"] == "webinar"
    assert org.values(lead)["SLA_Raised_At__c"] == org.org.now


def test_who_was_only_sent_something_raised_no_hand(org: Living) -> None:
    lead = org.lead(**KNOWN)
    member = respond(org, "Webinar", status="Sent", LeadId=lead)
    assert org.values(lead).get("SLA_Source__c") is None
    org.org.save("CampaignMember", member, Status="Responded")
    assert org.values(lead)["SLA_Source__c"] == "webinar"


def test_a_campaign_that_means_no_source_changes_none(org: Living) -> None:
    lead = org.lead(**DEMO)
    respond(org, "Conference", LeadId=lead)
    assert org.values(lead)["SLA_Source__c"] == "contact_sales"


def test_a_response_can_be_what_a_lead_still_needs(org: Living) -> None:
    lead = org.lead(**KNOWN, **FIT)
    assert org.values(lead)["Status"] == "Open - Not Contacted"
    respond(org, "Demo Request", LeadId=lead)
    assert org.values(lead)["Status"] == "MQL"
    assert org.open_leg(lead)["Source__c"] == "demo_request"


def test_a_customer_of_last_year_who_asks_again_is_hot_whatever_the_first_source_was(org: Living) -> None:
    lead = org.lead(**{**DEMO, "LeadSource": "Web"}, **FIT)
    assert org.values(lead)["SLA_Priority__c"] == "warm"
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    org.org.until(org.org.now + timedelta(days=1))
    respond(org, "Demo Request", LeadId=lead)
    assert org.values(lead)["Status"] == "MQL"
    again = org.open_leg(lead)
    assert (again["Cycle__c"], again["Priority__c"], again["Source__c"]) == (2, "hot", "demo_request")
    assert again["Raised_At__c"] == org.org.now


def test_a_response_within_an_open_cycle_changes_nothing(org: Living) -> None:
    lead = org.lead(**{**DEMO, "LeadSource": "Web"}, **FIT)
    respond(org, "Demo Request", LeadId=lead)
    assert org.values(lead)["SLA_Source__c"] == "content"
    assert org.open_leg(lead)["Source__c"] == "content"


def of_contact(org: Living, contact: str) -> list[dict[str, object]]:
    return [dict(row) for row in org.org.rows("SLA_Leg__c") if row.get("Contact__c") == contact]


def test_a_contact_who_asks_is_worked_by_the_owner_of_the_contact(org: Living) -> None:
    contact = org.org.save("Contact", LastName="Kay", OwnerId=org.id_of("ben"))
    respond(org, "Webinar", ContactId=contact)
    assert of_contact(org, contact) == []
    respond(org, "Demo Request", ContactId=contact)
    respond(org, "Demo Request", ContactId=contact)
    (leg,) = of_contact(org, contact)
    assert (leg["Cycle__c"], leg["Source__c"], leg["Priority__c"], leg["Team__c"]) == (1, "demo_request", "hot", "sdr")
    assert org.name_of(leg["Person__c"]) == "ben"
    assert leg["First_Response_Due_At__c"] is not None


def test_a_contact_who_was_touched_and_asks_again_is_worked_again(org: Living) -> None:
    contact = org.org.save("Contact", LastName="Kay", OwnerId=org.id_of("ben"))
    respond(org, "Demo Request", ContactId=contact)
    task: dict[str, Any] = {"Subject": "Call", "Type": "Call", "Status": "Completed", "Priority": "Normal"}
    org.org.save("Task", WhoId=contact, OwnerId=org.id_of("ben"), **task)
    respond(org, "Demo Request", ContactId=contact)
    first, second = of_contact(org, contact)
    assert first["Ended_Because__c"] == "Closed"
    assert first["First_Touch_At__c"] is not None
    assert (second["Cycle__c"], second.get("Ended_At__c")) == (2, None)


def test_without_a_source_nothing_is_kept_and_nothing_is_pushed() -> None:
    resources, binding, setup = compiled()
    bare = binding.model_copy(update={"sources": type(binding.sources)()})
    assert [*hand_raise_fields(resources, bare, setup)] == []
    assert [*hand_raises(resources, bare, setup, learn(resources, bare))] == []


def test_a_source_that_no_flow_reads_says_so() -> None:
    resources, binding, setup = compiled()
    sources = binding.sources.model_copy(update={"read_from": ("Account.Source__c", "CampaignMember.Campaign.Type")})
    bound = binding.model_copy(update={"sources": sources})
    ids = [each.id for each in hand_raises(resources, bound, setup, learn(resources, bound)) if isinstance(each, Gap)]
    assert "source:Account.Source__c" in ids
