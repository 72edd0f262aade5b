"""Turns and touches: whose contact it is, when it was theirs, and what counts as reaching out."""

from datetime import timedelta
from typing import Any

import pytest

from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.living import MONDAY, Life, live

ANSWER, PATIENCE = "answer", "nobody-forgotten"


@pytest.fixture
def life() -> Life:
    found = live()
    found.arrives(source="Demo")
    return found


def test_a_contact_that_qualifies_is_given_out_and_its_turn_begins(life: Life) -> None:
    assert life.owner() in {"morgan", "ana"}
    assert (life.shows("leg"), life.shows("turn_owner")) == ("1", life.owner_id(life.owner() or ""))
    assert (life.at("assigned_at"), life.at("answer_started_at")) == (MONDAY, MONDAY)
    assert (life.state(ANSWER), life.shows("dates")) == (kept.AWAITS, kept.ASKED)


def test_members_take_turns(life: Life) -> None:
    first = life.owner()
    life.arrives(source="Demo")
    assert {first, life.owner()} == {"morgan", "ana"}


def test_a_new_owner_has_a_clock_of_their_own_and_the_other_goes_on(life: Life) -> None:
    life.until(MONDAY + timedelta(hours=1))
    life.owned_by("ben")
    assert (life.shows("leg"), life.at("assigned_at"), life.state(ANSWER)) == ("2", life.now, kept.AWAITS)
    assert kept.VOID in life.was("answer_state")
    assert (life.state(PATIENCE), life.at("nobody_forgotten_started_at")) == (kept.RUNNING, MONDAY)


def test_an_overdue_turn_stays_overdue_when_it_is_given_on(life: Life) -> None:
    life.owned_by("ana")
    life.until(MONDAY + timedelta(hours=2, minutes=5))
    assert life.state(ANSWER) == kept.OVERDUE
    life.owned_by("ben")
    assert life.was("answer_state")[-3:] == [kept.OVERDUE, kept.IDLE, kept.AWAITS]


def test_a_contact_that_is_given_back_is_nobodys_and_its_clock_void(life: Life) -> None:
    life.clock()
    life.passes(minutes=30)
    life.owned_by("")
    assert (life.shows("turn_owner"), life.state(ANSWER)) == (kept.NOBODY, kept.VOID)
    assert life.state(PATIENCE) == kept.RUNNING
    life.passes(minutes=30)
    life.owned_by("ana")
    assert (life.shows("leg"), life.state(ANSWER)) == ("2", kept.AWAITS)


@pytest.mark.parametrize("activity", ["call", "email", "meeting"])
def test_the_owner_reaching_out_stops_the_clocks_that_wait_for_it(life: Life, activity: str) -> None:
    life.clock()
    life.passes(minutes=20)
    life.touches(life.owner() or "", activity)
    assert (life.shows("touched"), life.at("first_touch_at")) == (kept.YES, life.now)
    assert (life.state(ANSWER), life.state(PATIENCE)) == (kept.ON_TIME, kept.ON_TIME)
    assert life.at("answer_stopped_at") == life.now
    assert life.failed() == []


def test_only_the_first_touch_of_a_turn_is_kept(life: Life) -> None:
    life.clock()
    life.touches(life.owner() or "")
    first = life.now
    life.passes(hours=1)
    life.touches(life.owner() or "")
    assert life.at("first_touch_at") == first


def test_what_a_colleague_does_is_no_touch_and_the_owners_comes_after_it(life: Life) -> None:
    life.owned_by("ana")
    life.clock()
    life.touches("ben")
    assert (life.shows("touched"), life.state(ANSWER)) == (kept.NO, kept.RUNNING)
    life.passes(minutes=1)
    life.touches("ana")
    assert (life.shows("touched"), life.state(ANSWER)) == (kept.YES, kept.ON_TIME)


def test_a_colleagues_touch_does_not_count_for_a_turn_that_they_get_later(life: Life) -> None:
    life.owned_by("ana")
    life.touches("ben")
    life.passes(minutes=5)
    life.owned_by("ben")
    assert life.shows("touched") == kept.NO
    life.touches("ben")
    assert life.shows("touched") == kept.YES


def test_while_a_contact_is_nobodys_anybodys_touch_counts(life: Life) -> None:
    life.clock()
    life.owned_by("")
    life.passes(minutes=5)
    life.clock()
    life.touches("kim")
    assert (life.state(PATIENCE), life.state(ANSWER)) == (kept.ON_TIME, kept.VOID)
    life.owned_by("ana")
    assert (life.shows("touched"), life.state(ANSWER)) == (kept.NO, kept.AWAITS)


@pytest.mark.parametrize(
    ("activity", "values"),
    [
        ("email", {"hs_sequence_id": "7001"}),
        ("email", {"hs_email_direction": "INCOMING_EMAIL"}),
        ("email", {"hs_email_status": "BOUNCED"}),
        ("call", {"hs_call_status": "MISSED"}),
        ("call", {"hs_call_direction": "INBOUND"}),
        ("meeting", {"hs_meeting_outcome": "CANCELED"}),
    ],
)
def test_what_comes_in_what_failed_and_what_a_sequence_sends_is_no_touch(
    life: Life, activity: str, values: dict[str, str]
) -> None:
    life.clock()
    life.touches(life.owner() or "", activity, **values)
    assert (life.shows("touched"), life.state(ANSWER)) == (kept.NO, kept.RUNNING)


def test_a_meeting_that_the_buyer_booked_counts_only_where_both_parties_signed_that(life: Life) -> None:
    booked = {"hs_meeting_source": "MEETINGS_PUBLIC"}
    life.touches(life.owner() or "", "meeting", **booked)
    assert life.shows("touched") == kept.YES
    rules = tuple(
        each.model_copy(update={"booked_by_buyer": "does not count"}) for each in life.vocabulary.binding.touch.any
    )
    touch = life.vocabulary.binding.touch.model_copy(update={"any": rules})
    strict = live(touch=touch)
    strict.arrives(source="Demo")
    strict.touches(strict.owner() or "", "meeting", **booked)
    assert strict.shows("touched") == kept.NO
    strict.touches(strict.owner() or "", "meeting")
    assert strict.shows("touched") == kept.YES


def _of_anybody(document: dict[str, Any]) -> None:
    document["terms"]["touch"] = "A call by anybody of us."


def test_a_colleagues_activity_is_no_touch_when_the_contact_becomes_nobodys_later(life: Life) -> None:
    life.owned_by("ana")
    life.clock()
    life.touches("ben")
    life.passes(minutes=5)
    life.owned_by("")
    life.clock()
    assert (life.shows("touched"), life.state(PATIENCE)) == (kept.NO, kept.RUNNING)


def test_a_touch_after_a_turn_is_over_makes_its_overdue_clock_no_late_one(life: Life) -> None:
    life.until(MONDAY + timedelta(hours=3))
    life.owned_by("")
    assert life.state(ANSWER) == kept.OVERDUE
    life.touches("kim")
    assert life.state(ANSWER) == kept.OVERDUE


def test_a_second_touch_stops_a_clock_that_began_since_the_first(life: Life) -> None:
    life.clock()
    life.touches(life.owner() or "")
    life.passes(hours=1)
    life.change(source="Referral")
    life.clock()
    assert life.state(PATIENCE) == kept.RUNNING
    life.passes(hours=1)
    life.touches(life.owner() or "")
    assert life.state(PATIENCE) == kept.ON_TIME


def test_a_new_turn_is_as_urgent_as_the_hand_raise_that_opened_the_cycle(life: Life) -> None:
    life.change(source="Newsletter")
    life.owned_by("ben")
    assert (life.shows("priority"), life.state(ANSWER)) == ("asked", kept.AWAITS)


def test_where_anybody_may_reach_out_a_colleagues_call_stops_the_clock() -> None:
    found = live()
    rule = found.vocabulary.binding.touch.any[0].model_copy(update={"by": "anyone"})
    life = live(bend=_of_anybody, touch=found.vocabulary.binding.touch.model_copy(update={"any": (rule,)}))
    life.arrives(source="Demo")
    life.clock()
    life.touches("kim")
    assert (life.shows("touched"), life.state(ANSWER)) == (kept.YES, kept.ON_TIME)


def test_the_next_cycle_does_not_count_the_touches_of_the_last(life: Life) -> None:
    owner = life.owner() or ""
    life.clock()
    life.touches(owner)
    life.moves("BAD_TIMING", reason="no_budget")
    life.passes(days=40)
    life.change(source="Referral")
    assert (life.shows("touched"), life.state(ANSWER)) == (kept.NO, kept.AWAITS)
    life.touches(life.owner() or "")
    assert life.shows("touched") == kept.YES
