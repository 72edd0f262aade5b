"""The other engine: deadlines by the org's own business hours, asked of one Apex class."""

from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Mode
from sla_sync_salesforce.simulator.kinds.apex_class import recognised
from sla_sync_salesforce.translate.apex import CLASS_TEXT, TEST_TEXT
from tests.connectors.salesforce.simulator.live import Live
from tests.connectors.salesforce.timing import (
    LONDON,
    OFFICE,
    SIESTA,
    binding,
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

APEX = binding(deadlines="apex")


def org_of(tmp_path: Path, **changes: Any) -> Live:
    return deployed(tmp_path, resources(clock(**{"mode": Mode.RECORD, **changes})), APEX)


@pytest.mark.parametrize(
    ("calendar", "start"),
    [
        ("office", "2026-10-05 14:00"),
        ("office", "2026-11-25 21:30"),
        ("office", "2026-10-03 14:00"),
        ("london", "2026-12-24 17:00"),
    ],
)
def test_the_class_is_asked_for_limit_warning_and_steps(tmp_path: Path, calendar: str, start: str) -> None:
    steps = (rung(0), rung(1, after="1 business hour"), rung(2, after="30 minutes"), rung(3, at="3 business hours"))
    org = org_of(tmp_path, within="15 business minutes", warn=0.5, rungs=steps)
    at, hours = utc(start), {"office": OFFICE, "london": LONDON}[calendar]
    row = org.row("SLA_Leg__c", turn(org, Calendar__c=calendar, Assigned_At__c=at))
    due = hours.add(at, lasting("15 business minutes"))
    assert row["First_Response_Started_At__c"] == at
    assert row["First_Response_Due_At__c"] == due
    assert row["First_Response_Warn_At__c"] == hours.add(at, lasting("450 business seconds"))
    assert row["First_Response_Rung_1_At__c"] == due
    assert row["First_Response_Rung_2_At__c"] == hours.add(due, lasting("1 business hour"))
    assert row["First_Response_Rung_3_At__c"] == due + (utc("2026-01-01 00:30") - utc("2026-01-01 00:00"))
    assert row["First_Response_Rung_4_At__c"] == hours.add(at, lasting("3 business hours"))


def test_limits_of_both_kinds_stand_side_by_side(tmp_path: Path) -> None:
    org = org_of(tmp_path, within={"hot": "15 business minutes", "warm": "3 hours"}, rungs=(rung(0),))
    at = utc("2026-10-03 14:00")
    rows = {name: org.row("SLA_Leg__c", turn(org, Priority__c=name, Assigned_At__c=at)) for name in ("hot", "warm")}
    assert rows["hot"]["First_Response_Due_At__c"] == utc("2026-10-05 13:15")
    assert rows["warm"]["First_Response_Due_At__c"] == utc("2026-10-03 17:00")
    assert rows["warm"]["First_Response_Rung_1_At__c"] == utc("2026-10-03 17:00")


def test_hours_that_the_org_does_not_know_leave_the_deadline_blank(tmp_path: Path) -> None:
    org = org_of(tmp_path)
    identity = turn(org, Calendar__c="nobody made this")
    row = org.row("SLA_Leg__c", identity)
    assert (row["First_Response_Due_At__c"], row["First_Response_Started_At__c"]) == (None, org.now)
    assert not shown(org, identity, "First_Response_State__c")


def test_notices_follow_deadlines_of_this_engine_too(tmp_path: Path) -> None:
    org = org_of(tmp_path, mode=Mode.ACT, warn=0.5, rungs=(rung(0, notify=("owner",)),))
    turn(org, Assigned_At__c=org.now)
    org.until(utc("2026-10-05 17:00"))
    assert [f"{each.at:%H:%M}" for each in org.sent] == ["15:00", "16:00"]


def test_the_class_and_its_test_are_those_that_the_simulator_knows() -> None:
    assert (recognised(CLASS_TEXT), recognised(TEST_TEXT)) == ("SlaDeadline", "SlaDeadlineTest")


def test_only_this_engine_brings_apex_and_only_the_other_brings_rows() -> None:
    def types(engine: str) -> set[str]:
        made = timed(resources(clock()), binding(deadlines=engine)).desired
        return {"rows" if "Calendar_Day." in each.address.key else each.address.type for each in made}

    assert {"ApexClass", "rows"} & types("apex") == {"ApexClass"}
    assert {"ApexClass", "rows"} & types("calendar") == {"rows"}


def test_a_calendar_that_opens_twice_a_day_is_a_gap() -> None:
    made = timed(resources(clock(), calendars=(neutral("office", SIESTA),)), APEX)
    assert "no deadline is computed in it" in next(each.advice for each in made.gaps if each.id == "hours:office")


def test_limits_by_opening_hours_are_a_gap() -> None:
    clocks = learned(resources(clock(within={"inside hours": "20 minutes", "outside hours": "4 hours"})), APEX)
    assert clocks.timed == ()
    assert "Apex cannot tell" in clocks.gaps[0].advice
