"""An answer has an end: one that is too large, unfolds too far or trickles is given up in one sentence."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from sla_sync.connector.bounded import Bounds
from sla_sync.errors import FaultError
from sla_sync.forge.wire import Wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_salesforce.session import PlatformSession

MEBIBYTE = 1 << 20
SMALL, SHORT = Bounds(bytes=2 * MEBIBYTE, seconds=60.0), Bounds(seconds=0.06)
SECONDS = 10
"""Much more than the time that an answer has here, and much less than the library waits for its next byte."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _hubspot(url: str, bounds: Bounds) -> object:
    options = HubSpotOptions.model_validate({"url": url, "token": "t"})
    client = HubSpotClient(options, target="acme", writes=False, wait=lambda _: None, environ={}, bounds=bounds)
    return client.call("GET", Api.OWNERS)


def _salesforce(url: str, bounds: Bounds) -> object:
    with PlatformSession(url, "t", ca=None, may_write=False, pause=lambda _: None, bounds=bounds) as session:
        try:
            return session.get(f"{url}/services/data").json()
        except ValueError as error:  # `Client` says the same as its own error, as of every answer that cannot be read
            raise FaultError(str(error)) from None


def _forge(url: str, bounds: Bounds) -> object:
    return Wire(url, ("Authorization", "Bearer t"), "application/json", bounds=bounds).ask("GET", "/user")


CLIENTS: Mapping[str, Callable[[str, Bounds], object]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "the forge": _forge,
}


@contextmanager
def saying(*pieces: bytes, trickle: bytes = b"") -> Iterator[str]:
    """Serve one connection after the other: these pieces, and then a trickle without end where there is one."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def speak(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(MEBIBYTE)
                for piece in pieces:
                    connection.sendall(piece)
                while trickle and not over.wait(0.01):
                    connection.sendall(trickle)
            except OSError:
                return  # the client has heard enough

    def listen() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.close()


PIECE = b"100000\r\n" + b" " * MEBIBYTE + b"\r\n"
ZEROS = gzip.compress(bytes(64 * MEBIBYTE), 9)
LARGE: Mapping[str, tuple[bytes, ...]] = {
    "more than it may be": (HEAD + b"Content-Length: 9000000\r\n\r\n", *itertools.repeat(b" " * MEBIBYTE, 9)),
    "more, in pieces": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *itertools.repeat(PIECE, 9)),
    "unfolds to more": (HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZEROS), ZEROS),
    "more than a refusal may be": (
        b"HTTP/1.1 403 No\r\nContent-Length: 9000000\r\n\r\n",
        *itertools.repeat(b" " * MEBIBYTE, 9),
    ),
}
TRICKLES: Mapping[str, tuple[bytes, bytes]] = {
    "a body": (HEAD + b"Content-Length: 9000\r\n\r\n", b" "),
    "a body of pieces": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "the length of a piece": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "headers": (HEAD + b"X-Slow: ", b"x"),
    "a status": (b"HTTP/1.1 200 ", b"O"),
    "a refusal": (b"HTTP/1.1 403 No\r\nContent-Length: 9000\r\n\r\n", b" "),
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("pieces", LARGE.values(), ids=LARGE)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(client: str, pieces: tuple[bytes, ...]) -> None:
    with saying(*pieces) as url, pytest.raises(FaultError, match="it is larger than 2 MiB"):
        CLIENTS[client](url, SMALL)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("first", "then"), TRICKLES.values(), ids=TRICKLES)
def test_an_answer_that_trickles_ends_when_its_time_is_over(client: str, first: bytes, then: bytes) -> None:
    began = time.monotonic()
    with saying(first, trickle=then) as url, pytest.raises(FaultError, match=r"did not come to its end within 0\.06 s"):
        CLIENTS[client](url, SHORT)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_that_comes_slowly_and_in_time_is_read(client: str) -> None:
    folded = gzip.compress(b'{"results": []}')
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(folded)
    with saying(head[:30], head[30:], folded[:9], folded[9:]) as url:
        assert CLIENTS[client](url, SMALL) == {"results": []}
