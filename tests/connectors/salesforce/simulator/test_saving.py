"""The order of execution of a save: what runs when, what is taken back, and what is too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync_salesforce.simulator import saving
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.save_options import SaveOptions
from tests.connectors.salesforce.simulator.live import (
    Live,
    assign,
    begin,
    create,
    decide,
    formula,
    live,
    look_up,
    ref,
    update,
)


@pytest.fixture
def org(tmp_path: Path) -> Live:
    org = live(tmp_path)
    for name in ("Trail__c", "Other__c"):
        org.field(f"Lead.{name}")
    return org


def leaves(org: Live, name: str, mark: str, *, before: bool, order: int | None = None) -> None:
    """Add a flow that adds a mark to the trail of a lead, or makes a task of it after the save."""
    if before:
        step = assign("Mark", ("$Record.Trail__c", "Add", mark))
        org.flow(name, begin("Mark", before=True), order=order, assignments=[step])
    else:
        made = create("Mark", "Task", {"Subject": mark, "WhoId": ref("$Record.Id")})
        org.flow(name, begin("Mark"), order=order, recordCreates=[made])


def subjects(org: Live) -> list[str]:
    return [str(row["Subject"]) for row in org.rows("Task")]


def test_flows_before_the_save_run_before_the_validation_rules_that_judge_what_they_leave(org: Live) -> None:
    org.flow("Fill", begin("Set", before=True), assignments=[assign("Set", ("$Record.Trail__c", "Assign", "filled"))])
    org.rule("Lead.Needs_Trail", "ISBLANK(Trail__c)", "The trail is missing.")
    assert org.row("Lead", org.lead())["Trail__c"] == "filled"


def test_flows_run_in_their_order_and_then_by_name(org: Live) -> None:
    for name, order in (("D", None), ("C", None), ("B", 1500), ("A", 20), ("E", 10)):
        leaves(org, name, name, before=True, order=order)
        leaves(org, f"After_{name}", name, before=False, order=order)
    assert org.row("Lead", org.lead())["Trail__c"] == "EACDB"
    assert subjects(org) == ["E", "A", "C", "D", "B"]


def test_only_active_versions_run(org: Live) -> None:
    leaves(org, "Mark", "one", before=True)
    leaves(org, "Mark", "two", before=True)
    assert org.row("Lead", org.lead())["Trail__c"] == "two"
    org.desk.organization.of("Flow")["Mark"].active = 0
    org.settled()
    assert org.row("Lead", org.lead())["Trail__c"] is None


@pytest.mark.parametrize(
    ("on", "expected"), [("Create", ["new"]), ("Update", ["changed"]), ("CreateAndUpdate", ["new", "changed"])]
)
def test_a_flow_runs_for_the_kinds_of_saves_that_it_names(on: str, expected: list[str], org: Live) -> None:
    made = create("Tell", "Task", {"Subject": ref("$Record.Trail__c")})
    org.flow("Tell", begin("Tell", on=on), recordCreates=[made])
    org.lead(org.lead(Trail__c="new"), Trail__c="changed")
    assert subjects(org) == expected


def test_a_flow_that_asks_for_a_change_runs_only_when_the_record_comes_to_meet_its_conditions(org: Live) -> None:
    start = begin("Tell", ("Trail__c", "EqualTo", "ready"), newly=True)
    org.flow("Tell", start, recordCreates=[create("Tell", "Task", {"Subject": ref("$Record.Other__c")})])
    lead = org.lead(Trail__c="raw", Other__c="1")
    for trail, other in (("ready", "2"), ("ready", "3"), ("raw", "4"), ("ready", "5")):
        org.lead(lead, Trail__c=trail, Other__c=other)
    assert subjects(org) == ["2", "5"]


def test_a_formula_at_the_start_compares_with_the_record_before(org: Live) -> None:
    start = begin("Tell", filterFormula='AND(NOT(ISNEW()), ISCHANGED({!$Record.Trail__c}), {!$Record.Trail__c} = "b")')
    org.flow("Tell", start, recordCreates=[create("Tell", "Task", {"Subject": ref("$Record__Prior.Trail__c")})])
    lead = org.lead(Trail__c="a")
    org.lead(lead, Trail__c="b")
    org.lead(lead, Trail__c="b")
    assert subjects(org) == ["a"]


def test_a_broken_rule_refuses_the_save_with_its_message_and_place(org: Live) -> None:
    org.rule("Lead.No_X", 'Trail__c = "x"', "No x, please.", errorDisplayField="Trail__c")
    with pytest.raises(RefusedError) as refused:
        org.lead(Trail__c="x")
    assert (refused.value.code, refused.value.message) == ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "No x, please.")
    assert refused.value.fields == ("Trail__c",)
    assert org.rows("Lead") == []


def test_a_flow_that_fails_takes_everything_back_that_the_save_did(org: Live) -> None:
    leaves(org, "A_Makes_A_Task", "made", before=False)
    broken = update("Break", {"LastName": ref("$Record.Trail__c")})
    org.flow("B_Breaks", begin("Break"), recordUpdates=[broken])
    with pytest.raises(RefusedError) as refused:
        org.lead()
    assert refused.value.code == "CANNOT_EXECUTE_FLOW_TRIGGER"
    assert "B_Breaks" in refused.value.message
    assert "REQUIRED_FIELD_MISSING" in refused.value.message
    assert (org.rows("Lead"), org.rows("Task"), org.desk.organization.store.history) == ([], [], [])


def test_a_fault_path_is_taken_where_an_element_fails_and_what_it_wrote_is_taken_back(org: Live) -> None:
    made = {**create("Break", "Account", {"Name": "Hillside"}), "faultConnector": {"targetReference": "Tell"}}
    told = create("Tell", "Task", {"Subject": ref("Short")})
    short = formula("Short", "String", "LEFT({!$Flow.FaultMessage}, 27)")
    org.flow("Makes", begin("Break"), recordCreates=[made, told], formulas=[short])
    org.flow("Z_Breaks", begin("Empty", of="Account"), recordUpdates=[update("Empty", {"Name": ref("$Record.Phone")})])
    org.lead()
    assert org.rows("Account") == []
    assert subjects(org) == ["CANNOT_EXECUTE_FLOW_TRIGGER"]


def test_a_flow_that_saves_its_own_record_runs_again_until_its_condition_no_longer_holds(org: Live) -> None:
    org.field("Lead.Count__c", "Number")
    more = update("More", {"Count__c": ref("Next")})
    start = begin("More", filterFormula="BLANKVALUE({!$Record.Count__c}, 0) < 3")
    next_ = formula("Next", "Number", "BLANKVALUE({!$Record.Count__c}, 0) + 1", 0)
    org.flow("Counts", start, recordUpdates=[more], formulas=[next_])
    assert org.row("Lead", org.lead())["Count__c"] == 3


def test_a_flow_that_saves_its_own_record_without_end_is_stopped_and_named(org: Live) -> None:
    org.flow("Runaway", begin("Again"), recordUpdates=[update("Again", {"Trail__c": "again"})])
    with pytest.raises(RefusedError) as refused:
        org.lead()
    assert refused.value.code == "CANNOT_EXECUTE_FLOW_TRIGGER"
    assert "Maximum trigger depth exceeded" in refused.value.message
    assert "Runaway" in refused.value.message
    assert org.rows("Lead") == []


def test_queries_without_end_are_stopped(org: Live) -> None:
    round_ = look_up("Ask", "User", then="Count")
    count = assign("Count", ("Asked", "Add", 1), then="Ask")
    asked = {"name": "Asked", "dataType": "Number", "scale": "0"}
    org.flow("Asks", begin("Ask"), recordLookups=[round_], assignments=[count], variables=[asked])
    with pytest.raises(RefusedError, match="Too many SOQL queries: 101"):
        org.lead()


def test_a_flow_after_the_save_sees_the_record_as_its_own_save_left_it(org: Live) -> None:
    org.flow(
        "A_Changes",
        begin("Change", ("Trail__c", "IsNull", True)),
        recordUpdates=[update("Change", {"Trail__c": "changed"})],
    )
    told = create("Tell", "Task", {"Subject": ref("Words")})
    words = formula("Words", "String", 'IF(ISBLANK({!$Record.Trail__c}), "blank", {!$Record.Trail__c})')
    org.flow("B_Tells", begin("Tell"), recordCreates=[told], formulas=[words])
    org.lead()
    assert subjects(org) == ["changed", "blank"]
    org.desk.switches = type(org.desk.switches)(after_save_record="fresh")
    org.lead()
    assert subjects(org)[2:] == ["changed", "changed"]


def test_an_outcome_may_ask_that_the_record_has_just_come_to_meet_it(org: Live) -> None:
    asked = decide(
        "Is_Ready", ("$Record.Trail__c", "EqualTo", "ready"), yes="Tell", doesRequireRecordChangedToMeetCriteria="true"
    )
    told = create("Tell", "Task", {"Subject": "ready"})
    org.flow("Tells", begin("Is_Ready"), decisions=[asked], recordCreates=[told])
    lead = org.lead(Trail__c="ready")
    org.lead(lead, Other__c="x")
    org.lead(lead, Trail__c="raw")
    org.lead(lead, Trail__c="ready")
    assert len(subjects(org)) == 2


def test_two_hundred_leads_are_one_batch_that_reads_and_writes_once(org: Live) -> None:
    boss = look_up("Get_Boss", "User", ("Username", "EqualTo", "SAM@acme.example"), then="Mark")
    mark = update("Mark", {"OwnerId": ref("Get_Boss.Id")}, then="Make")
    made = create("Make", "Task", {"Subject": "call", "WhoId": ref("$Record.Id")})
    org.flow("Gives", begin("Get_Boss", on="Create"), recordLookups=[boss], recordUpdates=[mark], recordCreates=[made])
    new = [(None, {"LastName": f"Shaw {number}", "Company": "Hillside"}) for number in range(200)]
    saved = saving.save_many(org.desk, org.admin, "Lead", new)
    assert len({each for each in saved if isinstance(each, str)}) == 200
    assert {row["OwnerId"] for row in org.rows("Lead")} == {org.user("sam").id}
    assert len(subjects(org)) == 200


def test_of_several_records_the_one_that_is_refused_does_not_keep_the_others_back(org: Live) -> None:
    org.rule("Lead.No_X", 'Trail__c = "x"', "No x, please.")
    rows = [(None, {"LastName": "Shaw", "Company": "Hillside", "Trail__c": trail}) for trail in ("a", "x", "b")]
    good, bad, other = saving.save_many(org.desk, org.admin, "Lead", rows)
    assert isinstance(good, str)
    assert isinstance(other, str)
    assert isinstance(bad, RefusedError)
    assert [row["Trail__c"] for row in org.rows("Lead")] == ["a", "b"]
    saving.save_many(org.desk, org.admin, "Lead", rows, options=SaveOptions(all_or_none=True))
    assert len(org.rows("Lead")) == 2


def test_a_flow_that_fails_for_one_record_of_a_batch_fails_for_that_one_only(org: Live) -> None:
    broken = update("Break", {"LastName": ref("$Record.Other__c")})
    org.flow("Breaks", begin("Break", ("Trail__c", "EqualTo", "x")), recordUpdates=[broken])
    rows = [(None, {"LastName": "Shaw", "Company": "Hillside", "Trail__c": trail}) for trail in ("a", "x")]
    good, bad = saving.save_many(org.desk, org.admin, "Lead", rows)
    assert isinstance(good, str)
    assert isinstance(bad, RefusedError)
    assert bad.code == "CANNOT_EXECUTE_FLOW_TRIGGER"


def test_a_save_happens_at_the_instant_of_the_clock_and_does_not_move_it(org: Live) -> None:
    before = org.now
    lead = org.lead()
    assert org.now == before == org.row("Lead", lead)["CreatedDate"]


def test_what_a_flow_writes_is_checked_as_anything_else(org: Live) -> None:
    org.field("Lead.Short__c", "Text", length="3")
    org.flow("Long", begin("Set", before=True), assignments=[assign("Set", ("$Record.Short__c", "Assign", "long"))])
    with pytest.raises(RefusedError, match="data value too large: long"):
        org.lead()
