"""An expression as a table of its own, so that what is asked twice is reckoned once."""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.answering import DUCKDB, SPARK, once
from sla_sync.attainment.named_engine import told
from sla_sync.attainment.stacking import of_one_kind
from sla_sync.attainment.writing import Writer


@told
def reckoned(engine: Any, asked: Table) -> Table:
    """Return an expression as a table that the engine keeps while it lasts; where it is another's, the expression itself."""
    if engine.name == DUCKDB:
        return once(engine, asked)
    if isinstance(engine, Writer):
        return engine.keep(of_one_kind(asked))
    return of_one_kind(_on_spark(engine, asked) if engine.name == SPARK else asked)


def _on_spark(engine: Any, asked: Table) -> Table:
    from pyspark.sql import SparkSession

    engine.to_pyarrow(asked.limit(0))  # Makes the tables that are looked into known to the engine.
    name = ibis.util.gen_name("reckoned")
    # A plan that holds the plans of all before it takes longer to think about than to carry out.
    SparkSession.active().sql(str(engine.compile(asked))).localCheckpoint().createOrReplaceTempView(name)
    kept: Table = engine.table(name)
    return kept
