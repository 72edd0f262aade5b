"""What came to a team when, against what it can take: small tables with figures that were reckoned by hand."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.attainment import Period
from sla_sync.feasibility.coverage import ceilings
from sla_sync.feasibility.presence import presences
from sla_sync.lint.load import waiting_chance
from sla_sync.measures.load import NO_CAPACITY, NO_OPEN_HOURS, NO_PEOPLE, load
from tests.measures.pasts import past_of
from tests.semantics.leads import agreement, at

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")
TEAM = {
    "calendar": "office",
    "members": 2,
    "capacity": "110 hours per member per month",
    "effort": "66 minutes per lead",
}
Row = dict[str, object]


def turn(lead: str, assigned: str, **said: object) -> Row:
    row: Row = {
        "leg": f"{lead}-{said.get('number', 1)}",
        "lead": lead,
        "owner": "ann",
        "team": "sdr",
        "priority": "hot",
        "qualified_at": at(assigned),
        "assigned_at": at(assigned),
    }
    return {**row, **said}


def under(team: dict[str, object] | None = None, **commitments: object) -> Agreement:
    said = {"teams": {"sdr": TEAM if team is None else team, "nomads": {"calendar": "personal"}}}
    return agreement(**said, **({"commitments": commitments} if commitments else {}))


LEGS = (
    turn("L1", "10-05 09:10"),
    turn("L1", "10-05 11:00", number=2),
    turn("L2", "10-05 09:50", priority="warm"),
    turn("L3", "10-10 12:00"),
    turn("L4", "10-06 17:00"),
    turn("L5", "10-06 08:59"),
    turn("L6", "10-07 10:00", void="test"),
    turn("L7", "10-07 10:00", void="queue", owner=None, team=None),
    turn("L8", "11-02 10:00"),
    turn("L9", "10-07 16:00", team="nomads", priority=None),
)


def test_each_lead_counts_once_in_its_cycle_at_the_local_hour_at_which_it_came() -> None:
    nomads, sdr = load(past_of(under(), at("12-01 12:00"), legs=LEGS), OCTOBER)
    # 5 October 2026 is a Monday; at 17:00 the office has closed.
    assert sdr.by_hour == {(0, 9): 2, (1, 8): 1, (1, 17): 1, (5, 12): 1}
    assert (sdr.outside.value, sdr.outside.n) == (3 / 5, 5)
    assert (sdr.basis.n, sdr.basis.left_out) == (5, {"test": 1})
    # Five times 66 minutes are 5.5 of 220 hours.
    assert sdr.utilisation.value == pytest.approx(0.025)
    twice = Period(date(2026, 10, 1), date(2026, 11, 30), "America/New_York")
    both = load(past_of(under(), at("12-01 12:00"), legs=LEGS), twice)[1]
    # Six times 66 minutes in two months.
    assert both.basis.n == 6
    assert both.utilisation.value == pytest.approx(0.015)
    assert nomads.by_hour == {(2, 16): 1}
    assert nomads.outside.value is None
    assert nomads.basis.unusable == {"nobody knows the hours of its owner": 1}
    assert (nomads.utilisation.note, nomads.waits["response, hot"].note) == (NO_CAPACITY, NO_OPEN_HOURS)


def test_the_clocks_of_the_team_change_in_the_middle_of_a_day() -> None:
    night = Period(date(2026, 11, 1), date(2026, 11, 1), "America/New_York")
    # At 05:59 in UTC it is 01:59 in summer, a minute later 01:00 in winter.
    legs = [
        turn("L1", "10-05 09:00", assigned_at="2026-11-01 05:59"),
        turn("L2", "10-05 09:00", assigned_at="2026-11-01 06:00"),
        turn("L3", "10-05 09:00", assigned_at="2026-11-01 07:00"),
    ]
    (sdr,) = load(past_of(under(), at("12-01 12:00"), legs=legs), night)
    assert sdr.by_hour == {(6, 1): 2, (6, 2): 1}


def test_how_likely_somebody_waits_follows_from_arrivals_per_open_hour() -> None:
    response = under().commitments["response"]
    legs = [turn(f"L{each}", f"10-{5 + each % 5:02} 10:{each % 60:02}") for each in range(88)]
    past = past_of(under(), at("12-01 12:00"), legs=legs)
    (sdr,) = load(past, OCTOBER)
    # Twenty-two days of eight hours: half a lead an hour; a first touch is all of the effort, for no promise asks for more.
    assert response.on_time is not None
    assert sdr.waits["response, hot"].value == pytest.approx(waiting_chance(0.5, 66, 2, 15))
    assert sdr.waits["response, warm"].value == pytest.approx(waiting_chance(0.5, 66, 2, 120))
    (told,) = presences(past, under(), OCTOBER)
    assert (told.arrivals, told.monthly, told.people, told.waiting) == (0.5, 88, 2, 0)
    assert told.hours is not None
    assert float(told.hours.share) == pytest.approx(88 * 1.1 / 220)
    # One alone would answer half of them within a quarter of an hour, two 91%.
    assert [each.needed for each in told.answering] == [2, 2]


def test_a_team_that_leaves_its_numbers_open_is_not_judged() -> None:
    (sdr,) = load(past_of(under({"calendar": "office"}), at("12-01 12:00"), legs=LEGS[:3]), OCTOBER)
    assert sdr.utilisation.value is None
    assert {each.note for each in sdr.waits.values()} == {NO_PEOPLE}


def test_leads_that_wait_at_the_opening_and_touches_are_counted_by_the_business_day() -> None:
    activities = [
        {"lead": "L1", "at": at("10-05 10:00"), "by": "ann"},
        {"lead": "L1", "at": at("10-05 10:00"), "by": "ann", "counts": False},
        {"lead": "L1", "at": at("10-05 10:00"), "by": "eva"},
    ]
    users = [{"user": "ann", "since": at("01-01 00:00"), "team": "sdr"}]
    said = under(
        effort={"by": "vp_sales", "measure": "touches >= 6 before no_response within 15 business days", "target": "85%"}
    )
    past = past_of(said, at("12-01 12:00"), legs=LEGS[:6], activities=activities, users=users)
    (sdr,) = presences(past, said, OCTOBER)
    assert sdr.waiting == pytest.approx(3 / 22)
    # A first touch is a sixth of the effort of a lead: eleven minutes, by two people.
    assert sdr.minutes == pytest.approx(3 / 22 * 11 / 2)
    assert sdr.following is not None
    assert (sdr.following.touches, sdr.following.needed, sdr.following.made) == (6, 5 * 6 / 22, 1 / 22)


@pytest.mark.parametrize(
    ("clock", "within", "reachable"),
    [
        # 08:59 and whatever came inside hours; 17:00 on a Tuesday and a Saturday's noon are lost.
        ({"starts": "assigned", "stops": "touch", "runs_in": "wall clock"}, "1 hour", (3, 5)),
        ({"starts": "assigned", "stops": "touch", "runs_in": "wall clock"}, "17 hours", (4, 5)),
        ({"starts": "assigned", "stops": "touch", "runs_in": "wall clock"}, {"warm": "1 hour"}, (1, 1)),
        # All were raised on Sunday the fourth at noon, and so before their team opened.
        ({"starts": "raised", "stops": "touch", "runs_in": "wall clock"}, "1 hour", (0, 5)),
    ],
)
def test_a_limit_on_the_wall_clock_has_a_ceiling(
    clock: dict[str, str], within: object, reachable: tuple[int, int]
) -> None:
    said = under(reply={"by": "vp_sales", "clock": clock, "within": within, "on_time": "90%"})
    legs = [{**each, "raised_at": at("10-04 12:00")} for each in LEGS[:7]]
    (one,) = ceilings(past_of(said, at("12-01 12:00"), legs=legs), said, OCTOBER)
    assert (one.reachable.part, one.reachable.whole) == reachable


def test_a_limit_in_business_time_has_no_ceiling() -> None:
    assert ceilings(past_of(under(), at("12-01 12:00"), legs=LEGS), under(), OCTOBER) == ()
