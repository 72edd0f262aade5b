"""OAuth: a refresh token buys half an hour, and what a token may do can be asked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client

from sla_sync_hubspot.simulator.stock import (
    ADMINISTRATOR_TOKEN,
    APP_TOKEN,
    OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET,
    OAUTH_REFRESH_TOKEN,
    PORTAL_ID,
)
from tests.connectors.hubspot.simulator.portal import OBJECTS, Portal, made

TOKEN = "/oauth/v1/token"
FORM = {
    "grant_type": "refresh_token", "client_id": OAUTH_CLIENT_ID, "client_secret": OAUTH_CLIENT_SECRET,
    "refresh_token": OAUTH_REFRESH_TOKEN,
}  # fmt: skip


def exchanged(portal: Portal, **wrong: str) -> Any:
    return Client(portal.application).post(TOKEN, data=FORM | wrong)


def test_a_refresh_token_buys_an_access_token_and_changes_nothing(portal: Portal) -> None:
    answer = exchanged(portal)
    assert answer.status_code == 200
    said = answer.get_json()
    assert (said["expires_in"], said["refresh_token"], said["token_type"]) == (1800, OAUTH_REFRESH_TOKEN, "bearer")
    assert portal.application.state_changes == 0
    assert portal.ask("GET", "/crm/v3/owners", token=said["access_token"]).status_code == 200


def test_an_access_token_lasts_for_half_an_hour(portal: Portal) -> None:
    token = exchanged(portal).get_json()["access_token"]
    portal.application.run_until(portal.application.now + timedelta(minutes=29))
    assert portal.ask("GET", "/crm/v3/owners", token=token).status_code == 200
    portal.application.run_until(portal.application.now + timedelta(minutes=2))
    answer = portal.ask("GET", "/crm/v3/owners", token=token)
    assert (answer.status_code, answer.get_json()["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert "expired" in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("member", "status"),
    [
        ("grant_type", "BAD_GRANT_TYPE"),
        ("client_id", "BAD_CLIENT_ID"),
        ("client_secret", "BAD_CLIENT_SECRET"),
        ("refresh_token", "BAD_REFRESH_TOKEN"),
    ],
)
def test_a_wrong_sign_in_is_refused_by_name(portal: Portal, member: str, status: str) -> None:
    answer = exchanged(portal, **{member: "wrong"})
    assert (answer.status_code, answer.get_json()["status"]) == (400, status)


@pytest.mark.parametrize("token", ["simulator-oauth-", "simulator-oauth-abc", "simulator-user-7", "", "x"])
def test_a_made_up_token_is_refused(portal: Portal, token: str) -> None:
    assert portal.ask("GET", "/crm/v3/owners", token=token).status_code == 401


def test_a_token_tells_its_scopes(portal: Portal) -> None:
    (portal.data / "switches.json").write_text(json.dumps({"missing_scopes": ["automation"]}), encoding="utf-8")
    token = exchanged(portal).get_json()["access_token"]
    said = portal.done("GET", f"/oauth/v1/access-tokens/{token}")
    assert (said["hub_id"], said["token_type"]) == (PORTAL_ID, "access")
    assert "crm.objects.contacts.write" in said["scopes"]
    assert "automation" not in said["scopes"]
    info = portal.done("POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": APP_TOKEN})
    assert info["scopes"] == said["scopes"]
    assert portal.ask("GET", "/oauth/v1/access-tokens/wrong").status_code == 404
    assert portal.ask("POST", "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": "x"}).status_code == 404


@pytest.mark.parametrize(
    "scope", ["automation", "crm.lists.write", "crm.objects.deals.read", "crm.schemas.contacts.write"]
)
def test_the_scopes_that_are_told_are_those_that_are_asked_for(portal: Portal, scope: str) -> None:
    token = exchanged(portal).get_json()["access_token"]
    assert scope in portal.done("GET", f"/oauth/v1/access-tokens/{token}")["scopes"]


def test_each_user_of_the_portal_has_a_token(portal: Portal) -> None:
    contact = made(portal, "contacts", email="ada@example.com")
    token = portal.application.token_of("ana@acme.example")
    portal.done("PATCH", f"{OBJECTS}/contacts/{contact}", {"properties": {"company": "Byron"}}, token=token)
    told = portal.done("GET", f"{OBJECTS}/contacts/{contact}?propertiesWithHistory=company")
    (value,) = told["propertiesWithHistory"]["company"]
    assert (value["sourceType"], value["updatedByUserId"]) == ("CRM_UI", 9000006)
    with pytest.raises(KeyError):
        portal.application.token_of("nobody@acme.example")
    assert token != ADMINISTRATOR_TOKEN
