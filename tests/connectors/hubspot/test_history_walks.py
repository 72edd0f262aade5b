"""Every record is told once, however many there are and however many share an instant, and a walk goes on where it was cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_sync.connector.history import ACTIVITIES, LEADS, STAGES, Piece
from sla_sync_hubspot.past.walking import LAG, PAGE, Mark, changed, mark_in
from sla_sync_hubspot.simulator.objects.search import RESULTS
from tests.connectors.hubspot.remembering import MONDAY, NOW, Remembering, Told, after, remembering
from tests.haste import examples

CALL = "0-48"
CALLED = {"hs_timestamp": "2026-10-05T10:00:00Z"}


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Remembering]:
    with remembering(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remembering]:
    """Serve a portal with as many contacts as fill two pages, each third of which came at one instant, and their calls."""
    with remembering(tmp_path_factory.mktemp("crowd")) as found:
        for number in range(2 * PAGE + 50):
            contact = found.contact(after(minutes=number - number % 3), hs_lead_status="NEW")
            if number % 2:
                found.beside(CALL, after(minutes=number), contact, **CALLED)
        yield found


@pytest.mark.parametrize(
    "sizes",
    [(0,), (1,), (PAGE,), (PAGE + 1,), (2 * PAGE + 7,), (3, 2 * PAGE), (PAGE - 1, PAGE + 1, 5), (1,) * (PAGE + 20)],
    ids=lambda sizes: f"{sum(sizes)} in {len(sizes)} instants",
)
def test_every_contact_is_walked_whatever_shares_an_instant(past: Remembering, sizes: tuple[int, ...]) -> None:
    made = [past.contact(after(seconds=number)) for number, size in enumerate(sizes) for _ in range(size)]
    pages = list(changed(past.portal.client(writes=False), "contacts", (), mark_in("", MONDAY)))
    found = [str(each["id"]) for page, _ in pages for each in page]
    assert set(found) == set(made)
    assert len(found) <= len(made) + PAGE * len([each for each in sizes if each >= PAGE])
    marks = [mark.at for _, mark in pages]
    assert marks == sorted(marks)


@pytest.mark.slow
def test_more_contacts_of_one_instant_than_a_search_answers_are_walked(past: Remembering) -> None:
    made = {past.contact() for _ in range(RESULTS + 250)}
    found: set[str] = set()
    for page, _ in changed(past.portal.client(writes=False), "contacts", (), mark_in("", MONDAY)):
        assert len(page) <= PAGE
        found |= {str(each["id"]) for each in page}
    assert found == made


@given(seconds=st.integers(0, 2**31), milliseconds=st.integers(0, 999), last=st.sampled_from(("", "101")))
def test_a_mark_is_read_as_it_was_written(seconds: int, milliseconds: int, last: str) -> None:
    mark = Mark(datetime.fromtimestamp(seconds, UTC) + timedelta(milliseconds=milliseconds), last)
    assert mark_in(str(mark), NOW) == mark


def test_what_is_no_mark_begins_at_the_beginning() -> None:
    assert mark_in("", MONDAY) == mark_in("nonsense", MONDAY) == Mark(MONDAY)


@pytest.fixture(scope="module")
def whole(crowd: Remembering) -> Told:
    """Return all that is told of the crowd in one run."""
    return crowd.tell()


@pytest.mark.slow
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 20), max_size=3))
def test_an_export_that_is_cut_off_anywhere_and_asked_again_tells_the_same(
    crowd: Remembering, whole: Told, cuts: list[int]
) -> None:
    told, marks = Told(), dict[str, str]()
    for cut in cuts:
        with crowd.reader() as reader:
            part = Told().take(islice(reader.history(crowd.asked(marks=marks)), cut))
        told.take(part.pieces)
        marks |= part.marks()
    told.take(crowd.tell(marks=marks).pieces)
    assert all(told.rows(table) == whole.rows(table) for table in (LEADS, STAGES, ACTIVITIES))


def test_who_asks_again_is_told_no_more_than_a_page_that_was_told(crowd: Remembering, whole: Told) -> None:
    again = crowd.tell(marks=whole.marks())
    assert len(whole.rows(LEADS)) == 2 * PAGE + 50
    assert len(again.rows(LEADS)) <= 3
    assert len(again.rows(ACTIVITIES)) <= 1


def test_a_mark_comes_with_the_last_piece_of_its_page_only(whole: Told) -> None:
    pieces = [each for each in whole.pieces if each.stream == "contacts"]
    moved = [later.table.name for earlier, later in pairwise(pieces) if later.mark != earlier.mark]
    assert moved == [pieces[-1].table.name] * 3
    assert max(len(each.rows) for each in pieces) <= PAGE


def test_what_the_search_did_not_know_yet_is_told_the_next_time(past: Remembering) -> None:
    past.portal.switch(search_seconds=600)
    past.contact(NOW - timedelta(minutes=20), hs_lead_status="NEW")
    hidden = past.contact(NOW - timedelta(minutes=2), hs_lead_status="NEW")
    first = past.tell()
    assert hidden not in first.shown(LEADS, "lead")
    past.running.run_until(NOW + timedelta(days=1))
    later = past.contact(NOW + timedelta(hours=1), hs_lead_status="NEW")
    again = past.tell(marks=first.marks(), until=NOW + timedelta(days=1))
    assert {hidden, later} <= set(again.shown(LEADS, "lead"))


def test_no_mark_is_later_than_what_a_search_surely_knows(past: Remembering) -> None:
    past.contact(NOW - timedelta(minutes=1), hs_lead_status="NEW")
    mark = past.tell().marks()["contacts"]
    assert mark_in(mark, MONDAY).at <= past.running.now - LAG


def test_whoever_waits_since_long_ago_is_told_once(past: Remembering) -> None:
    long_ago = NOW - timedelta(days=200)
    waiting = past.contact(long_ago, hs_lead_status="OPEN")
    past.contact(long_ago, hs_lead_status="NEW")
    past.contact(long_ago, hs_lead_status="BAD_TIMING")
    first = past.tell()
    assert first.shown(LEADS, "lead") == [waiting]
    assert past.tell(marks=first.marks()).rows(LEADS) == []


def test_a_contact_that_changes_during_the_walk_is_not_lost(past: Remembering) -> None:
    made = [past.contact(after(seconds=number), hs_lead_status="NEW") for number in range(PAGE + 50)]
    with past.reader() as reader:
        told = Told()
        for each in reader.history(past.asked()):
            told.take([each])
            if (
                isinstance(each, Piece)
                and each.stream == "contacts"
                and each.table is LEADS
                and len(told.rows(LEADS)) == PAGE
            ):
                # What was told already moves to the end, so that whatever follows moves up.
                for contact in made[:100]:
                    past.write(contact, NOW - timedelta(seconds=5), company="Buyer")
    assert set(told.shown(LEADS, "lead")) == set(made)
