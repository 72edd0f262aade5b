"""The apply lock: a static resource of the org whose name is unique, so that only one of two can create it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sla_sync.connector import LockedError, LockHeld, LockTicket, PlatformError, RejectedError
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import LOCK_NAME
from sla_sync_salesforce.soql import one_of, select

STATIC_RESOURCE = "StaticResource"
# Inferred: with which of these codes an org refuses a second static resource of one name, and names one that is gone.
_TAKEN = ("DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE")
_GONE = ("ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY")
_ATTEMPTS = 3
_RENEWALS = 3
"""How often a lock is renewed in the time for which it is given, so that two renewals may fail."""


@dataclass(frozen=True)
class _Found:
    id: str
    who: str
    since: str
    token: str
    expires: datetime | None


def take(client: Client, ticket: LockTicket, now: Callable[[], datetime]) -> str:
    """Take the lock and return its id. Raises LockedError where somebody else holds it.

    A lock that bears our own token, or whose time is up, is deleted by its id and created anew: of two that try, the
    platform lets one create it.
    """
    record = {
        "Name": LOCK_NAME,
        "ContentType": "application/json",
        "CacheControl": "Private",
        "Body": _body(ticket, now(), ticket.expires),
    }
    for _ in range(_ATTEMPTS):
        try:
            return client.create(STATIC_RESOURCE, record)
        except RejectedError as error:
            if not any(code in error.message for code in _TAKEN):
                raise
        found = _look(client)
        if found is None:
            continue
        if found.token != ticket.token and (found.expires is None or found.expires > now()):
            raise _held(client, found)
        release(client, found.id)
    raise LockedError(
        f"The apply lock of Salesforce ({client.target}) changes hands faster than it can be taken.",
        hint="Run the command again in a minute.",
    )


def held(client: Client, now: datetime) -> LockHeld | None:
    """Return who holds the lock; None where nobody does, or its time is up. One that says no end holds."""
    found = _look(client)
    if found is None or (found.expires is not None and found.expires <= now):
        return None
    return LockHeld(found.who, _instant(found.since), found.expires or datetime.max.replace(tzinfo=UTC))


def release(client: Client, lock_id: str) -> None:
    """Give the lock back; one that is gone already is no failure."""
    try:
        client.delete(STATIC_RESOURCE, lock_id)
    except RejectedError as error:
        if not any(code in error.message for code in _GONE):
            raise


def renewal(client: Client, lock_id: str, ticket: LockTicket, now: Callable[[], datetime]) -> Callable[[], None]:
    """Return what makes the lock last as long again; to be called often, for it asks only when a third of its time is up.

    Inferred: a static resource can be written while a deployment runs. Where an org refuses it, the lock ends when its
    time is up, as it does for a run that died. One that somebody else took over has another id and is left alone.
    """
    since, lasts = now(), ticket.expires - now()
    due = since + lasts / _RENEWALS

    def renew() -> None:
        nonlocal due
        if now() < due:
            return
        due = now() + lasts / _RENEWALS
        with suppress(PlatformError):
            client.update(STATIC_RESOURCE, lock_id, {"Body": _body(ticket, since, now() + lasts)})

    return renew


def _body(ticket: LockTicket, since: datetime, expires: datetime) -> str:
    said = {"who": ticket.who, "since": since.isoformat(), "expires": expires.isoformat(), "token": ticket.token}
    return base64.b64encode(json.dumps(said).encode()).decode()


def _held(client: Client, found: _Found) -> LockedError:
    until = f" and lasts until {found.expires.isoformat()}" if found.expires else ""
    return LockedError(
        f"Salesforce ({client.target}) is locked by {found.who} since {found.since}{until}.",
        hint=f"Wait, or delete the static resource {LOCK_NAME} in Setup if that run is known to be dead.",
    )


def _look(client: Client) -> _Found | None:
    records = client.query(select("Id", STATIC_RESOURCE, one_of("Name", [LOCK_NAME])))
    if not records:
        return None
    lock_id = str(records[0]["Id"])
    said = _said(client.body(STATIC_RESOURCE, lock_id))
    return _Found(
        id=lock_id,
        who=str(said.get("who", "somebody")),
        since=str(said.get("since", "an unknown time")),
        token=str(said.get("token", "")),
        expires=_instant(said.get("expires")),
    )


def _said(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
