"""Steering a served simulator from outside: its virtual clock, at an address that no platform has."""

from __future__ import annotations

import hmac
import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from werkzeug.wrappers import Request as Asked
from werkzeug.wrappers import Response

from sla_sync.connector.credentials import LOOPBACK
from sla_sync.errors import SlaSyncError

CLOCK_PATH = "/-/clock"
"""`GET` tells the time, `POST` with `{"until": …}` lets the clock run there; both want the simulator's token."""
_PATIENCE = 600
"""Seconds: a week of a busy simulator takes its time."""


class Clocked(Protocol):
    """What has a virtual clock, and a token without which nobody may ask for it."""

    token: str
    now: datetime


def instant_of(text: str) -> datetime:
    """Return the instant that an ISO 8601 text names, in UTC. Raises ValueError where it names none, or no zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        message = f"'{text}' names no zone."
        raise ValueError(message)
    return found.astimezone(UTC)


def clock_answer(request: Asked, application: Clocked, run_until: Callable[[datetime], None]) -> Response:
    """Answer a request for the clock; without the token, or from another machine, it is refused."""
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if request.remote_addr not in LOOPBACK or not hmac.compare_digest(said.encode(), application.token.encode()):
        return _said(401, error="The clock wants the simulator's token: Authorization: Bearer TOKEN.")
    if request.method == "POST":
        try:
            run_until(instant_of(str(json.loads(request.get_data())["until"])))
        except (KeyError, TypeError, ValueError) as error:
            return _said(400, error=f"{error}")
    elif request.method != "GET":
        return _said(405, error="The clock is read by GET and set by POST.")
    return _said(200, now=application.now.isoformat())


def _said(status: int, **content: str) -> Response:
    return Response(json.dumps(content) + "\n", status, mimetype="application/json")


def served_clock(url: str, token: str, ca: Path | None, until: datetime | None = None) -> datetime:
    """Return the time of a served simulator, after its clock ran until an instant where one is given.

    Raises SlaSyncError where none answers at `url`, or it refuses.
    """
    if urlsplit(url).hostname not in LOOPBACK:
        raise SlaSyncError(
            f"{url} is not on this machine, and a simulator is served on loopback only.",
            hint="Name the url that `sla-sync simulator serve` printed.",
        )
    body = None if until is None else json.dumps({"until": until.isoformat()}).encode()
    request = Request(url.rstrip("/") + CLOCK_PATH, body, {"Authorization": f"Bearer {token}"})  # noqa: S310 - loopback only
    context = ssl.create_default_context(cafile=str(ca)) if ca else None
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=_PATIENCE) as answer:
            return instant_of(json.loads(answer.read())["now"])
    except HTTPError as error:
        said = _error_in(error.read())
        raise SlaSyncError(
            f"The simulator at {url} did not let its clock be used: {said or error.reason}",
            hint="Take url and token from the line that `sla-sync simulator serve` printed, and a time not before its own.",
        ) from None
    except (URLError, HTTPException, OSError, ValueError, KeyError) as error:
        raise SlaSyncError(
            f"No simulator answers at {url}: {error}.", hint="Serve one, or take url and token from what it printed."
        ) from None


def _error_in(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return ""
