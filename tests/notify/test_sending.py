"""Handing messages to services: a loopback server takes them, and no address is ever shown."""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.notify.sending import LONGEST, address, room, send

SECRET = "T0pS3cretPath"


@contextmanager
def service(status: int = 200) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve what takes messages on loopback; its address holds a secret."""
    got: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/{SECRET}", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_message_arrives_as_it_was_written() -> None:
    with service() as (url, got):
        send(url, "🔴 Acme", "AT RISK: «A rep calls.»\n\nHIGH <b>a</b> & *b*")
    assert [(each["title"], each["message"]) for each in got] == [
        ("🔴 Acme", "AT RISK: «A rep calls.»\n\nHIGH <b>a</b> & *b*")
    ]


def test_a_refusal_names_its_status_and_never_the_address(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with service(403) as (url, _), pytest.raises(SlaSyncError, match="answered 403") as error:
        send(url, "title", "body")
    with pytest.raises(SlaSyncError, match="none that apprise can read") as unreadable:
        room(f"{SECRET}")
    shown = capfd.readouterr()
    for text in (shown.out, shown.err, caplog.text, str(error.value), error.value.hint, str(unreadable.value)):
        assert SECRET not in text


@pytest.mark.parametrize(
    ("url", "characters"),
    [
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", LONGEST),
        (
            "workflows://prod-00.westus.logic.azure.com:443/643e69f8c8b14b8d8fbce5b4/aSPnGq5p3TIhnJiSVKVLjxUkrZcDCmBoP6",
            1000,
        ),
        ("mailto://user:pass@example.com?smtp=127.0.0.1", LONGEST),
    ],
    ids=["slack", "teams", "mail"],
)
def test_addresses_of_slack_teams_and_mail_are_understood(url: str, characters: int) -> None:
    assert room(url) == characters


def test_an_address_comes_from_the_environment_and_from_nowhere_else() -> None:
    assert address("oncall", "URL", {"URL": " json://host "}) == "json://host"
    with pytest.raises(SlaSyncError, match="environment variable URL, which is not set"):
        address("oncall", "URL", {})


def test_a_page_goes_along_where_the_service_takes_files(tmp_path: Path) -> None:
    page = tmp_path / "pack-2026-11-17.html"
    page.write_text("<!doctype html>")
    with service() as (url, got):
        send(url, "title", "body", attached=page)
    ((name, content),) = ((each["filename"], each["base64"]) for each in json.loads(json.dumps(got[0]["attachments"])))
    assert (name, base64.b64decode(content)) == ("pack-2026-11-17.html", b"<!doctype html>")
