"""Stages, cycles and legs: what stands in the way, what happens by itself, how long a lead may stay."""

from datetime import datetime

from sla_sync.semantics.choices import track
from sla_sync.semantics.cycles import Leg, cycles
from sla_sync.semantics.history import Assigned, Changed, Entered, Event, Parted, Parting, Queued, Raised
from sla_sync.semantics.stages import again_from, may_contact, next_by_itself, refusals, revisit, stays_until
from sla_sync.semantics.story import Lead
from tests.agreement.documents import acme
from tests.semantics.leads import agreement, at, facts, story

EMAIL = Changed(at("10-05 09:00"), "email", "ana@b.example")
ASKED = (Raised(at("10-05 10:00"), "demo_request"), EMAIL)
MQL = (*ASKED, Entered(at("10-05 10:01"), "mql"))
NOW = at("10-05 12:00")


def now(*events: Event, when: datetime = NOW) -> Lead:
    return story(*events).lead(when)


def said(lead: Lead, stage: str, reason: str | None = None, note: str = "") -> list[tuple[str, str]]:
    return [(each.obstacle.name, each.about) for each in refusals(lead, stage, reason=reason, note=note)]


def test_a_lead_begins_in_the_start_stage_and_moves_only_along_the_agreed_ways() -> None:
    assert now(*ASKED).standing.stage == "inquiry"
    assert said(now(*ASKED), "mql") == []
    assert said(now(*ASKED), "sal") == [("NO_WAY", "inquiry")]
    assert said(now(*ASKED), "nowhere") == [("NO_WAY", "inquiry")]


def test_what_a_stage_needs_must_be_known_and_valid() -> None:
    assert said(now(Raised(at("10-05 10:00"))), "mql") == [("UNKNOWN_FIELD", "email")]
    strict = agreement(quality={"needs": {"mql": ["phone"]}, "valid": {"email": "email contains @"}})
    told = story(Changed(at("10-05 09:00"), "email", "nobody"), under=strict).lead(NOW)
    assert said(told, "mql") == [("INVALID_FIELD", "email"), ("UNKNOWN_FIELD", "phone")]


def test_an_exit_asks_for_a_reason_of_its_list_and_for_a_note_where_that_is_required() -> None:
    lead = now(*MQL)
    assert said(lead, "recycled") == [("NO_REASON", "recycle")]
    assert said(lead, "recycled", "bad_fit") == [("OTHER_REASON", "bad_fit")]
    assert said(lead, "recycled", "other") == [("NO_NOTE", "other")]
    assert said(lead, "recycled", "other", " ") == [("NO_NOTE", "other")]
    assert said(lead, "recycled", "other", "They moved.") == []


def test_a_way_may_have_a_condition() -> None:
    recycled = (*MQL, Entered(at("10-05 11:00"), "recycled", "no_response"), Raised(at("10-05 11:30"), "webinar"))
    assert said(now(*recycled), "mql") == [("CONDITION", "source is demo_request")]
    assert said(now(*recycled, Raised(at("10-05 11:40"), "demo_request")), "mql") == []


def test_a_lead_enters_by_itself_the_first_stage_whose_condition_holds_and_that_lets_it_in() -> None:
    assert next_by_itself(now(*ASKED)) == "mql"
    assert next_by_itself(now(Raised(at("10-05 10:00"), "demo_request"))) is None
    assert next_by_itself(now(Raised(at("10-05 10:00"), "webinar"), EMAIL)) is None
    assert next_by_itself(now(*MQL)) is None


def test_a_lead_may_enter_again_only_after_the_agreed_time() -> None:
    stages = {
        "inquiry": {"accountable": "vp_marketing", "next": ["mql"]},
        "mql": {"accountable": "vp_marketing", "again_after": "30 days", "next": ["recycled"], "enter_when": "email is known"},
        "recycled": {"accountable": "vp_marketing", "next": ["mql"]},
    }  # fmt: skip
    told = story(*MQL, Entered(at("10-05 11:00"), "recycled"), under=agreement(stages=stages))
    assert again_from(told, "mql", at("10-05 12:00")) == at("11-04 09:01")
    assert [each.obstacle.name for each in refusals(told.lead(at("11-04 09:00")), "mql")] == ["TOO_SOON"]
    assert next_by_itself(told.lead(at("11-04 09:00"))) is None
    assert next_by_itself(told.lead(at("11-04 09:01"))) == "mql"


def test_the_longest_stay_is_counted_in_the_owners_hours() -> None:
    # 10 business days after Monday 5 October, 10:01.
    assert stays_until(now(*MQL)) == at("10-19 10:01")
    # 10:01 in New York is 16:01 in Madrid.
    assert stays_until(now(*MQL, Assigned(at("10-05 10:05"), "ines", "iberia"))) == at("10-19 10:01")
    assert stays_until(now(*ASKED)) is None


def test_somebody_comes_back_by_the_reason_that_was_given() -> None:
    def asked(reason: str) -> tuple[datetime, datetime] | None:
        return revisit(now(*MQL, Entered(at("10-05 11:00"), "recycled", reason)))

    # 90 days of 24 hours from 11:00 in summer time end at 10:00 in winter time.
    winter = at("01-03 10:00").replace(year=2027)
    assert asked("no_response") == (winter, winter)
    assert asked("no_budget") == (at("11-04 10:00"), winter)
    assert asked("bad_timing") is None
    assert revisit(now(*MQL)) is None


def test_people_are_contacted_only_where_the_stage_allows_it() -> None:
    recycled = (*MQL, Entered(at("10-05 11:00"), "recycled", "no_response"))
    assert may_contact(now(*MQL))
    assert not may_contact(now(*recycled))
    assert may_contact(now(*recycled, *facts(do_not_contact=False)))
    assert not may_contact(now(*recycled, *facts(do_not_contact=True)))


def test_a_stage_may_have_tracks_of_which_the_first_that_matches_counts() -> None:
    stages = {
        "mql": {"next": ["pond"], "accountable": "vp_sales"},
        "pond": {"end": "lost", "accountable": "vp_sales", "tracks": {"big": "employees >= 100", "rest": "email is known"}},
    }  # fmt: skip
    under = agreement(stages=stages)
    assert track(under, "pond", story(EMAIL, *facts(employees=100), under=under).lead(NOW)) == "big"
    assert track(under, "pond", story(EMAIL, under=under).lead(NOW)) == "rest"
    assert track(under, "pond", story(*ASKED[:1], under=under).lead(NOW)) is None


# Cycles and legs


def test_a_cycle_runs_from_its_hand_raise_through_its_legs_to_its_exit() -> None:
    told = story(
        Raised(at("10-01 09:00"), "webinar"),
        *MQL,
        Assigned(at("10-05 10:02"), "ana", "sdr"),
        Queued(at("10-05 12:00"), "pool"),
        Assigned(at("10-05 13:00"), "ben", "sdr"),
        Entered(at("10-06 10:00"), "recycled", "no_response"),
        Raised(at("11-10 10:00"), "demo_request"),
        Entered(at("11-10 10:01"), "mql"),
        Assigned(at("11-10 10:02"), "ben", "sdr"),
    )
    first, second = cycles(told)
    assert (first.number, first.raised_at, first.source) == (1, at("10-05 10:00"), "demo_request")
    assert (first.qualified_at, first.closed_at) == (at("10-05 10:01"), at("10-06 10:00"))
    assert (first.stage, first.reason) == ("recycled", "no_response")
    assert first.legs == (
        Leg("ana", "sdr", at("10-05 10:02"), at("10-05 12:00")),
        Leg("ben", "sdr", at("10-05 13:00"), at("10-06 10:00")),
    )
    assert (second.number, second.raised_at, second.closed_at) == (2, at("11-10 10:00"), None)
    assert second.legs == (Leg("ben", "sdr", at("11-10 10:02")),)


def test_the_source_of_a_cycle_is_frozen_at_qualification() -> None:
    told: tuple[Event, ...] = (*MQL, Raised(at("10-05 11:00"), "webinar"))
    assert now(*told).value("source") == "demo_request"
    assert cycles(story(*told))[0].raised_at == at("10-05 10:00")


def test_a_lead_that_never_qualified_keeps_its_number_for_the_next_try() -> None:
    told = story(
        Raised(at("10-05 10:00"), "webinar"),
        Entered(at("10-05 11:00"), "disqualified", "bad_fit"),
        Raised(at("10-06 10:00"), "demo_request"),
        Entered(at("10-06 10:01"), "mql"),
    )
    assert [(each.number, each.qualified_at) for each in cycles(told)] == [(1, None), (1, at("10-06 10:01"))]


def test_going_back_to_the_qualified_stage_is_no_new_cycle() -> None:
    told = story(*MQL, Entered(at("10-05 11:00"), "sal"), Entered(at("10-05 12:00"), "mql"))
    assert [(each.number, each.qualified_at) for each in cycles(told)] == [(1, at("10-05 10:01"))]


def test_a_lead_that_went_ends_its_leg() -> None:
    told = story(*MQL, Assigned(at("10-05 10:02"), "ana", "sdr"), Parted(at("10-05 11:00"), Parting.MERGED))
    assert cycles(told)[0].legs == (Leg("ana", "sdr", at("10-05 10:02"), at("10-05 11:00")),)


def test_the_full_example_qualifies_a_hand_raise_only_once_its_fields_are_known() -> None:
    asked: tuple[Event, ...] = (Raised(at("10-05 10:00"), "demo_request"), *facts(email="a@b.example", country="US"))
    lacking, complete = (story(*asked, *more, under=acme()).lead(NOW) for more in (facts(), facts(company="Acme")))
    assert next_by_itself(lacking) is None
    assert next_by_itself(complete) == "mql"
