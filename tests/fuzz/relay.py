"""A simulator whose answers are remembered, and of which one is made wrong: what is asked again costs nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from werkzeug.wrappers import Request, Response

from sla_sync.connector.simulation import Application
from tests.fuzz.spoiling import spoilt

_UNDER_WAY = (b"<done>false</done>", b"InProgress", b"UploadComplete")
"""What an answer says that will be another one a moment later."""


@dataclass(frozen=True)
class Spoil:
    """Which request is answered wrongly, counting from 1, and by which seed; `again` for all later ones of the same path."""

    at: int
    seed: int
    again: bool = False


@dataclass
class Relay:
    """The application that it stands before, whose state must not change meanwhile where it remembers answers."""

    inside: Application
    remembers: bool = True
    spoil: Spoil | None = None
    asked: int = 0
    """How many requests came since this was last set to 0."""
    spoiled: str = ""
    """Method and path of the request that was answered wrongly."""
    known: dict[str, Response] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """A credential that it accepts."""
        return self.inside.token

    @property
    def state_changes(self) -> int:
        """How many requests changed its state since it was created."""
        return self.inside.state_changes

    @property
    def now(self) -> datetime:
        """Its virtual clock."""
        return self.inside.now

    def run_until(self, instant: datetime) -> None:
        """Let the virtual clock run to an instant."""
        self.inside.run_until(instant)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request, as was asked."""
        request = Request(environ)
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        call = f"{request.method} {request.path}"
        key = hashlib.sha256(f"{call}?{request.query_string.decode()} ".encode() + body).hexdigest()
        found = self.known.get(key)
        if found is None:
            found = Response.from_app(self.inside, environ, buffered=True)
            content = found.get_data()
            if self.remembers and found.status_code < 400 and not any(each in content for each in _UNDER_WAY):
                self.known[key] = found
        self.asked += 1
        if self.spoil is not None:
            if self.asked == self.spoil.at:
                self.spoiled = call
            if call == self.spoiled and (self.asked == self.spoil.at or self.spoil.again):
                wrong = Response(
                    spoilt(found.get_data(), found.content_type or "", Random(self.spoil.seed)),
                    found.status,
                    [(name, value) for name, value in found.headers if name.lower() != "content-length"],
                )
                answer: Iterable[bytes] = wrong(environ, start_response)
                return answer
        return found(environ, start_response)

    def expect(self, spoil: Spoil | None) -> None:
        """Begin to count anew, and answer one request wrongly."""
        self.spoil, self.asked, self.spoiled = spoil, 0, ""
