"""Each element of a flow, operator by operator."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.salesforce.simulator.live import (
    MONDAY,
    Live,
    assign,
    begin,
    create,
    decide,
    formula,
    live,
    look_up,
    ref,
    to,
    update,
)


@pytest.fixture
def org(tmp_path: Path) -> Live:
    org = live(tmp_path)
    org.field("Lead.Said__c")
    org.field("Lead.Text__c")
    org.field("Lead.Points__c", "Number")
    org.field("Lead.At__c", "DateTime")
    org.field("Lead.Ready__c", "Checkbox", defaultValue="false")
    return org


def answer(org: Live, *asked: tuple[str, str, Any], logic: str = "and", **values: Any) -> bool:
    """Return whether a decision of a flow before the save takes its outcome for a lead with these values."""
    question = decide("Ask", *asked, yes="Yes", no="No", conditionLogic=logic)
    steps = [assign(name, ("$Record.Said__c", "Assign", name)) for name in ("Yes", "No")]
    org.flow("Asks", begin("Ask", before=True), decisions=[question], assignments=steps)
    return org.row("Lead", org.lead(**values))["Said__c"] == "Yes"


LATER = {"dateTimeValue": "2026-10-05T15:00:00.000Z"}
CONDITIONS: list[tuple[str, str, Any, dict[str, Any], bool]] = [
    ("$Record.Text__c", "EqualTo", "a", {"Text__c": "a"}, True),
    ("$Record.Text__c", "EqualTo", "A", {"Text__c": "a"}, False),
    ("$Record.Text__c", "EqualTo", "a", {}, False),
    ("$Record.Text__c", "NotEqualTo", "a", {}, True),
    ("$Record.Text__c", "EqualTo", ref("$GlobalConstant.EmptyString"), {}, True),
    ("$Record.Text__c", "Contains", "b", {"Text__c": "abc"}, True),
    ("$Record.Text__c", "Contains", "b", {}, False),
    ("$Record.Text__c", "StartsWith", "ab", {"Text__c": "abc"}, True),
    ("$Record.Text__c", "EndsWith", "ab", {"Text__c": "abc"}, False),
    ("$Record.Text__c", "IsNull", True, {}, True),
    ("$Record.Text__c", "IsNull", False, {}, False),
    ("$Record.Text__c", "IsNull", False, {"Text__c": "a"}, True),
    ("$Record.Points__c", "GreaterThan", 7, {"Points__c": 7.5}, True),
    ("$Record.Points__c", "GreaterThan", 7, {}, False),
    ("$Record.Points__c", "LessThan", 7, {}, False),
    ("$Record.Points__c", "GreaterThanOrEqualTo", 7, {"Points__c": 7}, True),
    ("$Record.Points__c", "LessThanOrEqualTo", 7, {"Points__c": 7}, True),
    ("$Record.Points__c", "EqualTo", 7, {"Points__c": 7.0}, True),
    ("$Record.At__c", "LessThan", LATER, {"At__c": MONDAY}, True),
    ("$Record.At__c", "LessThanOrEqualTo", ref("$Flow.CurrentDateTime"), {"At__c": MONDAY}, True),
    ("$Record.At__c", "LessThan", ref("$Flow.CurrentDateTime"), {"At__c": MONDAY}, False),
    ("$Record.At__c", "GreaterThan", LATER, {}, False),
    ("$Record.Ready__c", "EqualTo", True, {"Ready__c": True}, True),
    ("$Record.Ready__c", "EqualTo", False, {}, True),
    ("$Record.Ready__c", "EqualTo", ref("$GlobalConstant.True"), {}, False),
    ("$Record.Text__c", "IsChanged", True, {"Text__c": "a"}, False),
    ("$Record__Prior.Text__c", "IsNull", True, {"Text__c": "a"}, True),
    ("$Record.Owner:User.Username", "StartsWith", "integration@", {}, True),
    ("$User.Username", "StartsWith", "integration@", {}, True),
    ("$Organization.Name", "Contains", "Acme", {}, True),
    ("$Profile.Name", "EqualTo", "System Administrator", {}, True),
]


@pytest.mark.parametrize(("left", "operator", "right", "values", "expected"), CONDITIONS)
def test_a_condition_holds_as_its_operator_says(
    left: str, operator: str, right: Any, values: dict[str, Any], expected: bool, org: Live
) -> None:
    assert answer(org, (left, operator, right), **values) is expected


@pytest.mark.parametrize(
    ("logic", "values", "expected"),
    [
        ("and", {"Text__c": "a"}, False),
        ("or", {"Text__c": "a"}, True),
        ("1 AND (2 OR 3)", {"Text__c": "a", "Ready__c": True}, True),
        ("1 AND (2 OR 3)", {"Ready__c": True}, False),
        ("1 AND NOT 2 AND NOT 3", {"Text__c": "a"}, True),
        ("NOT (1 OR 2) OR 3", {"Text__c": "a"}, False),
    ],
)
def test_conditions_are_joined_by_their_numbers(logic: str, values: dict[str, Any], expected: bool, org: Live) -> None:
    asked = (
        ("$Record.Text__c", "EqualTo", "a"),
        ("$Record.Points__c", "EqualTo", 1),
        ("$Record.Ready__c", "EqualTo", True),
    )
    assert answer(org, *asked, logic=logic, **values) is expected


def test_a_change_is_told_from_the_record_before(org: Live) -> None:
    question = decide("Ask", ("$Record.Text__c", "IsChanged", True), yes="Say")
    said = assign("Say", ("$Record.Said__c", "Assign", "was {!$Record__Prior.Text__c}"))
    org.flow("Asks", begin("Ask", before=True), decisions=[question], assignments=[said])
    lead = org.lead(Text__c="a")
    org.lead(lead, Points__c=1)
    assert org.row("Lead", lead)["Said__c"] is None
    org.lead(lead, Text__c="b")
    assert org.row("Lead", lead)["Said__c"] == "was a"


def test_the_first_outcome_that_holds_is_taken(org: Live) -> None:
    asked = decide("Ask", ("$Record.Points__c", "GreaterThan", 1), yes="One")
    asked["rules"] += decide("B", ("$Record.Points__c", "GreaterThan", 0), yes="Two")["rules"]
    steps = [assign(name, ("$Record.Said__c", "Assign", name)) for name in ("One", "Two")]
    org.flow("Asks", begin("Ask", before=True), decisions=[asked], assignments=steps)
    assert [org.row("Lead", org.lead(Points__c=each))["Said__c"] for each in (2, 1, 0)] == ["One", "Two", None]


def test_assignments_add_subtract_count_and_join(org: Live) -> None:
    steps = [
        assign(
            "One",
            ("Sum", "Add", 5),
            ("Sum", "Subtract", 2),
            ("When", "Assign", ref("$Flow.CurrentDateTime")),
            then="Two",
        ),
        assign(
            "Two", ("When", "Add", 1), ("Words", "Add", "a"), ("Words", "Add", "b"), ("List", "Add", "x"), then="Three"
        ),
        assign("Three", ("List", "Add", "y"), ("Many", "AssignCount", ref("List")), then="Four"),
        assign(
            "Four",
            ("$Record.Points__c", "Assign", ref("Sum")),
            ("$Record.Points__c", "Add", ref("Many")),
            ("$Record.Said__c", "Assign", ref("Words")),
            ("$Record.At__c", "Assign", ref("When")),
        ),
    ]
    variables = [
        {"name": "Sum", "dataType": "Number", "scale": "2"},
        {"name": "Many", "dataType": "Number", "scale": "0"},
        {"name": "When", "dataType": "DateTime"},
        {"name": "Words", "dataType": "String"},
        {"name": "List", "dataType": "String", "isCollection": "true"},
    ]
    org.flow("Assigns", begin("One", before=True), assignments=steps, variables=variables)
    row = org.row("Lead", org.lead())
    assert (row["Points__c"], row["Said__c"], row["At__c"]) == (5, "ab", MONDAY + timedelta(days=1))


def test_resources_are_formulas_constants_templates_and_variables_with_a_value(org: Live) -> None:
    org.flow(
        "Says",
        begin("Say", before=True),
        assignments=[
            assign("Say", ("$Record.Said__c", "Assign", ref("Words")), ("$Record.Points__c", "Assign", ref("Twice")))
        ],
        constants=[{"name": "Two", "dataType": "Number", "value": {"numberValue": "2.0"}}],
        formulas=[formula("Twice", "Number", "{!$Record.Points__c} * {!Two} / 3", 2)],
        textTemplates=[{"name": "Words", "text": "<p>{!$Record.LastName}: {!Twice} {!Mark}</p>"}],
        variables=[{"name": "Mark", "dataType": "String", "value": {"stringValue": "!"}}],
    )
    row = org.row("Lead", org.lead(Points__c=5))
    assert (row["Said__c"], row["Points__c"]) == ("Shaw: 3.33 !", 3.33)


@pytest.fixture
def numbered(org: Live) -> Live:
    for number in (2, 3, 1):
        org.save("Task", Subject=f"Call {number}", Description=None if number == 2 else f"d{number}")
    return org


LOOKUPS: list[tuple[tuple[tuple[str, str, Any], ...], dict[str, Any], list[str]]] = [
    ((), {}, ["Call 2", "Call 3", "Call 1"]),
    ((), {"sortField": "Subject", "sortOrder": "Asc"}, ["Call 1", "Call 2", "Call 3"]),
    ((), {"sortField": "Subject", "sortOrder": "Desc"}, ["Call 3", "Call 2", "Call 1"]),
    ((), {"sortField": "Description", "sortOrder": "Asc"}, ["Call 2", "Call 1", "Call 3"]),
    ((), {"limit": {"numberValue": "2.0"}}, ["Call 2", "Call 3"]),
    ((("Subject", "EqualTo", "CALL 1"),), {}, ["Call 1"]),
    ((("Subject", "NotEqualTo", "call 1"),), {}, ["Call 2", "Call 3"]),
    ((("Description", "NotEqualTo", "d1"),), {}, ["Call 2", "Call 3"]),
    ((("Description", "IsNull", True),), {}, ["Call 2"]),
    ((("Description", "IsNull", False),), {}, ["Call 3", "Call 1"]),
    ((("Subject", "GreaterThan", "Call 1"), ("Subject", "LessThan", "Call 3")), {}, ["Call 2"]),
    ((("Subject", "EndsWith", "1"), ("Subject", "EndsWith", "2")), {"filterLogic": "or"}, ["Call 2", "Call 1"]),
    (
        (("Subject", "EqualTo", "x"), ("Subject", "StartsWith", "call")),
        {"filterLogic": "NOT 1 AND 2"},
        ["Call 2", "Call 3", "Call 1"],
    ),
]


@pytest.mark.parametrize(("asked", "more", "expected"), LOOKUPS)
def test_a_look_up_brings_what_its_filters_say_in_its_order(
    asked: tuple[tuple[str, str, Any], ...], more: dict[str, Any], expected: list[str], numbered: Live
) -> None:
    found = {**look_up("Get", "Task", *asked, first=False), **to("Each"), **more}
    each = {"name": "Each", "label": "Each", "collectionReference": "Get", "iterationOrder": "Asc"}
    add = assign("Join", ("$Record.Said__c", "Add", "{!Each.Subject};"), then="Each")
    numbered.flow(
        "Reads",
        begin("Get", before=True),
        recordLookups=[found],
        loops=[{**each, **to("Join", "nextValueConnector")}],
        assignments=[add],
    )
    said = numbered.row("Lead", numbered.lead())["Said__c"]
    assert str(said).split(";")[:-1] == expected


def test_a_look_up_of_one_that_finds_nothing_is_null(numbered: Live) -> None:
    found = look_up("Get", "Task", ("Subject", "EqualTo", ref("$Record.Text__c")), then="Ask")
    asked = decide("Ask", ("Get", "IsNull", False), yes="Say")
    said = assign("Say", ("$Record.Said__c", "Assign", ref("Get.Subject")))
    numbered.flow("Reads", begin("Get", before=True), recordLookups=[found], decisions=[asked], assignments=[said])
    assert numbered.row("Lead", numbered.lead(Text__c="call 3"))["Said__c"] == "Call 3"
    assert numbered.row("Lead", numbered.lead(Text__c="call 4"))["Said__c"] is None


def test_what_a_look_up_does_not_query_is_not_there(numbered: Live) -> None:
    found = look_up("Get", "Task", ("Subject", "EqualTo", "Call 3"), then="Say", queriedFields=["Id", "Subject"])
    said = assign("Say", ("$Record.Said__c", "Assign", "{!Get.Subject}/{!Get.Description}"))
    numbered.flow("Reads", begin("Get", before=True), recordLookups=[found], assignments=[said])
    assert numbered.row("Lead", numbered.lead())["Said__c"] == "Call 3/"


def test_a_look_up_brings_a_formula_field_without_the_fields_that_it_is_made_of(org: Live) -> None:
    org.field("Lead.Twice__c", "Text", formula='Text__c & "-" & Text__c')
    org.lead(LastName="First", Text__c="a")
    found = look_up("Get", "Lead", ("LastName", "EqualTo", "First"), then="Say", queriedFields=["Id", "Twice__c"])
    said = assign("Say", ("$Record.Said__c", "Assign", ref("Get.Twice__c")))
    org.flow("Reads", begin("Get", before=True), recordLookups=[found], assignments=[said])
    assert org.row("Lead", org.lead())["Said__c"] == "a-a"


def test_a_loop_adds_to_a_collection_that_a_filter_asks_in(numbered: Live) -> None:
    found = look_up("Get", "Task", ("Subject", "NotEqualTo", "Call 3"), then="Each", first=False)
    each = {"name": "Each", "label": "Each", "collectionReference": "Get", "iterationOrder": "Desc"}
    numbered.flow(
        "Updates",
        begin("Get"),
        recordLookups=[found],
        loops=[{**each, **to("Add", "nextValueConnector"), **to("Mark", "noMoreValuesConnector")}],
        assignments=[assign("Add", ("Ids", "Add", ref("Each.Id")), then="Each")],
        variables=[{"name": "Ids", "dataType": "String", "isCollection": "true"}],
        recordUpdates=[update("Mark", {"Description": "seen"}, ("Id", "In", ref("Ids")), of="Task")],
    )
    numbered.lead()
    assert [row["Description"] for row in numbered.rows("Task")] == ["seen", "d3", "seen"]


def test_a_filter_asks_in_a_collection_without_regard_to_case(numbered: Live) -> None:
    collect = assign("Collect", ("Wanted", "Add", "CALL 1"), ("Wanted", "Add", "call 3"), then="Mark")
    numbered.flow(
        "Updates",
        begin("Collect"),
        assignments=[collect],
        variables=[{"name": "Wanted", "dataType": "String", "isCollection": "true"}],
        recordUpdates=[update("Mark", {"Description": "seen"}, ("Subject", "In", ref("Wanted")), of="Task")],
    )
    numbered.lead()
    assert [row["Description"] for row in numbered.rows("Task")] == [None, "seen", "seen"]


def test_an_update_that_finds_nothing_does_nothing(numbered: Live) -> None:
    numbered.flow(
        "Updates",
        begin("Mark"),
        recordUpdates=[update("Mark", {"Description": "x"}, ("Subject", "EqualTo", "y"), of="Task")],
    )
    numbered.lead()
    assert [row["Description"] for row in numbered.rows("Task")] == [None, "d3", "d1"]


def test_a_record_that_was_made_is_known_by_its_id(org: Live) -> None:
    made = create("Make", "Task", {"Subject": "Call"}, then="Keep")
    org.flow(
        "Makes",
        begin("Make", on="Create"),
        recordCreates=[made],
        recordUpdates=[update("Keep", {"Said__c": ref("Make")})],
    )
    lead = org.lead()
    (task,) = org.rows("Task")
    assert org.row("Lead", lead)["Said__c"] == task["Id"]
