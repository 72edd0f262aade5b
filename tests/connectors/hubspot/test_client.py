"""The transport: what it refuses, what it repeats, and the one error into which each failure is turned."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import ValidationError

from sla_sync.connector import (
    ExhaustedError,
    FaultError,
    ForbiddenError,
    PlatformError,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
)
from sla_sync.connector.simulation.schedules import Cut
from sla_sync_hubspot.client import HubSpotClient, ReadOnlyTransportError
from sla_sync_hubspot.failures import REPEATS, Failure, error_of, pause
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api, only_reads
from tests.connectors.hubspot.stories import Portal

WRITES = (
    ("POST", Api.PROPERTIES, "/contacts"),
    ("POST", Api.PROPERTIES, "/contacts/batch/create"),
    ("POST", Api.PROPERTIES, "/contacts/batch/archive"),
    ("PATCH", Api.PROPERTIES, "/contacts/hs_lead_status"),
    ("DELETE", Api.PROPERTIES, "/contacts/sla_due_at"),
    ("POST", Api.PROPERTIES, "/contacts/groups"),
    ("POST", Api.LISTS, ""),
    ("PUT", Api.LISTS, "/1/update-list-filters"),
    ("DELETE", Api.LISTS, "/1"),
    ("POST", Api.LISTS, "/search/more"),
    ("POST", Api.FLOWS, ""),
    ("PUT", Api.FLOWS, "/1"),
    ("DELETE", Api.FLOWS, "/1"),
    ("POST", Api.OWNERS, "/search"),
    ("HEAD", Api.OWNERS, ""),
)


@pytest.mark.parametrize(("method", "api", "path"), WRITES, ids=[f"{m} {a}{p}" for m, a, p in WRITES])
def test_a_reading_transport_sends_nothing_that_could_write(served: Portal, method: str, api: Api, path: str) -> None:
    with pytest.raises(ReadOnlyTransportError, match="changes the portal"):
        served.client(writes=False).call(method, api, path, body={})
    assert served.running.requests == 0


def test_queries_that_travel_as_post_are_reads(served: Portal) -> None:
    client = served.client(writes=False)
    assert client.call("POST", Api.LISTS, "/search", body={"query": "SLA"})["lists"] == []
    assert client.call("POST", Api.FLOWS, "/batch/read", body={"inputs": []})["results"] == []
    names = {"inputs": [{"name": "email"}]}
    assert client.call("POST", Api.PROPERTIES, "/contacts/batch/read", body=names)["results"][0]["name"] == "email"
    assert served.running.application.state_changes == 0


def test_a_query_is_a_read_only_as_a_post() -> None:
    assert only_reads("POST", Api.LISTS, "/search")
    assert not only_reads("PUT", Api.LISTS, "/search")


def test_a_wrong_token_is_unauthorized_and_never_printed(served: Portal) -> None:
    with pytest.raises(UnauthorizedError) as caught:
        served.client(token="pat-na1-secret-of-mine").call("GET", Api.OWNERS)
    assert "GET /crm/v3/owners" in str(caught.value)
    assert "pat-na1-secret-of-mine" not in str(caught.value)
    assert caught.value.status == 401


def test_a_missing_scope_is_forbidden_and_named(served: Portal) -> None:
    served.switch(missing_scopes=["crm.lists.read"])
    with pytest.raises(ForbiddenError, match=r"crm\.lists\.read") as caught:
        served.client().call("POST", Api.LISTS, "/search", body={})
    assert "correlation id" in str(caught.value)


def test_a_refusal_carries_category_sub_category_and_message(served: Portal) -> None:
    body = {"name": "email", "label": "x", "groupName": "contactinformation", "type": "string", "fieldType": "text"}
    with pytest.raises(RejectedError) as caught:
        served.client().call("POST", Api.PROPERTIES, "/contacts", body=body)
    assert caught.value.status == 409
    assert "PropertyValidationError.PROPERTY_EXISTS" in str(caught.value)
    assert "correlation id" in str(caught.value)


def test_what_does_not_exist_is_rejected_with_404(served: Portal) -> None:
    with pytest.raises(RejectedError) as caught:
        served.client().call("GET", Api.PROPERTIES, "/contacts/nobody_knows")
    assert caught.value.status == 404


def test_a_daily_limit_stops_at_once(served: Portal) -> None:
    served.switch(daily_limit=1)
    client = served.client()
    client.call("GET", Api.OWNERS)
    before = served.running.requests
    with pytest.raises(ExhaustedError, match=r"daily limit"):
        client.call("GET", Api.OWNERS)
    assert served.running.requests == before + 1


def test_a_burst_limit_is_waited_out(served: Portal) -> None:
    served.switch(burst_limit=2)
    waits: list[float] = []
    client = served.client()
    client.wait = waits.append
    for _ in range(4):
        client.call("GET", Api.OWNERS)
    assert waits == [10.0]


def test_a_host_that_does_not_answer_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    waits: list[float] = []
    options = HubSpotOptions.model_validate({"url": url, "token": "secret-token"})
    client = HubSpotClient(options, target="acme", writes=False, wait=waits.append)
    with pytest.raises(UnreachableError, match="Target 'acme'") as caught:
        client.call("GET", Api.OWNERS)
    assert url in str(caught.value)
    assert "secret-token" not in str(caught.value)
    assert len(waits) == 2


def test_a_connection_that_is_cut_is_asked_again_only_for_reads(served: Portal) -> None:
    client = served.client()
    served.running.trouble = Cut(served.running.requests + 1)
    with pytest.raises(UnreachableError):
        client.call("POST", Api.PROPERTIES, "/contacts/groups", body={"name": "sla_x", "label": "x"})
    after_write = served.running.requests
    with pytest.raises(UnreachableError):
        client.call("GET", Api.OWNERS)
    assert served.running.requests == after_write + 3


def test_an_answer_that_is_no_json_is_a_fault(tmp_path: Path) -> None:
    with web_page() as url:
        options = HubSpotOptions.model_validate({"url": url, "token": "t"})
        with pytest.raises(FaultError, match="not JSON"):
            HubSpotClient(options, target="acme", writes=False).call("GET", Api.OWNERS)


@contextmanager
def web_page() -> Iterator[str]:
    """Serve a page that is no API."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


KINDS = (
    (400, RejectedError), (401, UnauthorizedError), (403, ForbiddenError), (404, RejectedError), (409, RejectedError),
    (415, RejectedError), (423, ExhaustedError), (429, ExhaustedError), (477, ExhaustedError), (500, FaultError),
    (502, FaultError), (524, FaultError), (302, FaultError),
)  # fmt: skip


@pytest.mark.parametrize(("status", "kind"), KINDS)
def test_every_status_is_one_error(status: int, kind: type[PlatformError]) -> None:
    error = error_of(Failure(status), target="acme", call="GET /x")
    assert type(error) is kind
    assert error.status == status
    assert error.message.endswith(f"status {status}, without a message.")


PAUSES = (
    (Failure(429, {"policyName": "TEN_SECONDLY_ROLLING"}), False, 10.0),
    (Failure(429, {"policyName": "SECONDLY"}), True, 1.0),
    (Failure(429, {"policyName": "SECONDLY"}, {"retry-after": "7"}), True, 7.0),
    (Failure(429, {"policyName": "DAILY"}, {"retry-after": "7"}), True, None),
    (Failure(423), False, 2.0),
    (Failure(477, {}, {"retry-after": "3600"}), True, None),
    (Failure(503), True, 1.0),
    (Failure(503), False, None),
    (Failure(522), True, None),
    (Failure(400), True, None),
)


@pytest.mark.parametrize(("failure", "reading", "seconds"), PAUSES)
def test_waits_follow_the_table(failure: Failure, reading: bool, seconds: float | None) -> None:
    assert pause(failure, 0, reading=reading) == seconds
    assert pause(failure, REPEATS, reading=reading) is None


@pytest.mark.parametrize(
    "url", ["http://api.hubapi.com", "ftp://x", "api.hubapi.com", "https://me:pw@api.hubapi.com", "http://10.0.0.1:80"]
)
def test_a_url_that_would_leak_the_token_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        HubSpotOptions.model_validate({"url": url, "token": "t"})


def test_options_never_print_the_token() -> None:
    options = HubSpotOptions.model_validate({"token": "pat-secret"})
    assert "pat-secret" not in repr(options)
    assert options.url == "https://api.hubapi.com"


def test_another_version_of_an_api_can_be_set(served: Portal) -> None:
    options = HubSpotOptions.model_validate(
        {"url": served.running.url, "token": served.running.token, "paths": {"owners": "/crm/v3/nowhere"}}
    )
    with pytest.raises(RejectedError, match="/crm/v3/nowhere"):
        HubSpotClient(options, target="acme", writes=False).call("GET", Api.OWNERS)
