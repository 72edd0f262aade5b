"""Signing in: which tokens are sent where, when one is had anew, and that no message shows a secret."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from sla_sync.connector import FaultError, RejectedError, SlaSyncError, UnauthorizedError
from sla_sync.targets import resolve_options
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.hosts import ALLOW_VARIABLE, is_hubspot
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.signing_in import token_of

SECRETS = {"client_secret": "secret-of-the-app", "refresh_token": "refresh-of-the-app"}
AUTH = {"method": "oauth", "client_id": "app-7", **SECRETS}


@dataclass
class Door:
    """A host that gives a new token for each refresh, and takes the newest `fresh` of them."""

    url: str = ""
    given: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    forms: list[Mapping[str, str]] = field(default_factory=list)
    refused: dict[str, Any] | None = None
    ends: frozenset[str] = frozenset()
    """Tokens that are no longer taken."""


@contextmanager
def door() -> Iterator[Door]:
    """Serve a door until the context ends."""
    found = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _answer(self, content: bytes) -> None:
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            found.asked.append((self.command, self.path, bearer))
            if self.path == "/oauth/v1/token":
                found.forms.append(dict(parse_qsl(content.decode())))
                if found.refused is not None:
                    self._send(400, found.refused)
                    return
                found.given += 1
                self._send(200, {"access_token": f"token-{found.given}", "expires_in": 1800, "token_type": "bearer"})
            elif not bearer or bearer in found.ends:
                self._send(401, {"status": "error", "message": f"The token {bearer} expired", "correlationId": "c-1"})
            else:
                self._send(200, {"results": []})

        def _send(self, status: int, body: Mapping[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object, **__: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


def client(
    url: str, *, writes: bool = False, environ: Mapping[str, str] | None = None, **options: Any
) -> HubSpotClient:
    said = HubSpotOptions.model_validate({"url": url, **(options or {"auth": AUTH})})
    return HubSpotClient(said, target="acme", writes=writes, wait=lambda _: None, environ=environ or {})


def test_an_oauth_app_asks_for_a_token_before_its_first_call_and_once() -> None:
    with door() as host:
        asking = client(host.url)
        asking.call("GET", Api.OWNERS)
        asking.call("GET", Api.OWNERS)
    assert host.asked == [
        ("POST", "/oauth/v1/token", ""),
        ("GET", "/crm/v3/owners", "token-1"),
        ("GET", "/crm/v3/owners", "token-1"),
    ]
    assert host.forms == [{"grant_type": "refresh_token", "client_id": "app-7", **SECRETS}]


def test_a_token_that_ended_is_had_anew_once_and_the_call_repeated() -> None:
    with door() as host:
        asking = client(host.url, writes=True)
        asking.call("GET", Api.OWNERS)
        host.ends = frozenset({"token-1"})
        asking.call("POST", Api.LISTS, body={"name": "x"})
    assert [(method, bearer) for method, path, bearer in host.asked if path == "/crm/v3/lists"] == [
        ("POST", "token-1"),
        ("POST", "token-2"),
    ]
    assert host.given == 2


def test_a_new_token_that_is_refused_as_well_is_no_matter_of_time() -> None:
    with door() as host:
        host.ends = frozenset({"token-1", "token-2"})
        with pytest.raises(UnauthorizedError) as caught:
            client(host.url).call("GET", Api.OWNERS)
    assert host.given == 1
    assert "token-1" not in str(caught.value)
    assert "[redacted]" in str(caught.value)


def test_a_handed_token_is_never_renewed() -> None:
    with door() as host:
        host.ends = frozenset({"mine"})
        with pytest.raises(UnauthorizedError):
            client(host.url, token="mine").call("GET", Api.OWNERS)
        with pytest.raises(UnauthorizedError):
            client(host.url, auth={"method": "token", "token": "mine"}).call("GET", Api.OWNERS)
    assert len(host.asked) == 2


def test_a_refused_refresh_is_said_without_a_secret() -> None:
    with door() as host:
        host.refused = {"status": "BAD_REFRESH_TOKEN", "message": f"{SECRETS['refresh_token']} is unknown"}
        with pytest.raises(RejectedError, match="POST /oauth/v1/token") as caught:
            client(host.url).call("GET", Api.OWNERS)
    assert not any(each in str(caught.value) for each in SECRETS.values())


def test_an_answer_without_a_token_is_a_fault() -> None:
    with pytest.raises(FaultError, match="names no access token"):
        token_of({"token_type": "bearer"}, call="POST /oauth/v1/token")


@pytest.mark.parametrize(
    "url", ["https://api.hubapi.com.evil.example", "https://evil.example", "https://nothubapi.com"]
)
def test_a_secret_goes_to_no_foreign_host(url: str) -> None:
    with pytest.raises(SlaSyncError, match="no host of HubSpot") as caught:
        client(url)
    assert ALLOW_VARIABLE in caught.value.hint


def test_a_host_that_the_environment_names_is_allowed() -> None:
    client("https://proxy.example", environ={ALLOW_VARIABLE: "other.example, proxy.example"})


def test_hubspots_own_hosts_are_known() -> None:
    assert all(map(is_hubspot, ("api.hubapi.com", "api-eu1.hubapi.com", "API.HUBAPI.COM.", "app.hubspot.com")))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "say either token or auth"),
        ({"token": "a", "auth": AUTH}, "say token or auth, and not both"),
        ({"auth": {"method": "token"}}, "also needs token"),
        ({"auth": {"method": "oauth", "client_id": "a"}}, "also needs client_secret and refresh_token"),
        ({"auth": {"method": "password"}}, "'token' or 'oauth'"),
    ],
)
def test_options_that_say_too_little_or_too_much_are_refused(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        HubSpotOptions.model_validate(said)


def test_every_secret_is_taken_from_the_environment_and_none_is_printed() -> None:
    said = {
        "auth": {"method": "oauth", "client_id": "app-7", "client_secret": "HS_SECRET", "refresh_token": "HS_REFRESH"}
    }
    environ = {"HS_SECRET": SECRETS["client_secret"], "HS_REFRESH": SECRETS["refresh_token"]}
    found = resolve_options("acme", said, HubSpotOptions, environ)
    assert isinstance(found, HubSpotOptions)
    assert found.auth is not None
    assert found.auth.client_id == "app-7"
    assert found.auth.refresh_token is not None
    assert found.auth.refresh_token.get_secret_value() == SECRETS["refresh_token"]
    assert not any(each in repr(found) for each in SECRETS.values())
