"""What is written as SQL stands for itself, and comes to what the expression comes to."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import ibis
import pyarrow as pa
import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.writing import DIALECTS, Writer, as_sql
from sla_sync.history.tables import TABLES
from sla_sync.pipeline.sql import script
from tests.measures.pasts import acme, past_of

NOON = datetime(2026, 10, 5, 12, 0, 0, 123456)  # noqa: DTZ001 - instants are in UTC without a zone here
LOOKUP = pa.table(
    {
        "number": pa.array([1, None, -3], pa.int32()),
        "word": pa.array(["it's", None, ""], pa.string()),
        "at": pa.array([NOON, None, NOON], pa.timestamp("us")),
        "day": pa.array([None, date(2026, 10, 5), None], pa.date32()),
        "yes": pa.array([True, None, False], pa.bool_()),
        "share": pa.array([0.5, None, -2.0], pa.float64()),
    }
)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
LEADS = ({"lead": "one", "created_at": "2026-10-05 14:00"},)
STAGES = (
    {"lead": "one", "at": "2026-10-05 15:00", "stage": "mql"},
    {"lead": "one", "at": "2026-10-07 15:00", "stage": "recycled", "reason": "no_response"},
)


def rows(found: pa.Table) -> list[str]:
    return sorted(map(str, found.to_pylist()))


@pytest.mark.parametrize("table", [LOOKUP, LOOKUP.slice(0, 0)], ids=["rows", "no rows"])
def test_a_small_table_stands_in_the_statement_with_all_that_is_empty(table: pa.Table) -> None:
    asked = ibis.memtable(table)
    found = duckdb.connect().execute(as_sql(asked.union(asked), "duckdb")).to_arrow_table()
    assert rows(found) == rows(pa.concat_tables([table, table]))
    assert [str(each) for each in found.schema.types] == [str(each) for each in table.schema.types]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_statement_asks_for_a_table_of_this_machine(dialect: str) -> None:
    leads = ibis.table({"number": "int32", "lead": "string"}, name="leads")
    asked = leads.left_join(ibis.memtable(LOOKUP), "number").count().as_table()
    said = as_sql(asked, dialect)
    assert "ibis_" not in said
    assert "leads" in said


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["bigquery", "snowflake"])
def test_a_script_makes_what_follows_from_events_and_then_asks_for_the_measure(dialect: str) -> None:
    known = past_of(acme(), "2026-11-01 12:00", leads=LEADS, stages=STAGES)
    writer = Writer(local_engine(), dialect)
    for name in TABLES:
        writer.table_of(name, known.tables[name])
    first, second, *told = script(known, writer, OCTOBER, ("rejections",))
    assert "as of 2026-11-01" in first
    assert "UTC" in second
    assert sum("CREATE TEMPORARY" in each for each in told) == writer.kept
    assert "-- rejections, 1 of" in "\n".join(told)
    assert all("ibis_" not in each for each in told)


@pytest.mark.slow
def test_a_script_stands_for_itself_and_comes_to_what_is_measured() -> None:
    known = past_of(acme(), "2026-11-01 12:00", leads=LEADS, stages=STAGES)
    writer, fresh = Writer(local_engine(), "duckdb"), duckdb.connect()
    for name in TABLES:
        writer.table_of(name, known.tables[name])
        fresh.register(name, known.engine.to_pyarrow(known.tables[name]))
    assert list(script(known, writer, OCTOBER, ("rejections",)))
    answers = [fresh.execute(each).fetchall() for each in writer.statements]
    assert (None, "recycled", "no_response", 1, 1) in [row for each in answers for row in each]
