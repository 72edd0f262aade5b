"""What a connector relies on is looked at one by one, and what an org does not tell is said to be unknown."""

from __future__ import annotations

import json

import pytest

from sla_sync.connector import Checkup, Standing, UnauthorizedError
from sla_sync_salesforce.doctor import examine
from sla_sync_salesforce.people import People, User
from tests.connectors.salesforce.canned import Answer, canned, records, soap

pytestmark = pytest.mark.slow

ANA = User("0051", "ana@acme.example", "ana", active=True)
PEOPLE = People({"ana": (ANA,), "zoe": ()})
RIGHTS = (
    "PermissionsModifyMetadata",
    "PermissionsCustomizeApplication",
    "PermissionsViewSetup",
    "PermissionsManageUsers",
    "PermissionsAssignPermissionSets",
)


def setting(kind: str, member: str, value: str) -> Answer:
    inside = f"<fullName>X</fullName><{member}>{value}</{member}>"
    return soap("readMetadata", f'<records xsi:type="{kind}">{inside}</records>')


WHO = Answer(200, json.dumps({"preferred_username": "ops@acme.example", "user_id": "005ops"}))
GONE = Answer(404, json.dumps([{"errorCode": "NOT_FOUND", "message": "not there"}]))
ANSWERS: dict[str, Answer] = {
    "API version": Answer(200, json.dumps([{"version": "62.0"}, {"version": "63.0"}])),
    "edition": records(
        {"Name": "Acme", "OrganizationType": "Enterprise Edition", "IsSandbox": False, "InstanceName": "EU1"}
    ),
    "permissions": records({"PermissionSet": dict.fromkeys(RIGHTS, True)}),
    "Metadata API": soap("describeMetadata", ""),
    "API calls": Answer(200, json.dumps({"DailyApiRequests": {"Max": 1000, "Remaining": 900}})),
    "Lead": records({"Type": "CustomFields", "Max": 500, "Remaining": 400}),
    "Contact": records({"Type": "CustomFields", "Max": 500, "Remaining": 400}),
    "flows": records({"DeveloperName": "A", "ActiveVersionId": "301"}, {"DeveloperName": "B", "ActiveVersionId": None}),
    "flows deployed as active": setting("FlowSettings", "enableFlowDeployAsActiveEnabled", "true"),
    "countries": Answer(200, json.dumps({"fields": [{"name": "Country"}, {"name": "CountryCode"}]})),
    "lead conversion": setting("LeadConfigSettings", "shouldLeadConvertRequireValidation", "true"),
}


def examined(**instead: Answer) -> dict[str, list[Checkup]]:
    answers = {**ANSWERS, **{name.replace("_", " "): answer for name, answer in instead.items()}}
    with canned(WHO, *answers.values()) as asked:
        found: dict[str, list[Checkup]] = {}
        for each in examine(asked.client(), lambda: PEOPLE):
            found.setdefault(each.name, []).append(each)
    return found


def test_an_org_that_has_everything_is_well() -> None:
    found = examined()
    missing = [each for checkups in found.values() for each in checkups if each.standing is Standing.MISSING]
    assert [each.finding for each in missing] == ["No user of the org has the user name or alias «zoe»."]
    unknown = [name for name, checkups in found.items() if checkups[0].standing is Standing.UNKNOWN]
    assert unknown == ["default workflow user"]
    assert found["session"][0].finding == "Signed in as ops@acme.example."
    assert found["flows"][0].finding == "The org holds 2 flows, and 1 of them are active."


REFUSED = [
    ("API_version", Answer(200, json.dumps([{"version": "58.0"}])), "API version", "does not offer version 63.0"),
    (
        "permissions",
        records({"PermissionSet": {"PermissionsViewSetup": True}}),
        "Customize Application",
        "may not change",
    ),
    ("API_calls", Answer(200, '{"DailyApiRequests": {"Max": 1000, "Remaining": 9}}'), "API calls", "9 are left"),
    ("Lead", records({"Type": "CustomFields", "Max": 500, "Remaining": 0}), "custom fields", "room for 0"),
    (
        "lead_conversion",
        setting("LeadConfigSettings", "shouldLeadConvertRequireValidation", "false"),
        "lead conversion",
        "passes by validation rules",
    ),
]


@pytest.mark.parametrize(("asked", "answer", "name", "finding"), REFUSED)
def test_what_is_missing_is_told_with_what_to_do(asked: str, answer: Answer, name: str, finding: str) -> None:
    checkup = examined(**{asked: answer})[name][0]
    assert checkup.standing is Standing.MISSING
    assert finding in checkup.finding
    assert checkup.hint.endswith(".")


def test_an_edition_with_less_is_not_taken_for_whole() -> None:
    small = records(
        {"Name": "Acme", "OrganizationType": "Professional Edition", "IsSandbox": False, "InstanceName": "EU1"}
    )
    checkup = examined(edition=small)["edition"][0]
    assert checkup.standing is Standing.UNKNOWN
    assert "deadlines: calendar" in checkup.hint


@pytest.mark.parametrize("subject", [each.replace(" ", "_") for each in ANSWERS if each not in {"Lead", "Contact"}])
def test_what_an_org_does_not_tell_is_unknown_and_has_a_place_to_look(subject: str) -> None:
    checkup = examined(**{subject: GONE})[subject.replace("_", " ")][0]
    assert checkup.standing is Standing.UNKNOWN
    assert "does not tell" in checkup.finding


def test_without_a_session_nothing_is_looked_at() -> None:
    expired = Answer(401, json.dumps([{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]))
    with canned(expired) as asked, pytest.raises(UnauthorizedError):
        list(examine(asked.client(), lambda: PEOPLE))
