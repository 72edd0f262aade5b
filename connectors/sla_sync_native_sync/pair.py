"""Both platforms on one clock, joined by the integration: time runs on both from one of its looks to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sla_sync.connector.syncing import DocumentError, Sync, errors_in, load_sync
from sla_sync_native_sync.look import Joint, look, sync_now
from sla_sync_native_sync.memory import Memory
from sla_sync_native_sync.wire import wire

if TYPE_CHECKING:
    from sla_sync.connector.simulation import Running

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Clocked(Protocol):
    """A platform with a virtual clock: a simulator that is served, or its application."""

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def run_until(self, instant: datetime) -> None:
        """Let the clock run to an instant, and everything happen that is due by then."""
        ...


@dataclass
class Pair:
    """Two simulated platforms and the integration between them.

    Nothing passes between the platforms but through a look. So each may run by itself until the next one, and whatever
    is due on either by then happens before it.
    """

    hubspot: Clocked
    salesforce: Clocked
    joint: Joint
    next_look: datetime
    memory: Memory = field(default_factory=Memory)
    watch: Callable[[], None] = lambda: None
    """Called before and after each look, for whoever wants to know what it changed."""

    @property
    def now(self) -> datetime:
        """The time of the clock that both share. A request moves HubSpot's by parts of a second; Salesforce's follows."""
        return max(self.hubspot.now, self.salesforce.now)

    def run_until(self, instant: datetime) -> None:
        """Let time run on both platforms, with every look that is due by an instant."""
        while self.next_look <= instant:
            self._run(self.next_look)
            self.watch()
            look(self.joint, self.memory, self.next_look)
            self.watch()
            self.next_look += self.joint.settings.every
        self._run(instant)

    def sync(self, *contacts: str) -> None:
        """Sync contacts by hand now."""
        sync_now(self.joint, self.memory, self.now, contacts)

    def _run(self, instant: datetime) -> None:
        for each in (self.hubspot, self.salesforce):
            if each.now < instant:
                each.run_until(instant)


def pair(settings: Sync, hubspot: Running, salesforce: Running, *, user_token: str = "") -> Pair:
    """Join two served simulators; `user_token` is a session of the integration's user in Salesforce, if not the served one."""
    joint = Joint(settings, wire(hubspot), wire(salesforce, user_token))
    return Pair(hubspot, salesforce, joint, first_look(settings, max(hubspot.now, salesforce.now)))


def first_look(settings: Sync, now: datetime) -> datetime:
    """Return the next full quarter of an hour, or whatever the cycle is."""
    return _EPOCH + ((now - _EPOCH) // settings.every + 1) * settings.every


def read_settings(path: Path, *, root: Path) -> Sync:
    """Return what a file says of the integration. Raises DocumentError where it cannot be used."""
    loaded = load_sync(path, root=root)
    if loaded.value is None or errors_in(loaded.diagnostics):
        raise DocumentError(f"{path} cannot be used.", loaded.diagnostics)
    return loaded.value


__all__ = ["Pair", "pair", "read_settings"]
