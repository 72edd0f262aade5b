"""Scheduled paths: when they wait, when they move, when they run, and what becomes of those that fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync_salesforce.simulator import saving
from sla_sync_salesforce.simulator.agenda import agenda
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import load
from sla_sync_salesforce.simulator.store import Row
from tests.connectors.salesforce.simulator.live import (
    MONDAY,
    Live,
    begin,
    create,
    decide,
    formula,
    live,
    path,
    ref,
    update,
)

HOUR = timedelta(hours=1)


def scheduled(org: Live, *asked: tuple[str, str, Any], newly: bool = False, **more: Any) -> None:
    """Add a flow that makes a task for a lead when it is due."""
    org.field("Lead.Due__c", "DateTime")
    org.field("Lead.Touched__c", "Checkbox")
    tell = create("Tell", "Task", {"Subject": ref("Words"), "WhoId": ref("$Record.Id")})
    words = formula("Words", "String", "{!$Record.LastName} & ' ' & TEXT({!$Flow.CurrentDateTime})")
    start = begin(None, *asked, newly=newly, paths=(path("At_Due", "Tell", "Due__c", **more),))
    org.flow("Watches", start, recordCreates=[tell], formulas=[words])


@pytest.fixture
def org(tmp_path: Path) -> Live:
    org = live(tmp_path)
    scheduled(org, ("Due__c", "IsNull", False), ("Touched__c", "EqualTo", False))
    return org


def told(org: Live) -> list[tuple[str, datetime]]:
    """Return what the path has said, and when."""
    return [(str(row["Subject"]).split(" ", 1)[0], created(row)) for row in org.rows("Task")]


def created(row: Any) -> datetime:
    at = row["CreatedDate"]
    assert isinstance(at, datetime)
    return at


def test_a_path_runs_at_the_instant_of_its_field(org: Live) -> None:
    org.lead(Due__c=MONDAY + HOUR)
    org.until(MONDAY + HOUR - timedelta(seconds=1))
    assert told(org) == []
    org.until(MONDAY + 2 * HOUR)
    assert told(org) == [("Shaw", MONDAY + HOUR)]
    assert org.now == MONDAY + 2 * HOUR
    org.until(MONDAY + 100 * HOUR)
    assert len(told(org)) == 1


def test_paths_run_in_the_order_in_which_they_are_due_then_in_that_of_their_saves(org: Live) -> None:
    for name, hours in (("C", 2), ("A", 1), ("B", 1)):
        org.lead(LastName=name, Due__c=MONDAY + hours * HOUR)
    org.until(MONDAY + 3 * HOUR)
    assert told(org) == [("A", MONDAY + HOUR), ("B", MONDAY + HOUR), ("C", MONDAY + 2 * HOUR)]


def test_a_later_change_of_the_date_moves_the_path(org: Live) -> None:
    lead = org.lead(Due__c=MONDAY + HOUR)
    org.lead(lead, Due__c=MONDAY + 3 * HOUR)
    org.until(MONDAY + 2 * HOUR)
    assert told(org) == []
    org.until(MONDAY + 4 * HOUR)
    assert told(org) == [("Shaw", MONDAY + 3 * HOUR)]


def test_where_the_platform_does_not_move_paths_it_runs_when_it_was_first_due(tmp_path: Path) -> None:
    org = live(tmp_path, reschedule_paths="keep")
    scheduled(org, ("Due__c", "IsNull", False))
    lead = org.lead(Due__c=MONDAY + HOUR)
    org.lead(lead, Due__c=MONDAY + 3 * HOUR)
    org.until(MONDAY + 4 * HOUR)
    assert told(org) == [("Shaw", MONDAY + HOUR)]


@pytest.mark.parametrize("change", [{"Touched__c": True}, {"Due__c": None}])
def test_a_record_that_no_longer_meets_the_conditions_waits_no_more(change: dict[str, Any], org: Live) -> None:
    lead = org.lead(Due__c=MONDAY + HOUR)
    org.lead(lead, **change)
    assert agenda(org.desk.organization.store) == ()
    org.until(MONDAY + 2 * HOUR)
    assert told(org) == []


def test_a_path_runs_as_late_as_the_switch_says(tmp_path: Path) -> None:
    org = live(tmp_path, path_delay_minutes=7)
    scheduled(org, ("Due__c", "IsNull", False))
    org.lead(Due__c=MONDAY + HOUR)
    org.until(MONDAY + HOUR + timedelta(minutes=6))
    assert told(org) == []
    org.until(MONDAY + 2 * HOUR)
    assert told(org) == [("Shaw", MONDAY + HOUR + timedelta(minutes=7))]


def test_an_instant_that_has_passed_when_the_record_is_made_runs_at_once(org: Live) -> None:
    lead = org.lead(Due__c=MONDAY - HOUR)
    org.until(MONDAY)
    assert told(org) == [("Shaw", MONDAY)]
    org.lead(lead, LastName="Other")
    org.until(MONDAY + HOUR)
    assert len(told(org)) == 1


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        (-30, "Minutes", timedelta(hours=5, minutes=30)),
        (2, "Hours", timedelta(hours=8)),
        (1, "Days", timedelta(hours=30)),
    ],
)
def test_a_path_counts_from_its_field(number: int, unit: str, expected: timedelta, tmp_path: Path) -> None:
    org = live(tmp_path)
    scheduled(org, number=number, unit=unit)
    org.lead(Due__c=MONDAY + 6 * HOUR)
    org.until(MONDAY + 100 * HOUR)
    assert told(org) == [("Shaw", MONDAY + expected)]


def test_a_path_may_count_from_the_save(tmp_path: Path) -> None:
    org = live(tmp_path)
    org.flow(
        "Watches",
        begin(None, on="Create", paths=(path("Later", "Tell", None, number=1, unit="Hours"),)),
        recordCreates=[create("Tell", "Task", {"Subject": ref("$Record.LastName")})],
    )
    org.lead()
    org.until(MONDAY + 2 * HOUR)
    assert told(org) == [("Shaw", MONDAY + HOUR)]


def test_a_flow_that_asks_for_a_change_lets_a_path_wait_only_then(tmp_path: Path) -> None:
    org = live(tmp_path)
    scheduled(org, ("Due__c", "IsNull", False), newly=True)
    lead = org.lead(Due__c=MONDAY + HOUR)
    org.until(MONDAY + 2 * HOUR)
    org.lead(lead, Due__c=MONDAY + 3 * HOUR)
    org.until(MONDAY + 4 * HOUR)
    assert told(org) == [("Shaw", MONDAY + HOUR)]
    org.lead(lead, Due__c=None)
    org.lead(lead, Due__c=MONDAY + 5 * HOUR)
    org.until(MONDAY + 6 * HOUR)
    assert told(org)[1:] == [("Shaw", MONDAY + 5 * HOUR)]


def test_a_path_sees_the_record_as_it_is_by_then_and_writes_in_the_name_of_who_saved_it(org: Live) -> None:
    lead = org.lead(by=org.user("sam"), Due__c=MONDAY + HOUR)
    org.lead(lead, LastName="Lee")
    org.until(MONDAY + 2 * HOUR)
    (task,) = org.rows("Task")
    assert (told(org)[0][0], task["CreatedById"]) == ("Lee", org.user("sam").id)


def test_a_record_that_is_gone_has_nothing_that_waits(org: Live) -> None:
    from sla_sync_salesforce.simulator.converting import delete

    lead = org.lead(Due__c=MONDAY + HOUR)
    delete(org.desk, org.admin, "Lead", lead)
    assert agenda(org.desk.organization.store) == ()


def test_a_save_that_is_taken_back_leaves_nothing_waiting(org: Live) -> None:
    org.flow("Z_Breaks", begin("Break"), recordUpdates=[update("Break", {"LastName": ref("$Record.FirstName")})])
    with pytest.raises(Exception, match="Z_Breaks"):
        org.lead(Due__c=MONDAY + HOUR)
    assert agenda(org.desk.organization.store) == ()


def test_a_path_that_fails_is_lost_and_told_and_keeps_nothing_from_running(org: Live) -> None:
    broken = update("Break", {"LastName": ref("$Record.FirstName")})
    org.flow("Breaks", begin(None, paths=(path("At_Due", "Break", "Due__c"),)), recordUpdates=[broken])
    org.lead(Due__c=MONDAY + HOUR)
    org.until(MONDAY + 2 * HOUR)
    (failure,) = org.sent
    assert (failure.kind, failure.flow, failure.at) == ("failure", "Breaks", MONDAY + HOUR)
    assert told(org) == [("Shaw", MONDAY + HOUR)]


def test_a_flow_that_was_switched_off_runs_no_path(org: Live) -> None:
    org.lead(Due__c=MONDAY + HOUR)
    org.desk.organization.of("Flow")["Watches"].active = 0
    org.settled()
    org.until(MONDAY + 2 * HOUR)
    assert told(org) == []


def test_what_a_path_writes_may_let_another_wait(tmp_path: Path) -> None:
    org = live(tmp_path)
    org.field("Lead.Due__c", "DateTime")
    again = update("Again", {"Due__c": ref("Next")})
    org.flow(
        "Repeats",
        begin(None, paths=(path("At_Due", "Is_Early", "Due__c"),)),
        decisions=[
            decide(
                "Is_Early", ("$Record.Due__c", "LessThan", {"dateTimeValue": "2026-10-05T17:00:00.000Z"}), yes="Again"
            )
        ],
        recordUpdates=[again],
        formulas=[formula("Next", "DateTime", "{!$Record.Due__c} + 1 / 24")],
    )
    lead = org.lead(Due__c=MONDAY + HOUR)
    org.until(MONDAY + 10 * HOUR)
    assert org.row("Lead", lead)["Due__c"] == datetime(2026, 10, 5, 17, tzinfo=UTC)
    assert [change.at for change in org.desk.organization.store.history if change.field == "Due__c"] == [
        MONDAY,
        MONDAY + HOUR,
        MONDAY + 2 * HOUR,
    ]


def test_an_asynchronous_path_runs_after_the_commit_and_takes_nothing_back(tmp_path: Path) -> None:
    org = live(tmp_path)
    later = {"pathType": "AsyncAfterCommit", "connector": {"targetReference": "Break"}}
    broken = update("Break", {"LastName": ref("$Record.FirstName")})
    org.flow("Later", begin(None, on="Create", paths=(later,)), recordUpdates=[broken])
    lead = org.lead()
    assert org.row("Lead", lead)["LastName"] == "Shaw"
    assert [each.kind for each in org.sent] == ["failure"]
    org.lead(FirstName="Ada")
    assert [row["LastName"] for row in org.rows("Lead")] == ["Shaw", "Ada"]


def test_what_waits_outlives_the_process(tmp_path: Path) -> None:
    org = live(tmp_path)
    scheduled(org, ("Due__c", "IsNull", False))
    org.lead(Due__c=MONDAY + HOUR)
    org.desk.keep()
    organization = load(tmp_path)
    assert organization is not None
    again = Live(Desk(organization, tmp_path, org.desk.switches))
    again.until(MONDAY + 2 * HOUR)
    assert told(again) == [("Shaw", MONDAY + HOUR)]


def test_paths_that_are_due_together_run_as_one_batch(org: Live) -> None:
    new: list[tuple[None, Row]] = [
        (None, {"LastName": f"L{n}", "Company": "Hillside", "Due__c": MONDAY + HOUR}) for n in range(150)
    ]
    saving.save_many(org.desk, org.admin, "Lead", new)
    org.until(MONDAY + HOUR)
    assert [name for name, _ in told(org)] == [f"L{n}" for n in range(150)]
