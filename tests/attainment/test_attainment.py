"""R1 and R15: the share that was done in time, held against the figure that one would reckon naively."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import parse_duration
from sla_sync.attainment.attainment import CUTS, Figure, Period, tallies
from sla_sync.attainment.engines import Measured, legs_in, local_engine, measure
from sla_sync.attainment.runs import runs
from sla_sync.attainment.shares import Share
from tests.attainment.test_runs import Row, turn
from tests.attainment.turned import arrow, legs
from tests.semantics.leads import agreement, at

AUTUMN = Period(date(2026, 10, 1), date(2026, 11, 30), "America/New_York")
NOON = at("11-03 12:00")
MINUTE = timedelta(minutes=1)
MONDAY = at("10-05 10:00")
UTC_STAMP = pa.timestamp("us", tz="UTC")


def turns(name: str, count: int, start: datetime = MONDAY, **said: object) -> list[Row]:
    """Return turns of a source that began a minute apart; what is a length came so long after the start."""
    return [
        turn(
            leg=f"{name}-{said.get('number', 1)}-{place}",
            lead=f"{name}-{place}",
            source=name,
            assigned_at=start + place * MINUTE,
            **{
                key: start + place * MINUTE + value if isinstance(value, timedelta) else value
                for key, value in said.items()
            },
        )
        for place in range(count)
    ]


def answers(rows: list[Row]) -> list[timedelta]:
    """Return after how long each turn that was touched was touched, on the wall clock: what the naive figures rest on."""
    found = []
    for row in rows:
        touched, start = row.get("touched_at"), row["assigned_at"]
        if isinstance(touched, datetime) and isinstance(start, datetime):
            found.append(touched - start)
    return found


TURNS: Mapping[str, list[Row]] = {
    "unanswered": turns("unanswered", 6, touched_at=5 * MINUTE)
    + turns("unanswered", 2, at("10-06 10:00"), touched_at=40 * MINUTE)
    + turns("unanswered", 4, at("10-07 10:00")),
    "running": turns("running", 3, touched_at=5 * MINUTE) + turns("running", 3, at("11-03 11:55")),
    "weekend": turns("weekend", 5, at("10-02 16:50"), touched_at=timedelta(days=2, hours=16, minutes=14)),
    "clocks": [
        turn(
            leg="C",
            lead="C",
            source="clocks",
            priority="warm",
            assigned_at=at("10-30 16:00"),
            touched_at=at("11-02 10:00"),
        )
    ],
    "passed": turns("passed", 4, owner="pat", ended_at=10 * MINUTE, ended_by="reassigned")
    + turns("passed", 3, at("10-06 10:00"), owner="pat", ended_at=20 * MINUTE, ended_by="reassigned")
    + turns("passed", 4, at("10-05 10:10"), owner="sue", number=2, touched_at=5 * MINUTE),
    "status": turns("status", 5, decided_at=14 * MINUTE, ended_at=30 * MINUTE, ended_by="recycled"),
    "tests": turns("tests", 4)
    + turns("tests", 6, at("10-06 10:00"), void="test", touched_at=MINUTE)
    + turns("tests", 2, at("10-07 10:00"), void="merged"),
    "versions": turns("versions", 5, touched_at=60 * MINUTE)
    + turns("versions", 5, at("10-06 10:00"), touched_at=60 * MINUTE, policy="v2"),
    "free": turns("free", 3, at("10-03 11:00"), touched_at=30 * MINUTE) + turns("free", 2, touched_at=5 * MINUTE),
    "few": turns("few", 2, owner="lucky", touched_at=MINUTE)
    + turns("few", 20, at("10-06 10:00"), owner="bob", touched_at=MINUTE)
    + turns("few", 25, at("10-07 10:00"), owner="eva"),
    "unknown": turns("unknown", 2, calendar="personal") + turns("unknown", 3, at("10-06 10:00"), policy="older"),
    "sunday": turns("sunday", 1, at("10-04 23:15"), calendar="always"),
    "unnamed": [turn(leg="U", lead="U", source=None, owner="una", touched_at=at("10-05 10:01"))],
}


@cache
def response_only(limit: str = "15 business minutes") -> Agreement:
    """Return the small agreement with the first response as its only commitment, and a calendar that never closes."""
    always = {"office": {"open": {"mon-fri": "09:00-17:00"}}, "always": {"open": {"mon-sun": "00:00-24:00"}}}
    whole = agreement(calendars=always, teams={"sdr": {"calendar": "office"}})
    response = whole.commitments["response"]
    limits = {"hot": parse_duration(limit), "warm": parse_duration("2 business hours")}
    return whole.model_copy(update={"commitments": {"response": response.model_copy(update={"within": limits})}})


@cache
def measured() -> Measured:
    """Return what all these turns come to, as of 3 November at noon."""
    rows = [row for each in TURNS.values() for row in each]
    given = {"v1": response_only(), "v2": response_only("2 business hours")}
    return measure(local_engine(), legs(rows), given, AUTUMN, NOON)


def figure(value: str | None = None, cut: str = "source") -> Figure:
    """Return the figure of the first response for one source, or for another cut."""
    found = measured().attainment.of("response", cut, value)
    assert found is not None
    return found


def test_of_what_was_never_answered_the_naive_share_of_answers_knows_nothing() -> None:
    found = answers(TURNS["unanswered"])
    assert sum(each <= 15 * MINUTE for each in found) / len(found) == 0.75
    assert figure("unanswered").attained == Share(6, 12)


def test_what_is_not_yet_due_is_no_miss() -> None:
    assert len(answers(TURNS["running"])) / len(TURNS["running"]) == 0.5
    assert (figure("running").attained, figure("running").running) == (Share(3, 3), 3)


def test_the_wall_clock_blames_a_rep_for_the_weekend() -> None:
    assert min(answers(TURNS["weekend"])) > timedelta(hours=64)
    assert figure("weekend").attained == Share(5, 5)


def test_a_weekend_on_which_clocks_change_is_no_reason_for_a_miss() -> None:
    # Friday 16:00 to Monday 10:00: 66 hours as the clock shows it. Whoever adds those to the instant is an hour early.
    naive = at("10-30 16:00").astimezone(UTC) + timedelta(hours=66)
    assert naive < at("11-02 10:00")
    assert figure("clocks").attained == Share(1, 1)


def test_who_passes_a_lead_on_has_not_answered_it() -> None:
    # Naive: the timer of pat stopped seven times, four of them in time.
    assert figure("pat", "owner").attained == Share(0, 3)
    assert figure("pat", "owner").void == {"the clock began anew before the limit": 4}
    assert figure("sue", "owner").attained == Share(4, 4)


def test_a_new_status_is_no_answer() -> None:
    assert all(row["decided_at"] == row["assigned_at"] + 14 * MINUTE for row in TURNS["status"])  # type: ignore[operator]
    assert figure("status").attained == Share(0, 5)


def test_tests_and_merged_records_count_for_nothing_and_are_shown() -> None:
    assert len(answers(TURNS["tests"])) / len(TURNS["tests"]) == 0.5
    assert figure("tests").attained == Share(0, 4)
    assert figure("tests").void == {"merged": 2, "test": 6}


def test_each_turn_is_judged_by_the_version_to_which_it_was_pinned() -> None:
    # Judged by the version of today, v2, all ten were in time.
    assert max(answers(TURNS["versions"])) < timedelta(hours=2)
    assert figure("versions").attained == Share(5, 10)
    assert figure("versions").policies == ("v1", "v2")


def test_a_deadline_belongs_to_the_week_of_the_reports_zone() -> None:
    # Sunday 4 October, 23:30 in New York, is Monday of the next week in UTC.
    weeks = {each.value: each.overdue for each in measured().attainment.figures if each.cut == "week"}
    assert weeks["2026-W40"] == figure("sunday").overdue == 1


def test_what_the_calendar_gave_for_free_is_told() -> None:
    assert figure("free").attained == Share(5, 5)
    assert figure("free").zero_second == Share(3, 5)


def test_nobody_is_ranked_by_few() -> None:
    ranked = [each.value for each in measured().attainment.ranked("response", "owner")]
    assert ranked.index("bob") < ranked.index("eva")
    assert "lucky" not in ranked
    assert figure("lucky", "owner").attained.value == 1.0


def test_what_was_left_out_is_named() -> None:
    assert figure("unknown").unusable == {"nobody knows the hours of its calendar": 2}
    assert measured().unjudged == {"older": 3}


@pytest.mark.parametrize("cut", CUTS)
def test_every_cut_adds_up_to_the_whole(cut: str) -> None:
    parts, whole = [each for each in measured().attainment.figures if each.cut == cut], figure(cut="")
    assert sum(each.attained.whole for each in parts) == whole.attained.whole
    for counts in ("void", "unusable"):
        assert sum(sum(getattr(each, counts).values()) for each in parts) == sum(getattr(whole, counts).values())


@pytest.mark.parametrize(
    ("share", "interval"),
    [
        (Share(0, 2), (0.0, 0.6576)),
        (Share(81, 263), (0.2553, 0.3662)),
        (Share(15, 148), (0.0624, 0.1605)),
        (Share(10, 10), (0.7225, 1.0)),
        (Share(0, 0), None),
    ],
)
def test_an_interval_is_that_of_wilson(share: Share, interval: tuple[float, float] | None) -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3, for the second and the third.
    assert share.interval == (None if interval is None else pytest.approx(interval, abs=5e-5))


def test_parquet_with_zones_gives_the_same_as_a_table_without(tmp_path: Path) -> None:
    table, engine = arrow(TURNS["unanswered"]), local_engine()
    zoned = [each.cast(UTC_STAMP) if pa.types.is_timestamp(each.type) else each for each in table.columns]
    pq.write_table(pa.table(zoned, names=table.column_names), tmp_path / "legs.parquet")
    read = legs_in(engine, tmp_path / "*.parquet")
    found = measure(engine, read, {"v1": response_only()}, AUTUMN, NOON).attainment.of(
        "response", "source", "unanswered"
    )
    assert found is not None
    assert found.attained == figure("unanswered").attained


def test_no_turns_are_no_figures() -> None:
    assert not measure(local_engine(), legs([]), {}, AUTUMN, NOON).attainment.figures


@pytest.mark.slow
def test_the_same_expressions_are_sql_for_other_engines() -> None:
    table: Table = ibis.table(legs([]).schema(), name="legs")
    found = runs(table, {"v1": response_only()}, NOON, first=at("09-30 00:00"), last=at("10-02 00:00"))
    for dialect in ("duckdb", "pyspark", "snowflake", "bigquery"):
        assert "legs" in str(ibis.to_sql(tallies(found.table, AUTUMN), dialect=dialect))
