"""A secret stands in no answer, no message, no file and no list of processes, whatever a platform answers and whoever asks."""

from __future__ import annotations

import base64
import json
import os
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from sla_sync.cli import main
from tests.cli.conftest import Run, here, run, served, target

__all__ = ["here", "run", "target"]
pytestmark = pytest.mark.slow

MARKER = "m4rk3r-s3cr3t"
WAYS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "a token of Salesforce": ("salesforce", {"method": "token", "token": "M_ONE"}),
    "client credentials": ("salesforce", {"method": "client_credentials", "consumer_key": "M_ONE", "consumer_secret": "M_TWO"}),
    "a password": (
        "salesforce", {"method": "password", "username": "USER", "password": "M_ONE", "security_token": "M_TWO"},
    ),
    "a private key": ("salesforce", {"method": "jwt", "consumer_key": "M_ONE", "private_key": "M_TWO", "username": "USER"}),
    "a token of HubSpot": ("hubspot", {"method": "token", "token": "M_ONE"}),
    "an app of HubSpot": (
        "hubspot", {"method": "oauth", "client_id": "app", "client_secret": "M_ONE", "refresh_token": "M_TWO"},
    ),
}  # fmt: skip
COMMANDS = (("plan", "--format", "json"), ("apply", "--yes"))


def spellings(secret: str) -> tuple[str, ...]:
    """Return a secret as it could stand somewhere without being seen at once."""
    packed = base64.b64encode(secret.encode()).decode()
    return secret, quote(secret, safe=""), packed.rstrip("="), secret[::-1], repr(secret)[1:-1]


@contextmanager
def echo(status: int) -> Iterator[str]:
    """Serve a host that answers every request with all that it was told, as JSON and as a fault in XML."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            said = f"{self.path} {self.headers} {told}"
            answer = json.dumps({"errorCode": said, "message": said, "error": "e", "error_description": said})
            if "Soap" in self.path:
                answer = f"<Fault><faultcode>x</faultcode><faultstring>{escape(said)}</faultstring></Fault>"
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        do_POST = do_PATCH = do_DELETE = do_PUT = do_GET  # noqa: N815 - http.server's own names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def written(folder: Path) -> str:
    """Return all that stands in files below a folder, except in the data of simulators, which hold their own tokens."""
    kept = [each for each in folder.rglob("*") if each.is_file() and "simulator" not in each.relative_to(folder).parts]
    return "\n".join(each.read_bytes().decode("utf-8", "replace") for each in kept)


@pytest.mark.parametrize("way", WAYS)
def test_a_platform_that_repeats_what_it_was_told_makes_nobody_show_a_secret(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    platform, auth = WAYS[way]
    secrets = {name: f"{MARKER}-{name}" for name in auth.values() if name.startswith("M_")}
    for name, value in {**secrets, "USER": "sam"}.items():
        monkeypatch.setenv(name, value)
    targets = here / "configs/targets.yaml"
    text = targets.read_text()
    for status in (400, 401):
        with echo(status) as url:
            at = {"url": url, "auth": auth}
            own = text.index(f"  {platform}-simulator:")
            targets.write_text(text[:own] + text[own:].replace("simulator: true", f"simulator: {json.dumps(at)}", 1))
            for command, *options in COMMANDS:
                told = run(command, "--target", f"{platform}-simulator", *options)
                assert told.code == 1, told
                for secret in secrets.values():
                    for each in spellings(secret):
                        assert each not in told.out + told.err, (status, command)
                        assert each not in written(here), (status, command)


def test_a_token_stands_in_nothing_that_any_command_says_or_writes(run: Run, here: Path, target: str) -> None:
    plan = here / "plan.json"
    commands = [
        ("doctor", "--target", target),
        ("plan", "--target", target, "--out", str(plan)),
        ("drift", "--target", target, "--format", "json"),
        ("clock", "--target", target),
        ("export", "--target", target),
    ]
    if target.startswith("hubspot"):  # a journal is one and the same for all platforms, and a deployment takes longer
        commands[2:2] = [("apply", str(plan), "--yes"), ("adopt", "--target", target)]
    with served(here, target) as running:
        said = [run(*each) for each in commands]
        assert os.environ["TOKEN"] == running.token
        assert [each.code for each in said][:2] == [0, 0], said
        assert plan.name in {each.name for each in here.iterdir()}
        for each in spellings(running.token):
            assert each not in "".join(told.out + told.err for told in said)
            assert each not in written(here)


def test_a_recording_of_a_simulator_holds_no_token(
    run: Run, here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = here / "calls.jsonl"
    monkeypatch.setenv("SLA_SYNC_RECORD", str(record))
    assert run("plan", "--target", target).code == 0
    lines = record.read_text()
    assert lines.count("\n") > 3
    with served(here, target) as running:
        assert running.token not in lines
    assert "Bearer" not in lines


def test_a_mistake_of_the_program_shows_no_value_of_its_variables(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKEN", MARKER)

    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError(1)

    monkeypatch.setattr("urllib3.connection.HTTPConnection.request", broken)
    targets = here / "configs/targets.yaml"
    at = {"url": "http://127.0.0.1:9", "token": "TOKEN"}
    targets.write_text(targets.read_text().replace("simulator: true", f"simulator: {json.dumps(at)}"))
    for platform in ("salesforce", "hubspot"):
        with pytest.raises(ZeroDivisionError) as raised:
            main(["plan", "--target", f"{platform}-simulator"])
        said = capsys.readouterr()
        assert MARKER not in said.out + said.err + "".join(traceback.format_exception(raised.value))
