"""Conversion of mature cohorts, by hand-made stays and deals."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.conversion import NOT_OVER, Conversion, conversion
from sla_sync.measures.way import steps
from tests.measures.pasts import acme, past_of
from tests.semantics.leads import agreement

Row = dict[str, object]
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")


def went(lead: str, *moves: tuple[str, str], cycle: int = 1, void: str | None = None) -> list[Row]:
    """Return the stays of a lead that entered each stage at an instant: `("mql", "2026-10-05 14:00")`."""
    lefts = [*(at for _, at in moves[1:]), None]
    return [
        {"lead": lead, "cycle": cycle, "stage": stage, "entered_at": at, "left_at": left, "void": void}
        for (stage, at), left in zip(moves, lefts, strict=True)
    ]


def cycle(lead: str, qualified_at: str, **said: object) -> Row:
    """Return the cycle of a lead."""
    return {"lead": lead, "qualified_at": qualified_at, **said}


def accepted(past: Past) -> Conversion:
    return conversion(past, QUARTER, steps(past.agreement)[0])


def test_who_got_there_in_time_is_judged_of_those_whose_time_is_over() -> None:
    stays = [
        *went("L1", ("mql", "2026-10-05 14:00"), ("sal", "2026-10-06 14:00")),
        *went("L2", ("mql", "2026-10-05 14:00"), ("sal", "2026-10-19 14:00")),  # On the last instant of fourteen days.
        *went("L3", ("mql", "2026-10-05 14:00"), ("sal", "2026-10-19 14:01")),
        *went("L4", ("mql", "2026-10-06 14:00"), ("recycled", "2026-10-07 14:00")),
        *went("L5", ("mql", "2026-11-05 14:00"), ("sal", "2026-11-06 14:00")),  # Not mature: neither good nor bad.
        *went("L6", ("mql", "2026-11-06 14:00")),
        *went("L7", ("mql", "2026-10-27 12:00")),  # Mature since this instant.
        *went("L8", ("sal", "2026-10-07 10:00"), ("mql", "2026-10-08 10:00")),  # What came before does not count.
    ]
    past = past_of(acme(), "2026-11-10 12:00", stays=stays)
    found = accepted(past)
    assert (found.goal, found.days, found.whole) == ("sal", 14, Share(2, 6))
    assert [(each.month, each.mature, each.immature) for each in found.cohorts] == [
        ("2026-10", Share(2, 6), 0),
        ("2026-11", Share(0, 0), 2),
    ]
    assert found.naive == Share(4, 8)
    assert found.basis.left_out == {NOT_OVER: 2}
    assert found.basis.n == 6


def test_a_month_that_is_half_mature_is_estimated_with_those_who_wait() -> None:
    stays = [
        *went("L1", ("mql", "2026-10-01 12:00"), ("sal", "2026-10-03 12:00")),
        *went("L2", ("mql", "2026-10-02 12:00"), ("recycled", "2026-10-03 12:00")),
        *went("L3", ("mql", "2026-10-12 12:00"), ("sal", "2026-10-16 12:00")),
        *went("L4", ("mql", "2026-10-17 12:00")),
        *went("L5", ("mql", "2026-10-01 12:00"), ("sal", "2026-10-16 12:00")),
    ]
    past = past_of(acme(), "2026-10-20 12:00", stays=stays)
    october = accepted(past).cohorts[0]
    assert (october.mature, october.immature) == (Share(1, 3), 2)
    assert october.estimate is not None
    # Two days: one of five goes. Three days: one is no longer seen. Four days: one of the three that are left goes.
    assert october.estimate.value == pytest.approx(1 - 4 / 5 * 2 / 3)
    assert october.estimate.n == 5


def test_each_cycle_is_judged_by_itself_and_first_and_later_ones_apart() -> None:
    stays = [
        *went("L1", ("inquiry", "2026-09-30 14:00"), cycle=0),
        *went("L1", ("mql", "2026-10-01 14:00"), ("recycled", "2026-10-02 14:00")),
        *went("L1", ("mql", "2026-10-10 14:00"), ("sal", "2026-10-11 14:00"), cycle=2),
    ]
    past = past_of(acme(), "2026-12-01 00:00", stays=stays)
    found = accepted(past)
    assert (found.whole, found.first, found.again) == (Share(1, 2), Share(0, 1), Share(1, 1))


def test_cohorts_are_months_of_the_zone_of_the_report_and_one_that_was_not_seen_long_enough_has_no_estimate() -> None:
    past = past_of(acme(), "2026-11-08 12:00", stays=went("L1", ("mql", "2026-11-01 03:00")))
    cohort = accepted(past).cohorts[0]
    assert cohort.month == "2026-10"
    assert cohort.estimate is not None
    assert cohort.estimate.value is None
    assert "long" in cohort.estimate.note


def test_the_source_and_the_priority_are_those_of_the_cycle() -> None:
    stays = [
        *went("L1", ("mql", "2026-10-05 14:00"), ("sal", "2026-10-06 14:00")),
        *went("L2", ("mql", "2026-10-05 14:00")),
        *went("L3", ("mql", "2026-10-05 14:00")),
    ]
    cycles = [
        cycle("L1", "2026-10-05 14:00", source="demo_request", priority="hot"),
        cycle("L2", "2026-10-05 14:00", source="webinar", priority="warm"),
    ]
    found = accepted(past_of(acme(), "2026-12-01 00:00", stays=stays, cycles=cycles))
    assert found.by_source == {"demo_request": Share(1, 1), "webinar": Share(0, 1), "unknown": Share(0, 1)}
    assert found.by_priority == {"hot": Share(1, 1), "warm": Share(0, 1), "unknown": Share(0, 1)}


@pytest.mark.slow
def test_deals_tell_what_the_stages_of_a_lead_do_not() -> None:
    stays = went("L1", ("mql", "2026-05-05 14:00"), ("sal", "2026-05-06 14:00"), ("sql", "2026-05-07 14:00"))
    deal: Row = {
        "deal": "D1",
        "lead": "L1",
        "opened_at": "2026-05-20 10:00",
        "closed_at": "2026-05-20 00:00",
        "won": True,
    }
    # Only the day is known on which it was signed, the one on which it was opened.
    half_year = Period(date(2026, 5, 1), date(2026, 10, 31), "UTC")
    stays += went("L2", ("mql", "2026-05-05 14:00"), ("opportunity", "2026-05-25 14:00"), ("won", "2026-05-26 14:00"))
    cycles = [cycle(lead, "2026-05-05 14:00", source="webinar") for lead in ("L1", "L2")]
    told = past_of(acme(), "2026-12-01 00:00", stays=stays, cycles=cycles, deals=[deal])
    untold = past_of(acme(), "2026-12-01 00:00", stays=stays, cycles=cycles)
    opens, wins = steps(acme())[2:]
    assert conversion(untold, half_year, opens).whole == Share(0, 1)
    assert conversion(told, half_year, opens).whole == Share(1, 1)
    assert conversion(told, half_year, wins).by_source == {"webinar": Share(2, 2)}


@pytest.mark.slow
def test_the_time_of_a_step_is_what_a_commitment_says_of_it_in_business_days_too() -> None:
    quality = {"by": "vp_marketing", "measure": "mql to sal within 3 business days", "target": "70%"}
    # From Friday to Wednesday.
    stays = [
        *went("L1", ("mql", "2026-10-02 14:00"), ("sal", "2026-10-07 14:00")),
        *went("L2", ("mql", "2026-10-02 14:00"), ("sal", "2026-10-07 14:01")),
    ]
    past = past_of(agreement(commitments={"quality": quality}), "2026-12-01 00:00", stays=stays)
    found = accepted(past)
    assert (found.whole, found.days, str(found.within)) == (Share(1, 2), 3, "3 business days")
