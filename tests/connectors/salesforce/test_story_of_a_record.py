"""What became of one lead is told from the rows that the org keeps, in few calls."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sla_sync.connector import Address, Manifest, SlaSyncError
from sla_sync_salesforce.stories import spoken, tell
from tests.connectors.salesforce.canned import Answer, canned, records

LEAD, CONTACT, LEG = "00Q000000000001AAA", "003000000000001AAA", "a00000000000001AAA"
FIELDS = ("First_Response_Started_At__c", "First_Response_Due_At__c", "Cycle__c")
MANIFEST = Manifest(
    "digest",
    {
        Address("CustomObject", "SLA_Leg__c"): {},
        Address("CustomObject", "SLA_Member__c"): {},
        **{Address("CustomField", f"SLA_Leg__c.{each}"): {} for each in FIELDS},
        Address("CustomField", "Lead.SLA_Started_At__c"): {},
    },
)


def at(hour: int, minute: int = 0) -> str:
    return f"2026-11-02T{hour:02}:{minute:02}:00.000+0000"


def utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 2, hour, minute, tzinfo=UTC)


FIRST: dict[str, object] = {
    "Id": LEG,
    "Lead__c": LEAD,
    "Lead__r": {"Name": "Grace Hopper", "Company": "Navy", "IsConverted": True, "ConvertedDate": "2026-11-03"},
    "Contact__c": None,
    "Contact__r": None,
    "Cycle__c": 1.0,
    "Leg__c": 1.0,
    "Person__r": {"Name": "Ana"},
    "Owner": {"Name": "Ana"},
    "Priority__c": "hot",
    "Stage__c": "mql",
    "Qualified_At__c": at(9),
    "Assigned_At__c": at(9),
    "First_Touch_At__c": at(9, 10),
    "Ended_At__c": at(10),
    "Ended_Because__c": "Reassigned",
    "First_Response_Started_At__c": at(9),
    "First_Response_Due_At__c": at(9, 15),
    "First_Response_Warn_At__c": None,
    "First_Response_Stopped_At__c": at(9, 10),
    "First_Response_State__c": "on_time",
}
SECOND = {
    **FIRST,
    "Leg__c": 2.0,
    "Person__r": None,
    "Owner": {"Name": "Overflow"},
    "Assigned_At__c": None,
    "Ended_At__c": None,
    "Ended_Because__c": None,
    "First_Response_Started_At__c": None,
}
TASK: dict[str, object] = {
    "Subject": "Rang",
    "Type": "Call",
    "Status": "Completed",
    "IsClosed": True,
    "CompletedDateTime": at(9, 10),
    "CreatedDate": at(9),
    "Owner": {"Name": "Ana"},
}
EVENT: dict[str, object] = {
    "Subject": "Demo",
    "StartDateTime": at(15),
    "CreatedDate": at(9, 30),
    "Owner": {"Name": "Ana"},
}


def test_assignments_come_in_their_order_and_what_happened_with_the_first_first() -> None:
    with canned(records(FIRST, SECOND), records(TASK), records(EVENT)) as asked:
        story = tell(asked.client(), LEAD, MANIFEST)
        assert len(asked.requests) == 3
    assert (story.record, story.title) == (LEAD, "Grace Hopper (Navy)")
    assert [(each.cycle, each.number, each.owner) for each in story.assignments] == [(1, 1, "Ana"), (1, 2, "Overflow")]
    clock = story.assignments[0].clocks[0]
    assert (clock.clock, clock.due_at, clock.stopped_at, clock.state) == (
        "first-response",
        utc(9, 15),
        utc(9, 10),
        "on_time",
    )
    assert story.assignments[1].clocks == ()
    assert [each.sentence for each in story.happenings if each.at >= utc(9, 10)] == [
        "The call «Rang» of Ana was done.",
        "Ana booked «Demo» for 2026-11-02 15:00 UTC.",
        "The turn of Ana ended: somebody else got it.",
        "The lead was converted in the course of 2026-11-03.",
    ]
    assert list(story.happenings) == sorted(story.happenings, key=lambda each: each.at)


@pytest.mark.parametrize(("record", "condition"), [(LEAD, "Lead__c"), (LEAD[:15], "Lead__c"), (CONTACT, "Contact__c")])
def test_an_id_of_either_length_says_by_itself_what_it_is_of(record: str, condition: str) -> None:
    with canned(records(FIRST), records(), records()) as asked:
        tell(asked.client(), record, MANIFEST)
        assert f"WHERE+{condition}+%3D+%27{record}%27" in asked.requests[0][1]


def test_an_assignment_leads_to_the_whole_story_of_its_lead() -> None:
    found = {"Id": LEG, "Lead__c": LEAD, "Contact__c": None}
    with canned(records(found), records(FIRST, SECOND), records(), records()) as asked:
        story = tell(asked.client(), LEG, MANIFEST)
    assert (story.record, len(story.assignments)) == (LEAD, 2)


def test_a_conversion_that_ended_a_turn_is_told_once_and_to_the_minute() -> None:
    parted = {**FIRST, "Ended_At__c": at(11), "Ended_Because__c": "Parted"}
    with canned(records(parted), records(), records()) as asked:
        told = [(each.at, each.sentence) for each in tell(asked.client(), LEAD, MANIFEST).happenings]
    assert [each for each in told if "converted" in each[1]] == [
        (utc(11), "The turn of Ana ended: the lead was converted.")
    ]


@pytest.mark.parametrize("record", [LEAD, CONTACT])
def test_a_converted_lead_and_the_contact_that_it_became_are_one_story(record: str) -> None:
    lead = {"Name": "Grace Hopper", "Company": "Navy", "IsConverted": True, "ConvertedContactId": CONTACT}
    before = {**FIRST, "Lead__r": lead}
    after = {**FIRST, "Lead__c": None, "Lead__r": None, "Contact__c": CONTACT, "Cycle__c": 2.0}
    first = before if record == LEAD else {**before, "Contact__c": CONTACT}
    with canned(records(first), records(before, after), records(), records()) as asked:
        story = tell(asked.client(), record, MANIFEST)
        assert LEAD in asked.requests[1][1]
        assert CONTACT in asked.requests[1][1]
    assert (story.record, [each.cycle for each in story.assignments]) == (LEAD, [1, 2])


def test_the_assignments_of_a_contact_are_told_by_the_contact() -> None:
    row = {**FIRST, "Lead__c": None, "Lead__r": None, "Contact__c": CONTACT, "Contact__r": {"Name": "Ada"}}
    with canned(records(row), records(), records()) as asked:
        story = tell(asked.client(), CONTACT, MANIFEST)
        assert CONTACT in asked.requests[1][1]
    assert (story.record, story.title) == (CONTACT, "Ada")


def test_a_lead_that_never_qualified_has_a_short_story() -> None:
    with canned(records(), records({"Id": LEAD, "Name": "Grace Hopper"})) as asked:
        story = tell(asked.client(), LEAD, MANIFEST)
    assert (story.title, story.assignments, story.happenings) == ("Grace Hopper", (), ())


@pytest.mark.parametrize("record", [LEAD, LEG])
def test_an_id_that_nobody_has_is_told(record: str) -> None:
    with canned(records(), records()) as asked, pytest.raises(SlaSyncError, match=f"with the id {record}") as raised:
        tell(asked.client(), record, MANIFEST)
    assert raised.value.hint.startswith("Give the id")


@pytest.mark.parametrize("record", ["", "ana@acme.example", "00Q", "00Q0000000000010", "00Q00000000000'A"])
def test_what_is_no_id_is_not_asked_for(record: str) -> None:
    with canned() as asked:
        with pytest.raises(SlaSyncError, match="is no id"):
            tell(asked.client(), record, MANIFEST)
        assert not asked.requests


@pytest.mark.parametrize("manifest", [None, Manifest("digest", {})])
def test_an_org_that_keeps_no_assignments_says_so(manifest: Manifest | None) -> None:
    with canned() as asked, pytest.raises(SlaSyncError, match="keeps no assignments"):
        tell(asked.client(), LEAD, manifest)


def test_a_user_who_may_not_see_the_assignments_is_told_what_to_do() -> None:
    refusal = Answer(400, '[{"errorCode": "INVALID_FIELD", "message": "No such column Cycle__c"}]')
    with canned(refusal) as asked, pytest.raises(SlaSyncError, match="may not see the assignments") as raised:
        tell(asked.client(), LEAD, MANIFEST)
    assert raised.value.hint.startswith("Assign the permission set")


def test_a_commitment_is_named_as_agreements_write_it() -> None:
    assert spoken("First_Response") == "first-response"
