"""A platform of one shelf, over HTTP, to try what belongs to every platform: what is written there is read there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from werkzeug.wrappers import Request, Response

from sla_sync.connector.simulation import Running, Simulator, serve

START = datetime(2026, 10, 1, tzinfo=UTC)
PATIENCE = 0.25
"""Seconds for which the client of these tests waits."""


@dataclass
class Shelf:
    """The platform: PUT puts the body down, GET shows everything that lies there."""

    token: str = "secret-of-the-shelf"
    state_changes: int = 0
    now: datetime = START
    things: list[str] = field(default_factory=list)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if request.method == "PUT":
            self.things.append(request.get_data(as_text=True))
            self.state_changes += 1
        answer: Iterable[bytes] = Response(json.dumps(self.things), mimetype="application/json")(
            environ, start_response
        )
        return answer

    def run_until(self, instant: datetime) -> None:
        """Let the clock stand there."""
        self.now = instant


def shelf_of(running: Running) -> Shelf:
    """Return the platform from inside."""
    assert isinstance(running.application, Shelf)
    return running.application


@contextmanager
def shelf(folder: Path, *, tls: bool = False, record: Path | None = None) -> Iterator[Running]:
    """Serve an empty shelf."""
    simulator = Simulator(platform="shelf", create=lambda *_: Shelf(), administer=lambda _: (), tls=tls)
    with serve(simulator, folder, clock=START, record=record) as running:
        yield running


def ask(running: Running, method: str = "GET", body: str = "") -> requests.Response:
    """Return what a client of little patience gets."""
    with requests.Session() as session:
        session.trust_env = False
        verify = str(running.ca) if running.ca else True
        return session.request(method, f"{running.url}/things", data=body, timeout=PATIENCE, verify=verify)
