"""The cycle of a lead, lived in an org: what opens an assignment, what ends it, and what the next one takes over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Gap
from sla_sync_salesforce.simulator.converting import convert_lead
from sla_sync_salesforce.translate.cycle import cycle
from sla_sync_salesforce.translate.words import learn
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, Living, living


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    """Return an org without a routing, so that whoever saves a lead owns it."""
    return living(tmp_path_factory.mktemp("org"), {"routing": None})


def qualified(org: Living, by: str = "ana", **values: Any) -> str:
    return org.lead(by=by, **{**DEMO, **FIT, "OwnerId": org.id_of(by), **values})


def test_a_lead_that_qualifies_opens_one_assignment_of_its_owner(org: Living) -> None:
    lead = qualified(org)
    (leg,) = org.legs(lead)
    assert (leg["Cycle__c"], leg["Leg__c"], leg["Stage__c"], leg["Source__c"]) == (1, 1, "mql", "contact_sales")
    assert (org.name_of(leg["Person__c"]), org.name_of(leg["OwnerId"]), leg["Team__c"]) == ("ana", "ana", "sdr")
    assert leg["Calendar__c"] == "office"
    assert leg["Priority__c"] == "hot"
    assert leg["Policy__c"] == "acme-inbound@2026-10-01"
    assert leg["Qualified_At__c"] == leg["Assigned_At__c"] == leg["Raised_At__c"] == org.values(lead)["CreatedDate"]


def test_a_lead_that_does_not_qualify_opens_none(org: Living) -> None:
    lead = org.lead(**DEMO, SLA_Score__c=99, SLA_Engagement__c=30)
    assert org.legs(lead) == []
    org.lead(lead, Status="Closed - Not Converted", SLA_Reason__c="bad_data")
    assert org.legs(lead) == []


def test_people_and_imports_qualify_a_lead_by_its_status(org: Living) -> None:
    lead = org.lead(**DEMO)
    org.lead(lead, Status="MQL")
    assert org.open_leg(lead)["Stage__c"] == "mql"
    assert org.open_leg(org.lead(**DEMO, Status="MQL"))["Cycle__c"] == 1


def test_another_save_in_the_qualifying_stage_opens_nothing(org: Living) -> None:
    lead = qualified(org)
    org.lead(lead, Phone="1", SLA_Score__c=200)
    assert len(org.legs(lead)) == 1


def test_a_new_owner_ends_the_turn_and_begins_the_next_in_the_same_cycle(org: Living) -> None:
    lead = qualified(org)
    org.org.until(org.org.now + timedelta(minutes=10))
    org.lead(lead, OwnerId=org.id_of("ben"))
    first, second = org.legs(lead)
    assert first["Ended_Because__c"] == "Reassigned"
    assert first["Ended_At__c"] == second["Assigned_At__c"]
    assert (second["Cycle__c"], second["Leg__c"], org.name_of(second["Person__c"])) == (1, 2, "ben")
    assert second["Qualified_At__c"] == first["Qualified_At__c"]
    assert second["Source__c"] == first["Source__c"]


def test_a_clock_that_does_not_begin_anew_is_taken_over_and_the_other_begins(org: Living) -> None:
    lead = qualified(org)
    org.org.until(org.org.now + timedelta(minutes=10))
    org.lead(lead, OwnerId=org.id_of("ben"))
    first, second = org.legs(lead)
    assert second["Verdict_Started_At__c"] == first["Verdict_Started_At__c"]
    assert second["Verdict_Due_At__c"] == first["Verdict_Due_At__c"]
    assert second["First_Response_Started_At__c"] == second["Assigned_At__c"]


def test_a_lead_that_goes_back_to_a_queue_waits_for_whoever_takes_it(org: Living) -> None:
    lead = qualified(org)
    org.lead(lead, OwnerId=org.queue("Marketing_Queue"))
    first, waiting = org.legs(lead)
    assert first["Ended_Because__c"] == "Returned"
    assert waiting.get("Person__c") is None
    assert waiting.get("Assigned_At__c") is None
    assert org.name_of(waiting["OwnerId"]) == "Marketing_Queue"
    org.org.until(org.org.now + timedelta(minutes=5))
    org.lead(lead, OwnerId=org.id_of("ben"))
    assert len(org.legs(lead)) == 2
    taken = org.open_leg(lead)
    assert org.name_of(taken["Person__c"]) == "ben"
    assert taken["Assigned_At__c"] == org.org.now
    assert taken["Team__c"] == "sdr"


def test_the_first_verdict_counts_and_going_on_accepts(org: Living) -> None:
    lead = qualified(org)
    org.lead(lead, Status="Working - Contacted")
    leg = org.open_leg(lead)
    assert (leg["Stage__c"], leg["Verdict__c"]) == ("sal", "sal")
    at = leg["Verdict_At__c"]
    assert leg["Accepted_At__c"] == at
    org.org.until(org.org.now + timedelta(minutes=5))
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    (leg,) = org.legs(lead)
    assert (leg["Stage__c"], leg["Verdict__c"], leg["Verdict_At__c"], leg["Accepted_At__c"]) == (
        "recycled",
        "sal",
        at,
        at,
    )


def test_a_rejection_is_a_verdict_that_accepts_nothing_and_ends_the_cycle_with_its_reason(org: Living) -> None:
    lead = qualified(org)
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    (leg,) = org.legs(lead)
    assert (leg["Verdict__c"], leg["Ended_Because__c"], leg["Reason__c"]) == ("recycled", "Closed", "no_budget")
    assert leg.get("Accepted_At__c") is None
    assert leg["Ended_At__c"] == org.org.now


def test_what_has_ended_is_never_written_again(org: Living) -> None:
    lead = qualified(org)
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    (before,) = [dict(each) for each in org.legs(lead)]
    org.org.until(org.org.now + timedelta(minutes=5))
    org.lead(lead, OwnerId=org.id_of("ben"), SLA_Reason__c="no_response")
    org.lead(lead, Status="MQL")
    after, again = org.legs(lead)
    assert after == before
    assert (again["Cycle__c"], again["Leg__c"], org.name_of(again["Person__c"])) == (2, 1, "ben")


def test_a_conversion_ends_the_turn_and_names_the_contact(org: Living) -> None:
    lead = qualified(org)
    convert_lead(org.org.desk, org.org.user("ana"), lead, status="Closed - Converted")
    (leg,) = org.legs(lead)
    assert leg["Ended_Because__c"] == "Parted"
    assert leg["Contact__c"] == org.values(lead)["ConvertedContactId"]
    assert leg["Verdict_At__c"] == leg["Ended_At__c"] == org.org.now
    # The status of a converted lead means no stage here, so the last one stands.
    assert leg["Stage__c"] == "mql"


def test_an_old_hand_raise_does_not_open_the_next_cycle(org: Living) -> None:
    lead = qualified(org)
    org.org.until(org.org.now + timedelta(minutes=5))
    org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    org.org.until(org.org.now + timedelta(minutes=5))
    org.lead(lead, Status="MQL")
    assert org.open_leg(lead).get("Raised_At__c") is None
    assert org.open_leg(lead)["Source__c"] == "contact_sales"


@pytest.mark.slow
def test_the_silent_switch_silences_it(tmp_path: Path) -> None:
    org = living(tmp_path, {"routing": None})
    organization = org.org.desk.organization
    org.org.save("SLA_Switch__c", Name="All", SetupOwnerId=organization.id, Silent__c=True)
    lead = qualified(org)
    assert org.legs(lead) == []
    assert org.values(lead)["Status"] == "Open - Not Contacted"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("agreed", "opens"),
    [
        ({"in_force": (datetime(2027, 1, 1, tzinfo=UTC), None)}, False),
        ({"in_force": (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 10, 5, 14, tzinfo=UTC))}, False),
        ({"in_force": (datetime(2026, 10, 5, 14, tzinfo=UTC), None)}, True),
        ({"in_force": None}, True),
    ],
    ids=["not yet", "no more", "from now", "always"],
)
def test_a_cycle_opens_only_while_the_agreement_is_in_force(
    agreed: dict[str, object], tmp_path: Path, *, opens: bool
) -> None:
    org = living(tmp_path, {"routing": None, **agreed})
    assert bool(org.legs(org.lead(**DEMO, Status="MQL"))) is opens


def test_a_stage_without_a_status_opens_no_cycle_and_says_so() -> None:
    resources, binding, setup = compiled()
    bare = binding.model_copy(update={"stages": {}})
    (gap,) = cycle(resources, bare, setup, learn(resources, bare))
    assert isinstance(gap, Gap)
    assert gap.id == "cycle"
