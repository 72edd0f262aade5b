"""What DuckDB comes to on this machine, Spark comes to: every derived row, and every measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from typing import Any

import ibis
import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine, measure
from sla_sync.attainment.kept import last_told
from sla_sync.attainment.opening import open_past
from sla_sync.attainment.past import Past
from sla_sync.measures.calibration import calibration
from sla_sync.measures.completeness import completeness
from sla_sync.measures.conversion import conversions
from sla_sync.measures.effort import effort
from sla_sync.measures.hygiene import hygiene
from sla_sync.measures.load import load
from sla_sync.measures.overdue import overdue
from sla_sync.measures.pacing import pacing
from sla_sync.measures.rejections import rejections
from sla_sync.measures.revenue import revenue
from sla_sync.measures.scorecard import scorecard
from sla_sync.measures.speed import speed
from sla_sync.measures.waterfall import waterfall
from sla_sync.synthetic.history import write_history
from sla_sync.synthetic.parameters import Parameters
from tests.measures.pasts import acme

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="needs pyspark, which `make spark` brings"),
    pytest.mark.filterwarnings("ignore"),
]
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")
MEASURES: Mapping[str, Callable[[Past], object]] = {
    "attainment": lambda past: measure(
        past.engine, past.tables["legs"], past.agreements, QUARTER, past.as_of, files=past.files
    ),
    "calibration": lambda past: calibration(past, QUARTER),
    "completeness": lambda past: completeness(past, QUARTER),
    "conversions": lambda past: conversions(past, QUARTER),
    "effort": lambda past: effort(past, QUARTER),
    "hygiene": hygiene,
    "load": lambda past: load(past, QUARTER),
    "overdue": overdue,
    "pacing": pacing,
    "rejections": lambda past: rejections(past, QUARTER),
    "revenue": revenue,
    "scorecard": lambda past: scorecard(past, QUARTER),
    "speed": lambda past: speed(past, QUARTER),
    "waterfall": lambda past: waterfall(past, QUARTER),
}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    said = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]").appName("sla-sync")
    for name, value in said.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history")
    write_history(Parameters(leads=600, seed=5), made)
    return made


@pytest.fixture(scope="module")
def here(folder: Path) -> Past:
    engine = local_engine()
    return open_past(folder, acme(), last_told(engine, folder) or datetime.now(UTC), engine=engine)


@pytest.fixture(scope="module")
def there(folder: Path, here: Past, spark: Any) -> Past:
    return open_past(folder, here.agreement, here.as_of, agreements=here.agreements, engine=spark)


@pytest.mark.parametrize("name", ["stays", "cycles", "legs"])
def test_every_derived_row_is_the_same_in_spark(here: Past, there: Past, name: str) -> None:
    one, other = (sorted(past.rows(past.tables[name]), key=str) for past in (here, there))
    assert len(one) > 100
    assert list(differences(one, other)) == []


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_is_the_same_in_spark(here: Past, there: Past, name: str) -> None:
    found = MEASURES[name](here)
    assert found
    assert list(differences(found, MEASURES[name](there))) == []


def differences(one: object, other: object, place: str = "") -> Iterator[str]:
    """Yield where two values differ, part by part; floating numbers may differ in their last digits."""
    if is_dataclass(one) and type(one) is type(other):
        for each in fields(one):
            yield from differences(getattr(one, each.name), getattr(other, each.name), f"{place}.{each.name}")
    elif isinstance(one, Mapping) and isinstance(other, Mapping) and sorted(map(str, one)) == sorted(map(str, other)):
        for key in one:
            yield from differences(one[key], other[key], f"{place}[{key}]")
    elif isinstance(one, Sequence) and not isinstance(one, str) and isinstance(other, Sequence):
        if len(one) != len(other):
            yield f"{place}: {len(one)} and {len(other)}"
        for number, (left, right) in enumerate(zip(one, other, strict=False)):
            yield from differences(left, right, f"{place}[{number}]")
    elif isinstance(one, float) and isinstance(other, float):
        if not isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
            yield f"{place}: {one} and {other}"
    elif one != other:
        yield f"{place}: {one} and {other}"
