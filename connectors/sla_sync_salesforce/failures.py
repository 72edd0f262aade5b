"""Salesforce's refusals as errors of sla-sync: one place that knows codes, statuses and what people can do about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests

from sla_sync.connector import (
    LONGEST_PAUSE,
    MISREAD_HINT,
    ExhaustedError,
    FaultError,
    ForbiddenError,
    PlatformError,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
    asked_pause,
    misreading,
    pause_in_words,
)
from sla_sync_salesforce.markup import read_xml
from sla_sync_salesforce.problems import known

EXPIRED = "INVALID_SESSION_ID"
_SESSION_CODES = frozenset(
    {
        EXPIRED,
        "INVALID_AUTH_HEADER",
        "Bad_OAuth_Token",
        "INVALID_LOGIN",
        "LOGIN_MUST_USE_SECURITY_TOKEN",
        "inactive_org",
        "inactive_user",
        "invalid_app_access",
        "invalid_client",
        "invalid_client_credentials",
        "invalid_client_id",
        "invalid_grant",
        "unsupported_grant_type",
    }
)
# Inferred: that these, and only these, mean a missing permission; all of them are codes of the platform's own list.
_ACCESS_CODES = frozenset(
    {
        "API_DISABLED_FOR_ORG",
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    }
)
_LIMIT_CODE = "REQUEST_LIMIT_EXCEEDED"
_CONCURRENT = "ConcurrentRequests"
_HINTS: Mapping[type[PlatformError], str] = {
    UnauthorizedError: "Renew the token, and check the environment variable that the target names for it.",
    ForbiddenError: "Give the user of this token «Modify Metadata Through Metadata API Functions» and «API Enabled».",
    ExhaustedError: "Wait until tomorrow, or ask Salesforce for more API calls a day.",
    FaultError: "Look at https://status.salesforce.com and try again later.",
}
_BUSY_HINT = "Run the command again in some minutes: others ask much of this org at the same time."
_LATER_HINT = "Run the command again when that time has passed."
_UNREAD_HINT = "Run the command again; if it lasts, check that the address of the target is that of an org."
_LONGEST = 400
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,400})</title>", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What an org said when it refused: HTTP status, its own code and its own sentence."""

    status: int
    code: str
    message: str
    later: float = 0.0
    """Seconds after which it asks to come again, where it asks for more than anybody waits."""


class LaterError(Exception):
    """An answer that asks to come again later than anybody waits."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def read_answer(response: requests.Response) -> Answer:
    """Return what a refusing response says, whatever its shape."""
    seconds = asked_pause(response.headers) or 0.0
    return replace(_said(response), later=seconds if seconds > LONGEST_PAUSE else 0.0)


def _said(response: requests.Response) -> Answer:
    try:
        found: Any = response.json()
    except (ValueError, RecursionError):
        return _from_fault(response.status_code, response.content) or _from_content(response.status_code, response.text)
    return _from_content(response.status_code, found)


def _from_content(status: int, content: Any) -> Answer:
    """Return what a refusal says; REST answers with a list of errors, OAuth with one, a proxy with a page."""
    first: Any = content[0] if isinstance(content, list) and content else content
    if isinstance(first, dict):
        code = first.get("errorCode") or first.get("error") or ""
        return Answer(status, str(code), str(first.get("message") or first.get("error_description") or ""))
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    return Answer(status, "", _page_in(text) or text[:_LONGEST])


def _page_in(text: str) -> str:
    """Return what a web page says in its title; empty for a text that is no page."""
    if not text.lstrip()[:_LONGEST].lower().startswith(("<html", "<!doctype html")):
        return ""
    title = _TITLE.search(text)
    named = " ".join(title[1].split())[:_LONGEST] if title else ""
    return f"a web page, «{named}»" if named else "a web page"


def _from_fault(status: int, content: bytes) -> Answer | None:
    try:
        root = read_xml(content)
    except ValueError:
        return None
    code, message = root.findtext(".//faultcode"), root.findtext(".//faultstring")
    if code is None:
        return None
    code = code.rpartition(":")[2]
    return Answer(status, code, (message or "").removeprefix(f"{code}: "))


def to_error(answer: Answer, *, target: str, call: str) -> PlatformError:
    """Return the error for a refusal; it names the target, the call, and the platform's code and sentence."""
    kind = _kind(answer)
    said = ": ".join(part for part in (answer.code, answer.message) if part) or "no reason given"
    verb = "failed on" if kind is FaultError else "refused"
    if answer.later:
        said = f"{said.rstrip('.')}; it asks to come again in {pause_in_words(answer.later)}"
    message = ended(f"Salesforce ({target}) {verb} {call} with status {answer.status}: {said}")
    problem = known(said) if kind is RejectedError else None
    busy = _CONCURRENT in answer.message or answer.status == requests.codes.too_many_requests
    hint = _BUSY_HINT if busy else problem.cure if problem else _HINTS.get(kind, "")
    return kind(message, call=call, status=answer.status, hint=_LATER_HINT if answer.later else hint)


def ended(text: str) -> str:
    """Return a text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _kind(answer: Answer) -> type[PlatformError]:
    if answer.code in _SESSION_CODES or answer.status == requests.codes.unauthorized:
        return UnauthorizedError
    if answer.code == _LIMIT_CODE:
        return FaultError if _CONCURRENT in answer.message else ExhaustedError
    if answer.status == requests.codes.too_many_requests:
        return ExhaustedError
    if answer.code in _ACCESS_CODES:
        return ForbiddenError
    if answer.code and answer.status >= requests.codes.internal_server_error:
        # A fault of the Metadata API has status 500 also where the request was wrong.
        return FaultError if answer.code in {"UNKNOWN_EXCEPTION", "SERVER_UNAVAILABLE"} else RejectedError
    if answer.status >= requests.codes.internal_server_error:
        return FaultError
    if answer.status == requests.codes.forbidden:
        return ForbiddenError
    return RejectedError


@contextmanager
def translated(call: str, *, target: str, secrets: Collection[str]) -> Iterator[None]:
    """Raise every failure inside as one error of sla-sync that shows none of these secrets."""
    from simple_salesforce.exceptions import SalesforceError

    try:
        yield
    except PlatformError as error:
        # What we raised ourselves repeats what the org answered, and that may repeat what it was told.
        raise without(secrets, error) from None
    except LaterError as error:
        raise without(secrets, to_error(read_answer(error.response), target=target, call=call)) from None
    except SalesforceError as error:
        raise without(secrets, to_error(_from_content(error.status, error.content), target=target, call=call)) from None
    except requests.exceptions.SSLError as error:
        raise without(
            secrets,
            UnreachableError(
                ended(f"The certificate of Salesforce ({target}) is not trusted: {error}"),
                call=call,
                hint="Check the address, or name the file with its authority as `ca` of the target.",
            ),
        ) from None
    except (requests.ConnectionError, requests.Timeout) as error:
        raise without(
            secrets,
            UnreachableError(
                ended(f"Salesforce ({target}){_host(error)} did not answer {call}: {_innermost(error)}"),
                call=call,
                hint="Check the address of the target and the network.",
            ),
        ) from None
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise without(
            secrets,
            FaultError(
                ended(f"The answer of Salesforce ({target}) to {call} cannot be read: {error}"),
                call=call,
                hint=_UNREAD_HINT,
            ),
        ) from None
    except (LookupError, TypeError, AttributeError) as error:
        said = misreading(error)
        if said is None:
            raise
        raise without(secrets, misread(said, target=target, call=call)) from None


def misread(said: str, *, target: str, call: str) -> FaultError:
    """Return the error for an answer of a shape that is not known, of which this could not be read."""
    return FaultError(
        f"Salesforce ({target}) answered {call} in a shape that is not known: {said}.", call=call, hint=MISREAD_HINT
    )


def _host(error: requests.RequestException) -> str:
    """Return ` at HOST` where the request got far enough to have one."""
    host = urlsplit(str(error.request.url)).netloc if error.request is not None else ""
    return f" at {host}" if host else ""


def _innermost(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None and (cause.__cause__ or cause.__context__):
        cause = cause.__cause__ or cause.__context__
    return f"{cause}" if cause and str(cause) else type(error).__name__


def without(secrets: Collection[str], error: PlatformError) -> PlatformError:
    """Return an error that shows none of these secrets."""
    message, call, hint = (_cleaned(each or "", secrets) for each in (error.message, error.call, error.hint))
    return type(error)(message, call=call, status=error.status, hint=hint)


def _cleaned(text: str, secrets: Collection[str]) -> str:
    """Return a text without these secrets, also as Python spells them in the messages of its own errors."""
    for secret in filter(None, secrets):
        for spelled in (secret, repr(secret)[1:-1]):
            text = text.replace(spelled, "[redacted]")
    return text
