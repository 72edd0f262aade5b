"""The generator's own business time is that of the semantics, over zones, holidays and changed clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sla_sync.agreement.hours import TimeOfDay, Weekday, Window
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.holidays import Holidays
from sla_sync.synthetic.chance import DAY, HOUR, NEVER, Chance
from sla_sync.synthetic.hours import Hours, Openings, milliseconds
from sla_sync.synthetic.parameters import Member, Parameters, Team
from sla_sync.synthetic.truth import truth_of
from sla_sync.synthetic.world import world_of

FIRST, LAST = date(2026, 2, 20), date(2026, 11, 30)
PLACES = (
    Hours(),
    Hours("Europe/London", opens=time(9), closes=time(17, 30), holidays=frozenset({date(2026, 4, 3)})),
    Hours("Australia/Sydney", frozenset({0, 2, 6}), time(0, 30), time(4), frozenset()),
    Hours("Asia/Kolkata", frozenset(range(7)), time(8, 15), time(23), frozenset()),
)


def of_the_semantics(hours: Hours) -> BusinessCalendar:
    opens, closes = (TimeOfDay(each.hour * 60 + each.minute) for each in (hours.opens, hours.closes))
    week = {day: (Window(opens, closes),) for number, day in enumerate(Weekday) if number in hours.days}
    return BusinessCalendar(ZoneInfo(hours.zone), week, Holidays(dict.fromkeys(hours.holidays, ())))


def moment(instant: np.int64) -> datetime:
    return datetime.fromtimestamp(int(instant) / 1000, UTC)


@pytest.mark.parametrize("hours", PLACES, ids=lambda hours: hours.zone)
def test_time_after_and_time_between_are_those_of_the_semantics(hours: Hours) -> None:
    openings, calendar = Openings.of(hours, FIRST, LAST), of_the_semantics(hours)
    start = milliseconds(datetime(2026, 3, 1, tzinfo=UTC))
    size = 150
    instants = start + Chance(1, hours.zone).below(np.full(size, 90 * DAY)) * 2
    lengths = 1 + Chance(2, hours.zone).below(np.full(size, 40 * HOUR))
    reached, passed = openings.after(instants, lengths), openings.spent(instants)
    origin = moment(openings.starts[0])
    for at, length, end, spent in zip(instants, lengths, reached, passed, strict=True):
        assert calendar.add_open_time(moment(at), timedelta(milliseconds=int(length))) == moment(end)
        assert calendar.between(origin, moment(at)) == timedelta(milliseconds=int(spent))


def test_sixteen_open_hours_are_two_business_days_where_each_has_eight() -> None:
    openings, calendar = Openings.of(PLACES[0], FIRST, LAST), of_the_semantics(PLACES[0])
    start = milliseconds(datetime(2026, 3, 1, tzinfo=UTC))
    instants = start + Chance(5, "days").below(np.full(100, 90 * DAY)) * 2
    for at, end in zip(instants, openings.after(instants, np.full(100, 16 * HOUR)), strict=True):
        assert calendar.add_business_days(moment(at), 2) == moment(end)


def test_what_never_happens_and_what_lies_beyond_the_last_opening_is_never() -> None:
    openings = Openings.of(PLACES[0], FIRST, LAST)
    late = np.array([milliseconds(datetime(2026, 11, 30, 23, tzinfo=UTC)), NEVER])
    assert (openings.after(late, np.array([1, 1])) == NEVER).all()
    assert (openings.after(late[:1], np.array([NEVER])) == NEVER).all()


def test_teams_in_several_zones_keep_their_own_hours_and_the_same_truth() -> None:
    teams = tuple(
        Team(hours.zone, hours.zone, (Member(f"a{place}"), Member(f"b{place}", pace=1.5)), hours, weight=place + 1)
        for place, hours in enumerate(PLACES)
    )
    world = world_of(Parameters(leads=30_000, teams=teams, verdict_within=16 * 3600))
    kept = truth_of(world).first_response
    whole = kept["all"]["all"]
    assert whole.on_time / whole.judged == pytest.approx(whole.expected, abs=0.03)
    assert kept["owner"]["SYN-U-a3"].judged > 2 * kept["owner"]["SYN-U-a0"].judged
    local = [ZoneInfo(each.zone) for each in PLACES]
    touched = np.flatnonzero((world.turns.touched < world.as_of) & (world.turns.owner >= 0))[:300]
    for place in touched:
        team = int(world.turns.team[place])
        clock = moment(world.turns.touched[place]).astimezone(local[team])
        assert clock.weekday() in PLACES[team].days
        assert PLACES[team].opens <= clock.time() <= PLACES[team].closes
