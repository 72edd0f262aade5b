"""Speaking JSON over HTTP to a served simulator, as any client of the platform would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sla_sync.connector.simulation import Running

_TIMEOUT = 60
_REFUSED = 400
_TOO_MANY = 429
_PATIENCE = 3


@dataclass
class AnswerError(Exception):
    """A platform refused a request: its status, its own code for the reason, its words, and the fields it names."""

    status: int
    code: str
    message: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the words of the platform."""
        return f"{self.code}: {self.message}"


class Wire(Protocol):
    """What carries one request and returns the JSON of its answer; raises AnswerError where it is refused."""

    def __call__(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None, /) -> Any:
        """Carry one request."""
        ...


def wire(running: Running, token: str = "") -> Wire:
    """Return the way to a served simulator in the name of whoever has the token; its own token where none is given."""
    import requests  # only who plays the pair needs it

    session = requests.Session()
    session.trust_env = False
    session.verify = str(running.ca) if running.ca else True
    bearer = token or running.token

    def call(method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Any:
        for _ in range(_PATIENCE):
            answer = session.request(
                method,
                running.url + path,
                data=None if body is None else json.dumps(body),
                headers={"Authorization": f"Bearer {bearer}", "Content-Type": "application/json", **(headers or {})},
                timeout=_TIMEOUT,
            )
            # A portal that refuses too many requests has moved its clock to the end of the window.
            if answer.status_code != _TOO_MANY:
                break
        content = answer.json() if answer.content else None
        if answer.status_code >= _REFUSED:
            raise refusal(answer.status_code, content)
        return content

    return call


def refusal(status: int, content: Any) -> AnswerError:
    """Return what a platform said when it refused: Salesforce answers a list, HubSpot an object."""
    if isinstance(content, list) and content:
        first = content[0]
        return AnswerError(status, str(first["errorCode"]), str(first["message"]), tuple(first.get("fields", ())))
    said = content if isinstance(content, dict) else {}
    codes = [str(each.get("code")) for each in said.get("errors", ()) if each.get("code")]
    return AnswerError(status, next(iter(codes), str(said.get("category", ""))), str(said.get("message", "")))
