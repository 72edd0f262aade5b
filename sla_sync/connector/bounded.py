"""Answers with an end: what a host sends is read whole, up to a size and within a time, before anybody looks at it.

A library waits as long as a byte comes now and then, and unfolds what a server compressed as it comes. So the bounds stand
below the libraries, at the bytes of the connection (time), and where what was compressed is unfolded (size).
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse as RawResponse
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

__all__ = ["BOUNDS", "BoundedAdapter", "Bounds", "UnboundedAnswerError", "pools"]

_PIECE = 1 << 16
_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """How much one answer may be, in bytes once unfolded, and how long it may take to come, in seconds."""

    bytes: int = 192 * _MEBIBYTE
    """A retrieve of Salesforce's own largest package, 39 MB as a zip and a third more as text, fits three times."""
    seconds: float = 900.0


BOUNDS = Bounds()


class UnboundedAnswerError(ValueError):
    """An answer was larger, or took longer, than any that is known; it was not read to its end."""


class _Timed(io.RawIOBase):
    """The bytes of one answer as they come, until its time is over."""

    def __init__(self, raw: io.RawIOBase, connection: Any, bounds: Bounds, clock: Callable[[], float]) -> None:
        self._raw = raw
        self._connection = connection
        self._patience: float | None = connection.gettimeout()
        self._bounds = bounds
        self._clock = clock
        self._until = clock() + bounds.seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - self._clock()
        if left > 0:
            self._connection.settimeout(left if self._patience is None else min(left, self._patience))
            try:
                return self._raw.readinto(buffer)
            except TimeoutError:
                if self._clock() < self._until:
                    raise
            finally:
                self._connection.settimeout(self._patience)
        raise UnboundedAnswerError(f"it did not come to its end within {self._bounds.seconds:g} seconds")

    def close(self) -> None:
        self._raw.close()
        super().close()


def pools(bounds: Bounds = BOUNDS, *, clock: Callable[[], float] = time.monotonic) -> Mapping[str, type]:
    """Return the kinds of connection pools, by scheme, for a `urllib3.PoolManager` whose answers have an end."""

    class Answer(RawResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp: Any = io.BufferedReader(_Timed(self.fp.detach(), sock, bounds, clock))

    class Plain(HTTPConnection):
        response_class = Answer

    class Encrypted(HTTPSConnection):
        response_class = Answer

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

        def urlopen(self, *args: Any, **kwargs: Any) -> Any:
            return _whole(super().urlopen(*args, **{**kwargs, "preload_content": False}), bounds)

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

        def urlopen(self, *args: Any, **kwargs: Any) -> Any:
            return _whole(super().urlopen(*args, **{**kwargs, "preload_content": False}), bounds)

    return {"http": PlainPool, "https": EncryptedPool}


def _whole(answer: urllib3.BaseHTTPResponse, bounds: Bounds) -> urllib3.HTTPResponse:
    """Return an answer with all its bytes, unfolded. Raises UnboundedAnswerError, and closes the connection."""
    pieces: list[bytes] = []
    size = 0
    for piece in answer.stream(_PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > bounds.bytes:
            answer.close()
            raise UnboundedAnswerError(f"it is larger than {bounds.bytes / _MEBIBYTE:g} MiB")
    headers = answer.headers.copy()
    for gone in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
        headers.discard(gone)
    return urllib3.HTTPResponse(
        body=io.BytesIO(b"".join(pieces)),
        headers=headers,
        status=answer.status,
        version=answer.version,
        reason=answer.reason,
        retries=answer.retries,
        preload_content=False,
    )


class BoundedAdapter(HTTPAdapter):
    """What a session of requests speaks through, so that each of its answers has an end."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._pools = pools(bounds)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of connections, of our kind."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pools of connections through a proxy, of our kind too."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager
