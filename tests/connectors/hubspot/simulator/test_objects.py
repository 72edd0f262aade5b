from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.hubspot.simulator.portal import (
    CONTACTS,
    NUMBER,
    OBJECTS,
    Portal,
    copied,
    furnish,
    held,
    made,
    open_portal,
)

PEOPLE = f"{OBJECTS}/contacts"


def furnish_for_values(portal: Portal) -> None:
    """Furnish a portal, with a property for days too, one for several options and one that is unique."""
    furnish(portal)
    for name, kind, field_type, more in (
        ("sla_day", "date", "date", {}),
        ("sla_key", "string", "text", {"hasUniqueValue": True}),
        ("sla_many", "enumeration", "checkbox", {"options": [{"label": x, "value": x} for x in "abc"]}),
    ):
        definition = NUMBER | {"name": name, "label": name, "type": kind, "fieldType": field_type} | more
        portal.done("POST", CONTACTS, definition)


@pytest.fixture
def day(tmp_path: Path) -> Portal:
    """Return a portal with a property of every kind."""
    portal, _ = copied(tmp_path, furnish_for_values)
    return portal


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("nothing", "x", "PROPERTY_DOESNT_EXIST"),
        ("sla_fit", "many", "INVALID_NUMBER"),
        ("sla_fit", "nan", "INVALID_NUMBER"),
        ("sla_fit", " 5", "LEADING_TRAILING_WHITESPACE"),
        ("sla_fit", 5, "INVALID_STRING"),
        ("sla_reason", "price", "INVALID_OPTION"),
        ("sla_reason", "budget;need", "INVALID_OPTION"),
        ("sla_many", "a;z", "INVALID_OPTION"),
        ("sla_yes", "yes", "INVALID_OPTION"),
        ("sla_at", "2026-12-01", "INVALID_LONG"),
        ("sla_at", "soon", "INVALID_LONG"),
        ("sla_at", "2026-13-01T00:00:00Z", "INVALID_LONG"),
        ("sla_day", "2026-12-01T09:00:00Z", "INVALID_DATE"),
        ("sla_day", "2026-02-30", "INVALID_DATE"),
        ("hubspot_owner_id", "9000005", "INVALID_OWNER_ID"),
        ("hubspot_owner_id", "kim", "INVALID_INTEGER"),
        ("createdate", "2026-12-01T00:00:00Z", "READ_ONLY_VALUE"),
        ("hs_v2_date_entered_lead", "2026-12-01T00:00:00Z", "READ_ONLY_VALUE"),
        ("hs_object_id", "7", "READ_ONLY_VALUE"),
        ("email", "kim at acme", "INVALID_EMAIL"),
        ("firstname", "x" * 65_537, "PROPERTY_VALUE_TOO_LONG"),
        ("lifecyclestage", "suspect", "INVALID_OPTION"),
    ],
)
def test_a_value_that_does_not_fit_its_property_is_refused_by_name(
    day: Portal, name: str, value: object, code: str
) -> None:
    before = day.application.state_changes
    answer = day.ask("POST", PEOPLE, {"properties": {"lastname": "Kim", name: value}})
    said = answer.get_json()
    assert (answer.status_code, said["category"]) == (400, "VALIDATION_ERROR")
    assert said["message"].startswith("Property values were not valid: [{")
    assert [(each["code"], each["context"]) for each in said["errors"]] == [(code, {"propertyName": [name]})]
    assert day.application.state_changes == before


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("sla_fit", "60.5", "60.5"),
        ("sla_fit", "-1e3", "-1e3"),
        ("sla_reason", "need", "need"),
        ("sla_many", "a;c", "a;c"),
        ("sla_yes", "false", "false"),
        ("sla_at", "1764579600000", "2025-12-01T09:00:00Z"),
        ("sla_at", "1764579600120", "2025-12-01T09:00:00.120Z"),
        ("sla_at", "2026-12-01T10:00:00+01:00", "2026-12-01T09:00:00Z"),
        ("sla_day", "1764547200000", "2025-12-01"),
        ("sla_day", "2026-12-01", "2026-12-01"),
        ("email", "Kim@Acme.Example", "kim@acme.example"),
        ("hubspot_owner_id", "41000004", "41000004"),
    ],
)
def test_a_value_is_kept_as_its_type_is_spelled(day: Portal, name: str, value: str, kept: str) -> None:
    identifier = made(day, "contacts", **{"lastname": "Kim", name: value})
    assert held(day, "contacts", identifier, name) == {name: kept}


def test_every_wrong_value_of_a_record_is_named_at_once(day: Portal) -> None:
    said = day.ask("POST", PEOPLE, {"properties": {"sla_fit": "x", "nothing": "y", "lastname": "Kim"}}).get_json()
    assert [each["code"] for each in said["errors"]] == ["INVALID_NUMBER", "PROPERTY_DOESNT_EXIST"]


def test_an_address_belongs_to_one_contact(portal: Portal) -> None:
    first = made(portal, "contacts", email="kim@acme.example")
    answer = portal.ask("POST", PEOPLE, {"properties": {"email": "KIM@acme.example"}})
    assert (answer.status_code, answer.get_json()["category"]) == (409, "CONFLICT")
    assert answer.get_json()["message"] == f"Contact already exists. Existing ID: {first}"
    portal.done("DELETE", f"{PEOPLE}/{first}")
    assert made(portal, "contacts", email="kim@acme.example") != first


def test_a_unique_value_finds_its_record_and_is_refused_for_another(day: Portal) -> None:
    first = made(day, "contacts", lastname="One", sla_key="k1")
    second = made(day, "contacts", lastname="Two")
    answer = day.ask("PATCH", f"{PEOPLE}/{second}", {"properties": {"sla_key": "k1"}})
    assert [each["code"] for each in answer.get_json()["errors"]] == ["CONFLICTING_UNIQUE_VALUE"]
    assert day.done("GET", f"{PEOPLE}/k1?idProperty=sla_key")["id"] == first
    assert day.done("PATCH", f"{PEOPLE}/k1?idProperty=sla_key", {"properties": {"sla_key": "k1"}})["id"] == first
    assert day.ask("GET", f"{PEOPLE}/One?idProperty=lastname").status_code == 400


@pytest.mark.parametrize(
    ("kind", "properties", "lacking"),
    [
        ("contacts", {"phone": "1"}, ["email", "firstname", "lastname"]),
        ("companies", {"country": "NL"}, ["name", "domain"]),
        ("deals", {"dealname": "Big"}, ["dealstage"]),
        ("tasks", {"hs_task_subject": "Call"}, ["hs_timestamp"]),
        ("calls", {}, ["hs_timestamp"]),
    ],
)
def test_a_record_without_what_its_type_needs_is_refused(
    portal: Portal, kind: str, properties: dict[str, str], lacking: list[str]
) -> None:
    answer = portal.ask("POST", f"{OBJECTS}/{kind}", {"properties": properties})
    assert (answer.status_code, answer.get_json()["context"]) == (400, {"properties": lacking})


def test_a_lifecycle_goes_forward_only_unless_it_is_cleared_and_stamps_each_stage(portal: Portal) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example", lifecyclestage="marketingqualifiedlead")
    path, stamps = f"{PEOPLE}/{identifier}", ("hs_v2_date_entered_lead", "hs_v2_date_exited_marketingqualifiedlead")
    changed = portal.done("PATCH", path, {"properties": {"lifecyclestage": "lead", "firstname": "Kim"}})
    assert (changed["properties"]["lifecyclestage"], changed["properties"]["firstname"]) == (
        "marketingqualifiedlead",
        "Kim",
    )
    assert held(portal, "contacts", identifier, *stamps) == dict.fromkeys(stamps)
    portal.done("PATCH", path, {"properties": {"lifecyclestage": ""}})
    portal.done("PATCH", path, {"properties": {"lifecyclestage": "lead"}})
    assert held(portal, "contacts", identifier, "lifecyclestage") == {"lifecyclestage": "lead"}
    assert all(held(portal, "contacts", identifier, *stamps).values())


def test_an_owner_brings_a_date_and_a_team(portal: Portal) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example", hubspot_owner_id="41000006")
    names = ("hubspot_owner_assigneddate", "hubspot_team_id")
    found = held(portal, "contacts", identifier, *names)
    assert found["hubspot_team_id"] == "501001"
    assert found["hubspot_owner_assigneddate"]
    portal.done("PATCH", f"{PEOPLE}/{identifier}", {"properties": {"hubspot_owner_id": ""}})
    assert held(portal, "contacts", identifier, *names) == dict.fromkeys(names, "")


def test_a_property_without_a_value_is_null_a_cleared_one_is_empty_and_an_unknown_one_is_left_out(
    portal: Portal,
) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example", firstname="Kim")
    portal.done("PATCH", f"{PEOPLE}/{identifier}", {"properties": {"firstname": ""}})
    found = portal.done("GET", f"{PEOPLE}/{identifier}?properties=firstname,phone&properties=nothing")["properties"]
    assert (found["firstname"], found["phone"]) == ("", None)
    assert set(found) == {"firstname", "phone", "createdate", "lastmodifieddate", "hs_object_id"}


def test_an_archived_record_is_found_only_among_the_archived(portal: Portal) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example")
    assert portal.ask("DELETE", f"{PEOPLE}/{identifier}").status_code == 204
    assert portal.ask("DELETE", f"{PEOPLE}/{identifier}").status_code == 204
    assert portal.ask("GET", f"{PEOPLE}/{identifier}").status_code == 404
    assert "archivedAt" in portal.done("GET", f"{PEOPLE}/{identifier}?archived=true")
    assert portal.done("GET", PEOPLE)["results"] == []
    assert [each["id"] for each in portal.done("GET", f"{PEOPLE}?archived=true")["results"]] == [identifier]
    assert portal.ask("PATCH", f"{PEOPLE}/{identifier}", {"properties": {}}).status_code == 404
    assert portal.ask("DELETE", f"{PEOPLE}/7").status_code == 404


@settings(max_examples=10, deadline=None)
@given(total=st.integers(0, 9), page=st.integers(1, 4))
def test_pages_hold_every_record_once(tmp_path_factory: object, total: int, page: int) -> None:
    folder = tmp_path_factory.mktemp("portal")  # type: ignore[attr-defined]
    assert isinstance(folder, Path)
    portal = open_portal(folder)
    there = [made(portal, "contacts", lastname=str(number)) for number in range(total)]
    found: list[str] = []
    after: str | None = "0"
    while after is not None:
        answer = portal.done("GET", f"{PEOPLE}?limit={page}&after={after}")
        found += [each["id"] for each in answer["results"]]
        after = answer.get("paging", {}).get("next", {}).get("after")
    assert found == there


def test_a_page_with_history_is_smaller(portal: Portal) -> None:
    assert portal.ask("GET", f"{PEOPLE}?limit=100").status_code == 200
    assert portal.ask("GET", f"{PEOPLE}?limit=101").status_code == 400
    assert portal.ask("GET", f"{PEOPLE}?limit=51&propertiesWithHistory=email").status_code == 400


def test_a_refused_record_leaves_nothing_behind_not_even_a_part(portal: Portal) -> None:
    link = {"to": {"id": "7"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]}
    body = {"properties": {"email": "kim@acme.example"}, "associations": [link]}
    assert portal.ask("POST", PEOPLE, body).status_code == 404
    assert portal.done("GET", PEOPLE)["results"] == []
    assert portal.application.state_changes == 0


def test_versions_with_a_date_answer_the_same(portal: Portal) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example")
    dated = portal.done("GET", f"/crm/objects/2026-03/contacts/{identifier}")
    assert dated == portal.done("GET", f"{OBJECTS}/0-1/{identifier}")


def test_a_scope_that_was_not_granted_closes_the_records(portal: Portal) -> None:
    (portal.data / "switches.json").write_text('{"missing_scopes": ["crm.objects.contacts.write"]}')
    answer = portal.ask("POST", PEOPLE, {"properties": {"lastname": "Kim"}})
    assert (answer.status_code, answer.get_json()["category"]) == (403, "MISSING_SCOPES")
    assert portal.done("GET", PEOPLE)["results"] == []


def test_a_new_record_begins_in_the_first_stage_of_the_first_pipeline(portal: Portal) -> None:
    deal = made(portal, "deals", dealname="Big", dealstage="closedwon")
    assert held(portal, "deals", deal, "pipeline", "dealstage") == {"pipeline": "default", "dealstage": "closedwon"}
    wrong = {"properties": {"dealname": "Big", "dealstage": "someday"}}
    assert portal.ask("POST", f"{OBJECTS}/deals", wrong).get_json()["errors"][0]["code"] == "INVALID_OPTION"
    task = made(portal, "tasks", hs_timestamp="2026-12-02T00:00:00Z")
    names = ("hs_task_status", "hs_task_completion_date")
    assert held(portal, "tasks", task, *names) == {"hs_task_status": "NOT_STARTED", "hs_task_completion_date": None}
    portal.done("PATCH", f"{OBJECTS}/tasks/{task}", {"properties": {"hs_task_status": "COMPLETED"}})
    assert held(portal, "tasks", task, *names)["hs_task_completion_date"]
