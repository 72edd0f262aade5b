"""Listening at an address of loopback: a thread that serves, and can be away for a while."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sla_sync.errors import SlaSyncError

__all__ = ["Listener"]

_LOOPBACK = "127.0.0.1"
_LOOK_SECONDS = 0.005
"""How often the thread looks whether it is to stop."""


class _Quiet(WSGIRequestHandler):
    """Answers without writing a log line for each request."""

    # Without it an answer over TLS waits for the client to confirm the session tickets: ten milliseconds each.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: Any) -> None:  # the library's own name for the argument
        """Say nothing."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer without the headers of this library: what a platform says, and when, is its own."""
        self.send_response_only(code, message)

    def connection_dropped(self, *_: object, **__: object) -> None:
        """Ask no more of a connection that was ended."""
        self.close_connection = True


class Listener:
    """What answers at one port; port 0 takes a free one when it first listens. Raises SlaSyncError where it is taken."""

    def __init__(
        self, answer: Callable[[dict[str, Any], Any], Iterable[bytes]], *, port: int, context: ssl.SSLContext | None
    ) -> None:
        self._answer = answer
        self._context = context
        self.port = port
        self._server, self._thread = self._listen()

    @property
    def url(self) -> str:
        """Where it listens; a certificate is for the name of this machine."""
        return f"https://localhost:{self.port}" if self._context else f"http://{_LOOPBACK}:{self.port}"

    @contextmanager
    def away(self) -> Iterator[None]:
        """Listen to nobody for as long as this lasts: every connection is refused."""
        self.stop()
        try:
            yield
        finally:
            self._server, self._thread = self._listen()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _listen(self) -> tuple[BaseWSGIServer, threading.Thread]:
        try:
            server = make_server(
                _LOOPBACK, self.port, self._answer, threaded=True, request_handler=_Quiet, ssl_context=self._context
            )
        except (OSError, SystemExit) as error:  # werkzeug itself ends the process where somebody listens there
            because = (error.strerror if isinstance(error, OSError) else None) or "another program listens there"
            raise SlaSyncError(
                f"Port {self.port} of this machine cannot be used for the simulator: {because}.",
                hint="Choose another with --port, or leave it out to take a free one.",
            ) from None
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _LOOK_SECONDS}, daemon=True)
        thread.start()
        return server, thread
