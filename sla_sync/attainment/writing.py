"""An engine that writes down what it is asked as SQL of some dialect, while the one on this machine answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.sql import compilers
from ibis.expr.types import Table

from sla_sync.attainment.answering import as_it_stands

DIALECTS = ("bigquery", "databricks", "duckdb", "snowflake")
"""What can be written. Databricks' words are those of Spark."""
WRITER = "writer"
"""What this engine is called where Ibis calls one duckdb or pyspark."""


_KEPT: Mapping[str, str] = {"databricks": "VIEW"}
"""What holds the rows of a statement where that is no temporary table."""


@dataclass
class Writer:
    """An engine that answers from `local`, and keeps in `statements` the SQL of all that it was asked, in order.

    `tables` are those of the warehouse by their names.
    """

    local: Any
    dialect: str
    statements: list[str] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    name: str = WRITER
    kept: int = 0

    def table_of(self, name: str, table: Table) -> Table:
        """Return a table of the warehouse under its plain name, which is answered from a table of this machine."""
        self.tables[name] = self._known(name, table)
        return self.tables[name]

    def keep(self, asked: Table) -> Table:
        """Return a table of the warehouse that holds what an expression comes to, and write how it is made."""
        self.kept += 1
        name = f"sla_sync_{self.kept}"
        compiler = getattr(compilers, self.dialect).compiler
        written = sge.to_identifier(name, quoted=compiler.quoted).sql(dialect=compiler.dialect)
        kind = _KEPT.get(self.dialect, "TABLE")
        self.statements.append(f"CREATE TEMPORARY {kind} {written} AS\n{as_sql(asked, self.dialect)}")
        return self._known(name, asked)

    def to_pyarrow(self, asked: Any) -> Any:
        """Return what an expression comes to on this machine."""
        if isinstance(asked, Table):
            self.statements.append(as_sql(asked, self.dialect))
        with as_it_stands():
            return self.local.to_pyarrow(asked)

    def _known(self, name: str, table: Table) -> Table:
        self.local.create_table(name, table, temp=True)
        return ibis.table(self.local.table(name).schema(), name=name)


def as_sql(asked: Table, dialect: str) -> str:
    """Return one statement that says all: small tables that an expression looks into stand in it row by row."""
    compiler = getattr(compilers, dialect).compiler
    query = compiler.to_sqlglot(asked)
    lookups = {each.name: each for each in asked.op().find(ops.InMemoryTable)}
    names = {name: f"lookup_{place}" for place, name in enumerate(sorted(lookups), start=1)}
    for table in query.find_all(sge.Table):
        if table.name in names:
            table.set("this", sge.to_identifier(names[table.name], quoted=compiler.quoted))
    parts = [
        sge.CTE(
            this=_rows(each, compiler),
            alias=sge.TableAlias(this=sge.to_identifier(names[name], quoted=compiler.quoted)),
        )
        for name, each in sorted(lookups.items())
    ]
    if parts:
        own = query.args.get("with_")
        query.set("with_", sge.With(expressions=[*parts, *(own.expressions if own is not None else ())]))
    text: str = query.sql(dialect=compiler.dialect, pretty=True)
    return text


def _rows(table: ops.InMemoryTable, compiler: Any) -> sge.Select:
    """Return a select of the rows of a small table, whose columns are cast, because a row of nothing has no kind."""
    data: pa.Table = table.data.to_pyarrow(table.schema)
    kinds: Mapping[str, Any] = {name: compiler.type_mapper.from_ibis(kind) for name, kind in table.schema.items()}
    quoted = compiler.quoted
    rows = [sge.Tuple(expressions=[_literal(each) for each in row.values()]) for row in data.to_pylist()]
    none = not rows
    if none:
        rows = [sge.Tuple(expressions=[sge.Null() for _ in kinds])]
    names = [sge.to_identifier(name, quoted=quoted) for name in kinds]
    values = sge.Values(
        expressions=rows, alias=sge.TableAlias(this=sge.to_identifier("rows", quoted=quoted), columns=names)
    )
    columns = [
        sge.Cast(this=sge.column(name, quoted=quoted), to=kind).as_(sge.to_identifier(name, quoted=quoted))
        for name, kind in kinds.items()
    ]
    found = sge.select(*columns).from_(values)
    return found.where(sge.false()) if none else found


def _literal(value: object) -> sge.Expression:
    if value is None:
        return sge.Null()
    if isinstance(value, bool):
        return sge.Boolean(this=value)
    if isinstance(value, int | float):
        return sge.Literal.number(value) if value >= 0 else sge.Neg(this=sge.Literal.number(-value))
    return sge.Literal.string(str(value))
