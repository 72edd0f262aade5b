"""Tables that somebody else exported, in the columns of ours: files of CSV or Parquet in a folder, or tables of a warehouse.

They are read a batch at a time. Times without a zone are in UTC. A column that may be empty may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sla_sync.errors import SlaSyncError
from sla_sync.history.refusals import refused
from sla_sync.history.tables import TABLES, Column, Kind, Table

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "leads": ("lead",),
    "raises": ("lead", "at", "source"),
    "facts": ("lead", "field", "at"),
    "stages": ("lead", "at", "stage"),
    "owners": ("lead", "at"),
    "activities": ("activity", "lead"),
    "deals": ("deal",),
    "users": ("user", "since"),
    "legs": ("leg",),
}
"""By what rows of each table are one and the same, where nobody says otherwise."""
_TOGETHER: Final = 10_000
_YES: Final = {"true": True, "yes": True, "t": True, "1": True, "false": False, "no": False, "f": False, "0": False}
Batches: TypeAlias = Iterator[pa.RecordBatch]


def is_address(source: str) -> bool:
    """Return whether a source is a warehouse that is named by its address, and no folder."""
    return "://" in source


def spelled(source: str) -> str:
    """Return a source as it may be shown: of an address neither who signs in nor what follows the path."""
    if not is_address(source):
        return Path(source).name
    scheme, _, rest = source.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    path = rest.removeprefix(host)
    if "@" in path:  # A password that holds one of these signs: nobody can say where it ends.
        return f"{scheme}://…"
    return f"{scheme}://{host.rpartition('@')[2].partition(':')[0]}{re.split('[?#]', path, maxsplit=1)[0]}"


def tables_in(source: str, names: Iterable[str] = tuple(TABLES)) -> Mapping[str, Callable[[], Batches]]:
    """Return what opens each of these tables that a source has. Raises SlaSyncError where it has none, or cannot be opened."""
    names = tuple(names)
    found = _in_warehouse(source, names) if is_address(source) else _in_folder(Path(source), names)
    if not found:
        raise SlaSyncError(
            f"{spelled(source)} has none of the tables {', '.join(names)}.",
            hint="Name a folder with a CSV or Parquet file for each of them, or a schema with tables of these names.",
        )
    return found


def rows_of(table: Table, batches: Batches, place: str) -> Iterator[list[dict[str, object]]]:
    """Yield the rows of a table, some at a time, each value as its column holds it. Raises SlaSyncError for what is none."""
    number = 0
    for batch in batches:
        missing = [each.name for each in table.columns if each.required and each.name not in batch.schema.names]
        if missing:
            raise SlaSyncError(
                f"{place} has no column {missing[0]}, which {table.name} must have.",
                hint="docs/history.md lists the columns.",
            )
        rows = []
        for row in plain(batch, place):
            number += 1
            rows.append(
                {each.name: _value(each, row.get(each.name), f"{place}, row {number}") for each in table.columns}
            )
        yield rows


def plain(batch: pa.RecordBatch, place: str) -> list[dict[str, Any]]:
    """Return the rows of a batch with their values as Python has them. Raises SlaSyncError for one that it cannot hold."""
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException) as error:
        raise SlaSyncError(
            f"{place} holds a value that cannot be read: {_first_line(error)}.",
            hint="Correct it, or write that column as text.",
        ) from error
    return rows


def _in_folder(folder: Path, names: Iterable[str]) -> Mapping[str, Callable[[], Batches]]:
    if not folder.is_dir():
        raise SlaSyncError(
            f"{folder} is no folder.", hint="Name the folder that holds the tables, or the address of a warehouse."
        )
    found: dict[str, Callable[[], Batches]] = {}
    for name in names:
        for path, reads in ((folder / f"{name}.parquet", _parquet), (folder / f"{name}.csv", _csv)):
            if path.is_file():
                found.setdefault(name, lambda path=path, reads=reads: reads(path))  # type: ignore[misc]
    return found


def _parquet(path: Path) -> Batches:
    try:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(_TOGETHER)
    except (OSError, pa.ArrowException) as error:
        raise SlaSyncError(f"{path} is no whole Parquet file.", hint="Export it again.") from error


def _csv(path: Path) -> Batches:
    try:
        # Every value is read as text: a phone number or a version must not become a number.
        names = pacsv.open_csv(path, parse_options=pacsv.ParseOptions(newlines_in_values=True)).schema.names
        convert = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, quoted_strings_can_be_null=True,
            null_values=[""],
        )  # fmt: skip
        yield from pacsv.open_csv(
            path, parse_options=pacsv.ParseOptions(newlines_in_values=True), convert_options=convert
        )
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise SlaSyncError(
            f"{path} is no CSV that can be read.", hint="Write it in UTF-8, with a row of names."
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _in_warehouse(address: str, wanted: Iterable[str]) -> Mapping[str, Callable[[], Batches]]:
    import ibis

    try:
        engine: Any = ibis.connect(address)
        names = {str(each).lower(): str(each) for each in engine.list_tables()}
    except Exception as error:  # noqa: BLE001 - engines raise what they like
        raise refused(f"{spelled(address)} cannot be opened", error) from None

    def rows(name: str) -> Batches:
        try:
            yield from engine.table(name).to_pyarrow_batches(chunk_size=_TOGETHER)
        except Exception as error:  # noqa: BLE001 - engines raise what they like
            raise refused(f"{name} of {spelled(address)} cannot be read", error) from None

    return {name: partial(rows, names[name]) for name in wanted if name in names}


def _value(column: Column, value: object, place: str) -> object:
    if value is None or value == "":
        if column.required:
            raise SlaSyncError(
                f"{place}: {column.name} is empty, and must never be.", hint="Leave this row out, or fill it."
            )
        return None
    try:
        return _READ[column.kind](value)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise SlaSyncError(
            f"{place}: what stands in {column.name} is no {column.kind}.",
            hint="docs/history.md says what each column holds.",
        ) from error


def _instant(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


_READ: Final[Mapping[Kind, Callable[[Any], object]]] = {
    Kind.ID: str,
    Kind.WORD: str,
    Kind.INSTANT: _instant,
    Kind.NUMBER: float,
    Kind.WHOLE: lambda value: int(float(value)),
    Kind.YES: lambda value: _YES[str(value).strip().lower()],
}
