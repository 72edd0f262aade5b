"""What every look of an audit at an org needs: the conversation, what is asked, and the time that it looks back upon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sla_sync.connector import Watched
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.ledger import rows_of
from sla_sync_salesforce.people import People
from sla_sync_salesforce.soql import select
from sla_sync_salesforce.translate.leg import leg_object

LOOKS_BACK = timedelta(days=30)
"""How far an audit looks back on records, and no further than to the first apply."""
GRACE = timedelta(minutes=15)
"""What happened later than this may still be under way: paths of flows run when the org comes to them."""
SHOWN = 200
"""How many records a look names; of more it tells the number."""


@dataclass(frozen=True)
class Ground:
    """One look at an org. `people` are the agreed roles and teams with their names in the targets file."""

    client: Client
    asked: Watched
    binding: SalesforceBinding
    people: Mapping[str, tuple[str, ...]]
    users: People

    @cached_property
    def applied_at(self) -> datetime | None:
        """When the agreement was first applied; None where it never was. Asked once."""
        found = rows_of(self.client, self.asked.translation.agreement, "Id, CreatedDate")
        return instant(found[0].get("CreatedDate")) if found else None

    @cached_property
    def definitions(self) -> list[Mapping[str, Any]]:
        """Every flow in force with its version, and the latest one. Asked once."""
        told = "DeveloperName, NamespacePrefix, ActiveVersion.VersionNumber, LatestVersion.VersionNumber"
        return self.client.tooling(select(told, "FlowDefinition", "ActiveVersionId != null"))

    @property
    def since(self) -> datetime:
        """From when on records are looked at; nothing is older than the agreement in this org."""
        earliest = self.asked.now - LOOKS_BACK
        return max(self.applied_at or self.asked.now, earliest)

    @property
    def leg(self) -> str:
        """The object that holds the assignments."""
        return leg_object(self.binding)

    def count(self, kind: str, where: str) -> int:
        """Return how many records there are."""
        return int(self.client.query(select("COUNT(Id) n", kind, where))[0]["n"])

    def some(self, columns: str, kind: str, where: str, order: str) -> tuple[list[Mapping[str, Any]], int]:
        """Return the newest of these records, at most `SHOWN`, and how many there are; counted only where they are more."""
        rows = self.client.query(select(columns, kind, where, f"ORDER BY {order} DESC LIMIT {SHOWN}"))
        return rows, len(rows) if len(rows) < SHOWN else self.count(kind, where)


def moment(at: datetime) -> str:
    """Return an instant as SOQL writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
