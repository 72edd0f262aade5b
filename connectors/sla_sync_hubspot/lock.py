"""The apply lock: one hidden property of contacts whose name only one creator can get, with who, since when and until when.

HubSpot compares nothing on a write, so that taking over an expired lock is a write and a look at who won. Of two that
take over in the same second both may believe they did; as each looks before every write, all but one notice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from operator import attrgetter

from sla_sync.connector import (
    LockedError,
    LockHeld,
    LockTicket,
    PlatformError,
    RejectedError,
    UnreachableError,
    telling_misreadings,
)
from sla_sync.connector.locking import Signature, Standing, Vigil, holding, locked_by, read_signature, signed
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.hidden import hidden_property
from sla_sync_hubspot.names import CONTACTS, LOCK_PROPERTY
from sla_sync_hubspot.paths import Api

_PATH = f"/{CONTACTS}/{LOCK_PROPERTY}"
_REMOVE = f"archive the contact property '{LOCK_PROPERTY}'"


def held(client: HubSpotClient, now: datetime) -> LockHeld | None:
    """Return who holds the lock, in our own time; None where nobody does, or its time is up."""
    found = _held(client, now)
    skew = client.time.ahead(now)
    return None if found is None or found.over(now + skew) else found.by_our_clock(skew)


def locked(
    client: HubSpotClient, ticket: LockTicket, *, target: str, now: Callable[[], datetime]
) -> AbstractContextManager[None]:
    """Hold the lock, and look before every write whether it is still ours.

    Raises LockedError that names who holds it and since when.
    """
    return holding(_Own(client, ticket, target, now), ticket, where="the portal")


@telling_misreadings(attrgetter("client"))
@dataclass
class _Own:
    """The lock as one run takes, keeps and gives it back."""

    client: HubSpotClient
    ticket: LockTicket
    target: str
    now: Callable[[], datetime]
    since: datetime | None = None
    """When it was taken, by the portal's clock."""

    def take(self) -> None:
        """Take the lock; the portal lets one of two create it, and of two that take an expired one over one wins."""
        self._acquire()
        self.client.before_write = self._vigil().before_write

    def _acquire(self) -> None:
        lasts = self.ticket.expires - self.now()
        found = self._look()  # also for the time that the answer tells
        self._refuse(found)
        self.since = self._theirs()
        said = self._said(lasts)
        if found is None:
            try:
                body = hidden_property(LOCK_PROPERTY, "sla-sync apply lock", said)
                self.client.call("POST", Api.PROPERTIES, f"/{CONTACTS}", body=body)
            except UnreachableError:
                if not self._is_ours(self._look()):
                    raise
                return
            except RejectedError as refusal:
                found = self._look()
                if found is None:
                    raise refusal from None
                self._refuse(found)
            else:
                return
        self._write(said)
        winner = self._look()
        if not self._is_ours(winner):
            raise self._locked(winner)

    def _vigil(self) -> Vigil:
        def standing() -> Standing:
            found = self._look()
            if found is None:
                return Standing.GONE
            return Standing.OURS if self._is_ours(found) else Standing.TAKEN

        def renew(lasts: timedelta) -> None:
            with suppress(PlatformError):  # it is tried again before it ends
                self._write(self._said(lasts))

        def holder() -> str:
            found = self._look()
            return found.who if found else "nobody by now"

        return Vigil(self.target, self.ticket, self.now, standing, renew, holder)

    def release(self) -> bool:
        """Give the lock back where it is ours, and return whether it was."""
        self.client.before_write = None
        if not self._is_ours(self._look()):
            return False
        try:
            self.client.call("DELETE", Api.PROPERTIES, _PATH)
        except RejectedError as refusal:
            if refusal.status != HTTPStatus.NOT_FOUND:
                raise
        return True

    def _look(self) -> Signature | None:
        return _held(self.client, self.now())

    def _is_ours(self, found: Signature | None) -> bool:
        return found is not None and found.token == self.ticket.token

    def _refuse(self, found: Signature | None) -> None:
        """Raise LockedError where somebody else holds the lock and its time is not up."""
        if found is not None and not self._is_ours(found) and not found.over(self._theirs()):
            raise self._locked(found)

    def _locked(self, found: Signature | None) -> LockedError:
        return locked_by(found, self.target, ahead=self.client.time.ahead(self.now()), remove=_REMOVE)

    def _theirs(self) -> datetime:
        """Return what the portal's clock says now, as far as it told the time."""
        now = self.now()
        return now + self.client.time.ahead(now)

    def _said(self, lasts: timedelta) -> str:
        return signed(self.ticket, self.since or self._theirs(), self._theirs() + lasts)

    def _write(self, said: str) -> None:
        self.client.call("PATCH", Api.PROPERTIES, _PATH, body={"description": said})


def _held(client: HubSpotClient, now: datetime) -> Signature | None:
    found = catalogue.property_named(client, CONTACTS, LOCK_PROPERTY)
    if found is None:
        return None
    # Inferred: `updatedAt` of a property is when its definition was last written, which a renewal does too.
    written = wire.instant(found.get("updatedAt")) or wire.instant(found.get("createdAt"))
    return read_signature(str(found.get("description") or ""), written, now + client.time.ahead(now))
