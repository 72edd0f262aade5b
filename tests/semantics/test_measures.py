"""What commitments come to over many leads: counts, sums, rates, effort, completeness, and the share kept on time."""

from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.semantics.history import (
    Assigned,
    Booked,
    Changed,
    Channel,
    Deed,
    Entered,
    Event,
    Parted,
    Parting,
    Raised,
    Replied,
    Touched,
)
from sla_sync.semantics.measures import Span, Tally, tally
from tests.semantics.leads import agreement, at, commitment, facts, story

OCTOBER = Span(at("10-01 00:00"), at("11-01 00:00"), at("12-01 00:00"))


def measured(measure: str, *leads: tuple[Event, ...], span: Span = OCTOBER, **said: object) -> Tally | None:
    under = commitment(measure=measure, **said)
    return come_to(under, *leads, span=span)


def come_to(under: Agreement, *leads: tuple[Event, ...], span: Span = OCTOBER, name: str = "promise") -> Tally | None:
    return tally(under, name, [story(*each, under=under) for each in leads], span)


def counted(number: int) -> Tally:
    return Tally(Decimal(number))


def mql(day: str, *more: Event) -> tuple[Event, ...]:
    return (Raised(at(f"{day} 09:00"), "demo_request"), Entered(at(f"{day} 10:00"), "mql"), *more)


def test_a_count_takes_the_entries_of_the_period_one_for_each_cycle() -> None:
    again = (
        *mql("10-05", Entered(at("10-06 10:00"), "sal"), Entered(at("10-07 10:00"), "mql")),
        Entered(at("10-08 10:00"), "recycled", "no_response"),
        *mql("10-20"),
    )
    assert measured("count of mql", again, mql("10-31"), mql("11-01")) == counted(3)
    assert measured("count of first mql", again, mql("10-31"), mql("11-01")) == counted(2)


def test_a_first_entry_before_the_period_is_no_first_entry_in_it() -> None:
    again = (*mql("10-05"), Entered(at("10-08 10:00"), "recycled", "no_response"), *mql("11-05"))
    november = Span(at("11-01 00:00"), at("12-01 00:00"), at("12-01 00:00"))
    assert measured("count of first mql", again, span=november) == counted(0)
    assert measured("count of mql", again, span=november) == counted(1)


def test_what_happens_after_the_day_of_the_report_is_not_known() -> None:
    early = Span(OCTOBER.since, OCTOBER.until, at("10-10 00:00"))
    assert measured("count of mql", mql("10-09"), mql("10-12"), span=early) == counted(1)


def test_a_filter_asks_for_the_lead_as_it_was_right_after_the_event() -> None:
    grown = (*facts(employees=5), *mql("10-05"), Changed(at("10-06 09:00"), "employees", 500))
    assert measured("count of mql where employees >= 200", grown, (*facts(employees=200), *mql("10-05"))) == counted(1)
    assert measured("count of mql", grown, where="employees >= 200") == counted(0)


def test_an_account_counts_once_in_the_agreed_time() -> None:
    leads = [(*facts(account="acme"), *mql(day)) for day in ("10-01", "10-11", "10-12")]
    # The 11th is within 10 days of the 1st, the 12th is not.
    assert measured("count of mql once per account in 10 days", *leads, mql("10-02"), mql("10-03")) == counted(4)


def test_an_account_that_was_counted_before_the_period_counts_in_it_only_when_the_time_is_over() -> None:
    leads = [(*facts(account="acme"), *mql(day)) for day in ("10-08", "10-12")]
    later = Span(at("10-10 00:00"), OCTOBER.until, OCTOBER.as_of)
    assert measured("count of mql once per account in 10 days", *leads, span=later) == counted(0)
    assert measured("count of mql once per account in 3 days", *leads, span=later) == counted(1)


def test_events_are_counted_by_channel_and_only_touches_of_the_owner() -> None:
    worked = (
        *mql("10-05", Assigned(at("10-05 10:01"), "ana", "sdr")),
        Touched(at("10-05 10:10"), "ana", Channel.CALL),
        Touched(at("10-05 10:20"), "ana", Channel.EMAIL),
        Touched(at("10-05 10:30"), "ben", Channel.CALL),
        Touched(at("10-05 10:40"), "ana", Channel.EMAIL, automated=True),
        Replied(at("10-05 11:00")),
        Booked(at("10-05 11:10")),
        Deed(at("10-05 11:20"), "visit", "docs"),
    )
    counts = {"touches": 2, "calls": 1, "emails": 1, "meetings": 0, "replies": 1, "meeting booked": 1}
    assert {what: measured(f"count of {what}", worked) for what in counts} == {
        what: counted(number) for what, number in counts.items()
    }


def test_a_sum_tells_how_many_have_no_amount() -> None:
    leads = [
        (*facts(amount=amount), *mql("10-05", Entered(at("10-06 09:00"), "sal"), Entered(at("10-07 09:00"), "won")))
        for amount in (100.5, 200, "much")
    ]
    assert measured("sum of amount of won", *leads) == Tally(Decimal("300.5"), unusable=1)


def test_a_rate_is_judged_on_those_whose_time_is_over() -> None:
    accepted = mql("10-01", Entered(at("10-15 10:00"), "sal"))
    too_late = mql("10-01", Entered(at("10-15 10:01"), "sal"))
    rejected = mql("10-01", Entered(at("10-02 10:00"), "disqualified", "bad_fit"))
    young = mql("10-25", Entered(at("10-26 10:00"), "sal"))
    as_of = Span(OCTOBER.since, OCTOBER.until, at("11-01 00:00"))
    said = "mql to sal within 14 days"
    assert measured(said, accepted, too_late, rejected, young, span=as_of) == Tally(Decimal(1), 3, waiting=1)


def test_an_entry_in_a_later_cycle_keeps_no_promise_of_an_earlier_one() -> None:
    again = (*mql("10-01", Entered(at("10-02 10:00"), "recycled", "no_response")), *mql("10-05"))
    assert measured("mql to sal within 14 days", (*again, Entered(at("10-06 10:00"), "sal"))) == Tally(Decimal(1), 2)


def test_a_lead_that_the_other_party_missed_is_excused() -> None:
    under = agreement(
        commitments={
            "response": {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch"}, "within": "1 hour"},
            "promise": {
                "by": "vp_marketing", "measure": "mql to sal within 14 days", "excused_if": "response is late or overdue",
            },
        }
    )  # fmt: skip
    missed = mql("10-05", Assigned(at("10-05 10:01"), "ana", "sdr"))
    worked = (*missed, Touched(at("10-05 10:10"), "ana", Channel.CALL))
    accepted_late = (*missed, Entered(at("10-06 10:00"), "sal"))
    assert come_to(under, missed, worked, accepted_late) == Tally(Decimal(1), 2, excused=1)
    # What was missed in the next cycle says nothing of this one.
    again = (*worked, Entered(at("10-07 10:00"), "recycled", "no_response"), *mql("10-12"))
    assert come_to(under, (*again, Assigned(at("10-12 10:01"), "ana", "sdr"))) == Tally(Decimal(0), 1, excused=1)


def exit_after(*touches: Touched, when: str = "10-20 10:00") -> tuple[Event, ...]:
    exited = Entered(at(when), "recycled", "no_response")
    return (*mql("10-05", Assigned(at("10-05 10:01"), "ana", "sdr")), *touches, exited)


def call(when: str) -> Touched:
    return Touched(at(when), "ana", Channel.CALL)


def test_effort_is_what_the_owner_did_before_giving_up() -> None:
    said = "touches >= 2 and channels >= 2 before no_response"
    mailed = Touched(at("10-07 10:00"), "ana", Channel.EMAIL)
    other = (*mql("10-05"), Entered(at("10-06 10:00"), "recycled", "bad_timing"))
    assert measured(said, exit_after(call("10-06 10:00"), mailed), other) == Tally(Decimal(1), 1)
    assert measured(said, exit_after(call("10-06 10:00"), call("10-07 10:00"))) == Tally(Decimal(0), 1)
    assert measured(said, exit_after()) == Tally(Decimal(0), 1)


def test_effort_after_its_window_comes_too_late() -> None:
    # Five business days after Monday 5 October 10:01 are Monday 12 October 10:01.
    said = "touches >= 1 before no_response within 5 business days"
    assert measured(said, exit_after(call("10-12 10:01"))) == Tally(Decimal(1), 1)
    assert measured(said, exit_after(call("10-12 10:02"))) == Tally(Decimal(0), 1)


def test_effort_may_be_owed_within_a_time_of_an_event() -> None:
    given = mql("10-05", Assigned(at("10-05 10:01"), "ana", "sdr"))
    young = mql("10-31", Assigned(at("10-31 10:01"), "ana", "sdr"))
    said = "calls >= 2 within 1 day of assigned"
    two = (*given, call("10-05 11:00"), call("10-06 10:01"))
    late = (*given, call("10-05 11:00"), call("10-06 10:02"))
    as_of = Span(OCTOBER.since, OCTOBER.until, at("11-01 00:00"))
    assert measured(said, two, late, young, span=as_of) == Tally(Decimal(1), 2, waiting=1)


def test_completeness_is_judged_at_entry_and_not_after_later_enrichment() -> None:
    under = agreement(
        commitments={"promise": {"by": "vp_marketing", "measure": "complete contact at mql"}},
        groups={"contact": ["email", "phone"]},
        quality={"valid": {"email": "email contains @"}},
    )
    full = (*facts(email="a@b.example", phone="1"), *mql("10-05"))
    enriched = (*facts(email="a@b.example"), *mql("10-05"), Changed(at("10-05 12:00"), "phone", "1"))
    invalid = (*facts(email="nobody", phone="1"), *mql("10-05"))
    assert come_to(under, full, enriched, invalid) == Tally(Decimal(1), 3)


def test_a_clock_is_judged_by_the_deadlines_of_the_period() -> None:
    def given(day: str, *more: Event) -> tuple[Event, ...]:
        return mql(day, Assigned(at(f"{day} 10:02"), "ana", "sdr"), *more)

    leads = [
        given("10-05", call("10-05 10:10")),
        given("10-05", call("10-05 10:30")),
        given("10-05"),
        given("10-05", Parted(at("10-05 10:05"), Parting.DELETED)),
        given("11-02"),
    ]
    assert come_to(agreement(), *leads, name="response") == Tally(Decimal(1), 3, excused=1)
    as_of = Span(OCTOBER.since, OCTOBER.until, at("10-05 10:06"))
    assert come_to(agreement(), *leads, span=as_of, name="response") == Tally(Decimal(0), 0, waiting=3, excused=1)


def test_leads_that_never_count_are_left_out() -> None:
    under = agreement(
        commitments={"promise": {"by": "vp_marketing", "measure": "count of mql"}}, quality={"exclude": ["test"]}
    )
    assert come_to(under, mql("10-05"), (*facts(test=True), *mql("10-05"))) == counted(1)


def test_what_people_measure_by_hand_is_not_counted() -> None:
    assert measured("manual", mql("10-05")) is None
    assert measured("count of mql") == counted(0)
