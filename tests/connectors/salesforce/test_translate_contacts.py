"""Assignments of contacts, lived in an org: owners who change, a ladder that is carried out, and what is told as a gap."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Gap, Resources
from sla_sync_salesforce.translate.contact_turns import contact_turns
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import Living, living


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return living(tmp_path_factory.mktemp("org"))


def asks(org: Living, owner: str = "ben") -> str:
    """Let a contact of this owner ask to be called."""
    contact = org.org.save("Contact", LastName="Kay", OwnerId=org.id_of(owner))
    campaign = org.org.save("Campaign", Name="Demo", Type="Demo Request", IsActive=True)
    org.org.save("CampaignMember", CampaignId=campaign, Status="Responded", ContactId=contact)
    return contact


def legs(org: Living, contact: str) -> list[dict[str, Any]]:
    return [dict(row) for row in org.org.rows("SLA_Leg__c") if row.get("Contact__c") == contact]


def test_another_owner_of_the_contact_begins_the_next_turn(org: Living) -> None:
    contact = asks(org)
    org.org.until(org.org.now + timedelta(minutes=5))
    org.org.save("Contact", contact, OwnerId=org.id_of("ana"))
    first, second = legs(org, contact)
    assert (first["Ended_Because__c"], first["Ended_At__c"]) == ("Reassigned", org.org.now)
    assert (second["Cycle__c"], second["Leg__c"], second["Team__c"]) == (1, 2, "sdr")
    assert (second["Source__c"], second["Priority__c"]) == ("demo_request", "hot")
    assert org.name_of(second["Person__c"]) == "ana"
    assert second["First_Response_Started_At__c"] == second["Assigned_At__c"] == org.org.now


def test_a_clock_that_only_a_status_could_stop_does_not_run_for_a_contact(org: Living) -> None:
    (leg,) = legs(org, asks(org))
    assert leg["First_Response_Due_At__c"] is not None
    assert leg.get("Verdict_Started_At__c") is None


@pytest.mark.slow
def test_a_clock_that_runs_on_goes_with_the_contact(tmp_path: Path) -> None:
    resources, _, _ = compiled()
    clocks = tuple(replace(each, restarts=None) for each in resources.clocks)
    org = living(tmp_path, {"clocks": clocks})
    contact = asks(org)
    org.org.until(org.org.now + timedelta(minutes=5))
    org.org.save("Contact", contact, OwnerId=org.id_of("ana"))
    first, second = legs(org, contact)
    assert second["First_Response_Due_At__c"] == first["First_Response_Due_At__c"] is not None


def test_a_contact_that_is_saved_with_its_owner_keeps_its_turn(org: Living) -> None:
    contact = asks(org)
    org.org.save("Contact", contact, OwnerId=org.id_of("ben"), Title="CFO")
    assert len(legs(org, contact)) == 1
    # Whoever holds the turn already begins no other when the contact follows.
    org.org.save("SLA_Leg__c", str(legs(org, contact)[0]["Id"]), Person__c=org.id_of("ana"))
    org.org.save("Contact", contact, OwnerId=org.id_of("ana"))
    assert len(legs(org, contact)) == 1


def test_the_next_owner_of_a_contact_is_the_one_whose_touch_counts(org: Living) -> None:
    contact = asks(org)
    org.org.save("Contact", contact, OwnerId=org.id_of("ana"))
    done: dict[str, Any] = {"Subject": "Call", "Type": "Call", "Status": "Completed", "Priority": "Normal"}
    for name, touched in (("ben", False), ("ana", True)):
        org.org.save("Task", WhoId=contact, OwnerId=org.id_of(name), **done)
        assert (legs(org, contact)[-1].get("First_Touch_At__c") is not None) is touched


def test_a_ladder_gives_a_contact_to_another_member_as_often_as_agreed(org: Living) -> None:
    contact = asks(org)
    org.org.until(org.org.now + timedelta(days=1))
    first, second = legs(org, contact)
    assert (first["Ended_Because__c"], first["Pass_To__c"]) == ("Reassigned", "sdr")
    assert org.name_of(second["Person__c"]) == org.name_of(org.org.row("Contact", contact)["OwnerId"]) == "ana"
    assert second["First_Response_Passes__c"] == 1
    assert [each.title for each in org.org.sent if each.kind == "failure"] == []


def test_an_order_that_finds_nobody_is_taken_back(org: Living) -> None:
    contact = asks(org)
    org.away("ana")
    org.org.save("SLA_Leg__c", str(legs(org, contact)[0]["Id"]), Pass_To__c="sdr")
    org.away("ana", away=False)
    (leg,) = legs(org, contact)
    assert leg.get("Pass_To__c") is None
    assert org.name_of(org.org.row("Contact", contact)["OwnerId"]) == "ben"


def with_step(**changes: Any) -> Resources:
    """Return the example with the passing step of its ladder changed."""
    resources, _, _ = compiled()
    clocks = tuple(
        replace(clock, rungs=tuple(replace(rung, **changes) if rung.reassign else rung for rung in clock.rungs))
        for clock in resources.clocks
    )
    return replace(resources, clocks=clocks)


@pytest.mark.slow
def test_a_step_that_closes_ends_the_assignment_of_a_contact(tmp_path: Path) -> None:
    closing = with_step(reassign=None, at_most=None, stage="recycled", reason="no_response")
    org = living(tmp_path, {"clocks": closing.clocks})
    contact = asks(org)
    org.org.until(org.org.now + timedelta(days=1))
    (leg,) = legs(org, contact)
    assert (leg["Ended_Because__c"], leg["Stage__c"], leg["Verdict__c"]) == ("Closed", "recycled", "recycled")
    assert leg["Reason__c"] == "no_response"


def test_what_cannot_become_of_a_contact_says_so() -> None:
    _, binding, setup = compiled()
    found = contact_turns(with_step(reassign=None, return_to_queue="marketing_queue"), binding, setup)
    gaps = {each.id: each.advice for each in found if isinstance(each, Gap)}
    assert set(gaps) == {"contacts", "contacts:first-response:2"}
    assert "marketing_queue" in gaps["contacts:first-response:2"]


def test_without_contacts_nothing_is_pushed_for_them() -> None:
    resources, binding, setup = compiled()
    assert [*contact_turns(resources, binding.model_copy(update={"objects": ("Lead",)}), setup)] == []
