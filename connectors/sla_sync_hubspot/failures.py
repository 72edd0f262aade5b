"""What HubSpot's refusals mean: one error of ours for each, and how long to wait where waiting helps.

HubSpot's error handling guide says that every member of an error's body is optional, so nothing here relies on one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from sla_sync.connector import (
    LONGEST_PAUSE,
    ExhaustedError,
    FaultError,
    ForbiddenError,
    PlatformError,
    RejectedError,
    UnauthorizedError,
    asked_pause,
    pause_in_words,
)

LOCKED = 423
MIGRATING = 477
"""HubSpot moves the account to another data centre; Retry-After may say a day."""
_LOCK_PAUSE = 2.0
"""Seconds (HubSpot, "Error handling": wait two seconds between calls after a 423)."""
_PAUSES: Mapping[str, float] = {"TEN_SECONDLY_ROLLING": 10.0, "SECONDLY": 1.0}
"""Policy of a rate limit → seconds to wait where the answer has no Retry-After."""
_DAILY = "DAILY"
_PASSING = frozenset({500, 502, 503, 504, 521, 523, 524})
"""Failures that pass; 522, 525 and 526 point at a wrong set-up and do not."""
REPEATS = 4
"""How often a call is repeated at most."""
UNANSWERED_PAUSES = (0.25, 0.75)
"""Seconds before a read that was not answered is asked again."""


@dataclass(frozen=True)
class Failure:
    """An answer that is not a success."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def category(self) -> str:
        """HubSpot's own word for the kind of failure, where it says one."""
        return str(self.body.get("category") or self.body.get("errorType") or "")

    @property
    def sub_category(self) -> str:
        """HubSpot's finer word, on the body or on its first detail."""
        details = self.body.get("errors")
        first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
        return str(self.body.get("subCategory") or first.get("subCategory") or "")


def pause(failure: Failure, repeated: int, *, reading: bool) -> float | None:
    """Return the seconds after which the call may be repeated, or None where repeating is useless or unsafe.

    A call refused by a rate limit or a lock was not carried out, so writes may be repeated too; after a server's
    failure only reads may.
    """
    seconds = _usual_pause(failure, repeated, reading=reading)
    if repeated >= REPEATS or seconds is None:
        return None
    asked = asked_pause(failure.headers) or seconds
    return asked if asked <= LONGEST_PAUSE else None


def _usual_pause(failure: Failure, repeated: int, *, reading: bool) -> float | None:
    """Return how long to wait where the answer does not say; None where waiting is useless or unsafe."""
    if failure.status == HTTPStatus.TOO_MANY_REQUESTS:
        policy = str(failure.body.get("policyName", ""))
        return None if policy == _DAILY else _PAUSES.get(policy, 1.0)
    if failure.status == LOCKED:
        return _LOCK_PAUSE
    return float(2**repeated) if reading and failure.status in _PASSING else None


_ERRORS: Mapping[int, tuple[type[PlatformError], str]] = {
    HTTPStatus.UNAUTHORIZED: (
        UnauthorizedError,
        "Check the token of this target: it must be of a private app, service key or OAuth app that is active.",
    ),
    HTTPStatus.FORBIDDEN: (
        ForbiddenError,
        "Grant the app the scopes that the message names, then create a new token.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        ExhaustedError,
        "Wait until HubSpot's limit is renewed (the daily one at midnight of the portal's time zone), then run again.",
    ),
    LOCKED: (ExhaustedError, "Run again in some minutes: HubSpot works on this setting itself."),
    MIGRATING: (ExhaustedError, "Run again when HubSpot has finished moving this account to another data centre."),
}


_UNLISTED: Mapping[bool, tuple[type[PlatformError], str]] = {
    True: (FaultError, "Run again later; if it lasts, give HubSpot's support the call and the correlation id."),
    False: (RejectedError, "Plan again, and compare the setting that the call is about with what HubSpot says of it."),
}
"""What is not in the table above: whether HubSpot failed → the error."""


def error_of(failure: Failure, *, target: str, call: str) -> PlatformError:
    """Return the error that says what HubSpot refused, with its category, message and correlation id."""
    kind, hint = _ERRORS.get(failure.status, (None, ""))
    if kind is None:
        faulty = failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR or failure.status < HTTPStatus.BAD_REQUEST
        kind, hint = _UNLISTED[faulty]
    verb = "failed on" if kind is FaultError else "refused"
    return kind(
        f"Target '{target}': HubSpot {verb} {call}: {_say(failure)}", call=call, status=failure.status, hint=hint
    )


def _say(failure: Failure) -> str:
    message = str(failure.body.get("message") or f"status {failure.status}, without a message").rstrip(".")
    found = failure.body.get("errors")
    details = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    more = [_detail(each) for each in details]
    named = [each for each in (failure.category, failure.sub_category) if each]
    correlation = failure.body.get("correlationId")
    if correlation:
        named.append(f"correlation id {correlation}")
    seconds = asked_pause(failure.headers) or 0.0
    if seconds > LONGEST_PAUSE:
        more.append(f"HubSpot asks to come again in {pause_in_words(seconds)}")
    text = "; ".join([message, *(each for each in more if each and each not in message)])
    return f"{text} ({', '.join(named)})." if named else f"{text}."


def _detail(found: Mapping[str, Any]) -> str:
    """Return one detail with its context, which for instance names the scopes that are missing."""
    message = str(found.get("message") or "").rstrip(".")
    context = found.get("context")
    values = context.values() if isinstance(context, dict) else ()
    named = [str(each) for some in values if isinstance(some, list) for each in some if str(each) not in message]
    return f"{message}: {', '.join(named)}" if message and named else message
