"""Serving a simulator: a strict local double of a platform, on loopback, with its state in one folder.

What is the same for every platform stands here: the socket, the certificate, the lock on the data folder, the
recording and the faults that tests ask for. What a platform does is the connector's `Application`.
"""

from __future__ import annotations

import base64
import io
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import trustme
from filelock import FileLock, Timeout
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sla_sync.connector.control import CLOCK_PATH, clock_answer
from sla_sync.errors import SlaSyncError
from sla_sync.files import write_atomically

__all__ = ["Application", "Deed", "Heard", "Move", "Running", "Simulator", "redact", "serve", "write_atomically"]

REDACTED = "[redacted]"
_SECRET_SHAPES = (
    re.compile(r"(<(?:\w+:)?sessionId>)[^<]*"),
    re.compile(r'("(?:access_token|refresh_token|client_secret|assertion|password|token)"\s*:\s*")[^"]*'),
    re.compile(r"((?:access_token|refresh_token|client_secret|assertion|password|token|code)=)[^&\s]*"),
)


class Application(Protocol):
    """A platform in one process: a WSGI application that keeps its state in the folder it was created with.

    It is called by one thread at a time, and has written its state to disk before it returns.
    """

    token: str
    """A credential that it accepts."""
    state_changes: int
    """How many requests changed its state since it was created."""
    now: datetime
    """Its virtual clock, in UTC."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        ...

    def run_until(self, instant: datetime) -> None:
        """Let the virtual clock run to an instant, and everything happen that is due by then, in its order.

        Raises ValueError for an instant before the present one: time does not run backwards.
        """
        ...


class Deed(StrEnum):
    """What somebody does in a story that is played on a simulator."""

    ARRIVES = "arrives"
    """A new lead, with the facts that it brings and, where `source` is said, how it raised a hand."""
    ASKS = "asks"
    """A person who is known raises a hand again."""
    CHANGES = "changes"
    """Facts of the lead become known or others, such as its score."""
    MOVES = "moves"
    """`by` moves the lead into `stage`, with a reason where one is said."""
    TAKES = "takes"
    """`by` takes the lead, or is given it."""
    RETURNS = "returns"
    """`by` gives the lead back to the queue `to`."""
    TOUCHES = "touches"
    """`by` reaches out in person."""
    MAILS = "mails"
    """A machine writes in the name of `by`, which is no touch."""
    CONVERTS = "converts"
    """The lead becomes a contact."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a story: at this instant, this happens to the lead of that name. Words are those of the agreement."""

    at: datetime
    lead: str
    deed: Deed
    by: str = ""
    facts: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    source: str = ""
    stage: str = ""
    reason: str = ""
    note: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the platform told people by itself: when, the people by the names of the targets file, and about which lead."""

    at: datetime
    to: tuple[str, ...]
    lead: str
    title: str


@dataclass(frozen=True)
class Simulator:
    """How to make one: `create(data folder, start of the virtual clock)`; the start counts only in an empty folder.

    `administer` plays an administrator who changes settings through the platform's own API, and returns what was
    done, a sentence each. `play` acts out a story through the platform's own API, the clock running from move to move,
    and returns the id of each lead's record, or of the contact that it became, by its name. It is given the binding as
    plain values, whose words it uses, and is None where the simulator does not carry out what is pushed to it. `heard`
    returns what people were told since the simulator was created, the first first.
    """

    platform: str
    create: Callable[[Path, datetime], Application]
    administer: Callable[[Running], Sequence[str]]
    tls: bool = False
    play: Callable[[Running, Sequence[Move], Mapping[str, Any]], Mapping[str, str]] | None = None
    heard: Callable[[Running], Sequence[Heard]] | None = None


@dataclass
class Running:
    """A simulator that answers at `url` until its context ends."""

    platform: str
    url: str
    token: str
    ca: Path | None
    application: Application
    requests: int = 0
    """How many requests it has answered, reads included."""
    cut_at: int | None = None
    """The connection of this request (counting from 1) and of all later ones is cut without an answer."""
    cut_before: bool = True
    """Whether the request that is cut was left undone; otherwise it was carried out and only the answer is lost."""
    broken: int | None = None
    """The HTTP status with which a gateway answers every request instead of the platform."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of every request, in order."""
    turn: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held by whoever uses the application: a request, or the clock."""

    @property
    def now(self) -> datetime:
        """The time of its virtual clock, in UTC."""
        return self.application.now

    def run_until(self, instant: datetime) -> None:
        """Let the clock run to an instant, between two requests. Raises ValueError for one before now."""
        with self.turn:
            self.application.run_until(instant)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without these secrets and without anything of the shape of a credential."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, REDACTED)
    for shape in _SECRET_SHAPES:
        text = shape.sub(rf"\g<1>{REDACTED}", text)
    return text


def _readable(body: bytes, secrets: Iterable[str]) -> Any:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}
    if "\x00" in text:
        return {"base64": base64.b64encode(body).decode("ascii")}
    return redact(text, secrets)


class _Quiet(WSGIRequestHandler):
    """Answers without writing a log line for each request."""

    # Without it an answer over TLS waits for the client to confirm the session tickets: ten milliseconds each.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # the library's own name for the argument
        """Say nothing."""


def _serve_request(
    running: Running, application: Application, record: Path | None, environ: dict[str, Any], start_response: Any
) -> Iterable[bytes]:
    running.requests += 1
    cut = running.cut_at is not None and running.requests >= running.cut_at
    if cut and (running.cut_before or running.requests > (running.cut_at or 0)):
        _hang_up(environ)
    request = Request(environ)
    body = request.get_data()
    environ["wsgi.input"] = io.BytesIO(body)  # the application reads it again
    running.calls.append((request.method, request.path))
    response = (
        Response.from_app(application, environ, buffered=True)
        if running.broken is None
        else Response("<html><body>The service is unavailable.</body></html>", running.broken, mimetype="text/html")
    )
    if record is not None:
        secrets = (application.token,)
        line = {
            "platform": running.platform,
            "method": request.method,
            "path": redact(request.path, secrets),
            "query": {key: redact(value, secrets) for key, value in request.args.items(multi=True)},
            "body": _readable(body, secrets) if body else None,
            "status": response.status_code,
            "response": _readable(response.get_data(), secrets),
        }
        with record.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
    if cut:
        _hang_up(environ)
    answer: Iterable[bytes] = response(environ, start_response)
    return answer


def _hang_up(environ: Mapping[str, Any]) -> None:
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("the simulator was told to cut this connection")


def _certificate(data: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a context for localhost and the path of the authority that signed it; made once per data folder."""
    chain, authority = data / "server.pem", data / "ca.pem"
    if not (chain.exists() and authority.exists()):
        ca = trustme.CA(organization_name="sla-sync simulator")
        leaf = ca.issue_cert("localhost", "127.0.0.1")
        chain.touch(mode=0o600)
        chain.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
        ca.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, authority


@contextmanager
def serve(
    simulator: Simulator, data: Path, *, clock: datetime, port: int = 0, record: Path | None = None
) -> Iterator[Running]:
    """Serve a simulator on loopback until the context ends; port 0 takes a free one.

    Raises SlaSyncError where another process serves the same data folder, or the port is taken.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise SlaSyncError(
            f"Another process serves the simulator in {data}.",
            hint="Stop it, or choose another folder with --data.",
        ) from None
    try:
        application = simulator.create(data, clock)
        context, authority = _certificate(data) if simulator.tls else (None, None)
        running = Running(simulator.platform, "", application.token, authority, application)

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with running.turn:
                if environ.get("PATH_INFO") == CLOCK_PATH:
                    clock: Iterable[bytes] = clock_answer(Request(environ), application, running.run_until)(
                        environ, start_response
                    )
                    return clock
                return _serve_request(running, application, record, environ, start_response)

        try:
            server = make_server("127.0.0.1", port, answer, threaded=True, request_handler=_Quiet, ssl_context=context)
        except (OSError, SystemExit) as error:
            raise SlaSyncError(
                f"Port {port} of this machine cannot be used for the simulator: {error}.",
                hint="Choose another with --port, or leave it out to take a free one.",
            ) from None
        scheme, host = ("https", "localhost") if context else ("http", "127.0.0.1")
        running.url = f"{scheme}://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    finally:
        lock.release()
