"""What a deployment makes of queues, assignment rules, business hours, mappings and rows, and what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync_salesforce.simulator.kinds.custom_metadata import typed
from sla_sync_salesforce.simulator.organization import Component
from tests.connectors.salesforce.simulator.org import Org, problems, serving
from tests.connectors.salesforce.simulator.packages import Files, document, manifest, swap
from tests.connectors.salesforce.simulator.whole import CONVERSION, HOURS, LEG, QUEUE, ROW, RULES, whole

MEMBERS = "<queueMembers><users><user>ana@acme.example</user><user>ben@acme.example</user></users></queueMembers>"


def only(path: str, type_name: str, name: str, *changes: Callable[[Files], None]) -> Files:
    """Return a package with one file of the whole one, changed."""
    files = {"package.xml": manifest({type_name: [name]}), path: whole()[path]}
    for change in changes:
        change(files)
    return files


@pytest.fixture
def switched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Org]:
    """Return an org in which one switch is set otherwise, with the whole package."""
    (tmp_path / "switches.json").write_text(json.dumps(request.param))
    with serving(tmp_path) as org:
        assert org.deploy(whole())["status"] == "Succeeded"
        yield org


def members(org: Org) -> set[str]:
    """Return the usernames of the members of the queue."""
    names = {each["Id"]: each["Username"] for each in org.query("SELECT Id, Username FROM User")}
    return {names[each["UserOrGroupId"]] for each in org.query("SELECT UserOrGroupId FROM GroupMember")}


def test_the_members_of_a_deployed_queue_are_rows_of_group_member(org: Org) -> None:
    org.deploy(whole())
    assert members(org) == {"ana@acme.example", "ben@acme.example"}
    org.deploy(only(QUEUE, "Queue", "SLA_Overflow", swap(QUEUE, "<user>ana@acme.example</user>", "")))
    assert members(org) == {"ben@acme.example"}


@pytest.mark.parametrize(
    ("switched", "left"),
    [
        ({"omitted_queue_members": "keep"}, {"ana@acme.example", "ben@acme.example"}),
        ({"omitted_queue_members": "clear"}, set()),
    ],
    indirect=["switched"],
)
def test_a_queue_deployed_without_members_keeps_or_loses_them_by_a_switch(switched: Org, left: set[str]) -> None:
    switched.deploy(only(QUEUE, "Queue", "SLA_Overflow", swap(QUEUE, MEMBERS, "")))
    assert members(switched) == left


def test_another_active_rule_switches_off_the_one_before_and_leaves_its_entries(org: Org) -> None:
    org.deploy(whole())
    other = swap(RULES, "<fullName>SLA_Routing<", "<fullName>Other<")
    org.deploy(only(RULES, "AssignmentRules", "Lead", other))
    text = org.retrieve({"AssignmentRules": ["Lead"]})[RULES]
    first, second = text.split("</assignmentRule>")[:2]
    assert "<fullName>Other<" in first
    assert "<active>true<" in first
    assert "<fullName>SLA_Routing<" in second
    assert "<active>false<" in second
    assert first.count("<ruleEntry>") == second.count("<ruleEntry>") == 2


def test_one_rule_can_be_retrieved_and_deleted_by_its_own_name(org: Org) -> None:
    org.deploy(whole())
    files = org.retrieve({"AssignmentRule": ["Lead.SLA_Routing"]})
    assert files[RULES] == org.retrieve({"AssignmentRules": ["Lead"]})[RULES]
    gone = {"package.xml": manifest({}), "destructiveChanges.xml": manifest({"AssignmentRule": ["Lead.SLA_Routing"]})}
    assert org.deploy(gone)["status"] == "Succeeded"
    assert "SLA_Routing" not in org.retrieve({"AssignmentRules": ["Lead"]})[RULES]


def test_business_hours_are_told_apart_by_name_and_none_is_removed(org: Org) -> None:
    org.deploy(whole())
    org.deploy(
        only(
            HOURS,
            "Settings",
            "BusinessHours",
            swap(HOURS, "<mondayStartTime>09", "<mondayStartTime>08"),
            swap(HOURS, "Thanksgiving 2026", "Founders' day"),
        )
    )
    text = org.retrieve({"Settings": ["BusinessHours"]})[HOURS]
    assert text.count("<businessHours>\n") == 2  # those of the first day and ours
    assert "<mondayStartTime>08:00" in text
    assert "<mondayStartTime>09:00" not in text
    assert "Thanksgiving 2026" in text
    assert "Founders&apos; day" in text


@pytest.mark.parametrize("switched", [{"omitted_business_hours": "remove"}], indirect=True)
def test_holidays_that_are_left_out_go_where_the_switch_says_so(switched: Org) -> None:
    switched.deploy(only(HOURS, "Settings", "BusinessHours", swap(HOURS, "Thanksgiving 2026", "Other day")))
    assert "Thanksgiving" not in switched.retrieve({"Settings": ["BusinessHours"]})[HOURS]


def test_new_default_hours_take_that_place_from_the_former_ones(org: Org) -> None:
    org.deploy(only(HOURS, "Settings", "BusinessHours", swap(HOURS, "<default>false<", "<default>true<")))
    rows = org.query("SELECT Name, IsDefault FROM BusinessHours ORDER BY Name")
    assert [(each["Name"], each["IsDefault"]) for each in rows] == [("Default", False), ("SLA Hours", True)]


@pytest.mark.parametrize(
    ("switched", "kept"),
    [({"omitted_lead_mappings": "remove"}, False), ({"omitted_lead_mappings": "keep"}, True)],
    indirect=["switched"],
)
def test_a_mapping_that_is_left_out_goes_or_stays_by_a_switch(switched: Org, *, kept: bool) -> None:
    other = swap(
        CONVERSION,
        "<inputField>Title</inputField><outputField>Title",
        "<inputField>Email</inputField><outputField>Email",
    )
    switched.deploy(only(CONVERSION, "LeadConvertSettings", "LeadConvertSettings", other))
    text = switched.retrieve({"LeadConvertSettings": ["LeadConvertSettings"]})[CONVERSION]
    assert "<inputField>Email<" in text
    assert ("<inputField>Title<" in text) == kept


def test_the_row_of_a_metadata_type_comes_back_with_the_types_of_its_values(org: Org) -> None:
    org.deploy(whole())
    text = org.retrieve({"CustomMetadata": ["SLA_Threshold.First_Response_hot"]})[ROW]
    assert '<value xsi:type="xsd:double">60.0</value>' in text
    (row,) = org.query("SELECT DeveloperName, Minutes__c FROM SLA_Threshold__mdt")
    assert (row["DeveloperName"], row["Minutes__c"]) == ("First_Response_hot", 60)


def test_values_of_rows_are_known_as_what_their_type_says() -> None:
    values = [
        {"field": "A__c", "value": {"xsi:type": "dateTime", "text": "2026-11-23T14:00:00.000Z"}},
        {"field": "B__c", "value": {"xsi:type": "boolean", "text": "true"}},
        {"field": "C__c", "value": {"xsi:type": "string", "text": "US"}},
        {"field": "D__c", "value": {"xsi:nil": "true"}},
        {"field": "E__c", "value": {"xsi:type": "double", "text": "1.5"}},
    ]
    assert typed(Component("", {"values": values}, "", "", "", "")) == {
        "A__c": datetime(2026, 11, 23, 14, tzinfo=UTC),
        "B__c": True,
        "C__c": "US",
        "D__c": None,
        "E__c": 1.5,
    }


def test_a_field_alone_can_be_added_to_a_custom_object(org: Org) -> None:
    org.deploy(whole())
    field = "<fields><fullName>Extra__c</fullName><label>Extra</label><type>Date</type></fields>"
    files = {"package.xml": manifest({"CustomField": ["SLA_Leg__c.Extra__c"]}), LEG: document("CustomObject", field)}
    assert problems(org.deploy(files)) == []
    alone = org.retrieve({"CustomField": ["SLA_Leg__c.Extra__c"]})[LEG]
    assert "<fullName>Extra__c<" in alone
    assert "Due_At__c" not in alone
    assert "pluralLabel" not in alone
    together = org.retrieve({"CustomObject": ["SLA_Leg__c"]})[LEG]
    assert "<fullName>Extra__c<" in together
    assert "Due_At__c" in together
    assert "pluralLabel" in together


def test_a_field_of_an_object_that_was_never_made_is_refused(org: Org) -> None:
    field = "<fields><fullName>Extra__c</fullName><label>Extra</label><type>Date</type></fields>"
    files = {"package.xml": manifest({"CustomObject": ["SLA_Leg__c"]}), LEG: document("CustomObject", field)}
    told = problems(org.deploy(files))
    assert "SLA_Leg__c: Must specify a non-empty label for the CustomObject" in told
    assert any(each.startswith("SLA_Leg__c.Extra__c: Entity of type 'CustomObject'") for each in told)


def test_a_field_of_activities_is_one_of_tasks_and_of_events(org: Org) -> None:
    field = "<fields><fullName>Auto__c</fullName><label>Auto</label><type>Date</type></fields>"
    path = "objects/Activity.object"
    files = {"package.xml": manifest({"CustomField": ["Activity.Auto__c"]}), path: document("CustomObject", field)}
    grants = "".join(
        f"<fieldPermissions><editable>true</editable><field>{each}.Auto__c</field><readable>true</readable></fieldPermissions>"
        for each in ("Event", "Task")
    )
    files["permissionsets/P.permissionset"] = document("PermissionSet", f"{grants}<label>P</label>")
    files["package.xml"] = manifest({"CustomField": ["Activity.Auto__c"], "PermissionSet": ["P"]})
    assert problems(org.deploy(files)) == []
