"""The kept tables of a history as expressions in an engine: instants in UTC without a zone, and nothing later than an instant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.datatypes import DataType
from ibis.expr.types import Table

from sla_sync.attainment.answering import DUCKDB, answered
from sla_sync.attainment.business_time import in_utc, naive, stamp
from sla_sync.attainment.named_engine import told
from sla_sync.attainment.possible import LATER, are_possible, possible, set_aside
from sla_sync.attainment.stacking import stacked
from sla_sync.errors import SlaSyncError
from sla_sync.history.parquet import files, schema_of
from sla_sync.history.standing import read_standing
from sla_sync.history.tables import LEGS, STAGES, TABLES, Kind
from sla_sync.history.tables import Table as Shape

_epoch_us = ibis.udf.scalar.builtin(name="epoch_us", signature=(("timestamp('UTC')",), "int64"))(lambda _: None)
_make_timestamp = ibis.udf.scalar.builtin(name="make_timestamp", signature=(("int64",), "timestamp(6)"))(lambda _: None)

_IS: Mapping[Kind, Callable[[DataType], bool]] = {
    Kind.ID: DataType.is_string,
    Kind.WORD: DataType.is_string,
    Kind.INSTANT: DataType.is_timestamp,
    Kind.NUMBER: DataType.is_numeric,
    Kind.WHOLE: DataType.is_integer,
    Kind.YES: DataType.is_boolean,
}
"""How an engine may have read what a column holds."""


def schema_in_utc(shape: Shape) -> pa.Schema:
    """Return the Arrow schema of a table as expressions have it: instants in UTC without a zone."""
    stamp_in_utc = pa.timestamp("us")
    kept = schema_of(shape, synthetic=False)
    return pa.schema([(each.name, stamp_in_utc if pa.types.is_timestamp(each.type) else each.type) for each in kept])


def nothing(shape: Shape) -> Table:
    """Return a table without a row."""
    return ibis.memtable(schema_in_utc(shape).empty_table())


def kept_in(engine: Any, folder: Path, as_of: datetime) -> dict[str, Table]:
    """Return every table that a folder keeps, empty where it lacks one, without later months; raises SlaSyncError."""
    return {name: _read(engine, folder, shape, as_of) for name, shape in TABLES.items()}


def aside_in(folder: Path) -> dict[str, int]:
    """Return how many rows of which tables of a folder are read by nobody, for they bear an instant that none can bear."""
    counted = {name: set_aside(files(folder, name), shape) for name, shape in TABLES.items()}
    return {name: number for name, number in counted.items() if number}


def first_told(engine: Any, folder: Path) -> datetime | None:
    """Return from when on a folder tells what happened: since when it was exported, else the month of the first change.

    Records themselves may be older than what is told of them. None where it has no row. Raises SlaSyncError.
    """
    standing = read_standing(folder)
    if standing is not None:
        return standing.since
    found = [_extreme(engine, shape, files(folder, shape.name), "min") for shape in (STAGES, LEGS)]
    first = min((each for each in found if each is not None), default=None)
    return None if first is None else datetime(first.year, first.month, 1, tzinfo=UTC)


def last_told(engine: Any, folder: Path) -> datetime | None:
    """Return up to when a folder tells what happened: the end of its export, else the instant of its last row.

    None where it has no row. Raises SlaSyncError.
    """
    found = [_extreme(engine, shape, tuple(reversed(files(folder, name))), "max") for name, shape in TABLES.items()]
    known = [each.replace(tzinfo=UTC) for each in found if each is not None]
    standing = read_standing(folder) if known else None
    # That nobody did anything since the last row is known too, and what is only planned has not happened.
    return standing.until if standing is not None and standing.finished else max(known, default=None)


def _extreme(engine: Any, shape: Shape, paths: Sequence[Path], how: str) -> datetime | None:
    """Return the first or last instant by which rows of a table are stored, of the first of its files that has any."""
    for path in paths:
        found = answered(engine, getattr(_plain(engine, shape, [path])[shape.at], how)()).as_py()
        if isinstance(found, datetime):
            return found
    return None


def cut(name: str, table: Table, as_of: datetime) -> Table:
    """Return a table as it was at an instant: without later rows, and without what is told of a later time in earlier ones."""
    now, shape = stamp(as_of), TABLES[name]
    known = table.filter(table[shape.at] <= now)
    hidden = {}
    for column, others in LATER.get(name, {}).items():
        later = known[column] > now
        for each in (column, *others):
            hidden[each] = ibis.ifelse(later, ibis.null(known[each].type()), known[each])
    if name == LEGS.name:
        # Nobody knows of a merger that is still to come.
        away = known["void"].isin(["merged", "deleted"]) & (known["ended_at"] > now)
        hidden["void"] = ibis.ifelse(away, ibis.null("string"), known["void"])
    return known.mutate(**hidden) if hidden else known


def _read(engine: Any, folder: Path, shape: Shape, as_of: datetime) -> Table:
    last = f"{naive(as_of):%Y-%m}"
    paths = [path for path in files(folder, shape.name) if path.stem <= last]
    if not paths:
        return nothing(shape)
    return _plain(engine, shape, paths)


@told
def _plain(engine: Any, shape: Shape, paths: Sequence[Path]) -> Table:
    """Return the columns of a table in some files, with those instants only that a record can bear."""
    if engine.name == DUCKDB:
        read = engine.read_parquet([str(path) for path in paths])
    else:
        read = stacked(*(engine.read_parquet(str(path)) for path in paths))
    if not all(are_possible(path, shape) for path in paths):
        read = possible(read, shape)
    plain = (_by_number(read) if engine.name == DUCKDB else in_utc(read)).select(*(each.name for each in shape.columns))
    kinds = plain.schema()
    wrong = next((each for each in shape.columns if not _IS[each.kind](kinds[each.name])), None)
    if wrong is not None:
        raise SlaSyncError(
            f"The engine reads {wrong.name} of {shape.name} as {kinds[wrong.name]}, and it must be {wrong.kind}.",
            hint="Let it read the files of the history as they are, or reckon on DuckDB.",
        )
    return plain


def _by_number(read: Table) -> Table:
    """Return the table with its instants in UTC; DuckDB converts them by its calendar library many times slower."""
    zoned = [name for name, kind in read.schema().items() if kind.is_timestamp() and kind.timezone is not None]
    return read.mutate(**{name: _make_timestamp(_epoch_us(read[name])) for name in zoned})
