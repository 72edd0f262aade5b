"""Instants that no record can bear: their rows are as if they were not there, and are counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_sync.attainment.answering import answered
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.kept import aside_in, first_told, kept_in, last_told
from sla_sync.attainment.possible import EARLIEST, END, LATER, told_aside
from sla_sync.errors import SlaSyncError
from sla_sync.history.manifest import Manifest, write_manifest
from sla_sync.history.parquet import schema_of, write, write_month
from sla_sync.history.tables import TABLES, Kind
from tests.haste import examples

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
FIRST, LAST = (int(each.timestamp()) * 1_000_000 for each in (EARLIEST, END))
SECOND = 1_000_000
COLUMNS = tuple(
    (name, each.name) for name, table in TABLES.items() for each in table.columns if each.kind is Kind.INSTANT
)
ODD = st.sampled_from(
    (
        -62_135_596_800 * SECOND,  # the first instant of the year 1
        0,
        1_760_000_000_000,  # milliseconds that were taken for microseconds
        253_402_300_799 * SECOND,  # the last second of the year 9999
        1_760_000_000_000 * SECOND,  # milliseconds that were taken for seconds
        2**63 - 1,  # for ever, as DuckDB writes it
        -(2**63) + 1,
        -(2**63),  # not a time, as NumPy writes it
        FIRST - 1,
        LAST,
    )
) | st.integers(-(2**63), FIRST - 1) | st.integers(LAST, 2**63 - 1)  # fmt: skip
SOUND = st.integers(FIRST, LAST - 1) | st.just(int(AT.timestamp()) * SECOND)


def rows_of(name: str, number: int) -> pa.Table:
    schema = schema_of(TABLES[name], synthetic=False)
    values: dict[Any, Any] = {pa.string(): "x", pa.int64(): 1, pa.bool_(): True, pa.float64(): 1.0}
    made = {each.name: [values.get(each.type, AT)] * number for each in schema}
    return pa.table(made | {schema.names[0]: [f"R{place}" for place in range(number)]}, schema=schema)


def damaged(folder: Path, name: str, column: str, values: Mapping[int, int]) -> None:
    """Put instants into some rows of a table of which all rows lie in one month, as a program that is not ours may."""
    (path,) = (folder / name).glob("*.parquet")
    rows = pq.ParquetFile(path).read()
    place = rows.schema.get_field_index(column)
    said = rows.column(column).cast(pa.int64()).to_pylist()
    for row, value in values.items():
        said[row] = value
    field = rows.schema.field(place)
    pq.write_table(rows.set_column(place, field, pa.array(said, pa.int64()).cast(field.type)), path, row_group_size=2)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("possible") / "whole"
    for name, table in TABLES.items():
        write(folder, table, rows_of(name, 5))
    return folder


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    made = local_engine()
    yield made
    made.disconnect()


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(COLUMNS),
    st.dictionaries(st.integers(0, 4), st.tuples(st.booleans(), ODD, SOUND), min_size=1),
)
def test_rows_with_an_impossible_instant_are_as_if_not_there_and_are_counted(
    engine: Any, tmp_path: Path, column: tuple[str, str], said: Mapping[int, tuple[bool, int, int]]
) -> None:
    folder = tmp_path / "history"
    shutil.rmtree(folder, ignore_errors=True)
    write(folder, TABLES[column[0]], rows_of(column[0], 5))
    values = {row: odd if is_odd else sound for row, (is_odd, odd, sound) in said.items()}
    damaged(folder, *column, values)
    name, of = column
    means_something = {
        row for row, value in values.items()
        if (value >= LAST and of in LATER.get(name, {})) or (value < FIRST and column == ("users", "since"))
    }  # fmt: skip
    wrong = {row for row, value in values.items() if not FIRST <= value < LAST} - means_something
    assert aside_in(folder) == ({name: len(wrong)} if wrong else {})
    kept = answered(engine, kept_in(engine, folder, NOW)[name]).to_pylist()
    assert {row[TABLES[name].columns[0].name] for row in kept} == {f"R{row}" for row in range(5)} - {
        f"R{row}" for row in wrong
    }
    assert all(each[of] is None or EARLIEST <= each[of].replace(tzinfo=UTC) < END for each in kept)
    # Whatever stands there, it can be told when the history begins and ends.
    some = bool(kept)
    assert (last_told(engine, folder) is not None) is some
    assert (first_told(engine, folder) is not None) is (some and name in {"stages", "legs"})


def test_for_ever_is_not_yet_and_older_than_anything_is_always(whole: Path, engine: Any, tmp_path: Path) -> None:
    shutil.copytree(whole, folder := tmp_path / "history")
    damaged(folder, "users", "until", {0: 253_402_300_799 * SECOND, 1: 2**63 - 1})
    damaged(folder, "users", "since", {2: 0, 3: -(2**63) + 1})
    users = sorted(
        answered(engine, kept_in(engine, folder, NOW)["users"]).to_pylist(), key=lambda each: str(each["user"])
    )
    assert [each["until"] is None for each in users] == [True, True, False, False, False]
    assert [each["since"].year for each in users] == [2026, 2026, EARLIEST.year, EARLIEST.year, 2026]
    assert aside_in(folder) == {}


def test_a_month_of_which_every_row_is_impossible_says_nothing_of_when_a_history_ends(
    whole: Path, engine: Any, tmp_path: Path
) -> None:
    shutil.copytree(whole, folder := tmp_path / "history")
    for name in set(TABLES) - {"stages", "legs", "leads"}:
        shutil.rmtree(folder / name)
    write_manifest(folder, Manifest(synthetic=False, months=dict.fromkeys(("stages", "legs", "leads"), ("2026-10",))))
    before = first_told(engine, folder), last_told(engine, folder)
    for name, column in (("stages", "at"), ("legs", "assigned_at")):
        rows = rows_of(name, 2)
        place = rows.schema.get_field_index(column)
        for year in (1, 9999):
            instants = pa.array([datetime(year, 12, 5, tzinfo=UTC)] * 2, rows.schema.field(place).type)
            write(folder, TABLES[name], rows.set_column(place, rows.schema.field(place), instants))
    assert (first_told(engine, folder), last_told(engine, folder)) == before
    assert aside_in(folder) == {"stages": 4, "legs": 4}


def test_a_month_that_no_calendar_has_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(SlaSyncError, match="10000-01 is no month"):
        write_month(tmp_path, TABLES["stages"], "10000-01", [rows_of("stages", 1)])
    assert not list(tmp_path.rglob("*"))


def test_what_was_set_aside_is_told_in_a_sentence_for_each_table() -> None:
    assert list(told_aside({"stages": 1, "legs": 1200, "users": 0})) == [
        "1,200 rows of legs are left out: an instant there lies before 1980 or after 2199.",
        "1 row of stages is left out: an instant there lies before 1980 or after 2199.",
    ]
