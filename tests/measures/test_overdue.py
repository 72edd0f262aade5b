"""R3: what is overdue now, in open time and on the wall, with who has it now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sla_sync.measures.overdue import NOT_DUE, NOT_OPEN, Late, Overdue, overdue
from tests.measures.pasts import acme, past_of
from tests.semantics.leads import agreement

NOW = "2026-10-07 14:00"  # a Wednesday, 10:00 in New York
MINUTE, HOUR = 60.0, 3600.0

ANOTHER: dict[str, Any] = {
    "activities": [{"lead": "another", "at": "2026-10-01 14:00"}],
    "stays": [{"lead": "another", "stage": "inquiry", "entered_at": "2026-10-01 14:00"}],
}
"""What shows that calls and stages are recorded at all."""


def turn(lead: str, assigned_at: str, **said: object) -> dict[str, object]:
    plain = {
        "leg": f"{lead}-{said.get('number', 1)}", "lead": lead, "owner": "ann", "team": "sdr", "priority": "hot",
        "stage": "mql", "raised_at": assigned_at, "qualified_at": assigned_at, "assigned_at": assigned_at,
    }  # fmt: skip
    return plain | said


LEGS = (
    # Hot, due on Friday at 16:50 + 15 min = Monday 09:05; open since: Monday 7 h 55, Tuesday 8 h, Wednesday 1 h.
    turn("friday", "2026-10-02 20:50"),
    # Warm, due on Tuesday at 15:00; open since: 2 h and 1 h. The verdict is due on Thursday.
    turn("warm", "2026-10-06 17:00", priority="warm"),
    # Half an hour before now: fifteen minutes late.
    turn("just now", "2026-10-07 13:30"),
    turn("in time", "2026-10-07 13:50"),
    turn("touched", "2026-10-06 17:00", touched_at="2026-10-06 17:05"),
    turn("test", "2026-10-05 17:00", void="test"),
    turn("unknown hours", "2026-10-05 17:00", calendar="elsewhere"),
    # Late with ann, who lost it on Tuesday; ben has it since, touched it, and the verdict was due on Monday at 17:00.
    turn("passed on", "2026-10-02 13:00", ended_at="2026-10-06 15:00", ended_by="reassigned"),
    turn("passed on", "2026-10-06 15:00", number=2, owner="ben", touched_at="2026-10-06 15:05"),
)


@pytest.fixture(scope="module")
def found() -> Overdue:
    return overdue(past_of(acme(), NOW, legs=LEGS, **ANOTHER), most=4)


def told(late: Late) -> tuple[str, str, float, float]:
    return late.commitment, late.lead, late.open_seconds, late.wall_seconds


def test_the_oldest_come_first_by_open_time_beside_that_on_the_wall(found: Overdue) -> None:
    assert [told(each) for each in found.late] == [
        ("first-response", "friday", (16 * 60 + 55) * MINUTE, (48 * 60 + 55) * MINUTE),
        ("verdict", "passed on", 9 * HOUR, 41 * HOUR),
        ("first-response", "warm", 3 * HOUR, 19 * HOUR),
        ("verdict", "friday", 70 * MINUTE, (17 * 60 + 10) * MINUTE),
    ]
    assert found.late[0].due_at == datetime(2026, 10, 5, 13, 5, tzinfo=UTC)


def test_counts_hold_all_also_beyond_the_list_and_the_rest_is_left_out_by_its_reason(found: Overdue) -> None:
    assert found.count == {"first-response": 3, "verdict": 2}
    assert found.basis.n == 5
    assert found.basis.left_out == {"test": 2, NOT_DUE: 1 + 4, NOT_OPEN: 1}
    assert found.basis.unusable == {"nobody knows the hours of its calendar": 2}


def test_who_has_it_now_stands_beside_a_promise_that_runs_through_the_whole_cycle(found: Overdue) -> None:
    verdict = next(each for each in found.late if each.lead == "passed on")
    assert (verdict.owner, verdict.leg) == ("ben", "passed on-1")


@pytest.mark.slow
def test_hours_are_those_of_the_turns_calendar_and_the_wall_where_the_clock_runs_on_it() -> None:
    lunch = turn("a", "2026-10-07 10:30", calendar="madrid", team="iberia")

    # Due at 10:45 UTC, 12:45 in Madrid; by 14:00 UTC, 16:00 there, 15 minutes before the pause and an hour after it.
    def clock(**said: object) -> dict[str, object]:
        return {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch", **said}, "within": "15 minutes"}

    under = agreement(
        commitments={"own": clock(), "wall": clock(runs_in="wall clock"), "office": clock(runs_in="office")}
    )
    found = overdue(past_of(under, NOW, legs=[lunch], **ANOTHER))
    assert {each.commitment: each.open_seconds for each in found.late} == {
        "own": 75 * MINUTE, "wall": 195 * MINUTE, "office": 60 * MINUTE
    }  # fmt: skip
    assert {each.wall_seconds for each in found.late} == {195 * MINUTE}


def test_of_promises_that_turns_cannot_tell_the_names_are_told() -> None:
    clock = {"starts": "assigned", "stops": "touch", "pauses": "waiting_for is buyer"}
    under = agreement(commitments={"promise": {"by": "vp_sales", "clock": clock, "within": "1 hour"}})
    found = overdue(past_of(under, NOW, legs=LEGS[:1], **ANOTHER))
    assert (found.late, found.count) == ((), {})
    assert found.basis.note == "Turns cannot tell it of `promise`."
