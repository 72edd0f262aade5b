"""Contacts get the dates of their clocks: once, complete, read back, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from sla_sync.connector import DatesGiven, RejectedError, SlaSyncError
from sla_sync.connector.simulation.schedules import Cut
from sla_sync.pipeline.timekeeping import answer_all
from sla_sync_hubspot import connector
from sla_sync_hubspot.dated import spell_instant
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.timekeeping import HubSpotTimekeeping, keeping_time
from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.clockwork import ANA, BEN, Clockwork, almanac, bound, needed
from tests.connectors.hubspot.stories import Portal, binding, resources


@pytest.fixture
def work(served: Portal) -> Clockwork:
    """Return a portal on a Thursday at ten, with the technical properties of the small agreement."""
    found = Clockwork(served)
    served.running.run_until(datetime.fromisoformat("2026-10-01T14:00:00+00:00"))
    found.prepare()
    return found


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_contact_is_given_its_limits_its_states_and_the_next_events_in_order(work: Clockwork) -> None:
    (record,) = work.ask()
    begun = instant(work.shows(record)["response_started_at"])
    run = work.run()
    assert (run.answered, run.complete) == (1, True)
    said = work.shows(record)
    assert said["dates"] == kept.WRITTEN
    assert said["response_state"] == said["verdict_state"] == kept.RUNNING
    due = begun + timedelta(minutes=15)
    assert instant(said["response_due_at"]) == instant(said["due_at"]) == due
    assert [said[f"next_{place}"] for place in range(1, 6)] == [
        "response.warn", "response.due", "response.step1", "response.step2", "verdict.due",
    ]  # fmt: skip
    assert "next_6" not in said
    # The limit itself is in time: what follows comes right after it.
    assert instant(said["next_1_at"]) == begun + timedelta(minutes=7, seconds=30)
    assert instant(said["next_2_at"]) == due + timedelta(milliseconds=1)


def test_a_second_run_finds_nobody_and_writes_nothing(work: Clockwork) -> None:
    records = work.ask(3)
    assert work.run().answered == 3
    before = work.portal.running.application.state_changes
    assert work.run().answered == 0
    assert work.portal.running.application.state_changes == before
    assert [work.writes_of(each) for each in records] == [1, 1, 1]


def test_what_the_search_still_shows_is_read_before_it_is_believed(work: Clockwork) -> None:
    work.ask(2)
    work.portal.switch(search_seconds=3600)
    work.portal.running.run_until(work.now + timedelta(seconds=3601))
    assert work.run().answered == 2
    again = work.run()
    assert (again.answered, again.already) == (0, 2)


@pytest.mark.slow
def test_two_hundred_and_fifty_contacts_cost_three_writes(work: Clockwork) -> None:
    records = work.ask(250)
    work.portal.running.calls.clear()
    assert work.run().answered == 250
    calls = [path.removeprefix("/crm/v3/objects/contacts/") for _, path in work.portal.running.calls]
    assert calls.count("batch/update") == 3
    assert calls.count("batch/read") == 9
    assert calls.count("search") <= 5
    assert {work.writes_of(each) for each in records[::50]} == {1}


@pytest.mark.slow
@pytest.mark.parametrize("cut_before", [True, False], ids=["before the call", "after the call"])
def test_a_run_that_is_cut_anywhere_is_taken_up_and_writes_nobody_twice(work: Clockwork, *, cut_before: bool) -> None:
    running = work.portal.running
    work.ask(120)
    before = running.requests
    work.run()
    for number in range(1, running.requests - before + 1):
        records = work.ask(120)
        running.requests, running.trouble = 0, Cut(number, before=cut_before)
        with pytest.raises(SlaSyncError):
            work.run()
        running.trouble = None
        run = work.run()
        assert run.complete, number
        assert {work.shows(each)["dates"] for each in (records[0], records[99], records[119])} == {kept.WRITTEN}
        assert {work.writes_of(each) for each in records[::7]} == {1}, number


def test_a_run_for_which_nobody_asks_costs_three_calls(work: Clockwork) -> None:
    for _ in range(2):  # the first run creates the property of the pulse
        work.portal.running.calls.clear()
        with keeping_time(work.portal.connection(), needed(), bound()) as timekeeping:
            answer_all("portal", timekeeping, almanac(), lambda: work.now)
            timekeeping.leave_pulse(work.now)
        assert len(work.portal.running.calls) == 3


@pytest.mark.parametrize("fault", ["502-before", "502-after"])
def test_an_answer_that_was_lost_is_looked_for_before_it_is_given_again(work: Clockwork, fault: str) -> None:
    (record,) = work.ask()
    work.portal.fail(fault, "POST /crm/v3/objects/contacts/batch/update")
    assert work.run().answered == 1
    assert work.writes_of(record) == 1


def test_dates_that_stand_there_are_only_counted(work: Clockwork) -> None:
    (record,) = work.ask()
    with keeping_time(work.portal.connection(), needed(), bound()) as timekeeping:
        (asked,) = timekeeping.read([record])
        given = almanac().given(asked, timekeeping.ahead)
        assert timekeeping.answer([given]).kept == (record,)
        before = work.portal.running.application.state_changes
        assert timekeeping.answer([given]).kept == (record,)
        assert work.portal.running.application.state_changes == before


def test_a_turn_that_begins_between_reading_and_writing_is_answered_for_itself(work: Clockwork) -> None:
    (record,) = work.ask()
    later = spell_instant(work.now + timedelta(hours=1))
    with keeping_time(work.portal.connection(), needed(), bound()) as timekeeping:
        assert isinstance(timekeeping, HubSpotTimekeeping)
        (asked,) = timekeeping.read([record])
        given = almanac().given(asked, timekeeping.ahead)
        work.write(record, leg="2", assigned_at=later, response_started_at=later, turn_owner=BEN)
        assert timekeeping.answer([given]).moved == (record,)
        assert work.writes_of(record) == 0
        assert answer_all("portal", timekeeping, almanac(), lambda: work.now).answered == 1
    due = instant(work.shows(record)["response_due_at"])
    assert due == instant(work.shows(record)["response_started_at"]) + timedelta(minutes=15)


def test_a_turn_that_begins_during_the_write_is_noticed_when_it_is_read_back(work: Clockwork) -> None:
    (record,) = work.ask()
    later = spell_instant(work.now + timedelta(hours=1))

    class Overtaken(HubSpotTimekeeping):
        overtaken = False

        def _update(self, values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
            if not self.overtaken:
                self.overtaken = True
                work.write(record, leg="2", assigned_at=later, response_started_at=later, response_state=kept.AWAITS)
            return super()._update(values)

    with keeping_time(work.portal.connection(), needed(), bound()) as opened:
        assert isinstance(opened, HubSpotTimekeeping)
        opened.__class__ = Overtaken
        run = answer_all("portal", opened, almanac(), lambda: work.now)
    assert (run.answered, run.complete) == (1, True)
    said = work.shows(record)
    assert instant(said["response_due_at"]) == instant(said["response_started_at"]) + timedelta(minutes=15)
    assert said["dates"] == kept.WRITTEN
    # The workflow that waits is let go and enrolled again, because its dates were wrong.
    assert work.writes_of(record, "dates") == 4


def test_a_touch_before_the_dates_were_written_is_judged_by_them(work: Clockwork) -> None:
    early, late = work.ask(2)
    begun = instant(work.shows(early)["response_started_at"])
    for record, minutes in ((early, 15), (late, 16)):
        stopped = spell_instant(begun + timedelta(minutes=minutes))
        work.write(record, response_state=kept.STOPPED, response_stopped_at=stopped, touched=kept.YES)
    assert work.run().answered == 2
    assert work.shows(early)["response_state"] == kept.ON_TIME
    assert work.shows(late)["response_state"] == kept.LATE
    assert work.shows(late)["next_1"] == "verdict.due"


def test_steps_after_a_breach_stay_when_the_lead_is_given_on(work: Clockwork) -> None:
    (record,) = work.ask()
    work.run()
    said = work.shows(record)
    due, step2 = instant(said["response_due_at"]), instant(said["next_4_at"])
    begun = due + timedelta(hours=1, seconds=5)
    at = {"begun": spell_instant(begun)}
    given_on = {"leg": "2", "turn_owner": BEN, "hubspot_owner_id": BEN, "assigned_at": at["begun"], "dates": kept.ASKED}
    work.write(record, **given_on, response_started_at=at["begun"], response_state=kept.AWAITS)
    happened = {"response.warn": due, "response.due": due, "response.step1": begun}
    for key, moment in happened.items():
        work.write(record, **{kept.happened_at(key): spell_instant(moment)})
    work.write(record, response_step1_times="1")
    assert work.run().answered == 1
    told = work.shows(record)
    events = [
        (told[f"next_{place}"], instant(told[f"next_{place}_at"])) for place in range(1, 9) if f"next_{place}" in told
    ]
    # The second turn's own step 1 is used up, and step 2 comes twice: first that of the turn before.
    assert [key for key, _ in events] == [
        "response.warn", "response.due", "response.step2", "response.step2", "verdict.due",
    ]  # fmt: skip
    assert events[2] == ("response.step2", step2)


def test_a_first_touch_of_the_turn_before_is_cleared(work: Clockwork) -> None:
    (record,) = work.ask()
    earlier = spell_instant(work.now - timedelta(hours=2))
    work.write(record, first_touch_at=earlier)
    work.run()
    assert "first_touch_at" not in work.shows(record)


def test_a_closed_cycle_is_quiet(work: Clockwork) -> None:
    (record,) = work.ask()
    work.write(record, cycle_state=kept.CLOSED)
    work.run()
    said = work.shows(record)
    assert (said["dates"], said["response_state"], "next_1" in said) == (kept.QUIET, kept.VOID, False)


def test_a_record_that_is_refused_does_not_take_the_others_with_it(work: Clockwork) -> None:
    _first, second = work.ask(2)
    with keeping_time(work.portal.connection(), needed(), bound()) as timekeeping:
        given = [almanac().given(each, timekeeping.ahead) for each in timekeeping.read([_first, second])]
        broken = DatesGiven(given[0].asked, given[0].runs, given[0].coming, given[0].verdicts, given[0].due)
        work.portal.client().call("DELETE", Api.OBJECTS, f"/contacts/{_first}")
        answered = timekeeping.answer([broken, given[1]])
    assert (answered.kept, answered.gone, dict(answered.refused)) == ((second,), (_first,), {})


def test_a_portal_to_which_nothing_was_applied_says_what_to_do(served: Portal) -> None:
    with keeping_time(served.connection(), needed(), bound()) as timekeeping, pytest.raises(RejectedError) as raised:
        list(timekeeping.asking())
    assert "apply first" in raised.value.hint


def test_a_portal_that_runs_no_clock_needs_no_timekeeping(served: Portal) -> None:
    with (
        pytest.raises(SlaSyncError, match="runs none of its clocks"),
        keeping_time(served.connection(), resources(), binding()),
    ):
        pass
    assert connector.timed_by is not None
    assert connector.timed_by(bound()) == ""
    assert "delay" in connector.timed_by(binding(deadlines="delay"))


def test_the_owners_team_decides_in_whose_hours_a_clock_runs(work: Clockwork) -> None:
    (record,) = work.ask()
    with keeping_time(work.portal.connection(), needed(), bound()) as timekeeping:
        (asked,) = timekeeping.read([record])
    assert {(each.owner, each.team) for each in asked.clocks} == {(ANA, "sdr")}


def test_the_pulse_is_left_in_a_hidden_property_and_read_from_there(work: Clockwork) -> None:
    from sla_sync_hubspot.pulse import pulse_of

    client = work.portal.client()
    with keeping_time(work.portal.connection(), needed(), bound()) as timekeeping:
        for minutes in (0, 15):
            at = work.now + timedelta(minutes=minutes)
            timekeeping.leave_pulse(at)
            found = {each["name"]: each for each in client.call("GET", Api.PROPERTIES, "/contacts")["results"]}
            assert pulse_of(found, "acme-inbound").ran_at == at
    assert found["sla_sync_clock_acme_inbound"]["hidden"] is True
    assert pulse_of({}, "acme-inbound").ran_at is None
