"""The apply lock: a static resource of the org whose name is unique, so that only one of two can create it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from sla_sync.connector import (
    LockedError,
    LockHeld,
    LockTicket,
    PlatformError,
    RejectedError,
    telling_misreadings,
)
from sla_sync.connector.locking import Signature, Standing, Vigil, holding, locked_by, read_signature, signed
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import LOCK_NAME
from sla_sync_salesforce.soql import one_of, select

STATIC_RESOURCE = "StaticResource"
# Inferred: with which of these codes an org refuses a second static resource of one name, and names one that is gone.
_TAKEN = ("DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE")
_GONE = ("ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY")
_ATTEMPTS = 3
_REMOVE = f"delete the static resource {LOCK_NAME} in Setup"


def held(client: Client, now: datetime) -> LockHeld | None:
    """Return who holds the lock, in our own time; None where nobody does, or its time is up."""
    found = _look(client, now)
    skew = client.time.ahead(now)
    return None if found is None or found[1].over(now + skew) else found[1].by_our_clock(skew)


def locked(client: Client, ticket: LockTicket, now: Callable[[], datetime]) -> AbstractContextManager[None]:
    """Hold the lock, look before every write whether it is still ours, and renew it also while a deployment is awaited.

    Raises LockedError that names who holds it and since when.
    """
    return holding(_Own(client, ticket, now), ticket, where="the org")


@telling_misreadings(attrgetter("client"))
@dataclass
class _Own:
    """The lock as one run takes, keeps and gives it back."""

    client: Client
    ticket: LockTicket
    now: Callable[[], datetime]
    id: str = ""
    since: datetime | None = None
    """When it was taken, by the org's clock."""

    def take(self) -> None:
        """Take the lock. Raises LockedError where somebody else holds it.

        A lock that bears our own token, or whose time is up, is deleted by its id and created anew: of two that try, the
        platform lets one create it.
        """
        lasts = self.ticket.expires - self.now()
        for _ in range(_ATTEMPTS):
            found = _look(self.client, self.now())  # also for the time that the answer tells
            if found is not None:
                lock_id, signature = found
                if signature.token != self.ticket.token and not signature.over(self._theirs()):
                    skew = self.client.time.ahead(self.now())
                    raise locked_by(signature, self.client.target, ahead=skew, remove=_REMOVE)
                _delete(self.client, lock_id)
            self.since = self._theirs()
            record = {
                "Name": LOCK_NAME,
                "ContentType": "application/json",
                "CacheControl": "Private",
                "Body": self._body(lasts),
            }
            try:
                self.id = self.client.create(STATIC_RESOURCE, record)
            except RejectedError as error:
                if not any(code in error.message for code in _TAKEN):
                    raise
            else:
                vigil = self._vigil()
                self.client.before_write(vigil.before_write)
                self.client.meanwhile(vigil.keep)
                return
        raise LockedError(
            f"The apply lock of target '{self.client.target}' changes hands faster than it can be taken.",
            hint="Run the command again in a minute.",
        )

    def _vigil(self) -> Vigil:
        """Return what keeps the lock: one that was deleted and created anew has another id, and is not ours."""

        def standing() -> Standing:
            found = self.client.query(select("Id", STATIC_RESOURCE, one_of("Name", [LOCK_NAME])))
            if not found:
                return Standing.GONE
            return Standing.OURS if str(found[0]["Id"]) == self.id else Standing.TAKEN

        def renew(lasts: timedelta) -> None:
            # Inferred: a static resource can be written while a deployment runs. Where an org refuses it, the lock ends
            # when its time is up, as it does for a run that died; it is tried again before that.
            with suppress(PlatformError):
                self.client.update(STATIC_RESOURCE, self.id, {"Body": self._body(lasts)})

        def holder() -> str:
            found = _look(self.client, self.now())
            return found[1].who if found else "nobody by now"

        return Vigil(self.client.target, self.ticket, self.now, standing, renew, holder)

    def release(self) -> bool:
        """Give the lock back and return whether it was ours still; one that is gone, or somebody else's, is no failure."""
        self.client.before_write(None)
        self.client.meanwhile(None)
        if not self.id:
            found = _look(self.client, self.now())
            self.id = found[0] if found is not None and found[1].token == self.ticket.token else ""
        return _delete(self.client, self.id) if self.id else False

    def _theirs(self) -> datetime:
        """Return what the org's clock says now, as far as it told the time."""
        now = self.now()
        return now + self.client.time.ahead(now)

    def _body(self, lasts: timedelta) -> str:
        said = signed(self.ticket, self.since or self._theirs(), self._theirs() + lasts)
        return base64.b64encode(said.encode()).decode()


def _delete(client: Client, lock_id: str) -> bool:
    """Delete a lock by its id and return whether it was there; one that is gone already is no failure."""
    try:
        client.delete(STATIC_RESOURCE, lock_id)
    except RejectedError as error:
        if not any(code in error.message for code in _GONE):
            raise
        return False
    return True


def _look(client: Client, now: datetime) -> tuple[str, Signature] | None:
    """Return the id of the lock and what it says; None where there is none."""
    records = client.query(select("Id, LastModifiedDate", STATIC_RESOURCE, one_of("Name", [LOCK_NAME])))
    if not records:
        return None
    lock_id = str(records[0]["Id"])
    try:
        said = client.body(STATIC_RESOURCE, lock_id)
    except RejectedError as error:
        if any(code in error.message for code in _GONE):
            return None
        raise
    written = _instant(records[0].get("LastModifiedDate"))
    return lock_id, read_signature(said, written, now + client.time.ahead(now))


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return None
