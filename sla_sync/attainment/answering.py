"""What an engine answers, asked in as few steps as it needs: making the text of a question costs more than answering it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.attainment.named_engine import told

DUCKDB, SPARK = "duckdb", "pyspark"
"""What Ibis calls the engine of this machine, and Spark."""


@contextmanager
def as_it_stands() -> Iterator[None]:
    """Let Ibis say each step as a part of its own: engines join them faster than it does. Not for what people read."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


@told
def answered(engine: Any, asked: Any) -> Any:
    """Return what an expression comes to: the Arrow table of a table, the Arrow value of a value."""
    if engine.name != DUCKDB:
        return engine.to_pyarrow(asked)
    with as_it_stands():
        return engine.to_pyarrow(asked)


@told
def streamed(engine: Any, asked: Table) -> pa.Table:
    """Return what an expression over many rows comes to: DuckDB reads each part that stands in it twice twice, and keeps none."""
    if engine.name != DUCKDB:
        return engine.to_pyarrow(asked)
    for each in asked.op().find(ops.InMemoryTable):
        engine.to_pyarrow(each.to_expr().limit(0))  # Makes a table that is looked into known to the engine.
    with as_it_stands():
        query = engine.compiler.to_sqlglot(asked)
    for part in query.ctes:
        part.args["materialized"] = False
    return engine.con.execute(query.sql(dialect="duckdb")).to_arrow_table()


@told
def named(engine: Any, asked: Table) -> Table:
    """Return an expression under a name by which the engine knows it, so that no question says it anew; elsewhere itself."""
    # A name outlives the small tables that an expression looks into.
    if engine.name != DUCKDB or asked.op().find(ops.InMemoryTable):
        return asked
    with as_it_stands():
        view: Table = engine.create_view(ibis.util.gen_name("named"), asked)
    return view


@told
def once(engine: Any, asked: Table) -> Table:
    """Return an expression that is asked for more than once as a table where that saves work; elsewhere the expression.

    It must have few rows, for they are kept in memory.
    """
    if engine.name != DUCKDB:
        return asked
    with as_it_stands():
        table: Table = engine.create_table(ibis.util.gen_name("once"), asked, temp=True)
    return table
