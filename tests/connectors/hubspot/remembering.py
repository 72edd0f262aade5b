"""A portal whose contacts have a past that a test writes, and what the reader tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sla_sync.connector import Setup
from sla_sync.connector.history import HistoryAsked, Piece, Table, Untold
from sla_sync.connector.simulation import Running, serve
from sla_sync_hubspot.reader import HubSpotReader, reading
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.association_types import default_label
from sla_sync_hubspot.simulator.portal import Portal as Inside
from sla_sync_hubspot.simulator.records import SCREENS, Source
from sla_sync_hubspot.simulator.stock_properties import Stock, spell_stock
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from tests.connectors.hubspot.clock_stage import example
from tests.connectors.hubspot.stories import Portal

CONTACT, DEAL = "0-1", "0-3"
MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
NOW = datetime(2026, 10, 30, 9, tzinfo=UTC)
"""When the past is looked back upon."""
MORGAN, ANA = "41000002", "41000005"
MORGAN_AS_USER = "9000003"
PERSON = Source(SCREENS, f"userId:{MORGAN_AS_USER}", MORGAN_AS_USER)
_OURS = (
    Stock("sla_source", "Source", "string", "text", "contactinformation"),
    Stock("sla_competitor", "Competitor", "bool", "booleancheckbox", "contactinformation"),
    Stock("sla_test", "Test", "bool", "booleancheckbox", "contactinformation"),
    Stock("sla_reason", "Reason", "enumeration", "select", "contactinformation"),
    Stock("sla_queue", "Queue", "enumeration", "select", "contactinformation"),
)


@cache
def words() -> Vocabulary:
    """Return the words of the startup."""
    return example()


def after(**length: float) -> datetime:
    """Return an instant so long after nine on Monday."""
    return MONDAY + timedelta(**length)


@dataclass
class Told:
    """What a reader told."""

    pieces: list[Piece] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)

    def rows(self, table: Table) -> list[Mapping[str, Any]]:
        """Return the rows of a table, by time; of those with one key the last."""
        found = {tuple(row[each] for each in piece.key): row for piece in self.pieces if piece.table is table
                 for row in piece.rows}  # fmt: skip
        return sorted(found.values(), key=lambda row: (str(row.get("lead")), row[table.at]))

    def shown(self, table: Table, *columns: str) -> list[Any]:
        """Return columns of a table: a tuple for each row, or the value of the one column."""
        rows = self.rows(table)
        return (
            [row[columns[0]] for row in rows] if len(columns) == 1 else [tuple(row[c] for c in columns) for row in rows]
        )

    def marks(self) -> dict[str, str]:
        """Return the marks that whoever keeps the rows keeps with them."""
        return {each.stream: each.mark for each in self.pieces}

    def take(self, told: Iterable[Piece | Untold]) -> Told:
        """Take what is told, and return it with what was told before."""
        for each in told:
            if isinstance(each, Piece):
                self.pieces.append(each)
            else:
                self.untold.append(each)
        return self


@dataclass(frozen=True)
class Remembering:
    """A served portal, what is written into its past, and what is told of it."""

    portal: Portal

    @property
    def running(self) -> Running:
        """The simulator."""
        return self.portal.running

    @property
    def inside(self) -> Inside:
        """The portal from inside."""
        found: Any = self.running.application
        inside: Inside = found.portal
        return inside

    def contact(self, at: datetime = MONDAY, source: Source = PERSON, **values: str) -> str:
        """Let a contact come to be."""
        return self.inside.records.create(CONTACT, {"email": "nora@buyer.example", **values}, source, at)

    def write(
        self, contact: str, at: datetime, source: Source = PERSON, object_id: str = CONTACT, **values: str
    ) -> None:
        """Let values of a record become others."""
        self.inside.records.write(object_id, contact, values, source, at)

    def beside(self, object_id: str, at: datetime, *contacts: str, **values: str) -> str:
        """Let a record be there that is associated with contacts."""
        records = self.inside.records
        made = records.create(object_id, values, PERSON, at)
        for contact in contacts:
            records.link((object_id, made), (CONTACT, contact), (default_label(object_id, CONTACT),))
        return made

    @contextmanager
    def reader(self, vocabulary: Vocabulary | None = None) -> Iterator[HubSpotReader]:
        """Open a reader of this portal in these words."""
        people = (vocabulary or words()).people
        connection = replace(self.portal.connection(), setup=Setup("startup-inbound", people))
        with reading(connection) as found:
            yield found

    def asked(self, vocabulary: Vocabulary | None = None, **parts: Any) -> HistoryAsked:
        """Return what is asked: the last ninety days where nothing else is said."""
        said = vocabulary or words()
        asked = HistoryAsked(NOW - timedelta(days=90), NOW, said.resources, said.binding)
        return replace(asked, **parts)

    def tell(self, vocabulary: Vocabulary | None = None, **parts: Any) -> Told:
        """Return all that is told."""
        with self.reader(vocabulary) as reader:
            return Told().take(reader.history(self.asked(vocabulary, **parts)))


@contextmanager
def remembering(data: Path) -> Iterator[Remembering]:
    """Serve an empty portal, at the end of October, that has the properties of the startup."""
    with serve(simulator, data, clock=NOW) as running:
        found = Remembering(Portal(running, data))
        stamp = "2026-10-01T00:00:00.000Z"
        found.inside.state["properties"][CONTACT] |= {each.name: spell_stock(each, 0, stamp) for each in _OURS}
        for each in found.inside.state["owners"]:
            each["createdAt"] = stamp
        yield found
