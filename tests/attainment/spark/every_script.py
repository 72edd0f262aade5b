"""Every measure as SQL, in every dialect, and what DuckDB answers to its script: `make spark` runs it, for it takes a minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.kept import last_told
from sla_sync.attainment.opening import open_past
from sla_sync.attainment.past import Past
from sla_sync.attainment.writing import DIALECTS
from sla_sync.pipeline.sql import MEASURES, script, writer_over
from sla_sync.synthetic.history import write_history
from sla_sync.synthetic.parameters import Parameters
from tests.measures.pasts import acme

QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")


def rows(found: pa.Table) -> list[str]:
    return sorted(map(str, found.to_pylist()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history")
    write_history(Parameters(leads=300, seed=5), made)
    return made


@pytest.fixture(scope="module")
def past(folder: Path) -> Past:
    engine = local_engine()
    as_of = last_told(engine, folder)
    assert as_of is not None
    return open_past(folder, acme(), as_of, engine=engine)


@pytest.mark.parametrize("dialect", [each for each in DIALECTS if each != "duckdb"])
def test_every_measure_can_be_written_for_a_warehouse(folder: Path, past: Past, dialect: str) -> None:
    told = "\n".join(script(past, writer_over(folder, past, dialect), QUARTER, MEASURES))
    assert all(f"-- {name}, 1 of" in told for name in MEASURES)
    assert "ibis_" not in told


def test_a_script_for_duckdb_comes_to_what_the_measures_ask(folder: Path, past: Past) -> None:
    writer = writer_over(folder, past, "duckdb")
    engine = Listening(writer.local)
    tables = {name: engine.to_pyarrow(writer.local.table(name)) for name in writer.tables}
    writer.local = engine
    engine.heard.clear()
    for _ in script(past, writer, QUARTER, MEASURES):
        pass
    fresh = duckdb.connect()
    for name, table in tables.items():
        fresh.register(name, table)
    found = list(answers(fresh, writer.statements))
    assert len(found) > len(MEASURES)
    for one, other in zip(found, engine.heard, strict=True):
        # A sum of whole numbers has no kind of its own in SQL.
        assert rows(one.cast(other.schema)) == rows(other)


def answers(fresh: duckdb.DuckDBPyConnection, statements: list[str]) -> Iterator[pa.Table]:
    for each in statements:
        told = fresh.execute(each)
        if not each.startswith("CREATE"):
            yield told.to_arrow_table()


class Listening:
    """An engine that keeps what another one answered."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.heard: list[pa.Table] = []

    def to_pyarrow(self, asked: Any) -> Any:
        """Return what the other one answers."""
        found = self.engine.to_pyarrow(asked)
        if isinstance(found, pa.Table):
            self.heard.append(found)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)
