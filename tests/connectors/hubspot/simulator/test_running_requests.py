"""Workflows over the wire: what was pushed lives in the records that requests write, and survives a restart."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import FLOWS, LISTS, Portal, branch, flow, open_portal, tested
from tests.connectors.hubspot.simulator.workshop import by_list, delay, stamp

RECORDS = "/crm/v3/objects/contacts"
FITS = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN_OR_EQUAL_TO", value=60)


def create(portal: Portal, **properties: str) -> str:
    return str(portal.done("POST", RECORDS, {"properties": properties})["id"])


def stamps(portal: Portal, contact: str) -> list[Any]:
    found = portal.done("GET", f"{RECORDS}/{contact}?propertiesWithHistory=sla_at")
    return list(found["propertiesWithHistory"]["sla_at"])


def test_a_contact_that_comes_into_a_list_is_stamped_and_the_history_tells_which_workflow_did_it(
    furnished: tuple[Portal, str],
) -> None:
    portal, list_id = furnished
    pushed = portal.done("POST", FLOWS, flow(list_id, isEnabled=True, timeWindows=[], blockedDates=[]))["id"]
    contact = create(portal, email="lead@example.com", sla_fit="59")
    assert not stamps(portal, contact)
    portal.done("PATCH", f"{RECORDS}/{contact}", {"properties": {"sla_fit": "60"}})
    (told,) = stamps(portal, contact)
    assert (told["sourceType"], told["sourceId"]) == ("AUTOMATION_PLATFORM", pushed)


def test_who_waits_in_a_delay_goes_on_after_a_restart(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    body = flow(list_id, isEnabled=True, timeWindows=[], blockedDates=[], actions=[delay(1, 60, to=2), stamp(2)])
    portal.done("POST", FLOWS, body)
    contact = create(portal, email="lead@example.com", sla_fit="60")
    again = open_portal(portal.data)
    again.application.run_until(again.application.now + timedelta(minutes=59))
    assert not stamps(again, contact)
    again.application.run_until(again.application.now + timedelta(minutes=2))
    assert stamps(again, contact)


def test_a_request_that_is_refused_enrols_nobody(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    portal.done("POST", FLOWS, flow(list_id, isEnabled=True, timeWindows=[], blockedDates=[]))
    wrong = {"properties": {"email": "lead@example.com", "sla_fit": "60", "sla_reason": "weather"}}
    assert portal.ask("POST", RECORDS, wrong).status_code == 400
    assert not portal.application.portal.records.noted("flow-log")


def test_a_list_whose_filters_change_enrols_nobody(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    contact = create(portal, email="lead@example.com", sla_fit="50")
    portal.done("POST", FLOWS, flow(list_id, isEnabled=True, timeWindows=[], blockedDates=[]))
    lower = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN_OR_EQUAL_TO", value=40)
    portal.done("PUT", f"{LISTS}/{list_id}/update-list-filters", {"filterBranch": branch(lower)})
    assert not stamps(portal, contact)


def test_a_workflow_that_is_switched_off_over_the_wire_enrols_no_more(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    body = flow(list_id, isEnabled=True, timeWindows=[], blockedDates=[], enrollmentCriteria=by_list(FITS))
    created = portal.done("POST", FLOWS, body)
    portal.done("GET", f"{FLOWS}/{created['id']}")
    portal.done("PUT", f"{FLOWS}/{created['id']}", body | {"revisionId": "1", "isEnabled": False})
    contact = create(portal, email="lead@example.com", sla_fit="60")
    assert not stamps(portal, contact)


def waiting(portal: Portal, list_id: str) -> tuple[str, datetime]:
    """Return a contact that is stamped an hour after it was created, and when that will be."""
    body = flow(list_id, isEnabled=True, timeWindows=[], blockedDates=[], actions=[delay(1, 60, to=2), stamp(2)])
    portal.done("POST", FLOWS, body)
    contact = create(portal, email="lead@example.com", sla_fit="60")
    return contact, portal.application.now + timedelta(hours=1)


def stamped(portal: Portal, contact: str) -> list[datetime]:
    record = portal.application.portal.records.get("0-1", contact)
    assert record is not None
    return [each.at for each in record.history.get("sla_at", ())]


@pytest.mark.parametrize(("method", "path"), [("GET", RECORDS), ("POST", FLOWS)])
def test_what_falls_due_while_a_request_is_on_its_way_happens_at_its_own_instant_and_before_it(
    furnished: tuple[Portal, str], method: str, path: str
) -> None:
    portal, list_id = furnished
    contact, due = waiting(portal, list_id)
    portal.application.run_until(due - timedelta(milliseconds=20))
    body = None if method == "GET" else flow(list_id)
    portal.done(method, path, body)
    assert stamped(portal, contact) == [due]
    assert portal.application.now > due


def test_a_write_finds_what_fell_due_in_the_second_that_it_takes(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    contact, due = waiting(portal, list_id)
    portal.application.run_until(due - timedelta(milliseconds=500))
    found = portal.done("PATCH", f"{RECORDS}/{contact}", {"properties": {"firstname": "Nora"}})
    assert stamped(portal, contact) == [due]
    assert datetime.fromisoformat(found["updatedAt"]) > due


def test_what_falls_due_while_a_refused_client_waits_happens_at_its_own_instant(
    furnished: tuple[Portal, str],
) -> None:
    portal, list_id = furnished
    contact, due = waiting(portal, list_id)
    portal.application.run_until(due - timedelta(seconds=5))
    (portal.data / "switches.json").write_text(json.dumps({"burst_limit": 3}), encoding="utf-8")
    answers = [portal.ask("GET", RECORDS).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert stamped(portal, contact) == [due]


def test_a_list_is_looked_at_on_its_quarter_of_an_hour_though_only_requests_move_the_clock(
    furnished: tuple[Portal, str],
) -> None:
    portal, _ = furnished
    now: dict[str, Any] = {"timeType": "INDEXED", "timezoneSource": "CUSTOM", "zoneId": "US/Eastern"}
    now |= {"indexReference": {"referenceType": "NOW"}, "offset": {"days": 0}}
    past = tested(
        "sla_at", operationType="TIME_POINT", type="TIME_POINT", operator="IS_BEFORE", propertyParser="VALUE",
        endpointBehavior="EXCLUSIVE", timePoint=now, includeObjectsWithNoValueSet=False,
    )  # fmt: skip
    late = {"name": "SLA | Late", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": branch(past)}
    found = portal.done("POST", LISTS, late)["list"]["listId"]
    quarter = portal.application.now.replace(minute=15, second=0, microsecond=0)
    at = str(int((quarter - timedelta(minutes=5)).timestamp() * 1000))
    contact = create(portal, email="lead@example.com", sla_at=at)
    portal.application.run_until(quarter - timedelta(milliseconds=20))
    portal.done("GET", RECORDS)
    members = portal.done("GET", f"{LISTS}/{found}/memberships")["results"]
    assert [(each["recordId"], datetime.fromisoformat(each["membershipTimestamp"])) for each in members] == [
        (contact, quarter)
    ]
