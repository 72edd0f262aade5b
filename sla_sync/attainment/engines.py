"""Where expressions are reckoned: DuckDB on this machine, over Parquet files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.answering import SPARK, answered, streamed
from sla_sync.attainment.attainment import Attainment, Period, attainment, tallies
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.named_engine import told
from sla_sync.attainment.runs import runs
from sla_sync.attainment.timed import STARTS, Unmeasured

_epoch_us = ibis.udf.scalar.builtin(name="epoch_us", signature=(("timestamp('UTC')",), "int64"))(lambda _: None)
_make_timestamp = ibis.udf.scalar.builtin(name="make_timestamp", signature=(("int64",), "timestamp(6)"))(lambda _: None)


@dataclass(frozen=True, slots=True)
class Measured:
    """The attainment of a period, and the commitments of which turns cannot tell it."""

    attainment: Attainment
    unmeasured: tuple[Unmeasured, ...]
    unjudged: Mapping[str, int]
    """How many turns of the period are pinned to a version of the agreement that was not given, by that version."""


def local_engine(*, memory: str = "2GB") -> Any:
    """Return an engine in memory on this machine, that uses no more than so much of it."""
    engine = ibis.duckdb.connect(memory_limit=memory)
    # The order of rows is nothing that a measure asks for, and keeping it costs memory.
    engine.raw_sql("SET preserve_insertion_order = false")
    return engine


def prepared(engine: Any) -> Any:
    """Return an engine that another connected, set so that it keeps what is empty empty. Raises SlaSyncError."""
    _set(engine)
    return engine


def legs_in(engine: Any, files: str | Path) -> Table:
    """Return the turns in Parquet files, named by a path or a pattern, with their instants in UTC without a zone."""
    read = engine.read_parquet(str(files))
    zoned = [name for name, kind in read.schema().items() if kind.is_timestamp() and kind.timezone is not None]
    # DuckDB converts an instant with a zone by its calendar library, many times slower than by its number.
    return read.mutate(**{name: _make_timestamp(_epoch_us(read[name])) for name in zoned})


def reach_of(
    engine: Any, legs: Table, as_of: datetime, *, agreements: Iterable[Agreement] | None = None
) -> tuple[datetime, datetime]:
    """Return the first and the last start of the turns that were assigned by an instant; that instant where none was.

    Of all starts that turns record, or of those only that start a clock of some agreements.
    """
    known = legs.filter(legs["assigned_at"] <= stamp(as_of))
    starts = sorted(STARTS.values()) if agreements is None else _starts_of(agreements)
    extremes = {f"{how}_{name}": getattr(known[name], how)() for name in starts for how in ("min", "max")}
    row = answered(engine, known.agg(**extremes)).to_pylist()[0]
    found = [each.replace(tzinfo=UTC) for each in row.values() if each is not None]
    return (min(found), min(max(found), as_of)) if found else (as_of, as_of)


def measure(
    engine: Any,
    legs: Table,
    agreements: Mapping[str, Agreement],
    period: Period,
    as_of: datetime,
    *,
    files: Mapping[str, str] | None = None,
) -> Measured:
    """Return the attainment of a period as of an instant; raises CalendarError and FormatError."""
    first, last = reach_of(engine, legs, as_of, agreements=agreements.values())
    found = runs(legs, agreements, as_of, first=first, last=last, files=files)
    counted = streamed(engine, tallies(found.table, period))
    return Measured(attainment(counted, period, as_of), found.unmeasured, _unjudged(engine, legs, agreements, period))


@told
def _set(engine: Any) -> None:
    if engine.name == SPARK:
        from pyspark.sql import SparkSession

        # Ibis hands small tables over by pandas, where a missing whole number is no number: without Arrow, Spark takes it for 0.
        for name, said in (("", "true"), (".fallback", "false")):
            SparkSession.active().conf.set(f"spark.sql.execution.arrow.pyspark{name}.enabled", said)


def _starts_of(agreements: Iterable[Agreement]) -> list[str]:
    clocks = (each.clock for agreement in agreements for each in agreement.commitments.values())
    named = {STARTS[clock.starts.value] for clock in clocks if clock is not None and clock.starts.value in STARTS}
    # Whoever gets a lead later has a clock of their own from then on.
    return sorted({"assigned_at", *named})


def _unjudged(engine: Any, legs: Table, agreements: Mapping[str, Agreement], period: Period) -> Mapping[str, int]:
    inside = (legs["assigned_at"] >= stamp(period.since)) & (legs["assigned_at"] < stamp(period.until))
    known = legs["policy"].isin(list(agreements)) if agreements else ibis.literal(value=False)
    others = legs.filter(inside & ~known)
    rows = answered(engine, others.group_by("policy").agg(n=others.count())).to_pylist()
    return {str(row["policy"]): int(row["n"]) for row in sorted(rows, key=lambda each: str(each["policy"]))}
