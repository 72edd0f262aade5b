"""What a history is made of: its months, its parcels, tables that somebody else exported, and the names of owners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import typer

from sla_sync.attainment.answering import answered
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.kept import first_told, kept_in, last_told
from sla_sync.cli.pack import names_in
from sla_sync.connector.history import OWNERS
from sla_sync.errors import SlaSyncError
from sla_sync.history import incoming, parquet
from sla_sync.history.elsewhere import rows_of, tables_in
from sla_sync.history.folding import fold
from sla_sync.history.manifest import read_manifest
from sla_sync.history.tables import TABLES
from tests.fuzz.foreign import Foreign

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def _rows() -> pa.Table:
    schema = parquet.schema_of(TABLES["owners"], synthetic=False)
    made = {
        each.name: [AT if pa.types.is_timestamp(each.type) else True if pa.types.is_boolean(each.type) else "x"]
        for each in schema
    }
    return pa.table(made, schema=schema)


def _history(folder: Path) -> None:
    (folder / "owners").mkdir()
    pq.write_table(_rows(), folder / "owners/2026-10.parquet")
    (folder / "manifest.json").write_text(
        json.dumps({"format": 1, "synthetic": False, "tables": {"owners": ["2026-10"]}})
    )


def _history_read(folder: Path) -> object:
    return read_manifest(folder), parquet.read(folder, "owners")


def _reckoned(folder: Path) -> object:
    engine = local_engine()
    try:
        found = kept_in(engine, folder, last_told(engine, folder) or AT)
        return first_told(engine, folder), [answered(engine, each).to_pylist() for each in found.values()]
    except duckdb.Error as error:  # the command line tells these in a sentence (`sla_sync.cli.main`)
        raise SlaSyncError(str(error)) from error
    finally:
        engine.disconnect()


def _sheet(folder: Path) -> None:
    pacsv.write_csv(_rows(), folder / "owners.csv")


def _table(folder: Path) -> None:
    pq.write_table(_rows(), folder / "owners.parquet")


def _warehouse(folder: Path) -> None:
    _table(folder)
    with duckdb.connect(str(folder / "past.duckdb")) as book:
        book.execute(f"CREATE TABLE owners AS SELECT * FROM '{folder / 'owners.parquet'}'")


def _rows_in(source: str) -> object:
    return list(rows_of(TABLES["owners"], tables_in(source)["owners"](), "owners"))


def _parcels(folder: Path) -> None:
    incoming.keep_parcel(folder, OWNERS, _rows().to_pylist(), ("owner",))
    next((folder / incoming.FOLDER).glob("*.parquet")).rename(folder / incoming.FOLDER / "00000001-owners.parquet")


def _names(folder: Path) -> None:
    (folder / "names.csv").write_text('id,name\n005A,"Ana, Berg"\n005B,Ben Ódor\n', encoding="utf-8")


def _named(folder: Path) -> object:
    try:
        return names_in(folder / "names.csv")
    except typer.BadParameter as error:  # a sentence too, with the option that it is about
        raise SlaSyncError(error.message) from error


FILES: Mapping[str, Foreign] = {
    "the page of a history": Foreign(_history, "manifest.json", "json", _history_read),
    "a month of a history": Foreign(_history, "owners/2026-10.parquet", "parquet", _history_read),
    "a month that is reckoned": Foreign(_history, "owners/2026-10.parquet", "parquet", _reckoned),
    "a table of somebody else": Foreign(_sheet, "owners.csv", "csv", lambda folder: _rows_in(str(folder))),
    "a table of somebody else with types": Foreign(_table, "owners.parquet", "parquet", lambda folder: _rows_in(str(folder))),
    "a table in a warehouse": Foreign(_warehouse, "past.duckdb", "duckdb", lambda folder: _rows_in(f"duckdb://{folder}/past.duckdb")),
    "a parcel of an export": Foreign(_parcels, "incoming/00000001-owners.parquet", "parquet", fold, said=False),
    "names of owners": Foreign(_names, "names.csv", "csv", _named),
}  # fmt: skip
"""What is read → how."""
