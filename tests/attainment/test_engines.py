"""Engines that are named by their address, and dialects by their name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from sla_sync.attainment.attainment import Period, tallies
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.stacking import stacked
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.engine import engine_at
from sla_sync.pipeline.sql import sql
from sla_sync.places import Place


def test_an_engine_is_named_by_its_address() -> None:
    assert engine_at("duckdb://", {}).name == "duckdb"
    assert engine_at("WAREHOUSE", {"WAREHOUSE": "duckdb://"}).name == "duckdb"


@pytest.mark.parametrize("url", ["nowhere://user:hunter2@host/db", "duckdb:///no/such/folder/hunter2.duckdb"])
def test_what_cannot_be_reached_is_said_without_its_address(url: str) -> None:
    with pytest.raises(SlaSyncError) as error:
        engine_at(url, {})
    assert "hunter2" not in f"{error.value.message} {error.value.hint}"


def test_tables_are_stacked_whatever_an_engine_calls_their_kinds() -> None:
    at = datetime(2026, 10, 5, 12)  # noqa: DTZ001 - instants are in UTC without a zone here
    one = ibis.memtable(pa.table({"n": pa.array([1], pa.int32()), "at": pa.array([at], pa.timestamp("us"))}))
    other = ibis.memtable(pa.table({"n": pa.array([2], pa.int64()), "at": pa.array([at], pa.timestamp("ns"))}))
    found = stacked(one, other)
    assert str(found.schema()["at"]) == "timestamp(6)"
    assert sorted(local_engine().to_pyarrow(found)["n"].to_pylist()) == [1, 2]


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC", "Pacific/Apia"])
def test_a_run_counts_in_the_local_week_in_which_it_fell_due(zone: str) -> None:
    period = Period(date(2026, 10, 1), date(2026, 11, 5), zone)
    starts = [start for _, start, _ in period.weeks()]
    edge = timedelta(microseconds=1)
    due = [each for start in starts for each in (start - edge, start, start + edge)]
    due = [each for each in due if period.since <= each < period.until]
    naive = [each.astimezone(UTC).replace(tzinfo=None) for each in due]
    words = {
        name: ["x"] * len(due) for name in ("commitment", "owner", "team", "priority", "source", "policy", "state")
    }
    nothing = pa.array([None] * len(due), pa.string())
    stamps = pa.array(naive, pa.timestamp("us"))
    instants = dict.fromkeys(("due_at", "assigned_at", "stopped_at", "begins_at"), stamps)
    runs = ibis.memtable(pa.table({**words, "void_because": nothing, "unusable_because": nothing, **instants}))
    found = {row["week"]: row["n"] for row in local_engine().to_pyarrow(tallies(runs, period)).to_pylist()}
    names = [next(name for name, since, until in period.weeks() if since <= each < until) for each in due]
    assert found == {name: names.count(name) for name in names}


@pytest.mark.parametrize(("dialect", "measure"), [("oracle", "speed"), ("snowflake", "haste")])
def test_a_dialect_or_a_measure_that_nobody_knows_is_refused(dialect: str, measure: str) -> None:
    place = Place(Path("configs/acme/agreement.yaml"), None, Path(".sla-sync"))
    with pytest.raises(SlaSyncError, match=r"is no (dialect|measure)"):
        sql(place, dialect, measures=(measure,))
