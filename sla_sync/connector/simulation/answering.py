"""Answering one request of a served simulator: counted, and carried out unless something goes wrong with it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from sla_sync.connector.simulation.recording import record_exchange
from sla_sync.connector.simulation.trouble import Asked, Exchange, Fault, Given, Half, Happened

if TYPE_CHECKING:
    from sla_sync.connector.simulation import Running, Simulator

__all__ = ["Answering"]

_Key = tuple[str, str, bytes]


@dataclass
class Answering:
    """What a served simulator gives for a request. Called by whoever holds the turn."""

    simulator: Simulator
    running: Running
    record: Path | None = None
    _answered: dict[_Key, tuple[int, Response]] = field(default_factory=dict)
    """What reads were answered, with the state that it was about."""

    def __call__(self, environ: dict[str, Any]) -> Given:
        """Return what the client gets for one request."""
        running, application = self.running, self.running.application
        running.requests += 1
        request = Request(environ)
        body = request.get_data()
        running.calls.append((request.method, request.path))
        key = (request.method, request.full_path, body)
        asked = Asked(running.requests, request.method, self.simulator.call_of(request), self.simulator.reads(request))

        def answer() -> Response:
            environ["wsgi.input"] = io.BytesIO(body)  # the application reads it again
            found = Response.from_app(application, environ, buffered=True)
            if running.trouble is not None and asked.reads:
                self._answered[key] = (application.state_changes, _copied(found))
            return found

        exchange = Exchange(asked, request, application, answer, self._earlier(key))
        fault = _fault_of(running, exchange)
        given = exchange.carry_out() if fault is None else fault.happen(exchange)
        if fault is not None:
            running.happened.append(
                Happened(asked.number, asked.method, asked.path, fault.name, carried_out=exchange.carried_out)
            )
        response = given.response if isinstance(given, Half) else given
        if isinstance(response, Response):
            # A platform tells its own time, which a client's clock need not agree with.
            response.headers.setdefault("Date", http_date(application.now))
        if self.record is not None:
            record_exchange(
                self.record, running.platform, request, body, given,
                fault=fault.name if fault else None, token=application.token,
            )  # fmt: skip
        return given

    def _earlier(self, key: _Key) -> Response | None:
        """Return what the same request was answered in an earlier state."""
        state, found = self._answered.get(key, (None, None))
        return _copied(found) if found is not None and state != self.running.application.state_changes else None


def _fault_of(running: Running, exchange: Exchange) -> Fault | None:
    """Return what goes wrong with a request."""
    if running.trouble is None:
        return None
    fitting = tuple(name for name, each in running.faults.items() if each.fits(exchange))
    name = running.trouble.fault_of(exchange.asked, fitting)
    return running.faults[name] if name in fitting else None


def _copied(answer: Response) -> Response:
    return Response(answer.get_data(), answer.status_code, list(answer.headers))
