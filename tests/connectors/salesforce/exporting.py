"""An org in memory that is asked for its past over HTTP, and what it told, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from pydantic import SecretStr

from sla_sync.connector import Resources, Setup
from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync.connector.simulation import Running, serve
from sla_sync.history.tables import TABLES
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.past.telling import history_of
from sla_sync_salesforce.people import find
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.application import Application
from sla_sync_salesforce.simulator.organization import Assignment
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import Living

SINCE, UNTIL = datetime(2026, 9, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@dataclass
class Kept:
    """What was kept of what was told: rows by table and key, the last mark of each stream, and what was not told."""

    rows: dict[str, dict[tuple[object, ...], Mapping[str, Any]]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    untold: list[Untold] = field(default_factory=list)
    pieces: int = 0

    def keep(self, told: Piece | Untold) -> None:
        """Keep one piece; its mark counts once its rows are kept."""
        if isinstance(told, Untold):
            self.untold.append(told)
            return
        assert all(set(row) == {each.name for each in told.table.columns} for row in told.rows), told.table.name
        required = [each.name for each in TABLES[told.table.name].columns if each.required]
        assert all(row[name] is not None for row in told.rows for name in required), told.table.name
        for row in told.rows:
            self.rows.setdefault(told.table.name, {})[tuple(row[name] for name in told.key)] = row
        self.marks[told.stream] = told.mark
        self.pieces += 1

    def of(self, table: str, lead: str) -> list[Mapping[str, Any]]:
        """Return the rows of one lead, the oldest first."""
        at = TABLES[table].at
        return sorted(
            (row for row in self.rows.get(table, {}).values() if row["lead"] == lead), key=lambda each: each[at]
        )


@dataclass
class Told:
    """An org that answers, as whoever exports its past sees it."""

    org: Living
    client: Client
    running: Running
    binding: SalesforceBinding
    resources: Resources
    setup: Setup

    def past(self, marks: Mapping[str, str] | None = None, rows: int = 1000) -> Iterator[Piece | Untold]:
        """Yield what the org tells from these marks on."""
        names = {name for people in self.setup.people.values() for name in people}
        asked = HistoryAsked(SINCE, UNTIL, self.resources, self.binding, marks or {})
        return history_of(self.client, find(self.client, names), self.setup, asked, self.org.org.now, rows)

    def export(self, kept: Kept | None = None, rows: int = 1000) -> Kept:
        """Return all that the org tells, on top of what is kept."""
        kept = kept or Kept()
        for each in self.past(dict(kept.marks), rows):
            kept.keep(each)
        return kept

    def later(self, minutes: int) -> None:
        """Let time pass."""
        self.org.org.until(self.org.org.now + timedelta(minutes=minutes))


@contextmanager
def asked_for_its_past(org: Living) -> Iterator[Told]:
    """Serve an org in which everybody may see what was deployed."""
    desk = org.org.desk
    for place, (each, user) in enumerate(
        product(desk.organization.of("PermissionSet").values(), desk.organization.users)
    ):
        assigned = Assignment(f"0Pa{place:012}AAA", each.id, user.id, desk.organization.instant)
        desk.organization.assignments.append(assigned)
    here = replace(simulator, create=lambda _data, _clock: Application(desk), tls=False)
    resources, binding, setup = compiled()
    with serve(here, desk.data / "served", clock=desk.organization.now) as running:
        options = SalesforceOptions(url=running.url, token=SecretStr(running.token))
        client = Client("staging", options, pause=lambda _: None)
        yield Told(org, client, running, binding, resources, setup)
        client.close()
