"""The parts from which the past of an org is told: marks, conditions, touches, and changes of one second."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync_salesforce.past.holding import condition
from sla_sync_salesforce.past.leads import chained
from sla_sync_salesforce.past.marks import OVERLAP, Mark, read, spell
from sla_sync_salesforce.past.pages import Bulk
from sla_sync_salesforce.past.shelf import Change
from sla_sync_salesforce.past.touching import counts, kind_of
from tests.connectors.salesforce.example import compiled
from tests.haste import examples

INSTANTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
AT = datetime(2026, 10, 1, tzinfo=UTC)


@settings(max_examples=examples(30))
@given(st.builds(Mark, INSTANTS, INSTANTS, st.dictionaries(st.text(), st.text()), st.text()))
def test_a_mark_is_read_as_it_was_spelled(mark: Mark) -> None:
    assert read(spell(mark)) == mark


@pytest.mark.parametrize("text", ["", "{", "[]", '{"after": "yesterday"}', '{"jobs": 3}', "null"])
def test_what_is_no_mark_begins_the_stream_anew(text: str) -> None:
    assert read(text) == Mark()


def test_a_run_under_way_is_taken_up_and_one_that_ended_asks_for_a_little_again() -> None:
    under_way = Mark(None, AT, {"all": "750"}, "next")
    assert under_way.begun(datetime(2027, 1, 1, tzinfo=UTC)) is under_way
    assert under_way.ended() == Mark(AT)
    assert under_way.ended().begin == AT - OVERLAP


def test_a_bulk_query_asks_for_what_is_new_and_for_no_order() -> None:
    asked = Bulk(("Id", "Name", "Id"), "Lead", "A = 1 OR B = 2", always="C = null")
    assert asked.soql(None) == "SELECT Id, Name FROM Lead WHERE A = 1 OR B = 2"
    assert asked.soql(AT) == (
        "SELECT Id, Name FROM Lead WHERE (A = 1 OR B = 2) AND (SystemModstamp >= 2026-10-01T00:00:00Z OR C = null)"
    )


CONDITIONS = (
    ("Lead.Test__c", {"Test__c": "true"}, True),
    ("Lead.Test__c", {"Test__c": "false"}, False),
    ("Lead.Test__c is false", {"Test__c": "false"}, True),
    ("Lead.Email ends with @acme.example", {"Email": "Kay@ACME.example"}, True),
    ("Lead.Email ends with @acme.example", {"Email": ""}, False),
    ("Lead.Company contains 'test'", {"Company": "A Test Ltd"}, True),
    ("Lead.Rating is not Hot", {"Rating": "Cold"}, True),
    ("Lead.A is true and Lead.B is not true", {"A": "true", "B": "true"}, False),
    ("Lead.A is true and Lead.B is not true", {"A": "true", "B": "false"}, True),
)


@pytest.mark.parametrize(("text", "record", "holds"), CONDITIONS)
def test_a_condition_of_a_binding_holds_for_a_record(text: str, record: dict[str, str], holds: bool) -> None:
    found = condition(text, "Lead")
    assert found is not None
    fields, held = found
    assert set(fields) == set(record)
    assert held(record) is holds


@pytest.mark.parametrize(
    "text", ["Contact.Email is x", "Email", "Lead.Email like x", "Lead.A is true or Lead.B is true"]
)
def test_a_condition_that_no_record_answers_is_none(text: str) -> None:
    assert condition(text, "Lead") is None


@settings(max_examples=examples(50))
@given(st.lists(st.integers(0, 9), unique=True, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_changes_of_one_second_are_told_in_the_order_in_which_they_follow(values: list[int], chance: object) -> None:
    made = [
        Change("L", "s", "Status", str(old), str(new), "u", str(at)) for at, (old, new) in enumerate(pairwise(values))
    ]
    mixed = list(made)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert chained(mixed) == made


DONE = {"Status": "Completed", "Subject": "Hello", "OwnerId": "u", "CreatedById": "u", "TaskSubtype": "Task"}
TOUCHES = (
    ("a call that was done", "Task", {**DONE, "Type": "Call"}, "call", True),
    ("a call that is to be done", "Task", {**DONE, "Type": "Call", "Status": "Not Started"}, "call", False),
    ("a task of another type", "Task", {**DONE, "Type": "Other"}, "other", False),
    ("a mail that a machine wrote", "Task", {**DONE, "Type": "Email", "Subject": "automatic reply"}, "email", False),
    ("a mail to a list", "Task", {**DONE, "Type": "Email", "TaskSubtype": "ListEmail"}, "email", False),
    ("a call without a type", "Task", {**DONE, "Type": "", "TaskSubtype": "Call"}, "call", False),
    ("a meeting that the owner booked", "Event", {"OwnerId": "u", "CreatedById": "u", "Type": ""}, "meeting", True),
    ("a meeting that the buyer booked", "Event", {"OwnerId": "u", "CreatedById": "i", "Type": ""}, "meeting", True),
)


@pytest.mark.parametrize(
    ("kind", "row", "which", "touch"), [each[1:] for each in TOUCHES], ids=[each[0] for each in TOUCHES]
)
def test_an_activity_is_a_touch_by_the_definition_of_the_binding(
    kind: str,
    row: dict[str, str],
    which: str,
    touch: bool,
) -> None:
    _, binding, _ = compiled()
    assert (kind_of(row, kind), counts(row, kind, binding)) == (which, touch)
