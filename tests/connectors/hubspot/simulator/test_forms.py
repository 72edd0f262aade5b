"""Form submissions: who becomes a contact, whose values change, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync_hubspot.simulator.stock import PORTAL_ID
from tests.connectors.hubspot.simulator.portal import OBJECTS, Portal, held, made

GUID = "7b2f3c7e-0d3e-4a5e-9a58-3a3f5d1c2b10"
PUBLIC = f"/submissions/v3/integration/submit/{PORTAL_ID}/{GUID}"
SECURE = f"/submissions/v3/integration/secure/submit/{PORTAL_ID}/{GUID}"


def form(**values: str) -> dict[str, Any]:
    return {"fields": [{"objectTypeId": "0-1", "name": name, "value": text} for name, text in values.items()]}


def only_contact(portal: Portal) -> str:
    (found,) = portal.done("GET", f"{OBJECTS}/contacts")["results"]
    return str(found["id"])


@pytest.mark.parametrize("path", [PUBLIC, SECURE])
def test_a_visitor_becomes_a_contact_once(furnished: tuple[Portal, str], path: str) -> None:
    portal, _ = furnished
    portal.done("POST", path, form(email="Ada@example.com", firstname="Ada", sla_reason="need"))
    portal.done("POST", path, form(email="ada@example.com", sla_reason="budget"))
    contact = only_contact(portal)
    names = ("email", "firstname", "sla_reason", "num_conversion_events")
    assert held(portal, "contacts", contact, *names) == {
        "email": "ada@example.com", "firstname": "Ada", "sla_reason": "budget", "num_conversion_events": "2",
    }  # fmt: skip
    told = portal.done("GET", f"{OBJECTS}/contacts/{contact}?propertiesWithHistory=sla_reason,recent_conversion_date")
    history = told["propertiesWithHistory"]
    assert [(each["value"], each["sourceType"]) for each in history["sla_reason"]] == [
        ("budget", "FORM"),
        ("need", "FORM"),
    ]
    assert len(history["recent_conversion_date"]) == 2


def test_a_form_changes_the_contact_that_is_there(portal: Portal) -> None:
    contact = made(portal, "contacts", email="ada@example.com", firstname="Ada")
    portal.done("POST", PUBLIC, form(email="ada@example.com", lastname="Byron"))
    assert only_contact(portal) == contact
    assert held(portal, "contacts", contact, "firstname", "lastname") == {"firstname": "Ada", "lastname": "Byron"}


def test_a_form_of_a_site_needs_no_token_and_the_secure_one_does(portal: Portal) -> None:
    body = form(email="ada@example.com")
    assert portal.ask("POST", PUBLIC, body, token="nobody").status_code == 200
    assert portal.ask("POST", SECURE, body, token="nobody").status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (PUBLIC, {"fields": [{"name": "email"}]}, 400),
        (PUBLIC, {}, 400),
        (PUBLIC, form(email="nowhere"), 400),
        (PUBLIC, form(email="ada@example.com", shoe_size="44"), 400),
        (PUBLIC, form(email="ada@example.com", createdate="2026-12-01T00:00:00Z"), 400),
        (PUBLIC, form(firstname="Ada"), 404),
        (PUBLIC.replace(str(PORTAL_ID), "7"), form(email="ada@example.com"), 404),
        (PUBLIC.replace(GUID, "contact-us"), form(email="ada@example.com"), 404),
    ],
)
def test_a_wrong_submission_is_refused_and_leaves_nothing(portal: Portal, path: str, body: Any, status: int) -> None:
    answer = portal.ask("POST", path, body)
    assert answer.status_code == status, answer.get_json()
    assert portal.done("GET", f"{OBJECTS}/contacts")["results"] == []


def test_what_is_wrong_with_a_field_is_named(portal: Portal) -> None:
    answer = portal.ask("POST", PUBLIC, form(email="nowhere")).get_json()
    assert answer["message"] == "The request is not valid"
    assert [(each["errorType"], "fields.email" in each["message"]) for each in answer["errors"]] == [
        ("INVALID_EMAIL", True)
    ]
