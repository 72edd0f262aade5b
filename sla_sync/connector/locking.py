"""What every apply lock needs: how one is signed and read, by whose clock it ends, and noticing that it was lost.

A lock ends by the platform's own clock, where its answers tell the time: of two machines one may be wrong by hours. It
lasts two hours at most after it was last written, whatever it says of itself, so that none blocks for ever.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Protocol

from sla_sync.connector.contract import LockTicket
from sla_sync.connector.watching import LockHeld
from sla_sync.errors import FaultError, LockedError, PlatformError, UnreachableError

__all__ = [
    "LONGEST", "TOLERANCE", "Lock", "PlatformTime", "Signature", "Standing", "Vigil", "holding", "locked_by",
    "read_signature", "signed",
]  # fmt: skip

LONGEST = timedelta(hours=2)
"""After so long without a word from its holder a lock counts no more; a run that lives renews its own every ten minutes."""
TOLERANCE = timedelta(seconds=5)
"""A clock that differs by less is right: a platform tells whole seconds, and its answer was on the way for some time."""
_RENEWALS = 3
"""How often a lock is renewed in the time for which it is given, so that two renewals may fail."""
_NOBODY = "somebody who left no name"


class PlatformTime:
    """What time it is on the platform, as far as the header `Date` of its answers told."""

    def __init__(self) -> None:
        self._told: tuple[datetime, float] | None = None

    def hear(self, header: str | None) -> None:
        """Take note of the header `Date` of an answer.

        Inferred: platforms send it with the time of their own clocks, as HTTP asks of whoever has one (RFC 9110, 6.6.1).
        """
        try:
            found = parsedate_to_datetime(header or "")
        except ValueError:
            return
        told = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        self._told = (told, time.monotonic())

    def ahead(self, ours: datetime) -> timedelta:
        """Return how far the platform's clock is ahead of ours; nothing where it told no time, or hardly differs."""
        if self._told is None:
            return timedelta()
        told, since = self._told
        skew = told + timedelta(seconds=round(time.monotonic() - since)) - ours
        return skew if abs(skew) > TOLERANCE else timedelta()


@dataclass(frozen=True, slots=True)
class Signature:
    """What a lock says: whose it is, since when and until when by the platform's clock, and the token of its holder."""

    who: str
    since: datetime | None
    expires: datetime
    token: str

    def over(self, now: datetime) -> bool:
        """Return whether its time is up by the platform's clock."""
        return self.expires <= now

    def by_our_clock(self, ahead: timedelta) -> LockHeld:
        """Return who holds it, in the time of this machine."""
        return LockHeld(self.who, self.since - ahead if self.since else None, self.expires - ahead, self.token)


def signed(ticket: LockTicket, since: datetime, expires: datetime) -> str:
    """Return what a lock says, as JSON."""
    said = {"who": ticket.who, "since": since.isoformat(), "expires": expires.isoformat(), "token": ticket.token}
    return json.dumps(said, sort_keys=True)


def read_signature(text: str | bytes, written: datetime | None, now: datetime) -> Signature:
    """Return what a lock says that was last written at an instant; one that says nothing readable ends all the same.

    Where nobody knows when it was written, its time runs from the instant at which it says that it began.
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    said = said if isinstance(said, dict) else {}
    since = _instant(said.get("since"))
    latest = (written or since or now) + LONGEST
    expires = _instant(said.get("expires")) or latest
    token = said.get("token")
    return Signature(
        str(said.get("who") or _NOBODY), since or written, min(expires, latest), token if isinstance(token, str) else ""
    )


def locked_by(found: Signature | None, target: str, *, ahead: timedelta, remove: str) -> LockedError:
    """Return the error for a target that somebody else applies to; `remove` says how an administrator ends the lock."""
    if found is None:
        return LockedError(f"Target '{target}': somebody else took the apply lock.", hint="Run again in some minutes.")
    held = found.by_our_clock(ahead)
    since = f" since {held.since.isoformat(timespec='seconds')}" if held.since else ""
    until = held.expires.isoformat(timespec="seconds")
    return LockedError(
        f"Target '{target}' is being applied to by {held.who}{since}; the lock holds until {until}.",
        hint=f"Wait until they are done, or {remove} if that run is known to be dead.",
    )


class Lock(Protocol):
    """The lock of one run as a connector knows it."""

    def take(self) -> None:
        """Take it, and have it looked at before every write. Raises LockedError where somebody else holds it."""
        ...

    def release(self) -> bool:
        """Give it back where it is ours, look no more, and return whether it was; to do so twice is no failure."""
        ...


@contextmanager
def holding(lock: Lock, ticket: LockTicket, *, where: str) -> Iterator[None]:
    """Hold a lock until the context ends, however it ends; `where` is what people call the platform's place, «the org»."""
    try:
        lock.take()
    except (KeyboardInterrupt, UnreachableError, FaultError):
        with suppress(PlatformError):  # nobody knows whether it was taken
            lock.release()
        raise
    try:
        yield
    except BaseException as error:
        # What went wrong first is the news; a lock that stays behind expires, or is taken over by its own token.
        try:
            lock.release()
        except PlatformError as failure:
            error.add_note(f"The apply lock stayed on {where}: {failure}")
        raise
    try:
        was_ours = lock.release()
    except KeyboardInterrupt:
        with suppress(PlatformError):
            lock.release()
        raise
    except PlatformError as failure:
        failure.args = (f"Everything was sent, and the apply lock stayed on {where}: {failure.message}",)
        failure.message = str(failure.args[0])
        failure.hint = (
            f"Run again: this working copy takes its own lock over. For others it ends {ticket.expires.isoformat()}."
        )
        raise
    if not was_ours:
        raise LockedError(
            f"Everything was sent, and the apply lock was not ours any more at the end: somebody took it from {where}.",
            hint="Run plan: what was sent last may stand over what they wrote.",
        )


class Standing(StrEnum):
    """How our own lock stands on the platform."""

    OURS = "ours"
    GONE = "gone"
    TAKEN = "taken"


@dataclass
class Vigil:
    """Looks before every write whether the lock is still ours, and renews it when a third of its time is up.

    `look` asks the platform, `renew` writes the lock anew until an instant of our clock, `holder` says whose it is now.
    """

    target: str
    ticket: LockTicket
    now: Callable[[], datetime]
    look: Callable[[], Standing]
    renew: Callable[[timedelta], None]
    holder: Callable[[], str]

    def __post_init__(self) -> None:
        self._renewing = False
        self._lasts = self.ticket.expires - self.now()
        self._due = self.now() + self._lasts / _RENEWALS

    def before_write(self) -> None:
        """Raise LockedError where the lock was lost: what would be written now belongs to somebody else's run.

        To renew the lock is a write as well, about which it is not asked again.
        """
        if self._renewing:
            return
        standing = self.look()
        if standing is not Standing.OURS:
            whose = f"it is held by {self.holder()}" if standing is Standing.TAKEN else "somebody deleted it"
            raise LockedError(
                f"The apply lock of target '{self.target}' was lost: {whose}. Nothing more was written.",
                hint="Find out who did that, then run apply again: it goes on with what is left.",
            )
        self.keep()

    def keep(self) -> None:
        """Make the lock last as long again, where it is time to."""
        if self.now() >= self._due:
            self._due = self.now() + self._lasts / _RENEWALS
            self._renewing = True
            try:
                self.renew(self._lasts)
            finally:
                self._renewing = False


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
