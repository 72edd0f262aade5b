"""Serving a simulator: a strict local double of a platform, on loopback, with its state in one folder.

What is the same for every platform stands here: the socket, the certificate, the lock on the data folder and the
recording. What a platform does is the connector's `Application`; what goes wrong on the way is `trouble`'s.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import trustme
from filelock import FileLock, Timeout
from werkzeug.wrappers import Request

from sla_sync.connector.simulation.answering import Answering
from sla_sync.connector.simulation.control import CLOCK_PATH, clock_answer
from sla_sync.connector.simulation.listening import Listener
from sla_sync.connector.simulation.losing import lose
from sla_sync.connector.simulation.moves import Heard, Move
from sla_sync.connector.simulation.schedules import Trouble
from sla_sync.connector.simulation.trouble import (
    TRANSPORT,
    Fault,
    Given,
    Happened,
    Loss,
)
from sla_sync.errors import SlaSyncError


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


@dataclass(frozen=True)
class Simulator:
    """How to make one: `create(data folder, start of the virtual clock)`; the start counts only in an empty folder.

    `administer` plays an administrator who changes settings through the platform's own API, and returns what was
    done, a sentence each. `play` acts out a story through the platform's own API, the clock running from move to move,
    and returns the id of each lead's record, or of the contact that it became, by its name. It is given the binding as
    plain values, whose words it uses, and is None where the simulator does not carry out what is pushed to it. `heard`
    returns what people were told since the simulator was created, the first first.

    `faults` is what can go wrong in this platform's own words. `call_of` names a request by its path, and by its operation
    where several share one; `reads` says which requests leave the platform as it is.
    """

    platform: str
    create: Callable[[Path, datetime], Application]
    administer: Callable[[Running], Sequence[str]]
    tls: bool = False
    play: Callable[[Running, Sequence[Move], Mapping[str, Any]], Mapping[str, str]] | None = None
    heard: Callable[[Running], Sequence[Heard]] | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    call_of: Callable[[Request], str] = lambda request: request.path
    reads: Callable[[Request], bool] = lambda request: request.method == "GET"


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
    calls: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of every request, in order."""
    answer: Callable[[dict[str, Any]], Given] = field(default=lambda _: Loss.CUT, repr=False)
    """What is given for a request, over the wire or within this process; whoever calls it holds the turn."""
    away: Callable[[], AbstractContextManager[None]] = field(default=nullcontext, repr=False)
    """Listen to nobody for as long as the context lasts: every connection is refused."""
    faults: Mapping[str, Fault] = field(default_factory=dict, repr=False)
    """What can go wrong, by name: on the way, and in the platform's own words."""
    trouble: Trouble | None = None
    """Decides which of the faults happens to which request; none where left out."""
    happened: list[Happened] = field(default_factory=list)
    """Every fault that happened, in order."""
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
            hint="Wait until it has ended, or stop it; `simulator serve` takes another folder with --data.",
        ) from None
    try:
        application = simulator.create(data, clock)
        context, authority = _certificate(data) if simulator.tls else (None, None)
        running = Running(simulator.platform, "", application.token, authority, application)
        running.faults = {**TRANSPORT, **simulator.faults}
        running.answer = Answering(simulator, running, record)
        stopped = threading.Event()

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with running.turn:
                if environ.get("PATH_INFO") == CLOCK_PATH:
                    given: Given = clock_answer(Request(environ), application, running.run_until)
                else:
                    given = running.answer(environ)
            return lose(given, environ, start_response, stopped)

        listener = Listener(answer, port=port, context=context)
        running.url, running.away = listener.url, listener.away
        try:
            yield running
        finally:
            stopped.set()
            listener.stop()
    finally:
        lock.release()
