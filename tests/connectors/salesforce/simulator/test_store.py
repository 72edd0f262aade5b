from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sla_sync_salesforce.simulator.records_file import RECORDS_FILE, keep_records, load_records
from sla_sync_salesforce.simulator.store import Store, Value
from tests.haste import examples

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.integers(-99, 99), st.text(max_size=5), st.just(NOW), st.just(date(2026, 10, 1))
)
# What is done to the rows: a new one, a change of the n-th, or the removal of the n-th.
DEEDS = st.lists(st.tuples(st.sampled_from(["insert", "put", "remove"]), st.integers(0, 9), VALUES), max_size=12)


def act(store: Store, deeds: list[tuple[str, int, Value]]) -> None:
    for deed, place, value in deeds:
        ids = list(store.of("Lead"))
        if deed == "insert" or not ids:
            store.insert("Lead", {"City": value}, by="me", at=NOW)
        elif deed == "put":
            store.put("Lead", ids[place % len(ids)], {"City": value}, by="me", at=NOW)
        else:
            store.remove("Lead", ids[place % len(ids)])


@given(DEEDS, DEEDS)
def test_a_restored_store_holds_what_it_held_and_gives_no_id_twice(
    first: list[tuple[str, int, Value]], then: list[tuple[str, int, Value]]
) -> None:
    store = Store()
    act(store, first)
    rows, history = dict(store.of("Lead")), list(store.history)
    savepoint = store.copy()
    act(store, then)
    given_out = set(store.of("Lead"))
    store.restore(savepoint)
    assert (store.of("Lead"), store.history) == (rows, history)
    assert store.insert("Lead", {}, by="me", at=NOW) not in given_out


@settings(max_examples=examples(30))
@example([[("insert", 0, "one\x85two\u2028three")]])
@given(st.lists(DEEDS, max_size=4))
def test_what_is_kept_on_disk_is_what_was_written(rounds: list[list[tuple[str, int, Value]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, told = Store(), 0
        for deeds in rounds:
            act(store, deeds)
            told = keep_records(store, Path(folder), NOW, told)
        loaded = Store()
        at = load_records(loaded, Path(folder))
        assert at == (NOW if rounds else None)
        assert (loaded.rows.get("Lead", {}), loaded.history, loaded.numbers) == (
            store.rows.get("Lead", {}),
            store.history,
            store.numbers,
        )


def test_a_line_that_was_cut_short_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    store = Store()
    kept = store.insert("Lead", {"City": "Rome"}, by="me", at=NOW)
    keep_records(store, tmp_path, NOW, 0)
    with (tmp_path / RECORDS_FILE).open("ab") as stream:
        stream.write(b'{"clock": "2026-10-0')
    loaded = Store()
    load_records(loaded, tmp_path)
    assert list(loaded.of("Lead")) == [kept]


def test_a_row_that_was_handed_out_is_never_changed() -> None:
    store = Store()
    identity = store.insert("Lead", {"City": "Rome"}, by="me", at=NOW)
    row = store.get("Lead", identity)
    store.put("Lead", identity, {"City": "Oslo"}, by="you", at=NOW)
    assert row is not None
    assert row["City"] == "Rome"
    assert (store.history[-1].old, store.history[-1].new, store.history[-1].by) == ("Rome", "Oslo", "you")
    assert store.object_of(identity[:15]) == "Lead"


def test_numbers_are_written_in_the_format_of_their_field() -> None:
    store = Store(lambda _name: {"Name": "SLA-{000}-x"})
    first = store.insert("SLA_Leg__c", {}, by="me", at=NOW)
    assert store.of("SLA_Leg__c")[first]["Name"] == "SLA-001-x"
    assert [store.prefix(name) for name in ("SLA_Leg__c", "Other__c", "Lead")] == ["a00", "a01", "00Q"]
