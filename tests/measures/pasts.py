"""A small past written by hand: rows as mappings, table by table, in an engine in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.past import Past
from sla_sync.history.tables import CYCLES, STAYS, TABLES, Kind, Table

Rows = Iterable[Mapping[str, object]]

VERSION = "1"
"""The name of the version of the agreement, where a test names none."""
EVERY_TABLE = {**TABLES, CYCLES.name: CYCLES, STAYS.name: STAYS}
UNSAID: Mapping[str, object] = {
    "cycle": 1, "number": 1, "calendar": "office", "policy": VERSION, "touches": 0, "channels": 0, "counts": True,
    "inbound": False, "kind": "call", "activity": "activity", "source": "demo_request",
}  # fmt: skip
"""What a required column holds where a row does not say it."""
_TYPES = {
    Kind.ID: pa.string(),
    Kind.WORD: pa.string(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.NUMBER: pa.float64(),
    Kind.WHOLE: pa.int64(),
    Kind.YES: pa.bool_(),
}


@cache
def engine() -> Any:
    """Return one engine for all tests of a process: memtables of one past are nothing to another."""
    return local_engine()


def arrow(name: str, rows: Rows) -> pa.Table:
    """Return rows as a table of the history; an instant is a datetime with a zone, or a text such as `2026-10-05 14:00` in UTC.

    Raises ValueError for a column that the table lacks, and for a required one that is neither said nor in `UNSAID`.
    """
    table = EVERY_TABLE[name]
    schema = pa.schema([(each.name, _TYPES[each.kind]) for each in table.columns])
    return pa.Table.from_pylist([_row(table, each) for each in rows], schema=schema)


def past_of(
    under: Agreement,
    as_of: datetime | str,
    *,
    agreements: Mapping[str, Agreement] | None = None,
    files: Mapping[str, str] | None = None,
    **rows: Rows,
) -> Past:
    """Return a past of these rows by table: `past_of(agreed, "2026-11-03 17:00", cycles=[…], stays=[…])`.

    Nothing is derived: a table that is not given is empty, `legs`, `cycles` and `stays` too.
    """
    unknown = sorted(set(rows) - set(EVERY_TABLE))
    if unknown:
        message = f"no table is called {unknown}"
        raise ValueError(message)
    tables = {name: ibis.memtable(arrow(name, rows.get(name, ()))) for name in EVERY_TABLE}
    versions = agreements or {VERSION: under}
    return Past(engine(), tables, under, versions, instant(as_of), files=files or {})


def past_of_tables(
    under: Agreement,
    as_of: datetime,
    tables: Mapping[str, pa.Table],
    *,
    agreements: Mapping[str, Agreement] | None = None,
    **rows: Rows,
) -> Past:
    """Return a past of whole Arrow tables, such as those of a synthetic history, and of rows for the tables that these lack."""
    written = past_of(under, as_of, agreements=agreements, files=None, **rows)
    whole = {name: ibis.memtable(_naive(each)) for name, each in tables.items()}
    return Past(written.engine, {**written.tables, **whole}, under, written.agreements, as_of, synthetic=True)


@cache
def acme() -> Agreement:
    """Return the agreement of the example."""
    text = (Path(__file__).parents[2] / "configs/acme/agreement.yaml").read_text(encoding="utf-8")
    return Agreement.model_validate(dict(read_text_source(text).data or {}))


def instant(said: datetime | str) -> datetime:
    """Return an instant with its zone; a text is in UTC."""
    return said if isinstance(said, datetime) else datetime.fromisoformat(said).replace(tzinfo=UTC)


def _row(table: Table, said: Mapping[str, object]) -> dict[str, object]:
    unknown = sorted(set(said) - {each.name for each in table.columns})
    if unknown:
        message = f"{table.name} has no column {unknown}"
        raise ValueError(message)
    row: dict[str, object] = {}
    for each in table.columns:
        value = said.get(each.name, UNSAID.get(each.name) if each.required else None)
        if each.required and value is None:
            message = f"{table.name} needs {each.name}"
            raise ValueError(message)
        is_instant = each.kind is Kind.INSTANT and isinstance(value, datetime | str)
        row[each.name] = instant(value).astimezone(UTC).replace(tzinfo=None) if is_instant else value  # type: ignore[arg-type]
    return row


def _naive(table: pa.Table) -> pa.Table:
    """Return a table with its instants in UTC without a zone."""
    plain = [
        pa.field(each.name, pa.timestamp("us") if pa.types.is_timestamp(each.type) else each.type)
        for each in table.schema
    ]
    return table.cast(pa.schema(plain))
