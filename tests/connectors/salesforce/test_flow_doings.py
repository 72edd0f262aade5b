"""What a flow does is told from its metadata, whoever built it."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.connector import Automation
from sla_sync_salesforce.watching.doings import automation_of, is_active
from tests.connectors.salesforce.example import acme


def ours(name: str) -> Automation:
    wish = next(each for each in acme().desired if each.address.type == "Flow" and each.address.key == name)
    return automation_of(name, wish.values, wish.address)


def test_the_flow_of_the_stamps_writes_them_on_lead_and_contact() -> None:
    found = ours("SLA_Leg_Stamps")
    assert {"Lead.SLA_Due_At__c", "Lead.SLA_Status__c", "Contact.SLA_Due_At__c"} <= found.writes
    assert not found.acts


def test_the_flow_of_a_clock_reads_it_and_tells_people() -> None:
    found = ours("SLA_Leg_First_Response")
    assert "SLA_Leg__c.First_Response_Due_At__c" in found.reads
    assert found.acts


def test_no_two_flows_of_ours_write_one_stamp_of_the_lead() -> None:
    every = [ours(each.address.key) for each in acme().desired if each.address.type == "Flow"]
    assert [each.name for each in every if "Lead.SLA_Due_At__c" in each.writes] == ["SLA_Leg_Stamps"]


def flow(**parts: Any) -> dict[str, Any]:
    return {"status": "Active", "start": {"object": "Lead"}, **parts}


@pytest.mark.parametrize(
    ("values", "reads", "writes", "acts"),
    [
        (flow(start={"object": "Lead", "filters": [{"field": "Status"}]}), {"Lead.Status"}, set(), False),
        (flow(formulas=[{"expression": "ISBLANK({!$Record.SLA_Due_At__c})"}]), {"Lead.SLA_Due_At__c"}, set(), False),
        (flow(formulas=[{"expression": "{!$Record.Owner:User.Name}"}]), {"Lead.Owner"}, set(), False),
        (flow(recordUpdates=[{"inputAssignments": [{"field": "Rating"}]}]), set(), {"Lead.Rating"}, False),
        (
            flow(recordUpdates={"object": "Contact", "inputAssignments": {"field": "Title"}}),
            set(),
            {"Contact.Title"},
            False,
        ),
        (flow(recordUpdates=[{"inputAssignments": [{"field": "OwnerId"}]}]), set(), {"Lead.OwnerId"}, True),
        (
            flow(assignments=[{"assignmentItems": [{"assignToReference": "$Record.Rating"}]}]),
            {"Lead.Rating"},
            {"Lead.Rating"},
            False,
        ),
        (flow(actionCalls=[{"actionType": "emailSimple"}]), set(), set(), True),
        (flow(actionCalls=[{"actionType": "apex"}]), set(), set(), False),
    ],
)
def test_a_flow_shows_what_it_reads_writes_and_tells(
    values: dict[str, Any],
    reads: set[str],
    writes: set[str],
    acts: bool,
) -> None:
    found = automation_of("Theirs", values, None)
    assert (set(found.reads), set(found.writes), found.acts) == (reads, writes, acts)


def test_only_an_active_flow_is_in_force() -> None:
    assert is_active(flow())
    assert not is_active(flow(status="Obsolete"))
