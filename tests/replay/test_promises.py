"""What would have been kept: turn by turn what the model says under either revision, and counts that can be checked by hand."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.replay.promises import NOT_THERE, Kept, kept, outcomes
from sla_sync.replay.revisions import Revision
from sla_sync.semantics.clocks import runs as truth
from sla_sync.semantics.history import Parted
from tests.attainment.test_runs import happening, turn
from tests.attainment.turned import turns_of
from tests.measures.pasts import past_of
from tests.replay.sides import OCTOBER, side
from tests.semantics.leads import agreement, at, facts, story

NOW = at("12-20 00:00")
WHOLE = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")
RESPONSE = {
    "by": "vp_sales",
    "clock": {"starts": "assigned", "stops": "touch", "runs_in": "owner calendar", "restarts": "reassigned"},
    "on_time": "90%",
}
Promise = dict[str, object]


def promising(within: object, *, name: str = "proposal", **sections: object) -> Revision:
    promise: Promise = {**RESPONSE, "within": within}
    return side(name, commitments={"response": promise}, **sections)


BEFORE = promising({"hot": "15 business minutes", "warm": "2 business hours"}, name="now")
LATER = {
    "office": {"open": {"mon-fri": "11:00-16:00"}, "holidays": ["2026-10-12"]},
    "madrid": {"timezone": "Europe/Madrid", "open": {"mon-sat": "09:00-18:00"}},
}
OTHERS = (
    promising({"hot": "30 business minutes", "warm": "1 business hour"}),
    promising({"hot": "20 minutes", "warm": "4 hours"}),
    promising({"hot": "15 business minutes", "warm": "2 business hours"}, calendars=LATER),
    promising(
        {"hot": "15 business minutes", "warm": "2 business hours"},
        teams={"sdr": {"calendar": "madrid"}, "iberia": {"calendar": "office"}},
    ),
    promising({"hot": "15 business minutes"}),
)


@pytest.mark.parametrize("after", [OTHERS[0], *(pytest.param(each, marks=pytest.mark.slow) for each in OTHERS[1:])])
def test_each_turn_is_on_each_side_what_the_model_says_of_it(after: Revision) -> None:
    dice = random.Random(3)
    lives = {f"L{number}": (*facts(email="a"), *happening(dice)) for number in range(40)}
    lives = {name: each for name, each in lives.items() if not any(isinstance(event, Parted) for event in each)}
    legs = [
        row for name, each in lives.items() for row in turns_of(story(*each, under=BEFORE.agreement), name, "as it was")
    ]
    past = past_of(BEFORE.agreement, NOW, legs=legs)
    judged = outcomes(past, BEFORE, after, WHOLE, commitments=("response",), without=None)
    found = Counter((row["lead"], str(row["before"]), str(row["after"])) for row in past.rows(judged))
    wanted: Counter[tuple[str, str, str]] = Counter()
    for name, each in lives.items():
        sides = [
            {
                (run.owner, run.started_at): str(run.state).replace("warned", "running")
                for run in truth(story(*each, under=revision.agreement), "response", NOW)
            }
            for revision in (BEFORE, after)
        ]
        wanted.update(
            (name, sides[0].get(key, NOT_THERE), sides[1].get(key, NOT_THERE))
            for key in dict.fromkeys((*sides[0], *sides[1]))
        )
    assert found == wanted
    assert len({key[1:] for key in found}) > 3


def minutes(taken: int | None) -> dict[str, object]:
    """Return what a turn that began at 10:00 says of an answer after so many minutes."""
    return {} if taken is None else {"touched_at": at(f"10-05 10:{taken:02}")}


@pytest.mark.slow
def test_shares_breaches_and_the_turns_that_change_side_are_counted() -> None:
    taken = (5, 10, 16, 20, 25, 40, None)
    legs = [turn(leg=f"T{place}", lead=f"L{place}", **minutes(each)) for place, each in enumerate(taken)]
    legs += [
        turn(leg="M", lead="M", void="merged"),
        turn(leg="R", lead="R", assigned_at=at("12-18 16:45")),
        turn(leg="W", lead="W", priority="warm", touched_at=at("10-05 10:50")),
        turn(leg="E", lead="E", assigned_at=at("09-05 10:00")),
    ]
    after = promising({"hot": "30 business minutes", "warm": "30 business minutes"})
    past = past_of(BEFORE.agreement, at("12-18 16:50"), legs=legs)
    judged = outcomes(past, BEFORE, after, WHOLE, commitments=("response",), without=None)
    whole, hot, warm = kept(past, judged, BEFORE, after)
    assert numbers(hot) == (2, 7, 5, 7, 3, 0)
    assert numbers(warm) == (1, 1, 0, 1, 0, 1)
    assert numbers(whole) == (3, 8, 5, 8, 3, 1)
    assert (whole.changes, whole.left_out) == (4, {"merged": 1, "running": 1})
    assert whole.before is not None
    assert whole.before.interval is not None


def numbers(each: Kept) -> tuple[int, ...]:
    assert each.before is not None
    assert each.after is not None
    return (
        each.before.part, each.before.whole, each.after.part, each.after.whole, each.to_on_time, each.to_late
    )  # fmt: skip


@pytest.mark.slow
def test_a_promise_that_one_side_lacks_is_told_of_the_other_alone() -> None:
    legs = [turn(leg=f"T{place}", lead=f"L{place}", **minutes(each)) for place, each in enumerate((5, 20))]
    past = past_of(BEFORE.agreement, NOW, legs=legs)
    without = Revision("none", agreement(commitments={"other": {"by": "vp_sales", "measure": "manual"}})).always
    judged = outcomes(past, BEFORE, without, OCTOBER, commitments=("response",), without=None)
    found = kept(past, judged, BEFORE, without)[0]
    assert found.after is None
    assert found.before is not None
    assert (found.before.part, found.before.whole) == (1, 2)
    again = kept(
        past, outcomes(past, without, BEFORE, OCTOBER, commitments=("response",), without=None), without, BEFORE
    )
    assert again[0].before is None
    assert again[0].after == found.before


@pytest.mark.slow
def test_priorities_that_change_are_reckoned_anew_from_what_was_known_at_the_assignment() -> None:
    priorities = {"hot": {"when": "country is DE"}, "warm": {"when": "stage is mql"}}
    after = promising({"hot": "15 business minutes", "warm": "2 business hours"}, priorities=priorities)
    legs = [turn(leg="D", lead="D", **minutes(20)), turn(leg="E", lead="E", **minutes(20))]
    told = [
        {"lead": "D", "at": at("10-05 09:00"), "field": "country", "value": "DE"},
        {"lead": "E", "at": at("10-05 09:00"), "field": "country", "value": "ES"},
        {"lead": "E", "at": at("10-05 10:01"), "field": "country", "value": "DE"},
    ]
    past = past_of(BEFORE.agreement, NOW, legs=legs, facts=told)
    judged = outcomes(past, BEFORE, after, OCTOBER, commitments=("response",), without=None)
    found = {row["lead"]: (row["before"], row["after"]) for row in past.rows(judged)}
    assert found == {"D": ("late", "late"), "E": ("late", "on_time")}
