"""What a workflow of one kind of record writes into those that are associated with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import (
    CONTACTS,
    FLOWS,
    OBJECTS,
    Portal,
    branch,
    held,
    made,
    tested,
)

ANA = "41000005"
AT = "2026-12-01T08:30:00Z"
BY = {"name": "sla_by", "label": "By", "groupName": "sla_sync", "type": "string", "fieldType": "text"}
ACTIVITIES = {
    "calls": ("0-48", 194),
    "emails": ("0-49", 198),
    "meetings": ("0-47", 200),
    "communications": ("0-18", 81),
}


def label(type_id: int) -> dict[str, Any]:
    return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}


def put(number: int, name: str, value: dict[str, Any], type_id: int, then: str = "") -> dict[str, Any]:
    link = {"connection": {"edgeType": "STANDARD", "nextActionId": then}} if then else {}
    return {
        "type": "SINGLE_CONNECTION", "actionId": str(number), "actionTypeId": "0-5",
        "fields": {"property_name": name, "value": value, "association": label(type_id)},
    } | link  # fmt: skip


def copied(name: str) -> dict[str, str]:
    return {"type": "OBJECT_PROPERTY", "propertyName": name}


def on_activity(object_id: str, *actions: dict[str, Any]) -> dict[str, Any]:
    known = tested("hs_timestamp", operationType="ALL_PROPERTY", operator="IS_KNOWN")
    criteria = {
        "type": "LIST_BASED", "shouldReEnroll": False, "unEnrollObjectsNotMeetingCriteria": False,
        "listFilterBranch": branch(known),
    }  # fmt: skip
    return {
        "name": "SLA | Touch", "type": "PLATFORM_FLOW", "flowType": "WORKFLOW", "isEnabled": True,
        "objectTypeId": object_id, "startActionId": "1", "actions": list(actions), "enrollmentCriteria": criteria,
    }  # fmt: skip


def ready(portal: Portal, kind: str) -> None:
    """Let a furnished portal write who logged an activity, and when, into each contact."""
    object_id, type_id = ACTIVITIES[kind]
    portal.done("POST", CONTACTS, BY)
    by, at = copied("hubspot_owner_id"), copied("hs_timestamp")
    portal.done(
        "POST", FLOWS, on_activity(object_id, put(1, "sla_by", by, type_id, "2"), put(2, "sla_at", at, type_id))
    )


def log(portal: Portal, kind: str, *contacts: str) -> str:
    links = [{"to": {"id": each}, "types": [label(ACTIVITIES[kind][1])]} for each in contacts]
    body = {"properties": {"hs_timestamp": AT, "hubspot_owner_id": ANA}, "associations": links}
    return str(portal.done("POST", f"{OBJECTS}/{kind}", body)["id"])


@pytest.mark.parametrize("kind", ACTIVITIES)
def test_an_activity_writes_into_every_contact_that_it_is_logged_on(furnished: tuple[Portal, str], kind: str) -> None:
    portal, _ = furnished
    ready(portal, kind)
    one, other, stranger = (made(portal, "contacts", email=f"{name}@example.com") for name in "abc")
    log(portal, kind, one, other)
    for contact in (one, other):
        assert held(portal, "contacts", contact, "sla_by", "sla_at") == {"sla_by": ANA, "sla_at": AT}
    assert held(portal, "contacts", stranger, "sla_by", "sla_at") == {"sla_by": None, "sla_at": None}


def test_an_activity_that_is_associated_right_after_its_creation_is_seen_at_once(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    ready(portal, "calls")
    contact = made(portal, "contacts", email="a@example.com")
    call = log(portal, "calls")
    portal.done("PUT", f"/crm/v4/objects/calls/{call}/associations/default/contacts/{contact}")
    assert held(portal, "contacts", contact, "sla_by", "sla_at") == {"sla_by": ANA, "sla_at": AT}


def test_an_activity_of_nobody_waits_a_minute_and_no_longer(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    ready(portal, "calls")
    contact = made(portal, "contacts", email="a@example.com")
    call = log(portal, "calls")
    portal.application.run_until(portal.application.now + timedelta(minutes=2))
    portal.done("PUT", f"/crm/v4/objects/calls/{call}/associations/default/contacts/{contact}")
    assert held(portal, "contacts", contact, "sla_by", "sla_at") == {"sla_by": None, "sla_at": None}


def test_a_count_goes_on_from_the_number_of_the_record_that_is_set(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    count = {"type": "INCREMENT", "incrementAmount": 1}
    portal.done("POST", FLOWS, on_activity("0-48", put(1, "sla_fit", count, 194)))
    contact = made(portal, "contacts", email="a@example.com", sla_fit="6")
    log(portal, "calls", contact)
    log(portal, "calls", contact)
    assert held(portal, "contacts", contact, "sla_fit") == {"sla_fit": "8"}


def test_a_property_that_a_workflow_of_other_records_sets_is_in_use(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    ready(portal, "calls")
    answer = portal.ask("DELETE", f"{CONTACTS}/sla_by")
    assert answer.status_code == 400
    assert answer.get_json()["subCategory"] == "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"


def test_a_datetime_is_not_copied_into_a_number_of_another_record(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    answer = portal.ask("POST", FLOWS, on_activity("0-48", put(1, "sla_fit", copied("hs_timestamp"), 194)))
    assert (answer.status_code, answer.get_json()["category"]) == (404, "NOT_IMPLEMENTED")
