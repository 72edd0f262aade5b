"""The tables of a made history: the same for the same seed, true to the schema, and consistent with each other."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.history.parquet import read, schema_of
from sla_sync.history.tables import TABLES
from sla_sync.synthetic.history import tables, write_history
from sla_sync.synthetic.many import write_legs
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.world import World, world_of

GOLDEN = "eda6af95a101b690"
NEXT = {
    None: {"inquiry"},
    "inquiry": {"mql", "disqualified"},
    "mql": {"sal", "recycled", "disqualified"},
    "sal": {"sql", "recycled", "disqualified"},
    "sql": {"opportunity", "recycled", "disqualified"},
    "opportunity": {"won", "lost"},
    "recycled": {"mql"},
}

Row = dict[str, Any]


def by_lead(table: pa.Table) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in table.to_pylist():
        found[row["lead"]].append(row)
    return found


def test_every_table_is_as_the_history_says_and_in_the_order_of_time(quarter_tables: dict[str, pa.Table]) -> None:
    assert list(quarter_tables) == list(TABLES)
    for name, rows in quarter_tables.items():
        table = TABLES[name]
        assert rows.schema.equals(schema_of(table, synthetic=True), check_metadata=True), name
        assert len(rows) > 0
        for column in table.columns:
            assert not (column.required and rows.column(column.name).null_count), (name, column.name)
        moments = rows.column(table.at).to_pylist()
        assert moments == sorted(moments), name


def test_a_seed_gives_the_same_bytes_on_every_machine(quarter_tables: dict[str, pa.Table]) -> None:
    again = dict(tables(world_of(Parameters())))
    other = dict(tables(world_of(Parameters(seed=2))))
    assert all(again[name].equals(rows) for name, rows in quarter_tables.items())
    assert not other["legs"].equals(quarter_tables["legs"])
    text = json.dumps({name: rows.to_pylist() for name, rows in quarter_tables.items()}, default=str)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == GOLDEN


def test_one_more_trap_changes_nothing_that_it_does_not_concern(quarter: World) -> None:
    more = world_of(replace(quarter.parameters, traps=replace(quarter.parameters.traps, late_country=0.5)))
    before, after = dict(tables(quarter)), dict(tables(more))
    assert {name for name in before if not before[name].equals(after[name])} == {"facts"}


def test_a_lead_moves_only_as_the_agreement_allows_but_for_those_brought_back_by_hand(
    quarter_tables: dict[str, pa.Table], quarter: World
) -> None:
    by_hand = 0
    for entries in by_lead(quarter_tables["stages"]).values():
        stages = [None, *(row["stage"] for row in entries)]
        for before, after in pairwise(stages):
            if (before, after) == ("disqualified", "mql"):
                by_hand += 1
            else:
                assert after in NEXT[before], (entries, before, after)
    assert by_hand == quarter.by_hand.sum() > 0


def test_turns_of_a_cycle_follow_each_other_and_lie_inside_it(quarter_tables: dict[str, pa.Table]) -> None:
    cycles: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for leg in quarter_tables["legs"].to_pylist():
        cycles[leg["lead"], leg["cycle"]].append(leg)
    entered = {(row["lead"], row["at"]) for row in quarter_tables["stages"].to_pylist() if row["stage"] == "mql"}
    assert any(len(turns) > 2 for turns in cycles.values())
    for (lead, cycle), turns in cycles.items():
        assert [each["number"] for each in turns] == list(range(1, len(turns) + 1))
        assert (lead, turns[0]["qualified_at"]) in entered
        assert cycle == 1 or cycles[lead, cycle - 1][-1]["ended_at"] <= turns[0]["qualified_at"]
        for turn, following in pairwise(turns):
            assert turn["ended_at"] <= following["assigned_at"]
        for turn in turns:
            assert turn["qualified_at"] <= turn["assigned_at"]
            if turn["raised_at"]:
                assert turn["raised_at"] <= turn["qualified_at"]
            for moment in ("touched_at", "replied_at", "decided_at"):
                if turn[moment]:
                    assert turn["assigned_at"] < turn[moment] <= (turn["ended_at"] or datetime.max.replace(tzinfo=UTC))


def test_a_turn_that_is_taken_or_given_back_goes_to_somebody_else(quarter_tables: dict[str, pa.Table]) -> None:
    legs = [row for row in quarter_tables["legs"].to_pylist() if row["owner"]]
    before: dict[tuple[str, int], Row] = {}
    handed = 0
    for leg in legs:
        key = (leg["lead"], leg["cycle"])
        if key in before:
            handed += 1
            assert before[key]["owner"] != leg["owner"]
            assert before[key]["ended_by"] in {"reassigned", "returned"}
        before[key] = leg
    assert handed > 40


def test_leads_come_by_weekday_hour_and_season_as_they_were_asked_for(crowd: World) -> None:
    parameters, came = crowd.parameters, crowd.arrivals
    zone = ZoneInfo(parameters.zone)
    clocks = [datetime.fromtimestamp(int(each) / 1000, zone) for each in came.created[came.batch < 0][::6]]
    for counts, weights in (
        (Counter(each.weekday() for each in clocks), parameters.weekdays),
        (Counter(each.hour for each in clocks), parameters.hours),
    ):
        for place, weight in enumerate(weights):
            assert counts[place] / len(clocks) == pytest.approx(weight / sum(weights), abs=0.012)
    november, december = (sum(each.month == month for each in clocks) for month in (11, 12))
    assert december < november


def test_legs_are_what_calls_stages_and_owners_tell(quarter_tables: dict[str, pa.Table]) -> None:
    done, entered, had = (by_lead(quarter_tables[name]) for name in ("activities", "stages", "owners"))
    seen = 0
    for leg in quarter_tables["legs"].to_pylist():
        start, end = leg["assigned_at"], leg["ended_at"] or datetime.max.replace(tzinfo=UTC)
        touches = [
            row
            for row in done[leg["lead"]]
            if start <= row["at"] < end and row["counts"] and row["by"] == leg["owner"] and leg["owner"]
        ]
        assert len(touches) == leg["touches"]
        assert len({row["kind"] for row in touches}) == leg["channels"]
        assert (touches[0]["at"] if touches else None) == leg["touched_at"]
        replies = [row["at"] for row in done[leg["lead"]] if row["inbound"] and start <= row["at"] < end]
        assert (replies[0] if replies else None) == leg["replied_at"]
        assert any(row["at"] == start and row["owner"] == leg["owner"] for row in had[leg["lead"]])
        if leg["decided_at"]:
            seen += 1
            assert any(row["at"] == leg["decided_at"] and row["stage"] != "mql" for row in entered[leg["lead"]])
    assert seen > 200


def test_owners_are_there_when_they_get_a_lead(quarter_tables: dict[str, pa.Table]) -> None:
    there = {row["user"]: row for row in quarter_tables["users"].to_pylist()}
    owners = [row for row in quarter_tables["owners"].to_pylist() if row["owner"]]
    assert {row["owner"] for row in owners} == {"SYN-U-ana", "SYN-U-ben", "SYN-U-cy"}
    for row in owners:
        user = there[row["owner"]]
        assert user["since"] <= row["at"]
        assert user["until"] is None or row["at"] < user["until"]


def test_merged_leads_point_to_an_earlier_one_that_is_still_there_and_nothing_follows(
    quarter_tables: dict[str, pa.Table],
) -> None:
    leads = {row["lead"]: row for row in quarter_tables["leads"].to_pylist()}
    merged = [row for row in leads.values() if row["merged_into"]]
    assert merged
    for row in merged:
        winner = leads[row["merged_into"]]
        assert winner["created_at"] <= row["created_at"] <= row["gone_at"]
        assert winner["merged_into"] is None
    gone = {name: row["gone_at"] for name, row in leads.items() if row["gone_at"]}
    for name in ("facts", "stages", "owners", "activities"):
        for row in quarter_tables[name].to_pylist():
            assert row["lead"] not in gone or row["at"] <= gone[row["lead"]], (name, row)


def test_a_history_is_written_and_read_with_its_truth_and_is_marked(
    tmp_path: Path, quarter_tables: dict[str, pa.Table]
) -> None:
    truth = write_history(Parameters(), tmp_path / "h")
    assert json.loads((tmp_path / "h/truth.json").read_text())["first_response"]["all"]["all"]["judged"] == (
        truth.first_response["all"]["all"].judged
    )
    for name, rows in quarter_tables.items():
        assert read(tmp_path / "h", name).equals(rows), name
    with pytest.raises(SlaSyncError, match="is not empty"):
        write_history(Parameters(), tmp_path / "h")


def test_many_legs_alone_have_the_share_of_the_curves(tmp_path: Path) -> None:
    truth = write_legs(Parameters(), 20_000, tmp_path / "h")
    legs = read(tmp_path / "h", "legs")
    assert len(legs) == truth.legs == 20_000
    assert truth.judged > 19_000
    assert len(set(legs.column("leg").to_pylist())) == 20_000
    assert truth.on_time / truth.judged == pytest.approx(0.695, abs=0.02)
    first = legs.slice(0, 1).to_pylist()[0]
    assert first["assigned_at"] >= datetime(2026, 10, 1, tzinfo=UTC)
