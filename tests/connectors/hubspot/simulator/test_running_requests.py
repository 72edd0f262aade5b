"""Workflows over the wire: what was pushed lives in the records that requests write, and survives a restart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

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
