"""A token travels over a connection that was verified, to the host that the target names, and nowhere else."""

from __future__ import annotations

import ssl
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from pydantic import ValidationError

from sla_sync.errors import FaultError, SlaSyncError, TargetError, UnreachableError
from sla_sync.forge.wire import Wire
from sla_sync.registry import load_connector
from sla_sync.targets import resolve_options
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.signing_in import token_of
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.options import SalesforceOptions
from tests.connectors.salesforce.canned import TOKEN, Answer, canned

Ask = Callable[[str, Path | None], object]
"""Ask an address for something with a token in the header, trusting an authority of our own where one is named."""


class Host:
    """A host that keeps what it is told and answers every request with one status and one further address."""

    def __init__(self, status: int = 200, location: str = "", *, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(f"{self.path} {self.headers}")
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            do_POST = do_GET  # noqa: N815 - http.server's own name

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Say nothing of a client that hung up while it shook hands."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def listening(status: int = 200, location: str = "", *, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    host = Host(status, location, tls=tls)
    try:
        yield host
    finally:
        host.close()


def _salesforce(url: str, ca: Path | None) -> object:
    options = SalesforceOptions.model_validate({"url": url, "token": TOKEN, "ca": ca})
    return Client("acme", options, pause=lambda _: None, environ={}).user()


def _hubspot(url: str, ca: Path | None) -> object:
    options = HubSpotOptions.model_validate({"url": url, "token": TOKEN, "ca": ca})
    return HubSpotClient(options, target="acme", writes=False, wait=lambda _: None, environ={}).call("GET", Api.OWNERS)


def _sign_in(method: Mapping[str, str]) -> Ask:
    def ask(url: str, ca: Path | None) -> object:
        options = SalesforceOptions.model_validate({"url": url, "ca": ca, "auth": {**method, "login_url": url}})
        return Client("acme", options, pause=lambda _: None, environ={})

    return ask


def _hubspot_oauth(url: str, ca: Path | None) -> object:
    auth = {"method": "oauth", "client_id": "app", "client_secret": TOKEN, "refresh_token": TOKEN}
    options = HubSpotOptions.model_validate({"url": url, "ca": ca, "auth": auth})
    return HubSpotClient(options, target="acme", writes=False, wait=lambda _: None, environ={}).call("GET", Api.OWNERS)


def _forge(url: str, _ca: Path | None) -> object:
    return Wire(url, ("Authorization", f"Bearer {TOKEN}"), "application/json").ask("GET", "/user")


CLIENTS: Mapping[str, Ask] = {
    "salesforce": _salesforce,
    "salesforce by client credentials": _sign_in(
        {"method": "client_credentials", "consumer_key": "k", "consumer_secret": TOKEN}
    ),
    "salesforce by password": _sign_in({"method": "password", "username": "u", "password": TOKEN}),
    "hubspot": _hubspot,
    "hubspot by oauth": _hubspot_oauth,
    "the forge": _forge,
}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("client", CLIENTS)
def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said(
    client: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    with listening(tls=tls) as host:
        with pytest.raises(UnreachableError) as refused:
            CLIENTS[client](host.url, None)
        assert host.heard == []
    assert TOKEN not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("client", ["salesforce", "hubspot"])
def test_an_authority_of_ones_own_counts_where_the_target_names_it(
    client: str, tls: ssl.SSLContext, authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with listening(tls=tls) as host:
        assert CLIENTS[client](host.url, tmp_path / "ca.pem") == {}
        assert TOKEN in host.heard[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_redirection_is_not_followed(client: str, status: int) -> None:
    with listening() as elsewhere, listening(status, f"{elsewhere.url}/stolen") as host:
        with pytest.raises(SlaSyncError) as refused:
            CLIENTS[client](host.url, None)
        assert host.heard
        assert elsewhere.heard == []
    assert TOKEN not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "further", ["@127.0.0.2:9/x", "@evil.example/services/data/v63.0/query/2", "\\\\@evil.example/x"]
)
def test_the_place_of_a_further_page_leads_to_no_other_host(further: str) -> None:
    page = f'{{"done": false, "nextRecordsUrl": "{further}", "records": []}}'
    with (
        canned(Answer(200, page)) as asked,
        pytest.raises(FaultError, match="is not the host of this org"),
    ):
        asked.client().query("SELECT Id FROM Lead")


@pytest.mark.parametrize(
    "path", [".evil.example/x", "@evil.example/", "//evil.example/x", "/../../x", "owners", "/a?b", "/a\nb"]
)
def test_another_path_of_an_api_is_a_path_and_no_host(path: str) -> None:
    with pytest.raises(ValidationError, match="is not a path"):
        HubSpotOptions.model_validate({"token": "t", "paths": {"owners": path}})
    HubSpotOptions.model_validate({"token": "t", "paths": {"owners": "/crm/v4/owners"}})


FOREIGN = (
    "https://evil.example", "https://salesforce.com.evil.example", "https://evilsalesforce.com", "https://evilhubapi.com",
    "https://login.salesforce.com@evil.example", "https://api.hubapi.com@evil.example", "http://login.salesforce.com",
    "https://evil.example#.salesforce.com", "https://evil.example?.hubapi.com", "https://evil.example\\.hubapi.com",
    "file:///etc/passwd", "https://[::2]", "https://127.0.0.2", "https://localhost.evil.example",
)  # fmt: skip


@pytest.mark.parametrize("url", FOREIGN)
def test_no_token_goes_to_a_host_that_is_not_the_platforms(url: str) -> None:
    for ask in (_salesforce, _hubspot):
        with pytest.raises((SlaSyncError, ValidationError)) as refused:
            ask(url, None)
        assert not isinstance(refused.value, UnreachableError), "it was not even asked"


TOKENS = ("s3cr3t\n", "s3cr3t\r\nX-Evil: 1", " s3cr3t", "s3cr3t\x00", "s3cr3t\u2026", "\ufeffs3cr3t")


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("connector", ["salesforce", "hubspot"])
def test_a_token_that_no_header_can_hold_is_refused_and_shown_nowhere(connector: str, token: str) -> None:
    model = load_connector(connector).options
    asked = {"url": "http://127.0.0.1:9"}
    for said in ({**asked, "token": "T"}, {**asked, "auth": {"method": "token", "token": "T"}}):
        with pytest.raises(TargetError, match="no token") as refused:
            resolve_options("acme", said, model, {"T": token})
        assert "s3cr3t" not in "".join(traceback.format_exception(refused.value))
        with pytest.raises(ValidationError) as raw:
            model.model_validate({**asked, "token": token})
        assert "s3cr3t" not in str(raw.value)


@pytest.mark.parametrize("token", [*TOKENS, "", 7, None])
def test_a_session_that_no_header_can_hold_is_no_session(token: object) -> None:
    with pytest.raises(SlaSyncError, match="names no access token"):
        token_of({"access_token": token}, call="POST /token")
