"""Parcels become months: each month that they touch is written anew, with rows that are one and the same kept once.

Only the parcels and one month are held at a time. Where it is cut off, the parcels are still there and it is done again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sla_sync.history.incoming import bare, opened, parcels, settled
from sla_sync.history.manifest import NAME, Manifest, write_manifest
from sla_sync.history.parquet import drop_month, files, rows_in, schema_of, write_month
from sla_sync.history.tables import TABLES, Table

_PLACE = "_place"


def fold(folder: Path) -> None:
    """Bring all parcels of a folder into the months of their tables, and throw them away."""
    if not (folder / NAME).is_file():
        write_manifest(folder, Manifest(synthetic=False))
    for name, paths in parcels(folder).items():
        rows, key = opened(paths)
        _fold_table(folder, TABLES[name], _latest(rows, key), key)
        for path in paths:
            # The oldest goes first: if it is cut off here, the rows that count come again.
            path.unlink()
    pa.default_memory_pool().release_unused()


def _fold_table(folder: Path, table: Table, rows: pa.Table, key: Sequence[str]) -> None:
    names = schema_of(table, synthetic=False).names
    months = pc.strftime(rows.column(table.at), format="%Y-%m")
    touched = set(pc.unique(months).to_pylist())
    if table.at not in key:
        touched |= set(_that_hold(folder, table, rows, key))
    for month in sorted(touched):
        path = folder / table.name / f"{month}.parquet"
        kept = [rows_in(path)] if path.is_file() else []
        if kept and table.at not in key:
            kept = [kept[0].join(rows.select(key), keys=list(key), join_type="left anti")]
        new = rows.filter(pc.equal(months, month))
        both = _latest(pa.concat_tables([*(bare(each, names) for each in kept), new]), key)
        write_rows(folder, table, month, both, key)


def write_rows(folder: Path, table: Table, month: str, rows: pa.Table, key: Sequence[str] = ()) -> None:
    """Write the rows of one month in their order, and wait until they are on the disk; no row, no month."""
    if not len(rows):
        drop_month(folder, table, month)
        return
    others = [each.name for each in table.columns if each.name in key and each.name != table.at]
    ordered = rows.sort_by([(each, "ascending") for each in (table.at, *others)])
    write_month(folder, table, month, [ordered.replace_schema_metadata(schema_of(table, synthetic=False).metadata)])
    settled(folder / table.name / f"{month}.parquet")


def _that_hold(folder: Path, table: Table, rows: pa.Table, key: Sequence[str]) -> Iterator[str]:
    """Yield the months that hold an earlier row of what has come: its instant may have changed."""
    come = rows.select(key)
    for path in files(folder, table.name):
        if len(rows_in(path, columns=list(key)).join(come, keys=list(key), join_type="left semi")):
            yield path.stem


def _latest(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return the last of all rows that are one and the same."""
    placed = rows.select(key).append_column(_PLACE, pa.array(range(len(rows)), pa.int64()))
    last = placed.group_by(list(key)).aggregate([(_PLACE, "max")]).column(f"{_PLACE}_max")
    return rows.take(last.combine_chunks().sort())
