"""The scheduled paths that wait: one for each flow, path and record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sla_sync_salesforce.simulator.store import Row, Store

_WAITING = "WaitingPath"
"""The name under which the store keeps them. It is no object of the platform, so that no query finds it."""


@dataclass(frozen=True)
class Waiting:
    """One path that waits, for one record, until it is due. `number` tells which of two was planned first."""

    flow: str
    path: str
    record: str
    object_name: str
    due: datetime
    user: str
    number: int = 0

    @property
    def key(self) -> str:
        """What no other one has."""
        return f"{self.flow}/{self.path}/{self.record}"


def plan(store: Store, waiting: Waiting) -> None:
    """Let a path wait, in place of the same one for the same record."""
    number = store.numbers.get(_WAITING, 0) + 1
    store.numbers[_WAITING] = number
    row: Row = {
        "flow": waiting.flow,
        "path": waiting.path,
        "record": waiting.record,
        "object": waiting.object_name,
        "due": waiting.due,
        "user": waiting.user,
        "number": number,
    }
    store.note(_WAITING, waiting.key, row)


def cancel(store: Store, waiting: Waiting) -> None:
    """Let a path wait no more."""
    store.note(_WAITING, waiting.key, None)


def waiting_for(store: Store, flow: str, path: str, record: str) -> Waiting | None:
    """Return the path that waits for a record, or None."""
    row = store.of(_WAITING).get(f"{flow}/{path}/{record}")
    return None if row is None else _waiting(row)


def agenda(store: Store) -> tuple[Waiting, ...]:
    """Return everything that waits, in the order in which it is due."""
    return tuple(sorted(map(_waiting, store.of(_WAITING).values()), key=lambda each: (each.due, each.number)))


def forget(store: Store, record: str) -> None:
    """Cancel what waits for a record that is gone."""
    for each in agenda(store):
        if each.record == record:
            cancel(store, each)


def _waiting(row: Row) -> Waiting:
    due, number = row["due"], row["number"]
    return Waiting(
        str(row["flow"]),
        str(row["path"]),
        str(row["record"]),
        str(row["object"]),
        due if isinstance(due, datetime) else datetime.max.replace(tzinfo=UTC),
        str(row["user"]),
        int(number) if isinstance(number, (int, float)) else 0,
    )
