"""Clocks over a history: legs, limits, pauses, what is void, what is excused, and how a run stands as of an instant."""

from datetime import timedelta

import pytest

from sla_sync.semantics.calendar import wall_clock
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.clocks import Run, State, Void, runs, state_of
from sla_sync.semantics.history import (
    Accepted,
    Assigned,
    Booked,
    Changed,
    Channel,
    Deed,
    Entered,
    Event,
    Happened,
    Parted,
    Parting,
    Queued,
    Raised,
    Replied,
    Touched,
    history_of,
    merged,
)
from sla_sync.semantics.holidays import CalendarError
from sla_sync.semantics.story import Story, story_of
from tests.semantics.leads import agreement, at, commitment, facts, story

# Monday 5 October 2026: hot leads have 15 business minutes.
ASKED = (Raised(at("10-05 10:00"), "demo_request"), Entered(at("10-05 10:01"), "mql"))
GIVEN = (*ASKED, Assigned(at("10-05 10:02"), "ana", "sdr"))


def touch(when: str, by: str = "ana", *, automated: bool = False) -> Touched:
    return Touched(at(when), by, Channel.CALL, automated=automated)


def only(told: Story, as_of: str, name: str = "response") -> Run:
    (run,) = runs(told, name, at(as_of))
    return run


def states(told: Story, as_of: str, name: str = "response") -> list[str]:
    return [str(each.state) for each in runs(told, name, at(as_of))]


def test_a_touch_by_the_limit_is_on_time_and_the_limit_itself_still_is() -> None:
    run = only(story(*GIVEN, touch("10-05 10:17")), "10-06 12:00")
    assert run.deadline == run.stopped_at == at("10-05 10:17")
    assert (run.state, run.owner, run.team, run.priority) == (State.ON_TIME, "ana", "sdr", "hot")
    assert (run.open_time, run.wall_time) == (timedelta(minutes=15), timedelta(minutes=15))


def test_a_touch_after_the_limit_is_late_and_none_is_overdue() -> None:
    assert only(story(*GIVEN, touch("10-05 10:18")), "10-06 12:00").state is State.LATE
    assert only(story(*GIVEN), "10-06 12:00").state is State.OVERDUE


def test_a_run_is_running_then_warned_then_overdue() -> None:
    told = story(*GIVEN)
    # Half of 15 minutes after 10:02 is 10:09:30.
    assert states(told, "10-05 10:01") == []
    assert states(told, "10-05 10:09:29") == ["running"]
    assert states(told, "10-05 10:09:30") == ["warned"]
    assert states(told, "10-05 10:17") == ["warned"]
    assert states(told, "10-05 10:17:01") == ["overdue"]


def test_what_happens_later_changes_no_earlier_judgement() -> None:
    told = story(*GIVEN, touch("10-05 10:30"))
    assert states(told, "10-05 10:05") == ["running"]
    assert states(told, "10-05 10:20") == ["overdue"]
    assert states(told, "10-05 10:30") == ["late"]


def test_the_business_clock_and_the_wall_clock_are_both_told() -> None:
    # Friday 16:55; 5 minutes on Friday and 10 on Monday.
    told = story(
        Raised(at("10-09 16:50"), "demo_request"),
        Entered(at("10-09 16:51"), "mql"),
        Assigned(at("10-09 16:55"), "ana", "sdr"),
        touch("10-12 09:05"),
    )
    run = only(told, "10-13 09:00")
    assert run.deadline == at("10-12 09:10")
    assert (run.open_time, run.wall_time) == (timedelta(minutes=10), timedelta(hours=64, minutes=10))


def test_each_priority_has_its_limit_and_what_no_priority_matches_has_none() -> None:
    warm = story(
        Raised(at("10-05 10:00"), "webinar"),
        Entered(at("10-05 10:01"), "mql"),
        Assigned(at("10-05 10:02"), "ana", "sdr"),
    )
    assert only(warm, "10-05 10:02").deadline == at("10-05 12:02")
    neither = story(Raised(at("10-05 10:00"), "webinar"), Assigned(at("10-05 10:02"), "ana", "sdr"))
    assert states(neither, "10-06 12:00") == []


def test_only_the_owner_in_person_touches() -> None:
    assert states(story(*GIVEN, touch("10-05 10:05", "ben")), "10-05 10:06") == ["running"]
    assert states(story(*GIVEN, touch("10-05 10:05", automated=True)), "10-05 10:06") == ["running"]
    assert states(story(*GIVEN, Replied(at("10-05 10:05"))), "10-05 10:06") == ["running"]


def test_a_clock_without_an_owner_yet_stops_at_anybodys_touch() -> None:
    raised = commitment(clock={"starts": "raised", "stops": "touch", "runs_in": "wall clock"}, within="1 hour")
    told = story(Raised(at("10-05 22:00"), "webinar"), touch("10-05 22:30"), under=raised)
    assert only(told, "10-06 12:00", "promise").state is State.ON_TIME


def test_the_hours_are_those_of_the_owners_team() -> None:
    told = story(*ASKED, Assigned(at("10-05 10:02"), "ines", "iberia"))
    # 10:02 in New York is 16:02 in Madrid, open until 18:00; 9 October is no holiday there.
    assert only(told, "10-05 10:05").deadline == at("10-05 10:17")
    late = story(
        Raised(at("10-05 12:30"), "demo_request"),
        Entered(at("10-05 12:30"), "mql"),
        Assigned(at("10-05 12:30"), "ines", "iberia"),
    )
    # 18:30 in Madrid is closed: 09:15 there the next day is 03:15 in New York.
    assert only(late, "10-05 13:00").deadline == at("10-06 03:15")


def test_people_with_hours_of_their_own_need_them_to_be_known() -> None:
    told = history_of(*ASKED, Assigned(at("10-05 20:00"), "noor", "nomads"))
    known = calendars_of(agreement(), personal={"noor": wall_clock("Asia/Dubai")})
    assert only(story_of(agreement(), told, known), "10-05 20:01").deadline == at("10-05 20:15")
    with pytest.raises(CalendarError, match="The hours of 'noor' in team 'nomads' are personal"):
        runs(story_of(agreement(), told), "response", at("10-05 20:01"))


# Legs


def test_a_leg_taken_away_before_its_limit_is_void_and_the_new_one_has_a_fresh_clock() -> None:
    told = story(*GIVEN, Assigned(at("10-05 10:10"), "ben", "sdr"), touch("10-05 10:20", "ben"))
    first, second = runs(told, "response", at("10-06 12:00"))
    assert (first.owner, first.state, first.void_because) == ("ana", State.VOID, Void.BEGAN_ANEW)
    assert (second.owner, second.state, second.deadline) == ("ben", State.ON_TIME, at("10-05 10:25"))


def test_a_leg_taken_away_after_its_limit_stays_overdue() -> None:
    told = story(*GIVEN, Assigned(at("10-05 10:18"), "ben", "sdr"), touch("10-05 10:20", "ben"))
    assert states(told, "10-06 12:00") == ["overdue", "on_time"]


def test_a_leg_put_back_into_a_queue_before_its_limit_is_void() -> None:
    told = story(*GIVEN, Queued(at("10-05 10:10"), "pool"), Assigned(at("10-05 11:00"), "ana", "sdr"))
    first, second = runs(told, "response", at("10-05 11:01"))
    assert first.void_because is Void.TAKEN_BACK
    assert (second.state, second.deadline) == (State.RUNNING, at("10-05 11:15"))


def test_an_owner_who_gets_the_same_lead_twice_has_one_leg() -> None:
    told = story(*GIVEN, Assigned(at("10-05 10:10"), "ana", "sdr"))
    assert only(told, "10-05 10:12").deadline == at("10-05 10:17")


def test_the_cycles_clock_runs_on_through_reassignment_where_nothing_restarts_it() -> None:
    told = story(*GIVEN, Assigned(at("10-06 10:10"), "ben", "sdr"), Entered(at("10-07 10:02"), "sal"))
    run = only(told, "10-08 12:00", "verdict")
    assert (run.owner, run.deadline, run.state) == ("ana", at("10-07 10:02"), State.ON_TIME)


def test_a_new_owner_after_the_touch_must_touch_too() -> None:
    told = story(*GIVEN, touch("10-05 10:05"), Assigned(at("10-05 15:00"), "ben", "sdr"))
    assert states(told, "10-05 16:00") == ["on_time", "overdue"]


# Cycles


def test_a_new_cycle_has_clocks_of_its_own() -> None:
    told = story(
        *GIVEN,
        touch("10-05 10:05"),
        Entered(at("10-06 10:00"), "recycled", "no_response"),
        Raised(at("10-20 10:00"), "demo_request"),
        Entered(at("10-20 10:01"), "mql"),
        Assigned(at("10-20 10:02"), "ana", "sdr"),
    )
    first, second = runs(told, "response", at("10-20 10:05"))
    assert [(each.cycle, each.state) for each in (first, second)] == [(1, State.ON_TIME), (2, State.RUNNING)]


def test_a_cycle_closed_before_the_limit_leaves_a_void_run_and_after_it_an_overdue_one() -> None:
    early = story(*GIVEN, Entered(at("10-05 10:10"), "disqualified", "bad_fit"))
    late = story(*GIVEN, Entered(at("10-05 10:20"), "disqualified", "bad_fit"))
    assert only(early, "10-06 12:00").void_because is Void.CLOSED
    assert only(late, "10-06 12:00").state is State.OVERDUE


@pytest.mark.parametrize("how", [Parting.DELETED, Parting.CONVERTED, Parting.RECALLED, Parting.MISTAKEN])
def test_a_lead_that_goes_before_the_limit_leaves_a_void_run_and_after_it_an_overdue_one(how: Parting) -> None:
    early, late = (story(*GIVEN, Parted(at(when), how)) for when in ("10-05 10:10", "10-05 10:20"))
    assert only(early, "10-06 12:00").void_because is Void.PARTED
    assert only(late, "10-06 12:00").state is State.OVERDUE


def test_a_merged_record_is_void_and_its_events_count_for_the_winner() -> None:
    loser = history_of(*GIVEN, touch("10-05 10:05"), Parted(at("10-08 09:00"), Parting.MERGED))
    winner = history_of(Raised(at("10-07 09:00"), "webinar"))
    assert states(story_of(agreement(), loser), "10-09 12:00") == ["void"]
    both = story_of(agreement(), merged(winner, [loser]))
    assert states(both, "10-09 12:00") == ["on_time"]


def test_leads_that_never_count_have_void_runs_only() -> None:
    excluding = agreement(quality={"exclude": ["test"]})
    told = story(*GIVEN, touch("10-05 10:05"), Changed(at("10-06 09:00"), "test", value=True), under=excluding)
    assert states(told, "10-05 12:00") == ["on_time"]
    assert only(told, "10-06 12:00").void_because is Void.EXCLUDED


def test_nothing_is_owed_before_the_agreement_is_in_force_nor_after() -> None:
    for first in ("09-30", "10-01", "12-31"):
        told = story(
            Raised(at(f"{first} 23:00"), "demo_request"),
            Entered(at(f"{first} 23:01"), "mql"),
            Assigned(at(f"{first} 23:02"), "ana", "sdr"),
        )
        assert states(told, f"{first} 23:30") == ([] if first == "09-30" else ["running"])


def test_only_leads_in_the_scope_and_of_the_commitment_are_owed_anything() -> None:
    spanish = commitment(clock={"starts": "assigned", "stops": "touch"}, within="1 hour", where="territory is iberia")
    assert states(story(*facts(country="ES"), *GIVEN, under=spanish), "10-05 10:05", "promise") == ["running"]
    assert states(story(*facts(country="DE"), *GIVEN, under=spanish), "10-05 10:05", "promise") == []
    meta = {"name": "x", "effective": {"from": "2026-10-01"}, "scope": "country is DE"}
    assert states(story(*facts(country="ES"), *GIVEN, under=agreement(metadata=meta)), "10-05 10:05") == []


# Limits


def test_inside_and_outside_hours_have_limits_of_their_own() -> None:
    hours = {"inside hours": "20 minutes", "outside hours": "4 hours"}
    under = commitment(clock={"starts": "raised", "stops": "touch", "runs_in": "office"}, within=hours)
    assert only(story(Raised(at("10-05 16:50")), under=under), "10-05 16:51", "promise").deadline == at("10-05 17:10")
    assert only(story(Raised(at("10-05 17:00")), under=under), "10-05 17:01", "promise").deadline == at("10-05 21:00")


def test_plain_hours_are_elapsed_time_wherever_the_clock_runs() -> None:
    under = commitment(clock={"starts": "raised", "stops": "touch", "runs_in": "office"}, within="24 hours")
    assert only(story(Raised(at("10-09 16:00")), under=under), "10-09 16:01", "promise").deadline == at("10-10 16:00")


def test_an_aim_may_stand_alone_or_in_front_of_the_limit() -> None:
    clock = {"starts": "raised", "stops": "touch", "runs_in": "wall clock"}
    told = (Raised(at("10-05 10:00")), touch("10-05 10:07"))
    alone = only(story(*told, under=commitment(clock=clock, aim="5 minutes")), "10-06 10:00", "promise")
    assert (alone.aim_at, alone.deadline, alone.state) == (at("10-05 10:05"), None, State.MEASURED)
    both = only(
        story(*told, under=commitment(clock=clock, aim="5 minutes", within="24 hours")), "10-06 10:00", "promise"
    )
    assert (both.aim_at, both.deadline, both.state) == (at("10-05 10:05"), at("10-06 10:00"), State.ON_TIME)


def test_a_limit_that_is_not_decided_is_measured() -> None:
    under = commitment(clock={"starts": "raised", "stops": "touch"}, within="undecided")
    assert states(story(Raised(at("10-05 10:00")), under=under), "10-15 10:00", "promise") == ["running"]
    told = story(Raised(at("10-05 10:00")), touch("10-05 10:07"), under=under)
    assert states(told, "10-15 10:00", "promise") == ["measured"]


def test_a_warning_at_a_share_of_business_days_counts_their_open_time() -> None:
    under = commitment(
        clock={"starts": "assigned", "stops": "leaves mql", "runs_in": "office"},
        within="2 business days",
        warn="at 75%",
    )
    # From Monday 10:00 to Wednesday 10:00 are 16 open hours; 12 of them have passed on Tuesday at 14:00.
    told = story(Assigned(at("10-05 10:00"), "ana", "sdr"), under=under)
    assert only(told, "10-05 10:01", "promise").warn_at == at("10-06 14:00")


def test_a_warning_may_come_so_long_after_the_start() -> None:
    under = commitment(clock={"starts": "assigned", "stops": "touch"}, within="2 hours", warn="at 10 business minutes")
    told = story(Assigned(at("10-05 16:55"), "ana", "sdr"), under=under)
    assert only(told, "10-05 16:56", "promise").warn_at == at("10-06 09:05")


def test_a_commitment_without_a_clock_has_no_runs() -> None:
    assert states(story(*GIVEN, under=commitment(measure="count of mql")), "10-06 12:00", "promise") == []


def test_a_clock_in_an_unknown_calendar_says_so() -> None:
    under = commitment(clock={"starts": "assigned", "stops": "touch", "runs_in": "nightshift"}, within="1 hour")
    with pytest.raises(CalendarError, match="'nightshift' is not a calendar of the agreement"):
        runs(story(*GIVEN, under=under), "promise", at("10-06 12:00"))


# Pauses

WAITING = {"starts": "assigned", "stops": "touch", "runs_in": "office", "pauses": "waiting_for is buyer"}


def test_a_clock_stands_still_while_its_condition_holds() -> None:
    under = commitment(clock=WAITING, within="2 business hours")
    told = (
        Assigned(at("10-05 10:00"), "ana", "sdr"),
        Changed(at("10-05 11:00"), "waiting_for", "buyer"),
        Changed(at("10-06 09:30"), "waiting_for", None),
    )
    # 1 hour ran; 11:00 to 17:00 and 09:00 to 09:30 stood still; 1 hour is left at 09:30.
    run = only(story(*told, under=under), "10-06 10:00", "promise")
    assert (run.deadline, run.open_time) == (at("10-06 10:30"), timedelta(hours=1, minutes=30))
    assert states(story(*told, under=under), "10-06 09:00", "promise") == ["paused"]
    assert states(story(*told, under=under), "10-06 10:31", "promise") == ["overdue"]


def test_a_pause_after_the_limit_excuses_nothing() -> None:
    under = commitment(clock=WAITING, within="1 business hour")
    told = story(
        Assigned(at("10-05 10:00"), "ana", "sdr"), Changed(at("10-05 11:01"), "waiting_for", "buyer"), under=under
    )
    assert states(told, "10-05 12:00", "promise") == ["overdue"]


def test_a_pause_of_business_days_adds_the_open_time_that_it_took() -> None:
    under = commitment(clock=WAITING, within="2 business days")
    told = (
        Assigned(at("10-05 10:00"), "ana", "sdr"),
        Changed(at("10-05 12:00"), "waiting_for", "buyer"),
        Changed(at("10-05 15:00"), "waiting_for", "us"),
    )
    assert only(story(*told, under=under), "10-05 16:00", "promise").deadline == at("10-07 13:00")


def test_a_clock_may_stand_still_from_one_event_to_another() -> None:
    clock = {"starts": "assigned", "stops": "touch", "runs_in": "wall clock", "pauses_on": "meeting booked",
             "resumes_on": "reply"}  # fmt: skip
    under = commitment(clock=clock, within="2 hours")
    told = (Assigned(at("10-05 10:00"), "ana", "sdr"), Booked(at("10-05 11:00")), Replied(at("10-05 14:00")))
    assert states(story(*told, under=under), "10-05 13:00", "promise") == ["paused"]
    assert only(story(*told, under=under), "10-05 14:30", "promise").deadline == at("10-05 15:00")


# Relief


def test_a_miss_does_not_count_where_what_excuses_it_held_at_the_limit() -> None:
    under = commitment(clock={"starts": "assigned", "stops": "touch"}, within="1 hour", excused_if="phone is unknown")
    without = story(*GIVEN, under=under)
    known_too_late = story(*GIVEN, Changed(at("10-05 11:03"), "phone", "1"), under=under)
    known = story(*GIVEN, Changed(at("10-05 11:01"), "phone", "1"), under=under)
    assert only(without, "10-05 11:30", "promise").void_because is Void.EXCUSED
    assert only(known_too_late, "10-05 11:30", "promise").void_because is Void.EXCUSED
    assert only(known, "10-05 11:30", "promise").state is State.OVERDUE


def test_an_event_before_the_limit_takes_the_duty_away() -> None:
    under = commitment(clock={"starts": "assigned", "stops": "touch"}, within="1 hour", excused_by="meeting booked")
    assert states(story(*GIVEN, Booked(at("10-05 10:30")), under=under), "10-05 10:31", "promise") == ["void"]
    assert states(story(*GIVEN, Booked(at("10-05 11:30")), under=under), "10-05 11:31", "promise") == ["overdue"]
    on_time = story(*GIVEN, Booked(at("10-05 10:30")), touch("10-05 10:40"), under=under)
    assert states(on_time, "10-05 11:31", "promise") == ["on_time"]


def test_a_miss_of_one_party_may_excuse_the_other() -> None:
    clock = {"starts": "assigned", "stops": "accepted", "runs_in": "office"}
    under = agreement(
        commitments={
            "response": {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch"}, "within": "1 hour"},
            "quality": {"by": "vp_marketing", "clock": clock, "within": "3 hours",
                        "excused_if": "response is late or overdue"},
        }
    )  # fmt: skip
    missed, kept = story(*GIVEN, under=under), story(*GIVEN, touch("10-05 10:10"), under=under)
    assert only(missed, "10-05 14:00", "quality").void_because is Void.EXCUSED
    assert only(kept, "10-05 14:00", "quality").state is State.OVERDUE


def test_commitments_may_excuse_each_other_without_a_circle() -> None:
    each = {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch"}}
    under = agreement(
        commitments={
            "slow": {**each, "within": "2 hours", "excused_if": "quick is overdue"},
            "quick": {**each, "within": "1 hour", "excused_if": "slow is void"},
            "same": {**each, "within": "1 hour", "excused_if": "same is overdue"},
        }
    )
    told = story(*GIVEN, under=under)
    found = [state_of(told, name, at("10-05 14:00"), turn=0) for name in ("slow", "quick", "same")]
    assert found == [State.VOID, State.OVERDUE, State.OVERDUE]


# Events of the language


@pytest.mark.parametrize(
    ("starts", "stops", "told", "took"),
    [
        ("raised", "qualified", ASKED, 1),
        ("raised", "assigned", GIVEN, 2),
        ("qualified", "assigned", GIVEN, 1),
        ("assigned", "reply", (*GIVEN, Replied(at("10-05 10:12"))), 10),
        ("assigned", "meeting booked", (*GIVEN, Booked(at("10-05 10:12"))), 10),
        ("assigned", "verdict", (*GIVEN, Entered(at("10-05 10:12"), "recycled", "no_response")), 10),
        ("assigned", "accepted", (*GIVEN, Entered(at("10-05 10:12"), "sal")), 10),
        ("assigned", "accepted", (*GIVEN, Accepted(at("10-05 10:12"))), 10),
        ("enters mql", "leaves mql", (*GIVEN, Entered(at("10-05 10:12"), "sal")), 11),
        ("assigned", "phone changes", (*GIVEN, Changed(at("10-05 10:12"), "phone", "1")), 10),
        ("assigned", "owner changes", (*GIVEN, Assigned(at("10-05 10:12"), "ben", "sdr")), 10),
        ("assigned", "reassigned", (*GIVEN, Assigned(at("10-05 10:12"), "ben", "sdr")), 10),
        ("assigned", "territory changes", (*GIVEN, Changed(at("10-05 10:12"), "country", "ES")), 10),
    ],
)
def test_a_clock_runs_from_any_event_to_any_other(starts: str, stops: str, told: tuple[Event, ...], took: int) -> None:
    under = commitment(clock={"starts": starts, "stops": stops, "runs_in": "wall clock"}, within="1 day")
    run = only(story(*told, under=under), "10-06 09:00", "promise")
    assert (run.state, run.wall_time) == (State.ON_TIME, timedelta(minutes=took))


def test_a_rejection_is_a_verdict_and_no_acceptance() -> None:
    under = commitment(clock={"starts": "assigned", "stops": "accepted"}, within="1 day")
    told = story(*GIVEN, Entered(at("10-05 10:12"), "recycled", "no_response"), under=under)
    assert only(told, "10-05 11:00", "promise").void_because is Void.CLOSED


def test_a_clock_may_time_something_that_is_no_lead() -> None:
    clock = {"of": "list_upload", "starts": "asked", "stops": "done", "runs_in": "office"}
    under = commitment(clock=clock, within="24 business hours")
    told = story(Happened(at("10-05 10:00"), "asked"), Happened(at("10-07 17:00"), "done"), under=under)
    # 24 open hours after Monday 10:00 are Thursday 10:00; by Wednesday 17:00 there were 7 + 8 + 8.
    run = only(told, "10-09 10:00", "promise")
    assert (run.deadline, run.open_time) == (at("10-08 10:00"), timedelta(hours=23))


def test_a_clock_starts_anew_at_each_start_after_it_has_stopped() -> None:
    under = commitment(clock={"starts": "reply", "stops": "touch", "runs_in": "wall clock"}, within="1 hour")
    told = story(
        *GIVEN,
        Replied(at("10-05 11:00")),
        Replied(at("10-05 11:30")),
        touch("10-05 11:45"),
        Deed(at("10-05 11:50"), "visit", "pricing_page"),
        Replied(at("10-05 12:00")),
        under=under,
    )
    first, second = runs(told, "promise", at("10-05 14:00"))
    assert (first.started_at, first.state) == (at("10-05 11:00"), State.ON_TIME)
    assert (second.started_at, second.state) == (at("10-05 12:00"), State.OVERDUE)
