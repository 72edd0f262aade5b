"""The connector keeps the contract, on a CRM that is made for each test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sla_sync import connector as sla
from sla_sync.testing.agreed import agreed
from sla_sync.testing.contract import START, ConnectorContract
from sla_sync.testing.platform import Line, Local, Platform, VirtualTime
from sla_sync_sqlite import connector
from sla_sync_sqlite.reader import reading
from sla_sync_sqlite.terms import SqliteOptions
from sla_sync_sqlite.writer import writing

HERE = Path(__file__).parent
AGREED = agreed(HERE / "configs/agreement.yaml", HERE / "configs/bindings/sqlite.yaml", connector)
EDITS = (
    "UPDATE stages SET place = 9 WHERE name = 'SAL'",
    "UPDATE lists SET stage = 1 WHERE name = 'SLA_waiting_mql'",
)


def over(line: Line) -> sla.Connector:
    """Return the connector with every statement as a call over a line that can be cut."""

    class Watched(sqlite3.Connection):
        def execute(self, *asked: Any) -> sqlite3.Cursor:
            return line.call(lambda: super(Watched, self).execute(*asked))

    connect = partial(sqlite3.connect, factory=Watched)
    return replace(
        connector, open_reader=partial(reading, connect=connect), open_writer=lambda to, _: writing(to, connect)
    )


class TestSqlite(ConnectorContract):
    """The SQLite connector."""

    def connector(self) -> sla.Connector:
        """Return the connector."""
        return connector

    def translation(self) -> sla.Translation:
        """Return the agreement in the CRM's words."""
        return AGREED.translation

    def setup_of(self) -> sla.Setup:
        """Return whose agreement it is."""
        return AGREED.setup

    @contextmanager
    def platform(self, folder: Path) -> Iterator[Platform]:
        """Make a CRM in a folder, or open the one that is there."""
        file, line, time = folder / "crm.db", Line(), VirtualTime(START)
        new = not folder.exists()
        folder.mkdir(exist_ok=True)
        with closing(sqlite3.connect(file, isolation_level=None)) as crm:
            if new:
                crm.executescript((HERE / "crm.sql").read_text(encoding="utf-8"))

            def edit() -> Sequence[str]:
                crm.executescript(";".join(EDITS))
                return EDITS

            to = self.connect(SqliteOptions(file=file), time)
            yield Local(over(line), to, line, time, lambda: tuple(crm.iterdump()), edit)

    def refused(self, platform: Platform, folder: Path) -> None:
        """Return None: whoever can open the file is let in."""

    def absent(self, folder: Path) -> sla.Connection:
        """Return a connection to a file that is not there."""
        return self.connect(SqliteOptions(file=folder / "crm.db"), VirtualTime(START))
