"""An engine that somebody named fails at every question: each time the command ends with one sentence."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.kept import kept_in, last_told
from sla_sync.attainment.named_engine import NamedEngine
from sla_sync.attainment.opening import open_past
from sla_sync.attainment.past import Past
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.sql import MEASURES
from sla_sync.synthetic.history import write_history
from sla_sync.synthetic.parameters import Parameters
from tests.measures.pasts import acme

SECRET = "hunter2"
NOW = datetime(2027, 1, 1, 5, tzinfo=UTC)
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")
PROJECT = Path(__file__).parents[2]


class StrangeError(Exception):
    """What no library but that of the engine knows."""


@dataclass
class Stranger:
    """An engine that is called by another name than DuckDB, and fails from the question on that `good` others come before."""

    good: int
    backend: Any = field(default_factory=local_engine)
    name: str = "stranger"
    asked: int = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.backend, name)

        def ask(*rest: object, **said: object) -> object:
            self.asked += 1
            if self.asked > self.good:
                message = f"no route to postgres://ada:{SECRET}@host/db"
                raise StrangeError(message)
            return found(*rest, **said)

        return ask if callable(found) else found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("engines") / "history"
    write_history(Parameters(leads=20), made)
    return made


def failing(ask: Callable[[], object]) -> str:
    with pytest.raises(SlaSyncError) as error:
        ask()
    told = f"{error.value.message} {error.value.hint} {error.value.__cause__}"
    assert "StrangeError" in told
    assert SECRET not in told
    return error.value.message


@pytest.mark.slow
def test_an_engine_that_fails_while_a_history_is_opened_is_told_in_a_sentence(folder: Path) -> None:
    whole = Stranger(good=10_000)
    assert last_told(NamedEngine(whole), folder) == last_told(local_engine(), folder)
    for good in (0, 1, whole.asked - 1):
        failing(lambda good=good: last_told(NamedEngine(Stranger(good)), folder))  # type: ignore[misc]
    for good in (0, 7):
        failing(lambda good=good: kept_in(NamedEngine(Stranger(good)), folder, NOW))  # type: ignore[misc]
        failing(lambda good=good: open_past(folder, acme(), NOW, engine=NamedEngine(Stranger(good))))  # type: ignore[misc]


@pytest.mark.slow
def test_an_engine_that_fails_in_a_measure_is_told_in_a_sentence(folder: Path) -> None:
    engine = local_engine()
    past: Past = open_past(folder, acme(), NOW, engine=engine)
    broken = replace(past, engine=NamedEngine(Stranger(good=0, backend=engine)))
    for name in ("attainment", "speed", "waterfall"):
        assert failing(lambda name=name: MEASURES[name](broken, QUARTER)).startswith("The engine could not answer: ")  # type: ignore[misc]


def test_what_an_engine_reads_as_something_else_is_refused_by_its_column(folder: Path) -> None:
    class Loose(Stranger):
        def read_parquet(self, path: str) -> object:
            read = self.backend.read_parquet(path)
            return read.mutate(at=read["at"].cast("string")) if "/facts/" in path else read

    with pytest.raises(
        SlaSyncError, match=r"The engine reads at of facts as string, and it must be instant\."
    ) as error:
        kept_in(NamedEngine(Loose(good=10_000)), folder, NOW)
    assert error.value.hint


def test_an_engine_of_ibis_that_reads_no_such_files_is_told_so(folder: Path) -> None:
    engine = ibis.connect("sqlite://")
    with pytest.raises(SlaSyncError, match="it cannot do what a measure asks of it") as error:
        last_told(NamedEngine(engine), folder)
    engine.disconnect()
    assert "sla-sync sql" in error.value.hint


ASKING = {"to_pyarrow", "to_pandas", "to_polars", "raw_sql", "execute", "create_table", "create_view", "read_parquet"}
MAY_ASK = {
    "answering.py",  # told
    "reckoned.py",  # told
    "kept.py",  # told
    "engines.py",  # the engine of this machine; `legs_in` for benchmarks
    "writing.py",  # the engine of this machine
}


def test_engines_are_asked_only_where_what_they_raise_is_told() -> None:
    """Everything that is reckoned lies in these folders; a new place must be `told`, and is then added above."""
    folders = ("attainment", "measures", "replay", "feasibility", "pipeline")
    asking = set()
    for path in (each for name in folders for each in (PROJECT / "sla_sync" / name).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        asks = any(f".{each}(" in text for each in ASKING)
        calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)) if asks else ()
        if any(isinstance(each.func, ast.Attribute) and each.func.attr in ASKING for each in calls):
            asking.add(path.name)
    assert asking == MAY_ASK
