"""What became of a contact, told from the history of its properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.connector import Address, Assignment, Manifest, RecordStory, SlaSyncError
from sla_sync_hubspot.asked import columns
from sla_sync_hubspot.dated import spell_instant
from sla_sync_hubspot.stories import tell
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.types import PROPERTY
from tests.connectors.hubspot.clockwork import ANA, BEN, Clockwork, bound, needed
from tests.connectors.hubspot.stories import Portal

MONDAY = datetime(2026, 10, 5, 14, tzinfo=UTC)


@pytest.fixture
def work(served: Portal) -> Clockwork:
    """Return a portal on a Monday at ten, with the technical properties of the small agreement."""
    found = Clockwork(served)
    served.running.run_until(MONDAY)
    found.prepare()
    return found


def applied() -> Manifest:
    names = [each.name for each in kept.kept_fields(needed(), columns(needed(), bound()).clocks)]
    return Manifest("digest", {Address(PROPERTY, f"contacts/sla_{each}"): {} for each in names})


def story(work: Clockwork, record: str) -> RecordStory:
    owners = [{"id": ANA, "firstName": "Ana"}, {"id": BEN, "firstName": "Ben"}]
    return tell(work.portal.client(writes=False), record, applied(), lambda: owners)


def told(work: Clockwork, record: str) -> list[Assignment]:
    return list(story(work, record).assignments)


def clocks_of(assignment: Assignment) -> dict[str, str]:
    return {each.clock: each.state for each in assignment.clocks}


def test_each_turn_has_its_owner_its_end_and_the_clocks_that_started_in_it(work: Clockwork) -> None:
    (record,) = work.ask()
    work.run()
    work.write(record, response_state=kept.OVERDUE)
    later = spell_instant(work.now)
    work.write(record, leg="2", assigned_at=later, turn_owner=BEN, hubspot_owner_id=BEN, response_state=kept.IDLE)
    work.write(record, response_started_at=later, response_state=kept.AWAITS, dates=kept.ASKED)
    work.run()
    touched = spell_instant(work.now)
    work.write(record, response_state=kept.ON_TIME, response_stopped_at=touched, first_touch_at=touched)
    first, second = told(work, record)
    assert (first.owner, first.ended_because, clocks_of(first)["response"]) == ("Ana", "Reassigned", "overdue")
    assert (second.owner, second.ended_at, clocks_of(second)) == ("Ben", None, {"response": "on_time"})
    assert clocks_of(first)["verdict"] == "running"
    assert first.calendar == "office"
    assert first.clocks[0].due_at == first.clocks[0].started_at + timedelta(minutes=15)  # type: ignore[operator]
    assert second.touched_at == second.clocks[0].stopped_at
    assert "Ben reached out." in {each.sentence for each in story(work, record).happenings}


def test_a_lead_that_goes_back_to_nobody_ends_the_turn(work: Clockwork) -> None:
    (record,) = work.ask()
    work.write(record, hubspot_owner_id="", turn_owner=kept.NOBODY, response_state=kept.VOID)
    (turn,) = told(work, record)
    assert (turn.owner, turn.ended_because, clocks_of(turn)["response"]) == ("Ana", "Returned", "void")
    assert "It went back from Ana to nobody." in {each.sentence for each in story(work, record).happenings}


def test_a_closed_cycle_ends_its_turn_and_the_next_cycle_is_told_apart(work: Clockwork) -> None:
    (record,) = work.ask()
    work.write(record, response_state=kept.VOID, ended_at=spell_instant(work.now), cycle_state=kept.CLOSED)
    later = spell_instant(work.now)
    work.write(record, cycle="2", leg="0", response_state=kept.IDLE, verdict_state=kept.IDLE, cycle_state=kept.OPEN)
    waits = told(work, record)
    assert [(each.cycle, each.number, each.owner) for each in waits] == [(1, 1, "Ana"), (2, 0, "")]
    work.write(record, leg="1", assigned_at=later, turn_owner=BEN)
    first, second = told(work, record)
    assert (first.ended_because, first.cycle, second.cycle, second.number, second.owner) == ("Closed", 1, 2, 1, "Ben")
    assert [each.sentence for each in story(work, record).happenings if "qualified" in each.sentence] == [
        "It qualified, for the first time.",
        "It qualified, for the second time.",
    ]


def test_an_event_after_the_clock_had_stopped_is_not_told(work: Clockwork) -> None:
    (record,) = work.ask()
    work.run()
    now = spell_instant(work.now)
    work.write(record, response_state=kept.ON_TIME, response_stopped_at=now)
    work.write(record, response_due_happened_at=now, response_step1_happened_at=now, response_warn_happened_at=now)
    assert not any("response" in each.sentence for each in story(work, record).happenings)
    work.write(record, response_state=kept.WARNED, response_warn_happened_at=spell_instant(work.now))
    assert "response was soon to fall due." in {each.sentence for each in story(work, record).happenings}


def test_a_contact_that_never_qualified_has_no_assignment(work: Clockwork) -> None:
    (record,) = work.ask(cycle="", leg="")
    assert told(work, record) == []


@pytest.mark.parametrize(("record", "why"), [("nobody", "is no id"), ("4711", "has no contact")])
def test_a_contact_that_is_not_there_is_named(work: Clockwork, record: str, why: str) -> None:
    with pytest.raises(SlaSyncError, match=why):
        story(work, record)


def test_a_portal_that_keeps_no_turns_says_where_to_ask(served: Portal) -> None:
    with pytest.raises(SlaSyncError, match="keeps no turns") as raised:
        tell(served.client(writes=False), "101", None, list)
    assert "platform runs the clocks" in raised.value.hint
