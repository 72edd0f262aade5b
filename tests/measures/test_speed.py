"""R2: quantiles with those who still wait, bands, both clocks, and the way taken apart."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.measures.speed import BANDS, NOT_BEGUN, STEPS, Waited, speed
from tests.measures.pasts import acme, past_of
from tests.semantics.leads import agreement

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
MINUTE, HOUR = 60.0, 3600.0
NOW = "2026-10-14 16:00"  # a Wednesday, noon in New York

# Monday 5 October, 10:00 in New York is 14:00 in UTC; Friday 2 October, 16:50 is 20:50.
CYCLES = (
    {"lead": "a", "raised_at": "2026-10-05 14:00", "qualified_at": "2026-10-05 14:01", "assigned_at": "2026-10-05 14:03",
     "team": "sdr", "touched_at": "2026-10-05 14:05", "replied_at": "2026-10-05 15:05"},
    {"lead": "b", "raised_at": "2026-10-02 20:50", "qualified_at": "2026-10-02 20:50", "assigned_at": "2026-10-02 20:50",
     "team": "sdr", "touched_at": "2026-10-05 13:05"},
    {"lead": "c", "raised_at": "2026-10-14 15:00", "qualified_at": "2026-10-14 15:10", "assigned_at": "2026-10-14 15:20",
     "team": "sdr"},
    {"lead": "d", "raised_at": "2026-10-13 16:00", "qualified_at": "2026-10-13 16:00"},
    {"lead": "e", "raised_at": "2026-10-12 16:00", "qualified_at": "2026-10-12 16:00", "closed_at": "2026-10-12 18:00"},
    {"lead": "owned before", "raised_at": "2026-10-06 14:00", "qualified_at": "2026-10-06 15:00",
     "assigned_at": "2026-10-01 14:00", "team": "sdr", "touched_at": "2026-10-06 15:30"},
    {"lead": "test", "raised_at": "2026-10-05 14:00", "qualified_at": "2026-10-05 14:00", "void": "test"},
    {"lead": "by score", "qualified_at": "2026-10-07 14:00", "assigned_at": "2026-10-07 14:10", "team": "sdr",
     "touched_at": "2026-10-07 14:20"},
    {"lead": "backwards", "raised_at": "2026-10-08 14:00", "qualified_at": "2026-10-08 13:00",
     "assigned_at": "2026-10-08 14:00", "team": "sdr", "touched_at": "2026-10-08 15:00"},
    {"lead": "September", "raised_at": "2026-09-30 14:00", "qualified_at": "2026-09-30 14:00"},
)  # fmt: skip


@pytest.fixture(scope="module")
def steps() -> dict[tuple[str, str], Waited]:
    return by_name(past_of(acme(), NOW, cycles=CYCLES))


def by_name(past: Past) -> dict[tuple[str, str], Waited]:
    return {(each.step, each.clock): each for each in speed(past, OCTOBER)}


def counts(waited: Waited) -> list[int]:
    """Return how many lie in each band."""
    return [round((each.value or 0) * (each.n or 0)) for each in waited.bands.values()]


def test_every_step_is_told_by_both_clocks_in_order(steps: dict[tuple[str, str], Waited]) -> None:
    assert list(steps) == [(step, clock) for step in STEPS for clock in ("wall", "business")]


def test_the_buyer_waits_the_weekend_and_the_owner_does_not(steps: dict[tuple[str, str], Waited]) -> None:
    # a: 5 min, b: Friday to Monday, c: an hour so far, d: a day so far, e: left after 2 h, one: 90 min, backwards: 1 h.
    wall, business = steps["raised to touched", "wall"], steps["raised to touched", "business"]
    assert counts(wall) == [1, 0, 1, 1, 0, 1, 3]
    assert counts(business) == [1, 1, 1, 1, 0, 0, 3]
    # d lies a day back on the wall: 12:00 to 12:00, eight hours of them open.
    assert wall.quantiles[90].value == (64 * 60 + 15) * MINUTE
    assert business.quantiles[90].value == 8 * HOUR
    assert business.quantiles[90].at_least


def test_quantiles_are_those_that_are_reckoned_by_hand(steps: dict[tuple[str, str], Waited]) -> None:
    wall = steps["raised to touched", "wall"]
    # Seven at risk. 5 min: 6/7. 1 h: one done (backwards), one seen so long (c): of six, 5/7. 90 min: of four, 15/28.
    # 2 h: e leaves. 24 h: d. 64 h 15 min: the last one.
    assert wall.quantiles[50].value == (64 * 60 + 15) * MINUTE
    assert wall.quantiles[50].n == 7
    assert wall.naive_median.value == 1 * HOUR
    assert wall.naive_median.n == 4


def test_the_way_is_taken_apart_and_who_is_not_so_far_is_left_out(steps: dict[tuple[str, str], Waited]) -> None:
    qualified = steps["raised to qualified", "wall"]
    assert counts(qualified) == [4, 1, 1, 0, 0, 0, 0]
    assert qualified.basis.unusable == {
        "it is not recorded when the clock started": 1,
        "the first stop that is recorded lies before the start": 1,
    }
    assert qualified.basis.left_out == {"test": 1}
    assigned = steps["qualified to assigned", "wall"]
    assert counts(assigned) == [3, 2, 1, 0, 0, 0, 2]
    touched = steps["assigned to touched", "wall"]
    assert touched.basis.left_out == {"test": 1, NOT_BEGUN: 2}
    assert counts(touched) == [1, 1, 2, 0, 0, 1, 1]
    replied = steps["touched to replied", "wall"]
    assert replied.basis.n == 5
    assert counts(replied) == [0, 0, 1, 0, 0, 0, 4]


@pytest.mark.slow
def test_who_had_it_before_it_qualified_is_timed_from_the_moment_at_which_it_qualified() -> None:
    only = tuple(each for each in CYCLES if each["lead"] == "owned before")
    found = by_name(past_of(acme(), NOW, cycles=only))
    medians = [found[step, "wall"].quantiles[50].value for step in STEPS[:4]]
    assert medians == [90 * MINUTE, 60 * MINUTE, 0.0, 30 * MINUTE]


@pytest.mark.slow
def test_parts_of_the_way_add_up_to_the_whole() -> None:
    found = by_name(past_of(acme(), NOW, cycles=CYCLES[:1]))
    for clock in ("wall", "business"):
        whole, *parts = (found[step, clock].quantiles[50].value or 0.0 for step in STEPS[:4])
        assert whole == sum(parts) == 5 * MINUTE


@pytest.mark.slow
def test_a_quantile_that_nobody_reached_is_at_least_the_longest_time_seen() -> None:
    waiting = [
        {"lead": str(each), "raised_at": f"2026-10-1{each} 16:00", "qualified_at": f"2026-10-1{each} 16:00"}
        for each in range(4)
    ]
    median = by_name(past_of(acme(), NOW, cycles=waiting))["raised to touched", "wall"].quantiles[50]
    assert (median.value, median.at_least, median.n) == (4 * 24 * HOUR, True, 4)
    assert "Fewer than 50 of 100" in median.note


@pytest.mark.slow
def test_of_nobody_there_is_no_figure_and_a_reason() -> None:
    for each in speed(past_of(acme(), NOW), OCTOBER):
        assert {figure.value for figure in each.quantiles.values()} == {None}
        assert all(figure.note for figure in each.quantiles.values())
        assert each.basis.n == 0
        assert list(each.bands) == list(BANDS)


@pytest.mark.slow
def test_hours_are_those_of_each_owners_team_and_unknown_where_they_are_personal() -> None:
    # 10:00 to 16:00 UTC on Monday 5 October: in Madrid 12:00 to 18:00, of which 13 to 15 is closed; in New York from 9 on.
    def cycle(lead: str, team: str | None) -> dict[str, object]:
        start, stop = "2026-10-05 10:00", "2026-10-05 16:00"
        return {"lead": lead, "team": team, "raised_at": start, "qualified_at": start, "touched_at": stop}

    teams = ("iberia", "sdr", None, "unheard of", "nomads")
    past = past_of(agreement(), NOW, cycles=[cycle(str(team), team) for team in teams])
    found = by_name(past)["raised to touched", "business"]
    assert [figure.value for figure in found.quantiles.values()] == [3 * HOUR, 3 * HOUR, 4 * HOUR, 4 * HOUR]
    assert found.basis.n == 4
    assert found.basis.unusable == {"nobody knows the hours of its calendar": 1}


@pytest.mark.slow
def test_what_came_after_the_instant_of_the_past_is_not_known_yet() -> None:
    early = by_name(past_of(acme(), "2026-10-05 14:04", cycles=CYCLES[:3]))["raised to touched", "wall"]
    assert counts(early) == [0, 0, 0, 0, 0, 1, 1]
