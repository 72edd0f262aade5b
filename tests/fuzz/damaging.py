"""One place of a file made wrong by a seed: of its bytes, its tree, its sheet, or of the tables and columns that it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.spoiling import ODD, spoilt

_MOSTLY = 0.8
"""How often of a file that holds tables a table is made wrong, and not the bytes."""
_HELD: tuple[Any, ...] = (
    None, "", "x", -1, 1.5, b"\xff", "[", "{}", "[" * 5_000, "2026-02-30", "0001-01-01T00:00:00+14:00", "1e999", "9" * 400,
    "\x00",
)  # fmt: skip
"""What SQLite may hold in a row, whatever its column was made for."""
_ARROW: tuple[tuple[Any, pa.DataType | None], ...] = (
    ([], None), ({"a": 1}, None), (b"x", None), (7, None), (1.5, None), ("x", None), (True, None), (date(2026, 1, 1), None),
    (None, pa.null()), (float("nan"), None), (float("inf"), None), (2**63, pa.uint64()), (2**53, pa.timestamp("ms")),
    (-(2**62), pa.timestamp("us", tz="UTC")), (2**30, pa.date32()), (Decimal("1e30"), None), (timedelta(days=9**6), None),
    ([{"a": [None]}], None), ("[" * 5_000, None), ("1" * 30, None), ("1e999", None),
)  # fmt: skip
"""What a column of Parquet may hold instead, and as which type where Python does not tell."""
_SAID = (
    "NULL", "'x'", "''", "7", "1.5", "'nan'::DOUBLE", "'-inf'::FLOAT", "'infinity'::TIMESTAMP", "'-infinity'::DATE",
    "TIMESTAMP '290000-01-01 00:00:00'", "TIMESTAMPTZ '0044-03-15 (BC) 00:00:00+00'", "DATE '5877000-06-23 (BC)'",
    "TIME '24:00:00'", "INTERVAL 99 YEAR", "'\\xFF'::BLOB", "[]", "[[1], NULL]", "{'a': 1}", "MAP {'a': 1}", "true",
    "'6f9619ff-8b86-d011-b42d-00c04fc964ff'::UUID", "'101'::BIT",
    "170141183460469231731687303715884105727::HUGEINT", "1e30::DECIMAL(38, 2)", "union_value(n := 1)",
    "'a'::ENUM ('a', 'b')", "repeat('[', 5000)", "chr(27) || '[2J'", "'[' || repeat('[],', 9) || '1]'",
)  # fmt: skip
"""What a column of DuckDB may hold instead."""


def damage(path: Path, kind: str, chance: Random) -> None:
    """Make one place of a file wrong; `kind` is as in a content type, or one of those that hold tables."""
    tables = _TABLES.get(kind)
    if tables is not None and chance.random() < _MOSTLY:
        tables(path, chance)
    else:
        path.write_bytes(spoilt(path.read_bytes(), kind, chance))


def _rows_of_sqlite(path: Path, chance: Random) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("PRAGMA ignore_check_constraints = ON")
        tables = [
            row[0] for row in book.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        ]
        table = chance.choice([each for each in tables if not each.startswith("sqlite_")])
        column = chance.choice([row[1] for row in book.execute(f'PRAGMA table_info("{table}")')])
        value = chance.choice(_HELD)
        try:
            match chance.randrange(4):
                case 0:
                    book.execute(f'DROP TABLE "{table}"')
                case 1:
                    book.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
                case 2:
                    book.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = 1', (value,))
                case _:
                    book.execute(f'UPDATE "{table}" SET "{column}" = ?', (value,))
        except sqlite3.Error:
            return  # the database itself refused to hold it


def _columns_of_parquet(path: Path, chance: Random) -> None:
    rows = pq.read_table(path)
    at = chance.randrange(rows.num_columns)
    name = rows.column_names[at]
    match chance.randrange(6):
        case 0:
            rows = rows.drop_columns([name])
        case 1:
            rows = rows.set_column(at, name, pa.array([None] * len(rows), rows.column(at).type))
        case 2 | 3:
            value, kind = chance.choice(_ARROW)
            rows = rows.set_column(at, name, _arrow([value] * len(rows), kind))
        case 4:
            rows = rows.append_column(name, rows.column(at))
        case _:
            odd = chance.choice([b"", b"7", b"\xff", str(chance.choice(ODD)).encode("utf-8", "replace")])
            rows = rows.replace_schema_metadata(
                {**(rows.schema.metadata or {}), b"sla_sync.format": odd, b"sla_sync.key": odd}
            )
    pq.write_table(rows, path)


def _arrow(values: list[Any], kind: pa.DataType | None) -> pa.Array:
    if kind is None or pa.types.is_null(kind):
        return pa.array(values, kind)
    if pa.types.is_date32(kind):
        return pa.array(values, pa.int32()).view(kind)
    # Python itself cannot say such instants.
    return pa.array(values, pa.uint64() if pa.types.is_uint64(kind) else pa.int64()).view(kind)


def _columns_of_duckdb(path: Path, chance: Random) -> None:
    with duckdb.connect(str(path)) as book:
        tables = sorted(row[0] for row in book.execute("SELECT table_name FROM duckdb_tables()").fetchall())
        table = chance.choice(tables)
        told = f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{table}' ORDER BY column_index"
        column = chance.choice([row[0] for row in book.execute(told).fetchall()])
        value = chance.choice(_SAID)
        match chance.randrange(6):
            case 0:
                book.execute(f'DROP TABLE "{table}"')
            case 1:
                book.execute(f'CREATE TABLE _other AS SELECT 1 AS "x", * EXCLUDE ("{column}") FROM "{table}"')
                _take_place(book, table, "_other")
            case 2:
                # A view that breaks off while it is read, as a question to a warehouse may.
                book.execute(f'ALTER TABLE "{table}" RENAME TO _kept')
                breaks = f"""error('no more of ' || "{column}"::VARCHAR) AS "{column}\""""
                book.execute(f'CREATE VIEW "{table}" AS SELECT * REPLACE ({breaks}) FROM _kept')
            case _:
                book.execute(f'CREATE TABLE _other AS SELECT * REPLACE ({value} AS "{column}") FROM "{table}"')
                _take_place(book, table, "_other")


def _take_place(book: duckdb.DuckDBPyConnection, table: str, other: str) -> None:
    book.execute(f'DROP TABLE "{table}"')
    book.execute(f'ALTER TABLE "{other}" RENAME TO "{table}"')


_TABLES: Mapping[str, Callable[[Path, Random], None]] = {
    "sqlite": _rows_of_sqlite,
    "parquet": _columns_of_parquet,
    "duckdb": _columns_of_duckdb,
}
