from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from tests.connectors.salesforce.simulator.org import DATA, Org, serving


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    with serving(tmp_path, wire=True) as org:
        yield org


ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def ask(org: Org, **form: str) -> requests.Response:
    return org.http.post(f"{org.running.url}/services/oauth2/token", data=form, timeout=30)


def works(org: Org, token: str) -> bool:
    return org.ask("GET", f"{DATA}/limits", token=token).ok


def assertion(org: Org, **changes: Any) -> str:
    claims = {
        "iss": org.application.client_id,
        "sub": "sam@acme.example",
        "aud": "https://login.salesforce.com",
        "exp": int(time.time()) + 120,
        **changes,
    }
    return jwt.encode(claims, org.application.private_key, algorithm="RS256")


def test_a_signed_assertion_opens_a_session_of_the_user_it_names(org: Org) -> None:
    answer = ask(org, grant_type=ASSERTION, assertion=assertion(org)).json()
    assert (answer["token_type"], answer["instance_url"]) == ("Bearer", org.running.url)
    who = org.ask("GET", "/services/oauth2/userinfo", token=answer["access_token"]).json()
    assert who["preferred_username"] == "sam@acme.example"
    assert works(
        org, ask(org, grant_type=ASSERTION, assertion=assertion(org, aud=org.running.url)).json()["access_token"]
    )


DENIED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("too late", {"exp": 1_000_000_000}, "invalid_grant", "expired authorization code"),
    ("for another host", {"aud": "https://example.com"}, "invalid_grant", "audience is invalid"),
    ("of another app", {"iss": "other"}, "invalid_client_id", "client identifier invalid"),
    ("for nobody", {"sub": "nobody@acme.example"}, "invalid_grant", "user hasn't approved this consumer"),
    ("for a user who left", {"sub": "former@acme.example"}, "invalid_grant", "inactive user"),
)


@pytest.mark.parametrize(("changes", "error", "text"), [each[1:] for each in DENIED], ids=[each[0] for each in DENIED])
def test_an_assertion_that_is_wrong_opens_nothing(org: Org, changes: dict[str, Any], error: str, text: str) -> None:
    answer = ask(org, grant_type=ASSERTION, assertion=assertion(org, **changes))
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": text}


def test_an_assertion_of_a_key_that_the_app_does_not_know_opens_nothing(org: Org) -> None:
    claims = {"iss": org.application.client_id, "sub": "sam@acme.example", "aud": org.running.url, "exp": 4_000_000_000}
    forged = jwt.encode(claims, "a secret that is shared and long enough", algorithm="HS256")
    assert ask(org, grant_type=ASSERTION, assertion=forged).json()["error"] == "invalid_client"  # it knows no key yet
    assert org.application.private_key.startswith("-----BEGIN PRIVATE KEY-----")
    assert ask(org, grant_type=ASSERTION, assertion=forged).json()["error_description"] == "invalid assertion"


def test_the_credentials_of_the_app_open_a_session_of_the_integration(org: Org) -> None:
    form = {"grant_type": "client_credentials", "client_id": org.application.client_id}
    answer = ask(org, **form, client_secret=org.application.client_secret).json()
    who = org.ask("GET", "/services/oauth2/userinfo", token=answer["access_token"]).json()
    assert who["preferred_username"] == "integration@acme.example"
    assert ask(org, **form, client_secret="wrong").json()["error"] == "invalid_client"
    assert ask(org, **form).json()["error"] == "invalid_client"
    assert (
        ask(org, grant_type="client_credentials", client_id="other", client_secret="x").json()["error"]
        == "invalid_client_id"
    )
    assert ask(org, grant_type="password", client_id="x").json()["error"] == "unsupported_grant_type"


def test_a_refresh_token_opens_sessions_until_it_is_revoked(org: Org) -> None:
    refresh = org.application.refresh_token_of("kim@acme.example")
    form = {"grant_type": "refresh_token", "client_id": org.application.client_id, "refresh_token": refresh}
    first = ask(org, **form).json()["access_token"]
    org.application.expire_sessions()
    assert not works(org, first)
    assert not works(org, org.running.token)
    assert works(org, ask(org, **form).json()["access_token"])
    org.http.post(f"{org.running.url}/services/oauth2/revoke", data={"token": refresh}, timeout=30)
    answer = ask(org, **form).json()
    assert (answer["error"], answer["error_description"]) == ("invalid_grant", "expired access/refresh token")


def login(org: Org, username: str, password: str, api: str = "u") -> requests.Response:
    space = {"u": "urn:partner.soap.sforce.com", "c": "urn:enterprise.soap.sforce.com"}[api]
    body = (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        f'<login xmlns="{space}"><username>{username}</username><password>{password}</password></login>'
        "</soapenv:Body></soapenv:Envelope>"
    )
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    return org.http.post(f"{org.running.url}/services/Soap/{api}/63.0", data=body, headers=headers, timeout=30)


@pytest.mark.parametrize("api", ["u", "c"])
def test_a_password_with_its_security_token_opens_a_session(org: Org, api: str) -> None:
    secret = org.application.password + org.application.security_token
    text = login(org, "sam@acme.example", secret, api).text
    session = text.partition("<sessionId>")[2].partition("</sessionId>")[0]
    assert works(org, session)
    assert f"<serverUrl>{org.running.url}/services/Soap/{api}/63.0/" in text


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("sam@acme.example", "simulator-password"),
        ("nobody@acme.example", "simulator-passwordsimulatorSecurityToken"),
        ("former@acme.example", "simulator-passwordsimulatorSecurityToken"),
    ],
)
def test_a_wrong_login_is_refused_and_does_not_say_why(org: Org, username: str, password: str) -> None:
    answer = login(org, username, password)
    assert answer.status_code == 500
    assert "<faultcode>INVALID_LOGIN</faultcode>" in answer.text
    assert "INVALID_LOGIN: Invalid username, password, security token; or user locked out." in answer.text
