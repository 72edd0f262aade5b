"""Leads and contacts that go, lived in an org: what is left of their assignments after a merge or a deletion."""

from datetime import timedelta

import pytest

from sla_sync_salesforce.simulator.converting import delete, merge_leads
from tests.connectors.salesforce.living import DEMO, FIT, Living, living


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return living(tmp_path_factory.mktemp("org"))


def test_after_a_merge_one_assignment_is_open_and_that_of_the_loser_has_ended(org: Living) -> None:
    winner, loser = org.lead(**DEMO, **FIT), org.lead(**DEMO, **FIT)
    kept, lost = org.open_leg(winner)["Id"], org.open_leg(loser)["Id"]
    org.org.until(org.org.now + timedelta(minutes=1))
    merge_leads(org.org.desk, org.org.admin, winner, [loser])
    assert org.open_leg(winner)["Id"] == kept
    leg = org.org.row("SLA_Leg__c", str(lost))
    assert (leg["Lead__c"], leg["Ended_Because__c"], leg["Ended_At__c"]) == (winner, "Gone", org.org.now)


def test_what_came_by_a_merge_stays_known_when_the_winner_is_deleted(org: Living) -> None:
    winner, loser = org.lead(**DEMO, **FIT), org.lead(**DEMO, **FIT)
    own, other = (str(org.open_leg(each)["Id"]) for each in (winner, loser))
    merge_leads(org.org.desk, org.org.admin, winner, [loser])
    delete(org.org.desk, org.org.admin, "Lead", winner)
    assert [org.org.row("SLA_Leg__c", each)["Ended_Because__c"] for each in (own, other)] == ["Gone", "Merged"]


def test_the_assignment_of_a_lead_that_is_deleted_ends_and_no_step_follows(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    leg = str(org.open_leg(lead)["Id"])
    delete(org.org.desk, org.org.admin, "Lead", lead)
    left = org.org.row("SLA_Leg__c", leg)
    assert (left["Lead__c"], left["Ended_Because__c"], left["Ended_At__c"]) == (None, "Gone", org.org.now)
    org.org.until(org.org.now + timedelta(days=3))
    assert org.org.row("SLA_Leg__c", leg).get("First_Response_Taken__c") is None


def test_the_assignment_of_a_contact_that_is_deleted_ends(org: Living) -> None:
    contact = org.org.save("Contact", LastName="Kay", OwnerId=org.id_of("ben"))
    campaign = org.org.save("Campaign", Name="Demo", Type="Demo Request", IsActive=True)
    org.org.save("CampaignMember", CampaignId=campaign, Status="Responded", ContactId=contact)
    (leg,) = [row for row in org.org.rows("SLA_Leg__c") if row.get("Contact__c") == contact]
    delete(org.org.desk, org.org.admin, "Contact", contact)
    left = org.org.row("SLA_Leg__c", str(leg["Id"]))
    assert left["Ended_Because__c"] == "Gone"


def test_a_lead_without_an_assignment_goes_without_a_trace(org: Living) -> None:
    before = len(org.org.rows("SLA_Leg__c"))
    delete(org.org.desk, org.org.admin, "Lead", org.lead(**DEMO))
    assert len(org.org.rows("SLA_Leg__c")) == before
