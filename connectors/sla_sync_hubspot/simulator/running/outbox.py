"""What a portal has sent: notices to its users and e-mails to contacts. Nothing leaves the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sla_sync_hubspot.simulator.call import spell_time
from sla_sync_hubspot.simulator.refusals import Json


@dataclass(frozen=True, slots=True)
class Sent:
    """One notice or e-mail; `kind` is EMAIL, APP, APP_AND_EMAIL or MARKETING_EMAIL, `to` are e-mail addresses."""

    kind: str
    at: datetime
    to: tuple[str, ...]
    subject: str
    body: str
    flow: str
    record: str


def spell_sent(sent: Sent) -> Json:
    """Return what is kept of it on disk."""
    return {
        "kind": sent.kind, "at": spell_time(sent.at), "to": list(sent.to), "subject": sent.subject, "body": sent.body,
        "flow": sent.flow, "record": sent.record,
    }  # fmt: skip


def read_sent(row: Json) -> Sent:
    """Return what was kept on disk."""
    return Sent(
        kind=row["kind"],
        at=datetime.fromisoformat(row["at"]),
        to=tuple(row["to"]),
        subject=row["subject"],
        body=row["body"],
        flow=row["flow"],
        record=row["record"],
    )
