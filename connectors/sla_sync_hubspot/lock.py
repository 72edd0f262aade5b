"""The apply lock: one hidden property of contacts whose name only one creator can get, with who, since when and until when.

HubSpot compares nothing on a write, so that taking over an expired lock is a write and a look at who won: two that take
over in the same second could both believe they did.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from sla_sync.connector import LockedError, LockHeld, LockTicket, PlatformError, RejectedError, UnreachableError
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS, LOCK_PROPERTY, STOCK_GROUP
from sla_sync_hubspot.paths import Api

_PATH = f"/{CONTACTS}/{LOCK_PROPERTY}"


@dataclass(frozen=True)
class _Held:
    who: str
    since: str
    token: str
    expires: datetime | None


def held(client: HubSpotClient, now: datetime) -> LockHeld | None:
    """Return who holds the lock; None where nobody does, or its time is up. One that says no end holds."""
    found = _held(client)
    if found is None or (found.expires is not None and found.expires <= now):
        return None
    return LockHeld(found.who, wire.instant(found.since), found.expires or datetime.max.replace(tzinfo=UTC))


@contextmanager
def locked(client: HubSpotClient, ticket: LockTicket, *, target: str, now: Callable[[], datetime]) -> Iterator[None]:
    """Hold the lock. Raises LockedError that names who holds it and since when."""
    _take(client, ticket, target=target, now=now)
    try:
        yield
    except BaseException as error:
        # What went wrong first is the news; a lock that stays behind expires, or is taken over by its own token.
        try:
            _release(client, ticket)
        except PlatformError as failure:
            error.add_note(f"The apply lock stayed on the portal: {failure}")
        raise
    try:
        _release(client, ticket)
    except PlatformError as failure:
        failure.args = (f"Everything was sent, and the apply lock stayed on the portal: {failure.message}",)
        failure.message = str(failure.args[0])
        failure.hint = (
            f"Run again: this working copy takes its own lock over. For others it ends {ticket.expires.isoformat()}."
        )
        raise


def _take(client: HubSpotClient, ticket: LockTicket, *, target: str, now: Callable[[], datetime]) -> None:
    try:
        client.call("POST", Api.PROPERTIES, f"/{CONTACTS}", body=_lock_property(ticket, now()))
    except UnreachableError:
        held = _held(client)
        if held is None or held.token != ticket.token:
            raise
        return
    except RejectedError as refusal:
        held = _held(client)
        if held is None:
            raise refusal from None
        if held.token != ticket.token and (held.expires is None or held.expires > now()):
            raise _locked(held, target) from None
    else:
        return
    client.call("PATCH", Api.PROPERTIES, _PATH, body={"description": _signed(ticket, now())})
    winner = _held(client)
    if winner is None or winner.token != ticket.token:
        raise _locked(winner, target)


def _release(client: HubSpotClient, ticket: LockTicket) -> None:
    held = _held(client)
    if held is None or held.token != ticket.token:
        return
    try:
        client.call("DELETE", Api.PROPERTIES, _PATH)
    except RejectedError as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise


def _held(client: HubSpotClient) -> _Held | None:
    found = catalogue.property_named(client, CONTACTS, LOCK_PROPERTY)
    if found is None:
        return None
    try:
        signed = json.loads(str(found.get("description") or ""))
        return _Held(str(signed["who"]), str(signed["since"]), str(signed["token"]), wire.instant(signed["expires"]))
    except (ValueError, KeyError, TypeError):
        return _Held("somebody who left no name", str(found.get("createdAt")), "", None)


def _locked(held: _Held | None, target: str) -> LockedError:
    if held is None:
        return LockedError(f"Target '{target}': somebody else took the apply lock.", hint="Run again in some minutes.")
    until = f"until {held.expires.isoformat()}" if held.expires else f"until somebody archives '{LOCK_PROPERTY}'"
    return LockedError(
        f"Target '{target}' is being applied to by {held.who} since {held.since}; the lock holds {until}.",
        hint=f"Wait until they are done, or archive the contact property '{LOCK_PROPERTY}' if they are gone.",
    )


def _signed(ticket: LockTicket, now: datetime) -> str:
    return json.dumps(
        {"who": ticket.who, "since": now.isoformat(), "expires": ticket.expires.isoformat(), "token": ticket.token},
        sort_keys=True,
    )


def _lock_property(ticket: LockTicket, now: datetime) -> dict[str, Any]:
    return {
        "name": LOCK_PROPERTY,
        "label": "sla-sync apply lock",
        "description": _signed(ticket, now),
        "groupName": STOCK_GROUP,
        "type": "string",
        "fieldType": "text",
        "hidden": True,
        "formField": False,
    }
