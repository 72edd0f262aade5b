"""Talking to the host of the code: over TLS, with the token in no message, and never to where an answer points."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests

from sla_sync.connector.bounded import BOUNDS, BoundedAdapter, Bounds, UnboundedAnswerError
from sla_sync.connector.misreadings import MISREAD_HINT
from sla_sync.errors import (
    FaultError,
    ForbiddenError,
    PlatformError,
    RejectedError,
    SlaSyncError,
    UnauthorizedError,
    UnreachableError,
)

_SECONDS = (10, 30)
"""Until a connection stands, and between two bytes of an answer."""
_LONGEST_REASON = 200


class Wire:
    """A conversation with one host. `header` carries the token; a `.netrc` on the machine has no say."""

    def __init__(self, url: str, header: tuple[str, str], accept: str, *, bounds: Bounds = BOUNDS) -> None:
        self._url = checked_url(url)
        self._header = header
        self._answered = ""
        self._session = requests.Session()
        self._session.headers.update({"Accept": accept, "User-Agent": "sla-sync"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, BoundedAdapter(bounds))

    def ask(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, str] | None = None
    ) -> Any:
        """Return what the host answers, as JSON. Raises PlatformError, in whose text the token never stands."""
        call = f"{method} {path}"
        try:
            answer = self._session.request(
                method, f"{self._url}{path}", params=query, json=body, auth=self._signed, timeout=_SECONDS,
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise UnreachableError(
                f"{self._url} does not answer: {type(error).__name__}.", call=call, hint="Try again in a while."
            ) from None
        except UnboundedAnswerError as error:
            raise FaultError(f"The answer of {self._url} to {call} was not read: {error}.", call=call) from None
        if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise _refused(answer, self._url, call)
        self._answered = call
        try:
            return answer.json()
        except (ValueError, RecursionError):
            raise FaultError(f"{self._url} answered {call} with something that is not JSON.", call=call) from None

    def misread(self, said: str) -> FaultError | None:
        """Return the error for an answer of another shape, after which this could not be read; None before the first."""
        if not self._answered:
            return None
        shown = said.replace(self._header[1], "[redacted]")
        return FaultError(
            f"{self._url} answered {self._answered} in a shape that is not known: {shown}.",
            call=self._answered,
            hint=MISREAD_HINT,
        )

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        name, value = self._header
        request.headers[name] = value
        return request


def checked_url(url: str) -> str:
    """Return an address without a slash at its end. Raises SlaSyncError where a token would go over the wire in clear."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
        raise SlaSyncError(
            f"«{parts.scheme}://{parts.hostname}» is no https address, and a token goes nowhere else.",
            hint="Correct the address of the API in the environment.",
        )
    return url.rstrip("/")


def checked_token(token: str, variable: str) -> str:
    """Return a token that can stand in a header. Raises SlaSyncError, which does not show it."""
    if not token:
        raise SlaSyncError(
            f"The token is expected in the environment variable {variable}, which is not set.",
            hint=f"Set {variable} in the environment of this command.",
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise SlaSyncError(
            f"What stands in {variable} is no token: it has a blank or a character that no token has.",
            hint="Store the token again, without a line end.",
        )
    return token


def _is_this_machine(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _refused(answer: requests.Response, url: str, call: str) -> PlatformError:
    status = answer.status_code
    said = f"{url} answered {call} with {status}{_reason(answer)}."
    if status == HTTPStatus.UNAUTHORIZED:
        return UnauthorizedError(said, call=call, status=status, hint="Give a token that is valid.")
    if status == HTTPStatus.FORBIDDEN:
        hint = "Give the token the right to write comments; that of a fork's pull request never has it."
        return ForbiddenError(said, call=call, status=status, hint=hint)
    if status < HTTPStatus.BAD_REQUEST:
        hint = "Correct the address of the API in the environment; nothing is sent to another one."
        return RejectedError(said, call=call, status=status, hint=hint)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        hint = "Correct the repository or project and the number of the request."
        return RejectedError(said, call=call, status=status, hint=hint)
    return FaultError(said, call=call, status=status, hint="Try again in a while.")


def _reason(answer: requests.Response) -> str:
    """Return what the host says of its refusal, in so many characters."""
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        return ""
    said = (found.get("message") or found.get("error")) if isinstance(found, dict) else None
    return f": {str(said)[:_LONGEST_REASON]}" if said else ""
