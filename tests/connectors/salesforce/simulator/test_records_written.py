from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.salesforce.simulator.org import DATA, FIRST_DAY, Org, serving
from tests.connectors.salesforce.simulator.records_org import create, lead, living, user

LEADS = f"{DATA}/sobjects/Lead"


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    with living(tmp_path) as org:
        yield org


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    """Return an org that several tests share; each works on leads of its own."""
    with living(tmp_path_factory.mktemp("org")) as org:
        yield org


def read(org: Org, identity: str, object_name: str = "Lead") -> dict[str, Any]:
    found: dict[str, Any] = org.get(f"/sobjects/{object_name}/{identity}")
    return found


def test_a_lead_is_created_with_what_the_platform_fills_in(shared: Org) -> None:
    found = read(shared, lead(shared, FirstName="Dana"))
    assert found["Name"] == "Dana Reyes"
    assert found["Status"] == "Open - Not Contacted"
    assert (found["IsConverted"], found["SLA_Handed__c"], found["SLA_Due_At__c"]) == (False, False, None)
    assert found["OwnerId"] == found["CreatedById"] == user(shared, "integration@acme.example")
    assert found["CreatedDate"] == found["LastModifiedDate"]


def test_a_lead_is_changed_and_deleted(shared: Org) -> None:
    identity = lead(shared)
    change = {"Status": "Working - Contacted", "SLA_Due_At__c": "2026-10-05T09:00:00.500+02:00"}
    assert shared.ask("PATCH", f"{LEADS}/{identity}", json=change).status_code == 204
    found = read(shared, identity)
    assert (found["Status"], found["SLA_Due_At__c"]) == ("Working - Contacted", "2026-10-05T07:00:00.000+0000")
    assert shared.ask("DELETE", f"{LEADS}/{identity[:15]}").status_code == 204
    assert shared.refusal("GET", f"{LEADS}/{identity}")[:2] == (404, "NOT_FOUND")
    assert shared.refusal("PATCH", f"{LEADS}/{identity}", json={})[:2] == (404, "ENTITY_IS_DELETED")
    assert shared.refusal("DELETE", f"{LEADS}/{identity}")[:2] == (404, "ENTITY_IS_DELETED")


REFUSED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "a field that is not there",
        {"Colour": "red"},
        "INVALID_FIELD",
        "No such column 'Colour' on sobject of type Lead",
    ),
    ("a field that nobody may see", {"SLA_Secret__c": "x"}, "INVALID_FIELD", "No such column 'SLA_Secret__c'"),
    ("a formula", {"SLA_Double__c": 4}, "INVALID_FIELD_FOR_INSERT_UPDATE", "SLA_Double__c"),
    ("a date that the platform sets", {"CreatedDate": "2026-10-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE", ""),
    ("a name that is made of two others", {"Name": "X"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Name"),
    ("too long a text", {"LastName": "x" * 81}, "STRING_TOO_LONG", "(max length=80)"),
    ("a value that the list has not", {"SLA_Reason__c": "price"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "price"),
    ("a status that the list has not", {"Status": "MQL"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "MQL"),
    ("an address that is none", {"Email": "dana"}, "INVALID_EMAIL_ADDRESS", "dana"),
    ("an id that is none", {"OwnerId": "sam"}, "MALFORMED_ID", "sam"),
    ("an id of another object", {"OwnerId": "00Q5g0000000001AAA"}, "FIELD_INTEGRITY_EXCEPTION", "incorrect type"),
    ("an id that leads nowhere", {"OwnerId": "0055g00000000zzAAA"}, "INVALID_CROSS_REFERENCE_KEY", "cross reference"),
    ("a text for an instant", {"SLA_Due_At__c": "tomorrow"}, "JSON_PARSER_ERROR", "datetime"),
    ("a day that no month has", {"SLA_Due_At__c": "2026-02-30T00:00:00Z"}, "JSON_PARSER_ERROR", "datetime"),
    ("a text for a checkbox", {"SLA_Handed__c": "true"}, "JSON_PARSER_ERROR", "boolean"),
    ("nothing for a checkbox", {"SLA_Handed__c": None}, "JSON_PARSER_ERROR", "boolean"),
    ("a word for a number", {"SLA_Points__c": "many"}, "JSON_PARSER_ERROR", "double"),
    ("too large a number", {"SLA_Points__c": 10_000}, "NUMBER_OUTSIDE_VALID_RANGE", "10000"),
    ("nothing for what is required", {"LastName": None}, "REQUIRED_FIELD_MISSING", "[LastName]"),
    ("blanks for what is required", {"Company": "  "}, "REQUIRED_FIELD_MISSING", "[Company]"),
    ("a reference by external id", {"Owner": {"Username": "x"}}, "NOT_IMPLEMENTED_BY_SIMULATOR", "Owner"),
)


@pytest.mark.parametrize(("values", "code", "text"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_a_record_that_is_wrong_in_one_place_is_refused_for_that(
    shared: Org, values: dict[str, Any], code: str, text: str
) -> None:
    before = shared.query("SELECT COUNT(Id) n FROM Lead")
    status, found, message = shared.refusal("POST", LEADS, json={"LastName": "R", "Company": "Acme", **values})
    assert (status, found) == (400, code)
    assert text in message
    assert shared.query("SELECT COUNT(Id) n FROM Lead") == before


def test_what_is_missing_is_named_all_at_once(shared: Org) -> None:
    text = shared.refusal("POST", LEADS, json={"FirstName": "Dana"})[2]
    assert text == "Required fields are missing: [LastName, Company]"


def test_a_number_is_kept_with_the_decimal_places_of_its_field(shared: Org) -> None:
    found = read(shared, lead(shared, SLA_Points__c=2.25))
    assert (found["SLA_Points__c"], found["SLA_Double__c"]) == (2.3, 4.6)


def test_an_inactive_user_and_a_queue_for_another_object_own_nothing(shared: Org) -> None:
    former = user(shared, "former@acme.example")
    assert shared.refusal("POST", LEADS, json={"LastName": "R", "Company": "A", "OwnerId": former})[1] == (
        "INACTIVE_OWNER_OR_USER"
    )
    queue = shared.query("SELECT Id FROM Group WHERE Type = 'Queue' AND DeveloperName = 'SLA_SDR'")[0]["Id"]
    assert read(shared, lead(shared, OwnerId=queue))["OwnerId"] == queue
    text = shared.refusal("POST", f"{DATA}/sobjects/SLA_Leg__c", json={"OwnerId": queue})[2]
    assert text == "Owner ID: Queue not associated with this SObject type"


def test_records_of_an_object_of_the_orgs_own_are_numbered(org: Org) -> None:
    leg = create(org, "SLA_Leg__c", {"Lead__c": lead(org), "Cycle__c": 1})
    other = create(org, "SLA_Leg__c", {})
    assert [read(org, each, "SLA_Leg__c")["Name"] for each in (leg, other)] == ["SLA-000001", "SLA-000002"]
    assert leg.startswith("a00")
    assert (
        org.refusal("POST", f"{DATA}/sobjects/SLA_Leg__c", json={"Name": "x"})[1] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    )


def test_a_lookup_to_a_deleted_record_is_emptied(org: Org) -> None:
    person = lead(org)
    leg = create(org, "SLA_Leg__c", {"Lead__c": person})
    org.ask("DELETE", f"{LEADS}/{person}")
    assert read(org, leg, "SLA_Leg__c")["Lead__c"] is None


def test_a_user_sees_and_writes_what_his_permission_sets_say(org: Org) -> None:
    identity = lead(org, SLA_Reason__c="fit")
    sam, kim = (org.application.token_of(f"{name}@acme.example") for name in ("sam", "kim"))
    assert org.ask("GET", f"{LEADS}/{identity}", token=sam).json()["SLA_Reason__c"] == "fit"
    assert "SLA_Reason__c" not in org.ask("GET", f"{LEADS}/{identity}", token=kim).json()
    assert (
        org.refusal("PATCH", f"{LEADS}/{identity}", json={"SLA_Reason__c": "budget"}, token=kim)[1] == "INVALID_FIELD"
    )
    assert org.ask("PATCH", f"{LEADS}/{identity}", json={"Status": "Working - Contacted"}, token=kim).ok
    assert read(org, identity)["LastModifiedById"] == user(org, "kim@acme.example")
    legs = f"{DATA}/sobjects/SLA_Leg__c"
    assert org.ask("POST", legs, json={"Cycle__c": 1}, token=sam).status_code == 201
    assert org.refusal("POST", legs, json={}, token=kim)[:2] == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert (
        org.refusal("GET", f"{DATA}/query", params={"q": "SELECT Id FROM SLA_Leg__c"}, token=kim)[1] == "INVALID_TYPE"
    )


def test_an_external_id_creates_and_then_changes(org: Org) -> None:
    path, body = f"{LEADS}/SLA_Key__c/K-1", {"LastName": "Reyes", "Company": "Acme"}
    first = org.ask("PATCH", path, json=body)
    assert (first.status_code, first.json()["created"]) == (201, True)
    second = org.ask("PATCH", path, json={"Company": "Beta"})
    assert (second.status_code, second.json()["created"]) == (200, False)
    assert org.get("/sobjects/Lead/SLA_Key__c/k-1")["Company"] == "Beta"
    assert org.refusal("PATCH", path, json={"SLA_Key__c": "K-2"})[1] == "INVALID_FIELD"
    assert org.refusal("GET", f"{LEADS}/SLA_Key__c/K-9")[0] == 404
    assert org.refusal("GET", f"{LEADS}/Company/Beta")[0] == 404
    assert org.ask("PATCH", f"{LEADS}/{first.json()['id']}", json={"SLA_Key__c": "k-1"}).status_code == 204
    text = org.refusal("POST", LEADS, json={**body, "SLA_Key__c": "K-1"})
    assert text[1:] == (
        "DUPLICATE_VALUE",
        f"duplicate value found: SLA_Key__c duplicates value on record with id: {first.json()['id'][:15]}",
    )


def test_custom_metadata_is_read_and_not_written(org: Org) -> None:
    (row,) = org.query("SELECT DeveloperName, Minutes__c FROM SLA_Threshold__mdt")
    assert (row["DeveloperName"], row["Minutes__c"]) == ("First_Response", 90.5)
    refusal = org.refusal("POST", f"{DATA}/sobjects/SLA_Threshold__mdt", json={"DeveloperName": "X"})
    assert refusal[1:] == ("INVALID_TYPE_FOR_OPERATION", "entity type SLA_Threshold__mdt does not support create")


def test_a_setting_of_the_org_is_a_record(org: Org) -> None:
    (here,) = org.query("SELECT Id FROM Organization")
    identity = create(org, "SLA_Switch__c", {"SetupOwnerId": here["Id"], "Silent__c": True})
    assert read(org, identity, "SLA_Switch__c")["Silent__c"] is True


def test_members_of_a_queue_are_records(org: Org) -> None:
    (queue,) = org.query("SELECT Id FROM Group WHERE DeveloperName = 'SLA_SDR'")
    body = {"GroupId": queue["Id"], "UserOrGroupId": user(org, "sam@acme.example")}
    identity = create(org, "GroupMember", body)
    assert "<user>sam@acme.example</user>" in org.retrieve({"Queue": ["SLA_SDR"]})["queues/SLA_SDR.queue"]
    assert org.query("SELECT UserOrGroup.Name FROM GroupMember")[0]["UserOrGroup"]["Name"] == "Sam"
    assert org.ask("DELETE", f"{DATA}/sobjects/GroupMember/{identity}").status_code == 204
    kim = org.application.token_of("kim@acme.example")
    assert org.refusal("POST", f"{DATA}/sobjects/GroupMember", json=body, token=kim)[0] == 403


def test_a_holiday_is_the_same_by_record_and_by_package(org: Org) -> None:
    identity = create(org, "Holiday", {"Name": "Founders", "ActivityDate": "2026-11-02"})
    settings = org.retrieve({"Settings": ["BusinessHours"]})["settings/BusinessHours.settings"]
    assert "<name>Founders</name>" in settings
    assert org.query("SELECT ActivityDate FROM Holiday WHERE Name = 'Founders'")[0]["ActivityDate"] == "2026-11-02"
    assert org.ask("DELETE", f"{DATA}/sobjects/Holiday/{identity}").status_code == 204
    assert "Founders" not in org.retrieve({"Settings": ["BusinessHours"]})["settings/BusinessHours.settings"]
    (hours,) = org.query("SELECT Id FROM BusinessHours WHERE IsDefault = true")
    assert org.refusal("DELETE", f"{DATA}/sobjects/BusinessHours/{hours['Id']}")[1] == "INVALID_TYPE_FOR_OPERATION"


def test_a_user_who_is_deactivated_is_signed_out(org: Org) -> None:
    token, kim = org.application.token_of("kim@acme.example"), user(org, "kim@acme.example")
    assert org.ask("PATCH", f"{DATA}/sobjects/User/{kim}", json={"IsActive": False}).status_code == 204
    assert org.refusal("GET", f"{DATA}/limits", token=token)[:2] == (401, "INVALID_SESSION_ID")


def test_a_field_of_a_user_keeps_its_value_while_the_settings_change(org: Org) -> None:
    kim = user(org, "kim@acme.example")
    assert org.ask("PATCH", f"{DATA}/sobjects/User/{kim}", json={"SLA_Region__c": "EMEA"}).status_code == 204
    create(org, "Holiday", {"Name": "Founders", "ActivityDate": "2026-11-02"})
    assert org.query("SELECT Username FROM User WHERE SLA_Region__c = 'EMEA'")[0]["Username"] == "kim@acme.example"


def test_a_record_that_somebody_else_holds_is_not_written(org: Org) -> None:
    identity = lead(org)
    org.application.desk.locked.add(identity)
    assert org.refusal("PATCH", f"{LEADS}/{identity}", json={"Company": "Beta"})[1] == "UNABLE_TO_LOCK_ROW"
    assert org.refusal("DELETE", f"{LEADS}/{identity}")[1] == "UNABLE_TO_LOCK_ROW"
    org.application.desk.locked.clear()
    assert org.ask("PATCH", f"{LEADS}/{identity}", json={"Company": "Beta"}).ok


def test_a_task_that_is_done_says_when(org: Org) -> None:
    task = create(org, "Task", {"Subject": "Call", "Status": "Completed", "WhoId": lead(org), "TaskSubtype": "Call"})
    found = read(org, task, "Task")
    assert (found["IsClosed"], found["CompletedDateTime"]) == (True, found["CreatedDate"])
    still = create(org, "Task", {"Subject": "Call"})
    assert read(org, still, "Task")["CompletedDateTime"] is None


def test_a_member_of_a_campaign_has_responded_or_not(org: Org) -> None:
    campaign = create(org, "Campaign", {"Name": "Webinar"})
    member = create(org, "CampaignMember", {"CampaignId": campaign, "LeadId": lead(org)})
    assert read(org, member, "CampaignMember")["HasResponded"] is False
    org.ask("PATCH", f"{DATA}/sobjects/CampaignMember/{member}", json={"Status": "Responded"})
    found = read(org, member, "CampaignMember")
    assert (found["HasResponded"], found["FirstRespondedDate"]) == (True, "2026-10-01")


def test_records_stand_on_disk_when_the_answer_is_given(tmp_path: Path) -> None:
    with living(tmp_path) as org:
        identity = lead(org, SLA_Due_At__c="2026-10-05T07:00:00Z", SLA_Points__c=3)
        settings = (tmp_path / "state.json").read_bytes()
        gone = lead(org, "Gone")
        org.ask("DELETE", f"{LEADS}/{gone}")
        assert (tmp_path / "state.json").read_bytes() == settings
        before, now = read(org, identity), org.application.now
    with serving(tmp_path) as org:
        assert read(org, identity) == before
        assert org.refusal("GET", f"{LEADS}/{gone}")[0] == 404
        assert org.application.now == now
        assert lead(org, "Next") not in (identity, gone)


def test_a_write_counts_as_one_change_and_a_refusal_as_none(org: Org) -> None:
    before = org.application.state_changes
    identity = lead(org)
    assert org.application.state_changes == before + 1
    org.ask("PATCH", f"{LEADS}/{identity}", json={"Status": "no such"})
    read(org, identity)
    assert org.application.state_changes == before + 1


def test_the_clock_stands_still_for_records(org: Org) -> None:
    before = org.application.now
    lead(org)
    assert org.application.now == before > FIRST_DAY


def test_the_calls_of_a_day_are_limited(org: Org) -> None:
    org.application.desk.daily_calls = org.application.desk.calls_today() + 1
    assert org.get("/limits")["DailyApiRequests"]["Remaining"] == 0
    assert org.refusal("GET", f"{DATA}/limits")[:2] == (403, "REQUEST_LIMIT_EXCEEDED")


def test_a_header_that_names_no_assignment_rule_is_refused(org: Org) -> None:
    body = {"LastName": "R", "Company": "A"}
    assert org.ask("POST", LEADS, json=body, headers={"Sforce-Auto-Assign": "FALSE"}).status_code == 201
    assert org.refusal("POST", LEADS, json=body, headers={"Sforce-Auto-Assign": "maybe"})[1] == "MALFORMED_ID"


def test_a_describe_tells_of_an_object_of_the_orgs_own(shared: Org) -> None:
    described = shared.get("/sobjects/SLA_Leg__c/describe")
    fields = {each["name"]: each for each in described["fields"]}
    assert (described["custom"], described["createable"], described["keyPrefix"]) == (True, True, "a00")
    assert (fields["Name"]["autoNumber"], fields["Name"]["createable"]) == (True, False)
    assert (fields["Lead__c"]["referenceTo"], fields["Lead__c"]["relationshipName"]) == (["Lead"], "Lead__r")
    assert fields["OwnerId"]["referenceTo"] == ["Group", "User"]
    assert "SLA_Leg__c" in {each["name"] for each in shared.get("/sobjects")["sobjects"]}


def test_a_describe_tells_on_which_value_another_depends(shared: Org) -> None:
    fields = {each["name"]: each for each in shared.get("/sobjects/Lead/describe")["fields"]}
    assert (fields["SLA_Detail__c"]["dependentPicklist"], fields["SLA_Detail__c"]["controllerName"]) == (
        True,
        "SLA_Reason__c",
    )
    (choice,) = fields["SLA_Detail__c"]["picklistValues"]
    # The third of three values: the third bit of one byte, counted from the highest.
    assert base64.b64decode(choice["validFor"]) == bytes([0b0010_0000])
