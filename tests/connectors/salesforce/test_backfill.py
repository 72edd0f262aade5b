"""Leads that were there before the agreement get an assignment each, once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from sla_sync.connector import Calendar, Priority, Resources, Segment, SlaSyncError, Stage, Team, tree
from sla_sync_salesforce.backfill import backfill
from sla_sync_salesforce.binding import SalesforceBinding
from tests.connectors.salesforce.canned import Answer, Asked, canned, records
from tests.connectors.salesforce.stories import AGREEMENT

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOT = tree.Compare("score", tree.Comparison.GREATER, 5)
DAY = ((time(9), time(17)),)


def calendar(name: str) -> Calendar:
    return Calendar(name, ("calendars", name), "", name, "UTC", {"mon": DAY}, (), (), date(2027, 1, 1))


RESOURCES = Resources(
    agreement=AGREEMENT,
    title="Acme",
    effective_from=date(2026, 10, 1),
    timezone="UTC",
    stages=(Stage("mql", ("stages", "mql"), "", "MQL", 0, qualifies=True),),
    segments=(Segment("hot", ("priorities", "hot"), "", "Hot", HOT),),
    priorities=(
        Priority("hot", ("priorities", "hot"), "", "Hot", HOT),
        Priority("rest", ("priorities", "rest"), "", "", HOT),
    ),
    teams=(Team("sdr", ("teams", "sdr"), "", "SDR", None, "emea"),),
    calendars=(calendar("main"), calendar("emea")),
    policy="acme-inbound@2026-10-01",
)
BINDING = SalesforceBinding.model_validate(
    {
        "metadata": {"name": "acme-salesforce", "agreement": AGREEMENT, "connector": "salesforce"},
        "stages": {"mql": {"Lead.Status": ["MQL"], "add": True}},
        "sources": {"from": ["Lead.LeadSource"], "values": {"demo_request": ["Demo"]}},
    }
)
MEMBERS = ({"Person__c": "005ana", "Team__c": "sdr"},)


def lead(number: int, owner: str = "005ana", *, hot: bool = False) -> dict[str, object]:
    return {"Id": f"00Q{number:015}", "OwnerId": owner, "SLA_Hot__c": hot, "SLA_Source__c": "demo_request"}


def saved(number: int) -> Answer:
    return Answer(200, json.dumps([{"id": "a001", "success": True, "errors": []}] * number))


def filled(asked: Asked, resources: Resources = RESOURCES, binding: SalesforceBinding = BINDING) -> list[str]:
    return list(backfill(asked.client(may_write=True), resources, binding, lambda: NOON))


def test_an_assignment_says_all_that_is_known_of_its_lead() -> None:
    with canned(records(lead(1, hot=True)), records(*MEMBERS), records(), saved(1)) as asked:
        told = filled(asked)
        sent = json.loads(asked.requests[-1][2])["records"]
        assert asked.headers[-1]["Sforce-Auto-Assign"] == "FALSE"
    assert sent == [
        {
            "attributes": {"type": "SLA_Leg__c"},
            "Lead__c": f"00Q{1:015}",
            "Cycle__c": 1,
            "Leg__c": 1,
            "Stage__c": "mql",
            "Policy__c": "acme-inbound@2026-10-01",
            "Calendar__c": "emea",
            "Qualified_At__c": "2026-11-02T12:00:00.000+0000",
            "Priority__c": "hot",
            "Source__c": "demo_request",
            "Team__c": "sdr",
            "OwnerId": "005ana",
            "Person__c": "005ana",
            "Assigned_At__c": "2026-11-02T12:00:00.000+0000",
        }
    ]
    assert told == ["Opened an assignment for one lead in «MQL»; their clocks run from 2026-11-02 12:00 UTC on."]


def test_a_lead_in_a_queue_waits_without_a_person() -> None:
    with canned(records(lead(1, "00Gqueue")), records(*MEMBERS), records(), saved(1)) as asked:
        filled(asked)
        row = json.loads(asked.requests[-1][2])["records"][0]
    assert not {"OwnerId", "Person__c", "Assigned_At__c", "Team__c"} & row.keys()
    assert row["Calendar__c"] == "main"


def test_what_is_open_already_is_left_alone() -> None:
    open_leg = {"Lead__c": lead(1)["Id"], "Cycle__c": 1, "Ended_At__c": None}
    with canned(records(lead(1)), records(*MEMBERS), records(open_leg)) as asked:
        assert filled(asked) == ["Every lead in «MQL» has an assignment."]
        assert all(method == "GET" for method, _, _ in asked.requests)


def test_a_lead_that_was_there_before_begins_its_next_cycle() -> None:
    ended = {"Lead__c": lead(1)["Id"], "Cycle__c": 2, "Ended_At__c": "2026-10-02T12:00:00.000+0000"}
    with canned(records(lead(1)), records(*MEMBERS), records(ended), saved(1)) as asked:
        filled(asked)
        assert json.loads(asked.requests[-1][2])["records"][0]["Cycle__c"] == 3


def test_leads_are_filled_in_two_hundred_at_a_time() -> None:
    leads = [lead(number) for number in range(201)]
    with canned(records(*leads), records(*MEMBERS), records(), saved(200), records(), saved(1)) as asked:
        assert filled(asked)[0].startswith("Opened an assignment for 201 leads")
        assert len(asked.requests) == 6


def test_a_lead_that_is_refused_is_named_and_the_rest_is_done() -> None:
    refused = {"success": False, "errors": [{"statusCode": "INVALID_CROSS_REFERENCE_KEY", "message": "owner"}]}
    answers = Answer(200, json.dumps([{"id": "a001", "success": True, "errors": []}, refused]))
    with canned(records(lead(1), lead(2)), records(*MEMBERS), records(), answers) as asked:
        told = filled(asked)
    assert told[1:] == [
        f"Salesforce refused an assignment for the lead 00Q{2:015}: INVALID_CROSS_REFERENCE_KEY: owner."
    ]


def test_nothing_is_filled_in_where_nobody_can_tell_whose_leads_they_are() -> None:
    scoped = Resources(**{**RESOURCES.__dict__, "scope": HOT})
    with canned() as asked:
        assert "by hand" in filled(asked, scoped)[0]
        assert "backfill: false" in filled(asked, RESOURCES, BINDING.model_copy(update={"backfill": False}))[0]
        assert not asked.requests


@pytest.mark.parametrize("days", [(1, None), (-2, -1), (-2, 0)])
def test_nothing_is_filled_in_while_the_agreement_is_not_in_force(days: tuple[int, int | None]) -> None:
    begins, ends = (NOON + timedelta(days=each) if each is not None else None for each in days)
    with canned() as asked:
        assert filled(asked, Resources(**{**RESOURCES.__dict__, "in_force": (begins, ends)})) == [
            "The agreement is not in force now, so no assignment was opened."
        ]


def test_a_user_who_may_not_see_the_assignments_is_told_what_to_do() -> None:
    refusal = Answer(400, '[{"errorCode": "INVALID_TYPE", "message": "SLA_Leg__c is not supported"}]')
    with (
        canned(records(lead(1)), records(*MEMBERS), refusal) as asked,
        pytest.raises(SlaSyncError, match="may not see the assignments"),
    ):
        filled(asked)
