"""How an engine is asked: the same answers, with less text to make."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sla_sync.attainment.answering import answered, as_it_stands, named, once, streamed
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.opening import open_past
from sla_sync.synthetic.history import write_history
from sla_sync.synthetic.parameters import Parameters
from tests.measures.pasts import acme

ROWS = pa.table({"lead": ["L1", "L2", "L3"], "points": [10, 20, 30]})


def test_what_is_asked_in_each_way_comes_to_the_same(tmp_path: Path) -> None:
    pq.write_table(ROWS, tmp_path / "rows.parquet")
    engine = local_engine()
    table = engine.read_parquet(str(tmp_path / "rows.parquet"))
    looked_up = ibis.memtable(pa.table({"who": ["L2", "L3"], "owner": ["ana", "ben"]}))
    asked = table.mutate(twice=table["points"] * 2).filter(table["points"] > 10)
    asked = asked.join(looked_up, asked["lead"] == looked_up["who"]).select("lead", "twice", "owner").order_by("lead")
    plain = engine.to_pyarrow(asked).to_pylist()
    assert plain == [{"lead": "L2", "twice": 40, "owner": "ana"}, {"lead": "L3", "twice": 60, "owner": "ben"}]
    assert answered(engine, asked).to_pylist() == plain
    assert streamed(engine, asked).to_pylist() == plain
    assert answered(engine, once(engine, asked).order_by("lead")).to_pylist() == plain


def test_what_looks_into_a_table_of_this_process_gets_no_name_that_would_outlive_it() -> None:
    engine = local_engine()
    engine.raw_sql("CREATE TABLE kept AS SELECT 'L1' AS lead, 20 AS points")
    table = engine.table("kept")
    inside = ibis.memtable(ROWS)
    assert isinstance(named(engine, table.filter(table["points"] > 10)).op(), ops.DatabaseTable)
    assert named(engine, inside) is inside


def test_other_questions_are_said_as_before_even_after_one_failed() -> None:
    before = ibis.options.sql.fuse_selects
    with pytest.raises(RuntimeError), as_it_stands():
        raise RuntimeError
    assert ibis.options.sql.fuse_selects is before


@pytest.mark.slow
def test_no_question_about_a_past_says_anew_how_its_tables_are_read(tmp_path: Path) -> None:
    write_history(Parameters(leads=40), tmp_path / "history")
    past = open_past(tmp_path / "history", acme(), datetime(2027, 1, 1, 5, tzinfo=UTC))
    # One step for a table that a file holds; a history without rows of a kind has them nowhere.
    steps = {name: len(list(table.op().find(ops.Relation))) for name, table in past.tables.items()}
    assert {name for name, each in steps.items() if each != 1} == set()
