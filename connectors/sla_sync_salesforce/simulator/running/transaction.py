"""One transaction: who acts, when, how much of the limits is used up, and how records are saved within it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.paths import Viewpoint
from sla_sync_salesforce.simulator.running.world import World, world_of
from sla_sync_salesforce.simulator.store import Store, Value

Writes: TypeAlias = "Sequence[tuple[str | None, Mapping[str, Value]]]"
"""Records to save: the id, or None for a new one, and the fields that are written."""

_DEPTH_LIMIT = 16
# Documented: "Per-Transaction Apex Limits", which flows share.
_LIMITS = {"SOQL queries": 100, "DML statements": 150, "DML rows": 10_000}


@dataclass
class Transaction:
    """What is done together or not at all."""

    desk: Desk
    user: str
    """The id of the user who acts, or in whose name a scheduled path runs."""
    saver: Callable[[Transaction, str, Writes], list[str]] = field(repr=False)
    now: datetime = field(init=False)
    world: World = field(init=False)
    depth: int = 0
    used: dict[str, int] = field(default_factory=dict)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    """What waits for the commit: the asynchronous paths."""
    leaving: set[str] = field(default_factory=set)
    """The records that are about to be deleted: documented, nothing that this begins may save them."""

    def __post_init__(self) -> None:
        self.now = self.desk.organization.now
        self.world = world_of(self.desk)

    @property
    def store(self) -> Store:
        """The rows of the org."""
        return self.desk.organization.store

    @property
    def view(self) -> Viewpoint:
        """From where references are followed."""
        return Viewpoint(self.world, self.now, self.user)

    def use(self, limit: str, amount: int = 1) -> None:
        """Count towards a limit of the platform. Raises RefusedError beyond it."""
        self.used[limit] = self.used.get(limit, 0) + amount
        if self.used[limit] > _LIMITS[limit]:
            raise RefusedError("LIMIT_EXCEEDED", f"Too many {limit}: {self.used[limit]}")

    def write(self, object_name: str, writes: Writes) -> list[str]:
        """Save records as one statement, with everything that follows from it, and return their ids. Raises RefusedError."""
        self.use("DML statements")
        self.use("DML rows", len(writes))
        if self.depth >= _DEPTH_LIMIT:
            raise RefusedError("CANNOT_EXECUTE_FLOW_TRIGGER", f"Maximum trigger depth exceeded ({_DEPTH_LIMIT})")
        self.depth += 1
        try:
            return self.saver(self, object_name, writes)
        finally:
            self.depth -= 1
