from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import OBJECTS, Portal, held, made

V4 = "/crm/v4/objects"
BATCH = "/crm/v4/associations"
CONTACTED = ("notes_last_contacted", "num_contacted_notes", "hs_time_to_first_engagement")


def linked(portal: Portal, kind: str, identifier: str, other: str) -> dict[int, set[int]]:
    """Return the ids of associated records with the types of the associations."""
    answer = portal.done("GET", f"{V4}/{kind}/{identifier}/associations/{other}")
    return {each["toObjectId"]: {one["typeId"] for one in each["associationTypes"]} for each in answer["results"]}


def spec(type_id: int) -> dict[str, Any]:
    """Return the type of an association as a body names it."""
    return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}


def log(portal: Portal, kind: str, contact: str, **properties: str) -> str:
    """Create an activity on a contact and return its id."""
    types = {"calls": 194, "emails": 198, "meetings": 200, "notes": 202, "tasks": 204, "communications": 81}
    body = {"properties": properties, "associations": [{"to": {"id": contact}, "types": [spec(types[kind])]}]}
    return str(portal.done("POST", f"{OBJECTS}/{kind}", body)["id"])


@pytest.fixture
def pair(portal: Portal) -> tuple[Portal, str, str]:
    """Return a contact and a company."""
    return portal, made(portal, "contacts", email="kim@acme.example"), made(portal, "companies", name="Acme")


def test_the_default_association_is_seen_from_both_sides_each_with_its_own_type(pair: tuple[Portal, str, str]) -> None:
    portal, contact, company = pair
    answer = portal.done("PUT", f"{V4}/contacts/{contact}/associations/default/companies/{company}")
    assert answer["results"][0]["associationSpec"] == spec(279)
    assert linked(portal, "contacts", contact, "companies") == {int(company): {279}}
    assert linked(portal, "companies", company, "contacts") == {int(contact): {280}}
    shown = portal.done("GET", f"{OBJECTS}/contacts/{contact}?associations=companies")["associations"]
    assert shown == {"companies": {"results": [{"id": company, "type": "contact_to_company"}]}}


def test_a_primary_company_brings_the_default_type_along_and_both_end_together(pair: tuple[Portal, str, str]) -> None:
    portal, contact, company = pair
    path = f"{V4}/contacts/{contact}/associations/companies/{company}"
    assert portal.ask("PUT", path, [spec(1)]).status_code == 201
    assert linked(portal, "contacts", contact, "companies") == {int(company): {1, 279}}
    assert linked(portal, "companies", company, "contacts") == {int(contact): {2, 280}}
    assert portal.ask("DELETE", path).status_code == 204
    assert linked(portal, "contacts", contact, "companies") == {}
    assert linked(portal, "companies", company, "contacts") == {}


@pytest.mark.parametrize("body", [[spec(280)], [spec(4)], [], [{"associationTypeId": 279}], {}])
def test_a_type_that_is_not_of_this_pair_is_refused(pair: tuple[Portal, str, str], body: Any) -> None:
    portal, contact, company = pair
    answer = portal.ask("PUT", f"{V4}/contacts/{contact}/associations/companies/{company}", body)
    assert answer.status_code == 400
    assert linked(portal, "contacts", contact, "companies") == {}


def test_a_record_that_is_not_there_cannot_be_associated(pair: tuple[Portal, str, str]) -> None:
    portal, contact, company = pair
    portal.done("DELETE", f"{OBJECTS}/companies/{company}")
    for identifier in (company, "999"):
        path = f"{V4}/contacts/{contact}/associations/default/companies/{identifier}"
        assert portal.ask("PUT", path).status_code == 404


def test_an_archived_record_is_not_among_the_associated(pair: tuple[Portal, str, str]) -> None:
    portal, contact, company = pair
    portal.done("PUT", f"{V4}/contacts/{contact}/associations/default/companies/{company}")
    portal.done("DELETE", f"{OBJECTS}/companies/{company}")
    assert linked(portal, "contacts", contact, "companies") == {}


def test_pairs_in_a_batch_are_associated_and_those_that_cannot_be_are_told(pair: tuple[Portal, str, str]) -> None:
    portal, contact, company = pair
    pairs = [{"from": {"id": contact}, "to": {"id": each}} for each in (company, "999")]
    answer = portal.ask("POST", f"{BATCH}/contacts/companies/batch/associate/default", {"inputs": pairs})
    assert (answer.status_code, answer.get_json()["numErrors"]) == (207, 1)
    labelled = [pairs[0] | {"types": [spec(1)]}]
    assert portal.ask("POST", f"{BATCH}/contacts/companies/batch/create", {"inputs": labelled}).status_code == 201
    asked = {"inputs": [{"id": contact}, {"id": "999"}]}
    read = portal.ask("POST", f"{BATCH}/contacts/companies/batch/read", asked)
    assert read.status_code == 207
    assert read.get_json()["results"][0]["to"][0]["toObjectId"] == int(company)
    assert read.get_json()["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    gone = {"inputs": [{"from": {"id": contact}, "to": [{"id": company}]}]}
    assert portal.ask("POST", f"{BATCH}/contacts/companies/batch/archive", gone).status_code == 204
    assert linked(portal, "contacts", contact, "companies") == {}


def test_a_lead_needs_a_contact_or_a_company(pair: tuple[Portal, str, str]) -> None:
    portal, contact, _ = pair
    body: dict[str, Any] = {"properties": {"hs_lead_name": "Kim"}}
    assert portal.ask("POST", f"{OBJECTS}/leads", body).status_code == 400
    body["associations"] = [{"to": {"id": contact}, "types": [spec(578)]}]
    lead = portal.done("POST", f"{OBJECTS}/leads", body)["id"]
    assert linked(portal, "leads", lead, "contacts") == {int(contact): {578, 608}}
    assert held(portal, "leads", lead, "hs_pipeline_stage") == {"hs_pipeline_stage": "new-stage-id"}


@pytest.mark.parametrize(
    ("kind", "more", "counts"),
    [
        ("calls", {}, True),
        ("emails", {"hs_email_direction": "EMAIL"}, True),
        ("emails", {"hs_email_direction": "INCOMING_EMAIL"}, False),
        ("meetings", {}, True),
        ("communications", {}, True),
        ("notes", {}, False),
        ("tasks", {}, False),
    ],
)
def test_what_is_logged_on_a_contact_counts_as_contact_where_somebody_was_reached_out_to(
    portal: Portal, kind: str, more: dict[str, str], counts: bool
) -> None:
    contact = made(portal, "contacts", email="kim@acme.example", hubspot_owner_id="41000004")
    at = "2026-12-01T09:00:02Z"
    log(portal, kind, contact, hs_timestamp=at, **more)
    expected = {"notes_last_contacted": at, "num_contacted_notes": "1"} if counts else dict.fromkeys(CONTACTED[:2])
    assert held(portal, "contacts", contact, *CONTACTED[:2]) == expected


def test_contacts_are_counted_and_the_latest_one_is_the_last(portal: Portal) -> None:
    contact = made(portal, "contacts", email="kim@acme.example")
    for at in ("2026-11-30T12:00:00Z", "2026-11-29T12:00:00Z", "2026-12-24T12:00:00Z"):
        log(portal, "calls", contact, hs_timestamp=at)
    found = held(portal, "contacts", contact, *CONTACTED)
    assert found == {
        "notes_last_contacted": "2026-11-30T12:00:00Z", "num_contacted_notes": "2", "hs_time_to_first_engagement": None,
    }  # fmt: skip


def test_the_built_in_response_time_begins_anew_with_each_owner(portal: Portal) -> None:
    contact = made(portal, "contacts", email="kim@acme.example", hubspot_owner_id="41000004")
    log(portal, "calls", contact, hs_timestamp=_now(portal))
    first = held(portal, "contacts", contact, "hs_time_to_first_engagement")["hs_time_to_first_engagement"]
    assert first is not None
    assert int(first) >= 0
    portal.done("PATCH", f"{OBJECTS}/contacts/{contact}", {"properties": {"hubspot_owner_id": "41000005"}})
    assert held(portal, "contacts", contact, "hs_time_to_first_engagement") == {"hs_time_to_first_engagement": ""}


def _now(portal: Portal) -> str:
    return portal.application.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_an_activity_that_is_associated_later_counts_once(portal: Portal) -> None:
    contact = made(portal, "contacts", email="kim@acme.example")
    call = made(portal, "calls", hs_timestamp="2026-11-30T12:00:00Z")
    assert held(portal, "contacts", contact, "num_contacted_notes") == {"num_contacted_notes": None}
    for _ in range(2):
        portal.done("PUT", f"{V4}/calls/{call}/associations/default/contacts/{contact}")
    assert held(portal, "contacts", contact, "num_contacted_notes") == {"num_contacted_notes": "1"}
