"""What a simulator was asked and answered, a line of JSON for each request, without secrets."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request

from sla_sync.connector.simulation.trouble import Given, Half, Loss

__all__ = ["REDACTED", "record_exchange", "redact"]

REDACTED = "[redacted]"
_SECRET_SHAPES = (
    re.compile(r"(<(?:\w+:)?sessionId>)[^<]*"),
    re.compile(r'("(?:access_token|refresh_token|client_secret|assertion|password|token)"\s*:\s*")[^"]*'),
    re.compile(r"((?:access_token|refresh_token|client_secret|assertion|password|token|code)=)[^&\s]*"),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without these secrets and without anything of the shape of a credential."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, REDACTED)
    for shape in _SECRET_SHAPES:
        text = shape.sub(rf"\g<1>{REDACTED}", text)
    return text


def _readable(body: bytes, secrets: Iterable[str]) -> Any:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}
    if "\x00" in text:
        return {"base64": base64.b64encode(body).decode("ascii")}
    return redact(text, secrets)


def record_exchange(
    file: Path, platform: str, request: Request, body: bytes, given: Given, *, fault: str | None, token: str
) -> None:
    """Add a line about one request, what was given for it, and what went wrong."""
    secrets = (token,)
    response = given.response if isinstance(given, Half) else given
    line = {
        "platform": platform,
        "method": request.method,
        "path": redact(request.path, secrets),
        "query": {key: redact(value, secrets) for key, value in request.args.items(multi=True)},
        "body": _readable(body, secrets) if body else None,
        "status": None if isinstance(response, Loss) else response.status_code,
        "response": None if isinstance(response, Loss) else _readable(response.get_data(), secrets),
    }
    if fault is not None:
        line["fault"] = fault
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
