from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync_hubspot.simulator.records import API, LISTED, Label, Records, Source
from sla_sync_hubspot.simulator.records_file import FILE, keep_records, load_records
from tests.connectors.hubspot.simulator.portal import CLOCK, OBJECTS, Portal, held, made, open_portal
from tests.haste import examples

BY = Source(API, "1")
NAMES = st.sampled_from(("one", "two", "three"))
WRITES = st.lists(st.tuples(st.integers(0, 2), NAMES, st.sampled_from(("", "a", "b")), st.integers(0, 5)), max_size=20)
"""Which record, which property, which text, and how many seconds later."""


def _written(writes: list[tuple[int, str, str, int]]) -> Records:
    records, at = Records(), CLOCK
    identifiers = [records.create("0-1", {"one": "a"}, BY, at) for _ in range(3)]
    for which, name, text, later in writes:
        at += timedelta(seconds=later)
        records.write("0-1", identifiers[which], {name: text}, BY, at)
    return records


@settings(max_examples=examples(40), deadline=None)
@given(WRITES, st.integers(1, 3))
def test_records_that_are_read_back_are_the_same_however_often_they_were_kept(
    tmp_path_factory: object, writes: list[tuple[int, str, str, int]], times: int
) -> None:
    folder = tmp_path_factory.mktemp("records")  # type: ignore[attr-defined]
    assert isinstance(folder, Path)
    records = _written(writes)
    everything = dict(records.rows["0-1"])
    # Two lines: a file of more than one is written anew when it is read.
    keep_records(records, folder, CLOCK)
    assert records.rows["0-1"] == everything
    records.archive("0-1", "103", BY, CLOCK + timedelta(days=1))
    records.link(("0-1", "101"), ("0-2", "7"), (Label("HUBSPOT_DEFINED", 279),))
    records.note("kind", "key", {"value": [1]})
    records.enlist("9", "0-1", "101", CLOCK, member=True)
    rows, links, notes = records.rows, records.links, records.notes
    keep_records(records, folder, CLOCK)
    for _ in range(times):
        again, at = load_records(folder)
        assert (again.links, again.notes, again.next_id, at) == (links, notes, records.next_id, CLOCK)
        assert again.rows["0-1"].keys() == rows["0-1"].keys()
        for identifier, row in rows["0-1"].items():
            found = again.rows["0-1"][identifier]
            assert (found.history, found.created, found.archived) == (row.history, row.created, row.archived)
        keep_records(again, folder, CLOCK)


@given(WRITES)
def test_the_past_of_a_record_is_what_it_was_then(writes: list[tuple[int, str, str, int]]) -> None:
    records, at = Records(), CLOCK
    identifier = records.create("0-1", {"one": "a"}, BY, at)
    past = []
    for _, name, text, later in writes:
        at += timedelta(seconds=later + 1)
        records.write("0-1", identifier, {name: text}, BY, at)
        past.append((at, {each: records.rows["0-1"][identifier].get(each) for each in ("one", "two", "three")}))
    now = records.rows["0-1"][identifier]
    for instant, values in past:
        then = now.at(instant)
        assert then is not None
        assert {name: then.get(name) for name in values} == values
        assert then.updated <= instant
    assert now.at(CLOCK - timedelta(seconds=1)) is None


@given(WRITES, WRITES)
def test_what_is_taken_back_was_never_written(
    before: list[tuple[int, str, str, int]], after: list[tuple[int, str, str, int]]
) -> None:
    records = _written(before)
    rows, changes, steps = dict(records.rows["0-1"]), list(records.changes), list(records.steps)
    savepoint = records.savepoint()
    for which, name, text, _ in after:
        records.write("0-1", str(101 + which), {name: text}, BY, CLOCK)
    records.create("0-1", {}, BY, CLOCK)
    records.note("kind", "key", {})
    records.link(("0-1", "101"), ("0-1", "102"), (Label("HUBSPOT_DEFINED", 449),))
    records.archive("0-1", "101", BY, CLOCK)
    records.restore(savepoint)
    assert (records.rows["0-1"], records.changes, records.steps) == (rows, changes, steps)
    assert not records.noted("kind")
    assert not records.links_of("0-1", "101", "0-1")


def test_a_value_that_is_written_again_leaves_no_trace() -> None:
    records = Records()
    identifier = records.create("0-1", {"one": "a"}, BY, CLOCK)
    assert records.write("0-1", identifier, {"one": "a", "two": ""}, BY, CLOCK) == []
    assert [each.property for each in records.changes] == ["hs_object_id", "one"]
    assert "two" not in records.rows["0-1"][identifier].history


def test_joining_a_list_is_told_once_and_leaving_it_too() -> None:
    records = Records()
    identifier = records.create("0-1", {}, BY, CLOCK)
    moves = [records.enlist("9", "0-1", identifier, CLOCK, member=each) for each in (True, True, False, False)]
    assert moves == [True, False, True, False]
    told = [(each.old, each.new) for each in records.changes if each.property == LISTED]
    assert told == [(None, "9"), ("9", "")]


def test_a_write_of_a_record_costs_a_line_and_the_last_one_may_be_broken(portal: Portal) -> None:
    one, two = (made(portal, "contacts", email=f"{name}@acme.example") for name in ("one", "two"))
    path = portal.data / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    assert b"two@acme" not in lines[0]
    path.write_bytes(b"".join(lines)[:-20])
    again = open_portal(portal.data)
    assert held(again, "contacts", one, "email") == {"email": "one@acme.example"}
    assert again.ask("GET", f"{OBJECTS}/contacts/{two}").status_code == 404


def test_a_portal_opened_again_has_its_records_and_its_clock(portal: Portal) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example", lifecyclestage="lead")
    portal.application.run_until(CLOCK + timedelta(days=2))
    again = open_portal(portal.data)
    assert again.application.now == CLOCK + timedelta(days=2)
    assert held(again, "contacts", identifier, "email", "hs_v2_date_entered_lead") == held(
        portal, "contacts", identifier, "email", "hs_v2_date_entered_lead"
    )
    assert made(again, "contacts", email="other@acme.example") != identifier


def test_a_record_that_cannot_be_kept_is_not_made(portal: Portal) -> None:
    (portal.data / FILE).mkdir()
    body = {"properties": {"email": "kim@acme.example"}}
    assert portal.ask("POST", f"{OBJECTS}/contacts", body).status_code == 500
    assert portal.application.state_changes == 0
    assert portal.done("GET", f"{OBJECTS}/contacts")["results"] == []


def test_the_history_of_a_property_says_what_when_and_who(portal: Portal) -> None:
    identifier = made(portal, "contacts", email="kim@acme.example", firstname="Kim")
    path = f"{OBJECTS}/contacts/{identifier}"
    portal.as_administrator("PATCH", path, {"properties": {"firstname": "Kimberly"}})
    answer = portal.done("GET", f"{path}?propertiesWithHistory=firstname,hs_email_domain")
    told = answer["propertiesWithHistory"]
    assert [each["value"] for each in told["firstname"]] == ["Kimberly", "Kim"]
    assert [each["sourceType"] for each in told["firstname"]] == ["CRM_UI", "INTEGRATION"]
    assert told["firstname"][0]["updatedByUserId"] == 9000001
    assert told["hs_email_domain"][0]["sourceType"] == "CALCULATED"
    times = [datetime.fromisoformat(each["timestamp"]) for each in told["firstname"]]
    assert times[0] > times[1] > CLOCK
