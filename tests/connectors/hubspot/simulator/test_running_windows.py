"""When a workflow may act: windows, blocked dates, the spread after an opening, and clocks that are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync_hubspot.simulator.pace import Pace
from sla_sync_hubspot.simulator.running.windows import Windows, is_open, next_turn
from tests.connectors.hubspot.simulator.workshop import FITS, WEEK, delay, open_workshop, put, split, stamp, tick

EXACT = Pace(spread=timedelta(0))
CHRISTMAS = {"month": "DECEMBER", "dayOfMonth": 25}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def windows(hours: Any = WEEK, blocked: Any = (), zone: str = "US/Eastern") -> Windows:
    return Windows(hours, blocked, ZoneInfo(zone))


def hours(day: str, start: tuple[int, int], end: tuple[int, int]) -> dict[str, Any]:
    return {
        "day": day,
        "startTime": {"hour": start[0], "minute": start[1]},
        "endTime": {"hour": end[0], "minute": end[1]},
    }


@pytest.mark.parametrize(
    ("blocked", "zone", "reached", "turn"),
    [
        ((), "US/Eastern", "2026-11-30T13:59:00+00:00", "2026-11-30T14:00:00+00:00"),  # Monday, 8:59
        ((), "US/Eastern", "2026-11-30T22:00:00+00:00", "2026-12-01T14:00:00+00:00"),  # Monday, 17:00
        ((), "US/Eastern", "2026-12-04T23:00:00+00:00", "2026-12-07T14:00:00+00:00"),  # Friday evening
        ((), "Europe/Berlin", "2026-12-04T23:00:00+00:00", "2026-12-07T08:00:00+00:00"),
        ((CHRISTMAS,), "US/Eastern", "2026-12-25T15:00:00+00:00", "2026-12-28T14:00:00+00:00"),
        ((CHRISTMAS | {"year": 2025},), "US/Eastern", "2026-12-24T23:00:00+00:00", "2026-12-25T14:00:00+00:00"),
        # The clocks go forward in the night to Sunday, 8 March, and back in that to Sunday, 1 November.
        ((), "US/Eastern", "2026-03-06T23:00:00+00:00", "2026-03-09T13:00:00+00:00"),
        ((), "US/Eastern", "2026-10-30T22:00:00+00:00", "2026-11-02T14:00:00+00:00"),
    ],
)
def test_an_action_outside_the_hours_waits_for_the_next_opening_on_the_clock_of_the_portal(
    blocked: Any, zone: str, reached: str, turn: str
) -> None:
    found = windows(blocked=blocked, zone=zone)
    assert not is_open(found, at(reached))
    assert next_turn(found, at(reached), EXACT, "x") == at(turn)
    assert is_open(found, at(turn))


@pytest.mark.parametrize(
    ("start", "end", "opens", "closes"),
    [
        ((1, 0), (4, 0), "2026-03-08T06:00:00+00:00", "2026-03-08T08:00:00+00:00"),  # two hours long that night
        ((2, 30), (4, 0), "2026-03-08T07:30:00+00:00", "2026-03-08T08:00:00+00:00"),  # the time that is left out
    ],
)
def test_a_window_in_the_night_in_which_clocks_go_forward_is_as_long_as_that_night(
    start: tuple[int, int], end: tuple[int, int], opens: str, closes: str
) -> None:
    found = windows([hours("SUNDAY", start, end)])
    assert list(found.opens(at("2026-03-08T00:00:00+00:00").date())) == [(at(opens), at(closes))]


def test_a_window_in_the_night_in_which_clocks_go_back_is_longer() -> None:
    ((opens, closes),) = windows([hours("SUNDAY", (0, 0), (4, 0))]).opens(at("2026-11-01T00:00:00+00:00").date())
    assert closes - opens == timedelta(hours=5)


def test_from_a_blocked_date_an_action_may_go_to_the_same_time_of_the_next_day() -> None:
    found = windows(blocked=[CHRISTMAS])
    same = Pace(spread=timedelta(0), keeps_time=True)
    assert next_turn(found, at("2026-12-25T18:00:00+00:00"), same, "x") == at("2026-12-28T18:00:00+00:00")
    assert next_turn(found, at("2026-12-25T23:00:00+00:00"), same, "x") == at("2026-12-28T14:00:00+00:00")


def test_without_hours_only_blocked_dates_hold_an_action_up() -> None:
    found = windows(hours=(), blocked=[CHRISTMAS])
    assert is_open(found, at("2026-12-24T03:00:00+00:00"))
    assert next_turn(found, at("2026-12-25T15:00:00+00:00"), EXACT, "x") == at("2026-12-26T05:00:00+00:00")


def test_a_workflow_that_may_never_act_has_no_turn() -> None:
    never = windows([hours("MONDAY", (9, 0), (9, 0))])
    assert next_turn(never, at("2026-12-25T15:00:00+00:00"), EXACT, "x") is None


@given(
    st.integers(0, 14 * 24 * 4).map(lambda quarter: quarter * 15),
    st.integers(0, 60),
    st.integers(0, 9),
    st.sampled_from(["US/Eastern", "Europe/Berlin", "UTC"]),
)
def test_a_turn_is_the_earliest_time_in_the_hours_and_not_more_than_the_spread_later(
    minute: int, spread: int, seed: int, zone: str
) -> None:
    reached = datetime(2026, 10, 24, tzinfo=UTC) + timedelta(minutes=minute)
    found = windows(zone=zone, blocked=[{"month": "OCTOBER", "dayOfMonth": 28}])
    if is_open(found, reached):
        return
    turn = next_turn(found, reached, Pace(spread=timedelta(minutes=spread), seed=seed), "x")
    opening = reached
    while not is_open(found, opening):  # quarter by quarter, and not as the simulator counts
        opening += timedelta(minutes=15)
    assert turn is not None
    assert opening <= turn <= opening + timedelta(minutes=spread)
    assert is_open(found, turn)


def test_the_spread_is_even_and_the_same_for_the_same_seed() -> None:
    reached = at("2026-12-04T23:00:00+00:00")
    turns = [next_turn(windows(), reached, Pace(), str(record)) for record in range(400)]
    late = [(turn - at("2026-12-07T14:00:00+00:00")) / timedelta(minutes=1) for turn in turns if turn]
    assert max(late) <= 15
    assert 6.5 < sum(late) / len(late) < 8.5
    assert turns == [next_turn(windows(), reached, Pace(), str(record)) for record in range(400)]
    assert turns != [next_turn(windows(), reached, Pace(seed=1), str(record)) for record in range(400)]


def test_the_spread_stays_within_a_short_window() -> None:
    short = windows([hours("MONDAY", (9, 0), (9, 5))])
    turns = [next_turn(short, at("2026-12-04T23:00:00+00:00"), Pace(), str(record)) for record in range(50)]
    assert all(turn and is_open(short, turn) for turn in turns)


def test_delays_and_branches_do_not_wait_for_the_hours_but_the_action_after_them_does() -> None:
    """The example of the vendor's page: a deal leaves a delay on Saturday and goes on on Monday."""
    friday = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)
    shop = open_workshop(friday)
    flow = shop.put(delay(1, 24 * 60, to=2), split(2, FITS, to=3), stamp(3), timeWindows=list(WEEK))
    lead = shop.contact(email="a@example.com", sla_fit="60")
    shop.run(hours=26)
    shop.change(lead, sla_fit="1")  # after the branch was passed on Saturday
    shop.run(days=3)
    stamped = shop.told(lead, "sla_at")[0].at
    opening = datetime(2026, 12, 7, 14, 0, tzinfo=UTC)
    assert opening <= stamped <= opening + timedelta(minutes=15)
    waits = [line.at for line in shop.log(flow) if line.event == "WAITING"]
    assert waits == [friday, friday + timedelta(days=1)]


def test_actions_that_follow_one_another_in_the_hours_wait_only_once() -> None:
    shop = open_workshop(datetime(2026, 12, 5, 20, 0, tzinfo=UTC))
    flow = shop.put(tick(1, to=2), tick(2, to=3), put(3, "sla_note", "x"), timeWindows=list(WEEK))
    lead = shop.contact(email="a@example.com", sla_fit="60")
    shop.run(days=3)
    assert shop.value(lead, "sla_ticks") == "2"
    assert [event for event, _ in shop.lines(flow)].count("WAITING") == 1
