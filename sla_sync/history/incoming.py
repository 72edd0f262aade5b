"""Rows that have come and are not in their months yet: parcels on disk, so that nothing that was told need be told again.

A parcel is there whole or not at all. What an export has reached is noted after its rows are on the disk; rows that come twice
because it was cut off between the two are one and the same by their key.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from sla_sync.errors import SlaSyncError
from sla_sync.history.parquet import schema_of
from sla_sync.history.tables import TABLES, Table

FOLDER: Final = "incoming"
_KEY: Final = b"sla_sync.key"


def keep_parcel(folder: Path, table: Table, rows: Sequence[Mapping[str, object]], key: Sequence[str]) -> None:
    """Write rows of a table that are the same by a key as a parcel that comes after all others; lasting when it returns."""
    inbox = folder / FOLDER
    inbox.mkdir(parents=True, exist_ok=True)
    number = 1 + max((_number(each) for each in inbox.glob("*.parquet")), default=0)
    path = inbox / f"{number:08d}-{table.name}.parquet"
    draft = path.with_name(f"{path.name}.new")
    schema = schema_of(table, synthetic=False)
    schema = schema.with_metadata({**(schema.metadata or {}), _KEY: ",".join(key).encode()})
    pq.write_table(pa.Table.from_pylist([dict(each) for each in rows], schema=schema), draft, compression="zstd")
    settled(draft)
    draft.replace(path)


def settled(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def parcels(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """Return the parcels of each table that has any, the oldest first; half ones are thrown away."""
    inbox = folder / FOLDER
    for each in inbox.glob("*.new"):
        each.unlink()
    found: dict[str, list[Path]] = {}
    for path in sorted(inbox.glob("*.parquet"), key=_number):
        name = path.stem.partition("-")[2]
        if name in TABLES:
            found.setdefault(name, []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def opened(paths: Sequence[Path]) -> tuple[pa.Table, tuple[str, ...]]:
    """Return all rows of parcels of one table in the order in which they came, and the key of the last."""
    parts = [_parcel(path) for path in paths]
    key = parts[-1].schema.metadata[_KEY].decode().split(",")
    return pa.concat_tables(bare(part, part.column_names) for part in parts), tuple(key)


def _parcel(path: Path) -> pa.Table:
    """Return the rows of a parcel. Raises SlaSyncError where it is none of those that an export leaves."""
    columns = schema_of(TABLES[path.stem.partition("-")[2]], synthetic=False).remove_metadata()
    try:
        rows = pq.ParquetFile(path).read()
        key = (rows.schema.metadata or {})[_KEY].decode().split(",")
    except (OSError, pa.ArrowException, KeyError, UnicodeDecodeError):
        key, rows = [], columns.empty_table()
    if not key or set(key) - set(columns.names) or not rows.schema.remove_metadata().equals(columns):
        raise SlaSyncError(f"{path} is no whole parcel of an export.", hint="Export the history anew, with --anew.")
    return rows


def bare(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return columns without what a schema says of them beside their types."""
    return pa.Table.from_arrays([rows.column(each) for each in names], names=list(names))


def _number(path: Path) -> int:
    return int(path.stem.partition("-")[0])
