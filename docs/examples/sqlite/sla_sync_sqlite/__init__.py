"""SQLite: the connector value. Nothing here opens a file or imports what only an open one needs."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sla_sync import connector as sla
from sla_sync_sqlite.terms import TYPES, SqliteBinding, SqliteOptions
from sla_sync_sqlite.translate import translate


def _open_reader(connection: sla.Connection) -> AbstractContextManager[sla.Reader]:
    from sla_sync_sqlite.reader import reading

    return reading(connection)


def _open_writer(connection: sla.Connection, _: sla.Snapshot) -> AbstractContextManager[sla.Writer]:
    from sla_sync_sqlite.writer import writing

    return writing(connection)


connector = sla.Connector(
    "sqlite", sla.CONTRACT, TYPES, SqliteOptions, SqliteBinding, translate, _open_reader, _open_writer, build={}
)
