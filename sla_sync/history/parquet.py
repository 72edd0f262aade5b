"""A history as Parquet files: a folder for each table, a file for each month, and the manifest beside them.

A month is written beside the old file and takes its place when it is whole. What a generator made bears a mark and ids that
begin with SYN; it is never kept in one folder with what really happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sla_sync.errors import SlaSyncError
from sla_sync.history.manifest import FORMAT, MONTH, NAME, Manifest, read_manifest, write_manifest
from sla_sync.history.tables import TABLES, Kind, Table

SYNTHETIC_PREFIX: Final = "SYN"
"""What every id begins with that a generator made, and no other."""
_MARK: Final = b"sla_sync.synthetic"
_FORMAT: Final = b"sla_sync.format"
_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.ID: pa.string(),
    Kind.WORD: pa.string(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.NUMBER: pa.float64(),
    Kind.WHOLE: pa.int64(),
    Kind.YES: pa.bool_(),
}


def schema_of(table: Table, *, synthetic: bool) -> pa.Schema:
    """Return the Arrow schema of a table, with the mark of what it holds."""
    fields = [pa.field(each.name, _TYPES[each.kind], nullable=not each.required) for each in table.columns]
    return pa.schema(fields, metadata={_FORMAT: str(FORMAT).encode(), _MARK: b"yes" if synthetic else b"no"})


def write(folder: Path, table: Table, rows: pa.Table) -> None:
    """Write rows month by month; the months in which they lie are replaced, the others stay. Raises SlaSyncError."""
    synthetic = _is_marked(rows.schema)
    rows = _checked(rows, table, f"What is to be written to {folder / table.name}", synthetic=synthetic)
    rows = rows if _is_in_order(rows.column(table.at)) else rows.sort_by(table.at)
    months = pc.strftime(rows.column(table.at), format="%Y-%m").combine_chunks()
    start = 0
    for month, length in _runs(months):
        write_month(folder, table, month, [rows.slice(start, length)])
        start += length
    if not len(rows):
        _register(folder, table, (), synthetic=synthetic)


def write_month(folder: Path, table: Table, month: str, parts: Iterable[pa.Table]) -> None:
    """Write all rows of one month, such as 2026-10, part after part; what was there is replaced. Raises SlaSyncError."""
    if not MONTH.fullmatch(month):
        raise SlaSyncError(
            f"{month} is no month in which rows of {table.name} can lie.", hint="Correct their instants."
        )
    path = folder / table.name / f"{month}.parquet"
    draft = path.with_name(f"{path.name}.new")
    writer: pq.ParquetWriter | None = None
    synthetic = False
    try:
        for part in parts:
            if writer is None:
                synthetic = _is_marked(part.schema)
                _refuse_mixture(folder, synthetic=synthetic)
                path.parent.mkdir(parents=True, exist_ok=True)
                words = [each.name for each in table.columns if each.kind is Kind.WORD]
                schema = schema_of(table, synthetic=synthetic)
                writer = pq.ParquetWriter(draft, schema, compression="zstd", use_dictionary=words)
            writer.write_table(_checked(part, table, f"What is to be written to {path}", synthetic=synthetic))
        if writer is not None:
            writer.close()
            draft.replace(path)
            _register(folder, table, (month,), synthetic=synthetic)
    finally:
        if writer is not None:
            writer.close()
        draft.unlink(missing_ok=True)


def drop_month(folder: Path, table: Table, month: str) -> None:
    """Take a month out of a history: first it is no longer named, then its file goes."""
    found = read_manifest(folder)
    months = {
        name: tuple(each for each in kept if (name, each) != (table.name, month)) for name, kept in found.months.items()
    }
    write_manifest(folder, Manifest(found.synthetic, months))
    (folder / table.name / f"{month}.parquet").unlink(missing_ok=True)


def files(folder: Path, name: str) -> tuple[Path, ...]:
    """Return the files of a table, the oldest month first, after a look at what each says of itself.

    Raises SlaSyncError where one is missing, is of another format or lacks a column. Only the end of each file is read, so
    that it costs the same for a big history.
    """
    manifest = read_manifest(folder)
    paths = tuple(folder / name / f"{month}.parquet" for month in manifest.months.get(name, ()))
    for path in paths:
        with _opened(path) as file:
            _check_schema(file.schema_arrow, TABLES[name], str(path), synthetic=manifest.synthetic)
    return paths


def read(folder: Path, name: str) -> pa.Table:
    """Return the whole of a table, by time; raises SlaSyncError as `files` does, and where a required value is missing."""
    table, synthetic = TABLES[name], read_manifest(folder).synthetic
    parts = []
    for path in files(folder, name):
        with _opened(path) as file:
            parts.append(_checked(_rows(file, path), table, str(path), synthetic=synthetic))
    return pa.concat_tables(parts) if parts else schema_of(table, synthetic=synthetic).empty_table()


def rows_in(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return what stands in the file of one month, or some columns of it. Raises SlaSyncError where it is no such file."""
    with _opened(path) as file:
        lacking = next((each for each in columns or () if each not in file.schema_arrow.names), None)
        if lacking is not None:
            raise SlaSyncError(f"{path} has no column {lacking}.", hint="Export that month again.")
        return _rows(file, path, columns)


def _rows(file: pq.ParquetFile, path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    try:
        return file.read(None if columns is None else list(columns))
    except (OSError, pa.ArrowException) as error:
        raise _broken(path) from error


def _broken(path: Path) -> SlaSyncError:
    return SlaSyncError(f"{path} is no whole Parquet file.", hint="Export that month again.")


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise SlaSyncError(
            f"{path} is missing, although {NAME} names its month.", hint="Export that month again."
        ) from None
    except (OSError, pa.ArrowException) as error:
        raise _broken(path) from error


def _checked(rows: pa.Table, table: Table, what: str, *, synthetic: bool) -> pa.Table:
    """Return the columns that the table knows, in its order; raises SlaSyncError where they are not as they must be."""
    _check_schema(rows.schema, table, what, synthetic=synthetic)
    for column in table.columns:
        values = rows.column(column.name)
        if column.required and values.null_count:
            raise SlaSyncError(
                f"{what}: {column.name} is empty in {values.null_count} rows of {len(rows)}, and must never be.",
                hint="Leave these rows out, or find what they lack.",
            )
        if column.kind is Kind.ID and len(rows):
            marked = pc.starts_with(values, SYNTHETIC_PREFIX)
            wrong = not pc.all(marked).as_py() if synthetic else pc.any(marked).as_py()
            if wrong and values.null_count < len(rows):
                raise SlaSyncError(
                    f"{what}: {column.name} holds ids that {'do not begin' if synthetic else 'begin'} with "
                    f"{SYNTHETIC_PREFIX}, as ids of generated rows do.",
                    hint="Keep generated rows and real ones apart.",
                )
    schema = schema_of(table, synthetic=synthetic)
    return pa.Table.from_arrays([rows.column(each) for each in schema.names], schema=schema)


def _check_schema(schema: pa.Schema, table: Table, what: str, *, synthetic: bool) -> None:
    metadata = schema.metadata or {}
    version = metadata.get(_FORMAT, str(FORMAT).encode()).decode(errors="replace")
    if version != str(FORMAT):
        raise SlaSyncError(f"{what} is of format {version}, and only {FORMAT} can be read.", hint="Export it again.")
    if _is_marked(schema) is not synthetic:
        raise _mixture(what, synthetic=synthetic)
    for column in table.columns:
        place = schema.get_field_index(column.name)
        if place < 0:
            raise SlaSyncError(
                f"{what} has no column {column.name} of the table {table.name}.", hint="Write it, empty where unknown."
            )
        if schema.field(place).type != _TYPES[column.kind]:
            raise SlaSyncError(
                f"{what}: {column.name} is {schema.field(place).type}, and must be {_TYPES[column.kind]}.",
                hint="Change the type of the column where it is made.",
            )


def _is_marked(schema: pa.Schema) -> bool:
    return bool((schema.metadata or {}).get(_MARK) == b"yes")


def _refuse_mixture(folder: Path, *, synthetic: bool) -> None:
    if (folder / NAME).exists() and read_manifest(folder).synthetic is not synthetic:
        raise _mixture("What is to be written", synthetic=not synthetic, folder=folder)


def _mixture(what: str, *, synthetic: bool, folder: Path | None = None) -> SlaSyncError:
    kept = "generated" if synthetic else "real"
    brought = "real" if synthetic else "generated"
    place = f"{folder}" if folder else "its folder"
    return SlaSyncError(
        f"{what} is {brought}, and {place} holds a {kept} history; the two are never mixed.",
        hint="Choose a folder of its own for generated rows.",
    )


def _register(folder: Path, table: Table, months: tuple[str, ...], *, synthetic: bool) -> None:
    _refuse_mixture(folder, synthetic=synthetic)
    known = dict(read_manifest(folder).months) if (folder / NAME).exists() else {}
    known[table.name] = (*known.get(table.name, ()), *months)
    write_manifest(folder, Manifest(synthetic, known))


def _is_in_order(instants: pa.ChunkedArray) -> bool:
    pairs = max(len(instants) - 1, 0)
    return bool(pc.all(pc.less_equal(instants.slice(0, pairs), instants.slice(1))).as_py() or not pairs)


def _runs(months: pa.Array) -> list[tuple[str, int]]:
    """Return each month of months in order, and in how many rows it stands."""
    return [(each["values"], each["counts"]) for each in pc.value_counts(months).to_pylist()]
