"""Ending a connection without an answer, or with half of one, over a plain socket and over TLS."""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sla_sync.connector.simulation.trouble import Given, Half, Loss

__all__ = ["lose"]

_LOOK_SECONDS = 0.02
"""How often a silent server looks whether the client is still there."""
_LONGEST_SILENCE = 600.0
"""Seconds after which even a client without patience of its own is let go."""
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: close by a reset, and wait for nothing."""


def lose(given: Given, environ: Mapping[str, Any], start_response: Any, stopped: threading.Event) -> Iterable[bytes]:
    """Return the bytes that a client gets of what it is given. Raises ConnectionAbortedError where it gets none.

    Called when no turn is held: a silence lets others be served.
    """
    connection = environ.get("werkzeug.socket")
    match given:
        case Half(response):
            return _half(response.get_wsgi_response(dict(environ)), connection, start_response)
        case Loss.SILENCE:
            _keep_silent(connection, stopped)
            _hang_up(connection)
        case Loss.RESET:
            _reset(connection)
        case Loss.CUT:
            _hang_up(connection)
        case response:
            answer: Iterable[bytes] = response(dict(environ), start_response)
            return answer
    raise ConnectionAbortedError("the simulator was told to lose this answer")


def _half(answer: Any, connection: Any, start_response: Any) -> Iterator[bytes]:
    parts, status, headers = answer
    content = b"".join(parts)
    start_response(status, headers)
    yield content[: len(content) // 2]
    _hang_up(connection)
    raise ConnectionAbortedError("the simulator was told to lose half of this answer")


def _hang_up(connection: Any) -> None:
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _reset(connection: Any) -> None:
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        socket.close(connection.detach())


def _keep_silent(connection: Any, stopped: threading.Event) -> None:
    """Wait until the client hangs up, or the simulator stops."""
    waited = 0.0
    while connection is not None and waited < _LONGEST_SILENCE and not stopped.is_set():
        readable, _, _ = select.select([connection], [], [], _LOOK_SECONDS)
        if readable:
            return
        waited += _LOOK_SECONDS
