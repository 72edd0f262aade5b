"""A cycle from qualification to its end: what is counted, kept, forgotten, and what becomes of its clocks."""

from datetime import timedelta
from typing import Any

import pytest

from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.living import MONDAY, Life, live

ANSWER, PATIENCE = "answer", "nobody-forgotten"


@pytest.fixture
def life() -> Life:
    return live()


def test_a_cycle_is_numbered_priced_and_given_its_policy(life: Life) -> None:
    life.arrives(source="Referral")
    said = {name: life.shows(name) for name in ("cycle", "cycle_state", "priority", "policy", "cycle_source", "stage")}
    assert said == {
        "cycle": "1", "cycle_state": kept.OPEN, "priority": "referred", "policy": "startup-inbound@2026-10-01",
        "cycle_source": "Referral", "stage": "mql",
    }  # fmt: skip


def test_whoever_qualifies_by_hand_without_a_hand_raised_has_no_clock_from_it(life: Life) -> None:
    life.arrives()
    life.moves("OPEN")
    assert (life.shows("cycle"), life.shows("priority")) == ("1", kept.NONE)
    assert life.state(PATIENCE) == kept.IDLE
    # Nothing is promised to a priority that nobody agreed on.
    assert life.state(ANSWER) == kept.IDLE


def test_a_clock_from_the_hand_raise_counts_from_it_and_not_from_qualification(life: Life) -> None:
    life.arrives(source="Demo", company="")
    life.passes(hours=5)
    life.change(company="Buyer")
    assert life.at("nobody_forgotten_started_at") == MONDAY
    assert life.at("answer_started_at") == life.at("qualified_at") == MONDAY + timedelta(hours=5)


def test_going_on_is_the_verdict_and_going_back_opens_no_cycle(life: Life) -> None:
    life.arrives(source="Demo")
    life.passes(hours=1)
    life.moves("IN_PROGRESS")
    assert (life.shows("judged"), life.at("verdict_at")) == (kept.YES, life.now)
    judged = life.now
    life.passes(hours=1)
    life.moves("CONNECTED")
    life.moves("OPEN")
    life.moves("ATTEMPTED_TO_CONTACT")
    assert (life.shows("cycle"), life.at("verdict_at"), life.shows("stage")) == ("1", judged, "sal")


def test_a_cycle_closed_before_the_limit_leaves_a_void_clock_and_after_it_an_overdue_one(life: Life) -> None:
    life.arrives(source="Demo")
    life.until(MONDAY + timedelta(hours=1))
    life.moves("UNQUALIFIED", reason="not_real")
    assert (life.state(ANSWER), life.state(PATIENCE)) == (kept.VOID, kept.VOID)
    assert (life.shows("cycle_state"), life.shows("dates"), life.at("ended_at")) == (kept.CLOSED, kept.QUIET, life.now)
    life.arrives(source="Demo")
    life.until(life.now + timedelta(hours=3))
    assert life.state(ANSWER) == kept.OVERDUE
    life.moves("UNQUALIFIED", reason="not_real")
    assert (life.state(ANSWER), life.state(PATIENCE)) == (kept.OVERDUE, kept.VOID)
    assert life.failed() == []


def test_a_touch_before_the_dates_are_known_is_judged_when_they_are(life: Life) -> None:
    life.arrives(source="Demo")
    life.passes(minutes=10)
    life.touches(life.owner() or "")
    life.moves("UNQUALIFIED", reason="not_real")
    assert (life.state(ANSWER), life.shows("dates")) == (kept.STOPPED, kept.ASKED)
    life.clock()
    assert (life.state(ANSWER), life.shows("dates")) == (kept.ON_TIME, kept.QUIET)


def test_what_a_cycle_leaves_while_dates_are_asked_for_is_void_when_they_are_found(life: Life) -> None:
    life.arrives(source="Demo")
    life.moves("UNQUALIFIED", reason="not_real")
    assert (life.state(ANSWER), life.shows("dates")) == (kept.AWAITS, kept.ASKED)
    life.clock()
    assert (life.state(ANSWER), life.state(PATIENCE), life.shows("dates")) == (kept.VOID, kept.VOID, kept.QUIET)


def test_the_next_cycle_forgets_the_reason_and_the_state_of_every_clock(life: Life) -> None:
    life.arrives(source="Demo")
    life.until(MONDAY + timedelta(hours=3))
    life.moves("BAD_TIMING", reason="no_budget")
    life.passes(days=40)
    life.change(source="Referral")
    assert (life.shows("reason"), life.shows("cycle"), life.shows("leg")) == (kept.NONE, "2", "1")
    assert life.state(ANSWER) == life.state(PATIENCE) == kept.AWAITS
    assert life.shows("verdict_at") is not None
    assert life.shows("judged") == kept.NO


def test_a_hand_that_is_raised_again_starts_a_clock_that_stands_still_and_no_cycle(life: Life) -> None:
    life.arrives(source="Demo")
    life.clock()
    life.touches(life.owner() or "")
    assert life.state(PATIENCE) == kept.ON_TIME
    life.passes(hours=2)
    life.change(source="Referral")
    assert (life.shows("cycle"), life.shows("cycle_source"), life.at("raised_at")) == ("1", "Demo", MONDAY)
    assert (life.state(PATIENCE), life.at("nobody_forgotten_started_at")) == (kept.AWAITS, life.now)
    assert (life.state(ANSWER), life.shows("dates")) == (kept.ON_TIME, kept.ASKED)


def test_a_hand_that_opened_no_cycle_is_forgotten_off_the_path(life: Life) -> None:
    life.arrives(source="Newsletter")
    life.moves("UNQUALIFIED", reason="not_real")
    assert life.shows("raised") == kept.FORGOTTEN
    life.passes(days=3)
    life.moves("OPEN")
    assert (life.shows("cycle"), life.state(PATIENCE)) == ("1", kept.IDLE)


def test_a_deal_that_is_won_closes_the_cycle_of_its_contact(life: Life) -> None:
    life.arrives(source="Demo")
    life.moves("CONNECTED")
    deal = life.deals("appointmentscheduled")
    assert (life.shows("cycle_state"), life.shows("deal_stage")) == (kept.OPEN, kept.NO_STAGE)
    life.deal_moves(deal, "closedwon")
    assert (life.shows("deal_stage"), life.shows("stage"), life.shows("cycle_state")) == (
        "customer",
        "customer",
        kept.CLOSED,
    )
    assert life.failed() == []


def _verdict(document: dict[str, Any]) -> None:
    document["commitments"]["verdict"] = {
        "by": "sales_lead",
        "promise": "Take it up or say why not.",
        "clock": {"starts": "qualified", "stops": "leaves mql", "runs_in": "office"},
        "within": "2 business days",
        "on_time": "95%",
    }
    document["commitments"]["talk"] = {
        "by": "sales_lead",
        "promise": "Have an end to the talk.",
        "clock": {"starts": "enters sal", "stops": "leaves sal", "runs_in": "wall clock"},
        "within": "20 days",
        "on_time": "90%",
    }


def test_a_rejection_stops_the_clock_of_the_verdict_before_the_cycle_closes() -> None:
    life = live(bend=_verdict)
    life.arrives(source="Demo")
    life.clock()
    life.moves("UNQUALIFIED", reason="not_real")
    assert life.state("verdict") == kept.ON_TIME


def test_a_clock_may_run_from_one_stage_to_the_next() -> None:
    life = live(bend=_verdict)
    life.arrives(source="Demo")
    life.clock()
    assert life.state("talk") == kept.IDLE
    life.passes(hours=2)
    life.moves("CONNECTED")
    assert (life.state("verdict"), life.state("talk")) == (kept.ON_TIME, kept.AWAITS)
    assert life.at("talk_started_at") == life.now
    life.until(life.now + timedelta(days=21), timedelta(hours=12))
    assert life.state("talk") == kept.OVERDUE
    life.moves("BAD_TIMING", reason="no_budget")
    assert life.state("talk") == kept.LATE
    assert life.failed() == []


def test_what_stops_while_dates_are_asked_for_is_judged_by_them(life: Life) -> None:
    life.clock()
    life.passes(hours=1)
    life.arrives(source="Demo")
    life.clock()
    life.change(source="Referral", dates=kept.ASKED)
    life.passes(hours=5)
    life.touches(life.owner() or "")
    assert life.state(ANSWER) == kept.STOPPED
    life.clock()
    assert (life.state(ANSWER), life.state(PATIENCE)) == (kept.LATE, kept.ON_TIME)
