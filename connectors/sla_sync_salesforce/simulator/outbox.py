"""What an org has sent: notices and mails, with who got them and when. Nothing leaves the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sla_sync_salesforce.simulator.store import Row, Store

_SENT = "SentNotice"
"""The name under which the store keeps them. It is no object of the platform, so that no query finds it."""


@dataclass(frozen=True)
class Sent:
    """One notice or mail. `to` are ids of users for a notice, and addresses for a mail."""

    kind: str
    at: datetime
    to: tuple[str, ...]
    title: str
    body: str
    target: str
    flow: str


def put(
    store: Store,
    *,
    kind: str,
    at: datetime,
    to: tuple[str, ...],
    title: str,
    body: str,
    target: str,
    flow: str,
) -> None:
    """Note what is sent; it goes with the transaction, and is taken back with it."""
    number = store.numbers.get(_SENT, 0) + 1
    store.numbers[_SENT] = number
    row: Row = {
        "kind": kind,
        "at": at,
        "to": ";".join(to),
        "title": title,
        "body": body,
        "target": target,
        "flow": flow,
    }
    store.note(_SENT, f"{number:09}", row)


def sent(store: Store) -> tuple[Sent, ...]:
    """Return everything that was sent, oldest first."""
    return tuple(
        Sent(
            kind=str(row["kind"]),
            at=row["at"] if isinstance(row["at"], datetime) else datetime.min.replace(tzinfo=UTC),
            to=tuple(filter(None, str(row["to"] or "").split(";"))),
            title=str(row["title"]),
            body=str(row["body"]),
            target=str(row["target"] or ""),
            flow=str(row["flow"]),
        )
        for _, row in sorted(store.of(_SENT).items())
    )
