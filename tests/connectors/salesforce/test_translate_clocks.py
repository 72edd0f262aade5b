"""Deadlines as flows compute them in an org, held against the agreement's own calendar."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.connector import Mode, clock_events
from sla_sync.semantics.calendar import BusinessCalendar, wall_clock
from tests.connectors.salesforce.simulator.live import Live
from tests.connectors.salesforce.timing import (
    LONDON,
    OFFICE,
    SIESTA,
    WEEKDAYS,
    binding,
    business,
    clock,
    deployed,
    lasting,
    learned,
    neutral,
    resources,
    rung,
    shown,
    timed,
    turn,
    utc,
)
from tests.haste import examples

Moment = clock_events.Moment
ALWAYS = business("America/New_York", dict.fromkeys((*WEEKDAYS, "sat", "sun"), (("00:00", "24:00"),)))
SUNDAY = business("America/New_York", {"sun": (("01:00", "04:00"),)})
CALENDARS = {"office": OFFICE, "london": LONDON, "always": ALWAYS, "sunday": SUNDAY, "siesta": SIESTA}
NY, LON, MAD = ZoneInfo("America/New_York"), ZoneInfo("Europe/London"), ZoneInfo("Europe/Madrid")


def promise(name: str, within: str, **more: Any) -> Any:
    return clock(name=name, label=name, origin=("commitments", name, "clock"), within=within, mode=Mode.RECORD, **more)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Live:
    agreed = resources(
        promise("m15", "15 business minutes"),
        promise("m150", "150 business minutes"),
        promise("h1", "1 business hour"),
        promise("h2", "2 business hours"),
        promise("d1", "1 business day", calendar="office"),
        calendars=tuple(neutral(name, each) for name, each in CALENDARS.items()),
        teams=tuple(resources().teams[0].__class__(name, ("teams", name), "", name, None, name) for name in CALENDARS),
    )
    return deployed(tmp_path_factory.mktemp("vectors"), agreed)


def at(text: str, zone: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("calendar", "start", "clock_name", "due"),
    [
        ("office", at("2026-09-16T10:00", NY), "M15", "2026-09-16 14:15"),
        ("office", at("2026-09-16T10:00", NY), "H2", "2026-09-16 16:00"),
        ("office", at("2026-09-16T16:00", NY), "H2", "2026-09-17 14:00"),
        ("office", at("2026-09-18T16:50", NY), "M15", "2026-09-21 13:05"),
        ("office", at("2026-09-19T23:30", NY), "M15", "2026-09-21 13:15"),
        ("office", at("2026-09-16T08:59:30", NY), "M15", "2026-09-16 13:15"),
        ("office", at("2026-09-16T17:00", NY), "M15", "2026-09-17 13:15"),
        ("office", at("2026-09-16T15:00", NY), "H2", "2026-09-16 21:00"),
        ("office", at("2026-11-25T16:30", NY), "H1", "2026-11-27 14:30"),
        ("office", at("2026-03-06T16:00", NY), "H2", "2026-03-09 14:00"),
        ("office", at("2026-10-30T16:00", NY), "H2", "2026-11-02 15:00"),
        ("always", at("2026-03-08T01:30", NY), "H1", "2026-03-08 07:30"),
        ("always", at("2026-11-01T01:30", NY), "H1", "2026-11-01 06:30"),
        ("sunday", at("2026-03-08T01:00", NY), "M150", "2026-03-15 05:30"),
        ("siesta", at("2026-09-16T12:30", MAD), "H1", "2026-09-16 13:30"),
        ("london", at("2026-09-16T18:00", NY), "H2", "2026-09-17 10:00"),
        ("london", at("2026-12-24T17:00", LON), "H1", "2026-12-29 09:30"),
        ("office", at("2026-09-16T14:00", NY), "D1", "2026-09-17 18:00"),
        ("office", at("2026-09-18T14:00", NY), "D1", "2026-09-21 18:00"),
        ("office", at("2026-09-19T11:00", NY), "D1", "2026-09-21 21:00"),
        ("office", at("2026-11-25T14:00", NY), "D1", "2026-11-27 19:00"),
    ],
)
def test_a_flow_adds_business_time_as_agreed(
    vectors: Live, calendar: str, start: datetime, clock_name: str, due: str
) -> None:
    identity = turn(vectors, Calendar__c=calendar, Assigned_At__c=start)
    assert vectors.row("SLA_Leg__c", identity)[f"{clock_name}_Due_At__c"] == utc(due)


SPANS = ("3 business seconds", "15 business minutes", "8 business hours", "100 business hours", "36 hours", "2 weeks")
DAYS = ("1 business day", "5 business days")
SHARES = (0.5, 0.75, 0.5, 0.9, 0.5, 0.25, 0.5, 0.75)


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Live:
    owner = [promise(f"c{place}", each, warn=SHARES[place]) for place, each in enumerate(SPANS)]
    fixed = [
        promise(f"c{len(SPANS) + place}", each, warn=SHARES[len(SPANS) + place], calendar="office")
        for place, each in enumerate(DAYS)
    ]
    steps = (rung(0, after="1 business hour"), rung(1, after="2 business days"), rung(2, at="90 business minutes"))
    agreed = resources(
        *owner,
        *fixed,
        promise("steps", "4 business hours", calendar="office", rungs=steps, warn="20 minutes"),
        calendars=tuple(neutral(name, CALENDARS[name]) for name in ("office", "london", "always")),
        teams=(*resources().teams, resources().teams[1].__class__("night", ("teams", "night"), "", "", None, "always")),
    )
    return deployed(tmp_path_factory.mktemp("laws"), agreed)


STARTS = st.integers(0, 300 * 86_400).map(lambda seconds: utc("2026-02-02 00:00") + timedelta(seconds=seconds))


def warning(calendar: BusinessCalendar, start: datetime, within: str, share: float) -> datetime:
    """Return when a share of the time from the start to the limit has passed, as the model counts it."""
    limit = lasting(within)
    due = calendar.add(start, limit)
    whole = calendar.between(start, due) if limit.business else due - start
    part = timedelta(seconds=round(whole.total_seconds() * share))
    return calendar.add_open_time(start, part) if limit.business else start + part


@pytest.mark.slow
@given(start=STARTS, name=st.sampled_from(("office", "london", "always")))
@settings(max_examples=examples(300), deadline=None)
def test_deadlines_and_warnings_are_those_of_the_agreement(laws: Live, start: datetime, name: str) -> None:
    row = laws.row("SLA_Leg__c", turn(laws, Calendar__c=name, Assigned_At__c=start))
    for place, within in enumerate((*SPANS, *DAYS)):
        calendar = CALENDARS[name] if place < len(SPANS) else OFFICE
        assert row[f"C{place}_Due_At__c"] == calendar.add(start, lasting(within)), within
        warned = row[f"C{place}_Warn_At__c"]
        assert isinstance(warned, datetime)
        # Half a second is rounded up by formulas and to the even second by the model.
        assert abs(warned - warning(calendar, start, within, SHARES[place])) <= timedelta(seconds=1), within


@pytest.mark.slow
@given(start=STARTS)
@settings(max_examples=examples(150), deadline=None)
def test_steps_follow_the_limit_or_the_start_as_agreed(laws: Live, start: datetime) -> None:
    row = laws.row("SLA_Leg__c", turn(laws, Assigned_At__c=start))
    due = OFFICE.add(start, lasting("4 business hours"))
    assert row["Steps_Due_At__c"] == due
    assert row["Steps_Warn_At__c"] == start + timedelta(minutes=20)
    assert row["Steps_Rung_1_At__c"] == OFFICE.add(due, lasting("1 business hour"))
    assert row["Steps_Rung_2_At__c"] == OFFICE.add(due, lasting("2 business days"))
    assert row["Steps_Rung_3_At__c"] == OFFICE.add(start, lasting("90 business minutes"))


def one(tmp_path: Path, *clocks: Any, **changes: Any) -> Live:
    return deployed(tmp_path, resources(*clocks, **changes))


def test_each_priority_has_its_own_limit_and_one_without_has_no_clock(tmp_path: Path) -> None:
    org = one(tmp_path, clock(within={"hot": "15 business minutes", "warm": "3 hours"}))
    dues = {}
    for priority in ("hot", "warm", "cold"):
        row = org.row("SLA_Leg__c", turn(org, Priority__c=priority))
        dues[priority] = row["First_Response_Due_At__c"]
    assert dues == {"hot": org.now + timedelta(minutes=15), "warm": org.now + timedelta(hours=3), "cold": None}
    assert row["First_Response_Started_At__c"] is None


@pytest.mark.parametrize(("start", "minutes"), [("2026-10-05 14:00", 20), ("2026-10-05 03:00", 240)])
def test_a_limit_may_differ_inside_and_outside_hours(tmp_path: Path, start: str, minutes: int) -> None:
    org = one(tmp_path, clock(within={"inside hours": "20 minutes", "outside hours": "4 hours"}))
    row = org.row("SLA_Leg__c", turn(org, Assigned_At__c=utc(start)))
    assert row["First_Response_Due_At__c"] == utc(start) + timedelta(minutes=minutes)


def test_an_assignment_beyond_the_calendar_has_a_start_and_no_deadline(tmp_path: Path) -> None:
    org = one(tmp_path, clock())
    identity = turn(org, Assigned_At__c=utc("2027-05-03 14:00"))
    row = org.row("SLA_Leg__c", identity)
    assert row["First_Response_Started_At__c"] == utc("2027-05-03 14:00")
    assert row["First_Response_Due_At__c"] is None
    assert shown(org, identity, "First_Response_State__c") in {None, ""}


def test_a_clock_stops_at_its_event_and_keeps_the_first(tmp_path: Path) -> None:
    org = one(tmp_path, clock())
    identity = turn(org)
    org.save("SLA_Leg__c", identity, First_Touch_At__c=utc("2026-10-05 15:00"))
    org.save("SLA_Leg__c", identity, First_Touch_At__c=utc("2026-10-05 15:30"))
    assert org.row("SLA_Leg__c", identity)["First_Response_Stopped_At__c"] == utc("2026-10-05 15:00")


def test_a_touch_before_the_start_stops_nothing(tmp_path: Path) -> None:
    org = one(tmp_path, clock())
    row = org.row("SLA_Leg__c", turn(org, First_Touch_At__c=org.now - timedelta(seconds=1)))
    assert row["First_Response_Stopped_At__c"] is None


def test_a_clock_may_time_how_long_a_lead_waits_for_an_owner(tmp_path: Path) -> None:
    org = one(tmp_path, clock(starts=Moment.QUALIFIED, stops=Moment.ASSIGNED, restarts=None, within="10 minutes"))
    identity = turn(org, Qualified_At__c=org.now, Assigned_At__c=None, Person__c=None)
    org.save("SLA_Leg__c", identity, Assigned_At__c=org.now + timedelta(minutes=4), Person__c=org.user("ana").id)
    row = org.row("SLA_Leg__c", identity)
    assert row["First_Response_Stopped_At__c"] == row["Assigned_At__c"]
    assert row["First_Response_Due_At__c"] == utc("2026-10-05 14:10") + (org.now - utc("2026-10-05 14:00"))


def test_a_clock_that_runs_once_in_a_cycle_does_not_start_in_a_later_turn(tmp_path: Path) -> None:
    org = one(tmp_path, clock(restarts=None))
    assert org.row("SLA_Leg__c", turn(org, Leg__c=2))["First_Response_Started_At__c"] is None
    started = utc("2026-10-05 13:30")
    row = org.row("SLA_Leg__c", turn(org, Leg__c=2, First_Response_Started_At__c=started))
    assert row["First_Response_Due_At__c"] == OFFICE.add(started, lasting("2 business hours"))


def test_a_clock_that_restarts_counts_from_the_new_owner(tmp_path: Path) -> None:
    org = one(tmp_path, clock(starts=Moment.QUALIFIED))
    row = org.row("SLA_Leg__c", turn(org, Leg__c=2, Qualified_At__c=utc("2026-10-01 14:00")))
    assert row["First_Response_Started_At__c"] == row["Assigned_At__c"]


def test_nothing_starts_outside_the_days_of_the_agreement(tmp_path: Path) -> None:
    org = one(tmp_path, clock(), in_force=(utc("2026-10-01 04:00"), utc("2027-01-01 05:00")))
    for start, runs in (("2026-10-01 04:00", True), ("2026-10-01 03:59", False), ("2027-01-01 05:00", False)):
        row = org.row("SLA_Leg__c", turn(org, Assigned_At__c=utc(start)))
        assert (row["First_Response_Started_At__c"] is not None) is runs, start


def test_a_promise_about_some_leads_times_those_alone(tmp_path: Path) -> None:
    org = one(tmp_path, clock(where="priority is hot"))
    for priority in ("hot", "warm"):
        row = org.row("SLA_Leg__c", turn(org, Priority__c=priority))
        assert (row["First_Response_Due_At__c"] is not None) is (priority == "hot")


def test_the_silent_switch_keeps_every_clock_still(tmp_path: Path) -> None:
    org = one(tmp_path, clock())
    org.save("SLA_Switch__c", Name="everybody", SetupOwnerId=org.admin.id, Silent__c=True)
    assert org.row("SLA_Leg__c", turn(org))["First_Response_Started_At__c"] is None


DUE = utc("2026-10-05 16:00")


@pytest.mark.parametrize(
    ("now", "changes", "state"),
    [
        ("2026-10-05 14:30", {}, "running"),
        ("2026-10-05 15:00", {}, "warned"),
        ("2026-10-05 16:00", {}, "warned"),
        ("2026-10-05 16:00:01", {}, "overdue"),
        ("2026-10-06 16:00", {"First_Touch_At__c": DUE}, "on_time"),
        ("2026-10-06 16:00", {"First_Touch_At__c": DUE + timedelta(seconds=1)}, "late"),
        ("2026-10-06 16:00", {"Ended_At__c": DUE}, "void"),
        ("2026-10-06 16:00", {"Ended_At__c": DUE + timedelta(seconds=1)}, "overdue"),
    ],
)
def test_the_state_depends_on_instants_alone(tmp_path: Path, now: str, changes: Any, state: str) -> None:
    org = one(tmp_path, clock(warn=0.5, mode=Mode.RECORD))
    identity = turn(org, Assigned_At__c=utc("2026-10-05 14:00"), **changes)
    org.desk.organization.clock = utc(now).isoformat()
    assert shown(org, identity, "First_Response_State__c") == state


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pauses": True}, "stood still"),
        ({"stops": Moment.REPLY}, "does not tell when this happens: reply"),
        ({"starts": clock_events.Named("asked")}, "does not tell when this happens: asked"),
        ({"restarts": Moment.TOUCH}, "begins anew only where the owner changes"),
        ({"starts": Moment.ACCEPTED, "restarts": None}, "only the first touch is kept"),
        ({"within": "2 months"}, "no formula adds 2 months"),
        ({"within": "2 business weeks"}, "no formula adds 2 business weeks"),
        ({"within": "20 business seconds"}, "no whole number"),
        ({"where": "did visit pricing_page"}, "cannot count"),
        ({"wall_clock": True}, "does not pass on the clock on the wall"),
    ],
)
def test_a_clock_that_an_org_cannot_hold_is_a_gap_and_nothing_of_it_is_pushed(change: Any, words: str) -> None:
    agreed = resources(clock(**change))
    assert learned(agreed).timed == ()
    assert any(words in gap.advice for gap in learned(agreed).gaps)
    assert not [each for each in timed(agreed).desired if "First_Response" in each.address.key]


@pytest.mark.parametrize("deadlines", ["calendar", "apex"])
def test_open_days_are_refused_where_an_engine_cannot_add_them(deadlines: str) -> None:
    agreed = resources(
        clock(within={"hot": "1 hour", "warm": "1 business day"}),
        calendars=(neutral("siesta", SIESTA),) if deadlines == "calendar" else resources().calendars,
    )
    clocks = learned(agreed, binding(deadlines=deadlines))
    assert [each.limit.priority for each in clocks.timed[0].limits] == ["hot"]
    assert "«first-response» for warm otherwise" in clocks.gaps[0].advice


def test_a_clock_that_another_product_holds_is_left_to_it() -> None:
    clocks = learned(resources(clock()), binding(held_by={"first-response": "leandata"}))
    assert clocks.timed == ()
    assert "in leandata" in clocks.gaps[0].advice


def test_an_excused_promise_runs_and_a_person_judges_its_misses() -> None:
    clocks = learned(resources(clock(excused=True)))
    assert len(clocks.timed) == 1
    assert "excused" in clocks.gaps[0].advice


def numbers_in(value: Any, found: Callable[[str], None]) -> None:
    if isinstance(value, dict):
        for each in value.values():
            numbers_in(each, found)
    elif isinstance(value, list):
        for each in value:
            numbers_in(each, found)
    elif isinstance(value, str):
        found(value)


def test_no_number_of_the_agreement_stands_in_a_flow() -> None:
    def flow(minutes: int) -> Any:
        made = timed(resources(clock(within=f"{minutes} business minutes", warn=minutes / 100))).desired
        return [each.values for each in made if each.address.type == "Flow"]

    assert flow(17) == flow(23)


def test_every_formula_of_a_flow_is_short_enough() -> None:
    limits = {f"priority_{number}": f"{number} business minutes" for number in range(3, 33, 3)}
    made = timed(resources(clock(within=limits, warn=0.5, rungs=(rung(0, after="1 business day"),)))).desired
    texts: list[str] = []
    for each in made:
        if each.address.type == "Flow":
            numbers_in(each.values, texts.append)
    assert max(map(len, texts)) < 3_900


def test_a_wall_clock_promise_needs_no_calendar() -> None:
    made = timed(resources(clock(within="2 hours", wall_clock=True, warn=0.5))).desired
    assert not [each for each in made if "Calendar_Day" in each.address.key or each.address.type == "BusinessHours"]
    assert wall_clock().never_closes
