"""Ladders as scheduled paths: who is told, which orders are given, and what spares a lead."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Clock, Mode
from tests.connectors.salesforce.simulator.live import Live
from tests.connectors.salesforce.timing import binding, clock, deployed, resources, rung, timed, turn, utc

NOTIFY = rung(0, notify=("owner", "sdr_manager"))
PASS = rung(1, after="1 business hour", reassign="sdr", at_most=1)
ESCALATE = rung(2, after="1 business day", notify=("vp_sales",))
DUE = utc("2026-10-05 16:00")
"""Two business hours after the assignment, which each story makes at ten in the morning of New York."""


def climbing(**more: Any) -> Clock:
    return clock(**{"warn": 0.5, "rungs": (NOTIFY, PASS, ESCALATE), **more})


def begun(tmp_path: Path, *clocks: Clock, **conduct: Any) -> tuple[Live, str]:
    """Return an org and an assignment that began at fourteen o'clock UTC."""
    org = deployed(tmp_path, resources(*(clocks or (climbing(),))), **conduct)
    org.desk.organization.clock = utc("2026-10-05 14:00").isoformat()
    return org, turn(org)


def told(org: Live) -> list[tuple[str, tuple[str, ...]]]:
    """Return when somebody was told, and who."""
    names = {user.id: user.username.partition("@")[0] for user in org.desk.organization.users}
    return [(f"{each.at:%d %H:%M}", tuple(sorted(names[person] for person in each.to))) for each in org.sent]


def order(org: Live, identity: str) -> tuple[object, object]:
    row = org.row("SLA_Leg__c", identity)
    return row["Pass_To__c"], row["First_Response_Passes__c"]


def test_the_owner_is_warned_and_then_each_step_follows_in_its_time(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == [("05 15:00", ("ana",)), ("05 16:00", ("ana", "kim")), ("06 16:00", ("sam",))]
    assert order(org, identity) == ("sdr", 1)


def test_a_notice_says_what_is_at_stake_and_opens_the_lead(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(DUE)
    notice = org.sent[-1]
    assert notice.title == "Overdue: Shaw (First response)"
    assert notice.body.startswith("A rep touches every MQL in time. Shaw, warm: due ")
    assert notice.target == org.row("SLA_Leg__c", identity)["Lead__c"]


def test_the_lead_shows_how_its_deadline_stands(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    lead = str(org.row("SLA_Leg__c", identity)["Lead__c"])
    seen = []
    for until in ("2026-10-05 14:59", "2026-10-05 15:00", "2026-10-05 15:59", "2026-10-05 16:00", "2026-10-05 19:00"):
        org.until(utc(until))
        seen.append(org.row("Lead", lead)["SLA_Status__c"])
    assert seen == ["running", "warned", "warned", "overdue", "overdue"]
    org.save("SLA_Leg__c", identity, First_Touch_At__c=utc("2026-10-05 19:00"))
    row = org.row("Lead", lead)
    assert (row["SLA_Status__c"], row["SLA_Due_At__c"]) == ("late", DUE)
    assert row["SLA_First_Touch_At__c"] == utc("2026-10-05 19:00")


def test_a_touch_in_time_spares_everything(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.save("SLA_Leg__c", identity, First_Touch_At__c=utc("2026-10-05 14:30"))
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == []
    assert order(org, identity) == (None, None)


def test_a_touch_after_the_limit_ends_the_ladder(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-05 16:30"))
    org.save("SLA_Leg__c", identity, First_Touch_At__c=org.now)
    org.until(utc("2026-10-09 16:00"))
    assert [at for at, _ in told(org)] == ["05 15:00", "05 16:00"]
    assert order(org, identity) == (None, None)


@pytest.mark.parametrize("because", ["Closed", "Parted"])
def test_a_cycle_that_closes_after_the_limit_is_left_alone(tmp_path: Path, because: str) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-05 16:30"))
    org.save("SLA_Leg__c", identity, Ended_At__c=org.now, Ended_Because__c=because)
    org.until(utc("2026-10-09 16:00"))
    assert [at for at, _ in told(org)] == ["05 15:00", "05 16:00"]


def passed_on(org: Live, identity: str, **values: Any) -> str:
    """End a turn as a change of owner does, and return the next one, of ben's."""
    row = org.row("SLA_Leg__c", identity)
    org.save("SLA_Leg__c", identity, Ended_At__c=org.now, Ended_Because__c="Reassigned")
    person = {"Person__c": org.user("ben").id, "Leg__c": 2, "Lead__c": row["Lead__c"]}
    return turn(org, **person, First_Response_Passes__c=row["First_Response_Passes__c"], **values)


def test_steps_since_the_breach_follow_the_cycle_to_the_next_owner(tmp_path: Path) -> None:
    org, identity = begun(tmp_path, climbing(rungs=(NOTIFY, rung(1, after="1 business day", notify=("owner",)))))
    org.until(utc("2026-10-05 16:30"))
    passed_on(org, identity)
    org.until(utc("2026-10-06 16:00"))
    # Ben's own clock runs out at 18:30 the same day; what the first breach began goes on, and now he is the owner.
    assert told(org)[-1] == ("06 16:00", ("ben",))


def test_a_breach_that_another_owner_made_good_is_followed_no_further(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-05 16:30"))
    following = passed_on(org, identity)
    org.save("SLA_Leg__c", following, First_Touch_At__c=utc("2026-10-05 16:45"))
    org.until(utc("2026-10-09 16:00"))
    assert [at for at, _ in told(org)] == ["05 15:00", "05 16:00"]


def test_a_turn_that_ended_in_time_is_spared(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-05 15:30"))
    following = passed_on(org, identity)
    org.save("SLA_Leg__c", following, First_Touch_At__c=utc("2026-10-05 15:45"))
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == [("05 15:00", ("ana",))]


def test_a_lead_is_given_on_no_more_often_than_agreed(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-05 17:00"))
    assert order(org, identity) == ("sdr", 1)
    following = passed_on(org, identity)
    org.until(utc("2026-10-12 16:00"))
    assert order(org, following) == (None, 1)


def test_an_order_may_move_the_lead_to_a_stage_with_a_reason(tmp_path: Path) -> None:
    org, identity = begun(tmp_path, clock(rungs=(rung(0, stage="recycled", reason="no_response", close=True),)))
    org.until(DUE + timedelta(minutes=1))
    row = org.row("SLA_Leg__c", identity)
    assert (row["Move_To__c"], row["Move_Reason__c"]) == ("recycled", "no_response")


def test_a_step_since_the_start_belongs_to_its_own_turn(tmp_path: Path) -> None:
    org, identity = begun(tmp_path, clock(rungs=(rung(0, at="10 business minutes", notify=("owner",)),)))
    org.until(utc("2026-10-05 14:05"))
    passed_on(org, identity)
    org.until(utc("2026-10-05 17:00"))
    assert told(org) == [("05 14:15", ("ben",))]


def test_what_is_done_while_a_path_is_late_still_counts(tmp_path: Path) -> None:
    org, identity = begun(tmp_path, path_delay_minutes=5)
    org.until(utc("2026-10-05 16:04"))
    org.save("SLA_Leg__c", identity, First_Touch_At__c=org.now)
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == [("05 15:05", ("ana",))]


@pytest.mark.parametrize("conduct", ["reschedule", "keep"])
def test_a_step_is_taken_once_however_often_the_assignment_is_saved(tmp_path: Path, conduct: str) -> None:
    org, identity = begun(tmp_path, reschedule_paths=conduct)
    for until in ("2026-10-05 15:00", "2026-10-05 16:00", "2026-10-05 16:10", "2026-10-05 17:00"):
        org.until(utc(until))
        org.save("SLA_Leg__c", identity, Team__c=until)
    org.until(utc("2026-10-05 18:00"))
    assert told(org) == [("05 15:00", ("ana",)), ("05 16:00", ("ana", "kim"))]
    assert order(org, identity) == ("sdr", 1)


def test_the_silent_switch_silences_pending_paths_too(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.save("SLA_Switch__c", Name="everybody", SetupOwnerId=org.desk.organization.id, Silent__c=True)
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == []
    assert order(org, identity) == (None, None)


@pytest.mark.parametrize(
    ("mode", "notices", "orders"), [(Mode.RECORD, 0, None), (Mode.ALERT, 3, None), (Mode.ACT, 3, "sdr")]
)
def test_a_mode_says_how_much_follows(tmp_path: Path, mode: Mode, notices: int, orders: str | None) -> None:
    org, identity = begun(tmp_path, climbing(mode=mode))
    org.until(utc("2026-10-09 16:00"))
    assert (len(org.sent), order(org, identity)[0]) == (notices, orders)
    assert org.row("SLA_Leg__c", identity)["First_Response_Due_At__c"] == DUE


def test_a_clock_that_runs_once_in_a_cycle_takes_each_step_once(tmp_path: Path) -> None:
    org, identity = begun(tmp_path, climbing(restarts=None, rungs=(NOTIFY,)))
    org.until(utc("2026-10-05 15:30"))
    row = org.row("SLA_Leg__c", identity)
    kept = {name: row[name] for name in row if name.startswith("First_Response_") and not name.endswith("State__c")}
    kept.pop("First_Response_Passes__c")
    passed_on(org, identity, **kept)
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == [("05 15:00", ("ana",)), ("05 16:00", ("ben", "kim"))]


def test_a_step_that_was_late_while_the_owner_changed_is_taken_for_the_turn_that_was_open(tmp_path: Path) -> None:
    org, identity = begun(tmp_path, climbing(restarts=None, warn=None, rungs=(NOTIFY,)), path_delay_minutes=5)
    org.until(utc("2026-10-05 16:02"))
    row = org.row("SLA_Leg__c", identity)
    kept = {name: row[name] for name in row if name.startswith("First_Response_") and not name.endswith("State__c")}
    kept.pop("First_Response_Passes__c")
    passed_on(org, identity, **kept)
    org.until(utc("2026-10-09 16:00"))
    assert told(org) == [("05 16:05", ("ben", "kim"))]


def test_a_step_that_was_taken_is_not_taken_again_where_the_clock_is_corrected(tmp_path: Path) -> None:
    org, identity = begun(tmp_path)
    org.until(utc("2026-10-05 16:10"))
    for stopped in (org.now, None):
        org.save("SLA_Leg__c", identity, First_Response_Stopped_At__c=stopped)
    org.until(utc("2026-10-05 16:30"))
    assert told(org) == [("05 15:00", ("ana",)), ("05 16:00", ("ana", "kim"))]


def test_a_role_without_people_is_told_by_nobody_and_a_gap_says_so() -> None:
    made = timed(resources(clock(rungs=(rung(0, notify=("president",)),))))
    assert "Name the people behind «president»" in next(each.advice for each in made.gaps if "president" in each.id)


def test_two_steps_that_give_on_with_a_bound_are_counted_together_and_a_gap_says_so() -> None:
    made = timed(resources(climbing(rungs=(PASS, rung(2, after="2 hours", reassign="by routing")))))
    assert any(each.id == "ladder:first-response:at_most" for each in made.gaps)


def test_closing_without_a_stage_is_a_gap() -> None:
    made = timed(resources(climbing(rungs=(rung(0, close=True),))))
    assert any(each.id == "ladder:first-response:close:1" for each in made.gaps)


def test_each_path_is_explained_by_its_line_of_the_agreement() -> None:
    made = timed(resources(climbing()))
    flow = next(each for each in made.desired if each.address.key == "SLA_Leg_First_Response")
    origin = ("commitments", "first-response", "on_breach", 1)
    assert flow.origin(("decisions", "Step_2_Is_Due")) == origin
    assert flow.origin(("recordUpdates", "Step_2_Order", "inputAssignments")) == origin
    assert origin in flow.aspects


def test_contacts_carry_the_stamps_where_the_binding_says_so(tmp_path: Path) -> None:
    org = deployed(tmp_path, resources(climbing()), binding(objects=["Lead", "Contact"]))
    contact = org.save("Contact", LastName="Shaw")
    turn(org, Lead__c=None, Contact__c=contact)
    assert org.row("Contact", contact)["SLA_Status__c"] == "running"
    org.until(utc("2026-10-05 16:10"))
    assert org.row("Contact", contact)["SLA_Status__c"] == "overdue"
