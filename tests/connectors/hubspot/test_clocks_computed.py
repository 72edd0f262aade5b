"""Clocks by dates that were written: what falls due happens then, as long as it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.clock_stage import Stage, example, open_stage

START = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
"""Ten in the morning on a Monday in London."""
HOUR = timedelta(hours=1)
WARN, DUE, STEP = "answer.warn", "answer.due", "answer.step1"


def started() -> Stage:
    stage = open_stage(example(), START)
    stage.start("answer", START, priority="asked")
    stage.dates((WARN, START + HOUR), (DUE, START + 2 * HOUR), (STEP, START + 6 * HOUR))
    return stage


def test_a_warning_and_a_limit_come_at_their_instants_and_the_owner_hears_of_both() -> None:
    stage = started()
    stage.shop.run_to(START + 2 * HOUR)
    assert stage.state("answer") == kept.OVERDUE
    assert (stage.happened(WARN), stage.happened(DUE)) == ([START + HOUR], [START + 2 * HOUR])
    assert stage.told() == [
        (START + HOUR, ("ana",), "Soon due"),
        (START + 2 * HOUR, ("ana",), "Overdue"),
    ]


def test_between_warning_and_limit_a_clock_is_warned() -> None:
    stage = started()
    stage.shop.run_to(START + HOUR)
    assert stage.state("answer") == kept.WARNED


def test_a_step_after_the_breach_tells_people_and_gives_the_contact_to_somebody_else() -> None:
    stage = started()
    stage.shop.run_to(START + 6 * HOUR)
    assert stage.owner() == "morgan"
    assert stage.told()[-1] == (START + 6 * HOUR, ("pat",), "Overdue")


def test_a_step_that_is_taken_once_in_a_cycle_is_not_taken_again() -> None:
    stage = started()
    stage.shop.run_to(START + 6 * HOUR)
    stage.dates((STEP, START + 7 * HOUR))
    stage.shop.run_to(START + 8 * HOUR)
    assert stage.happened(STEP) == [START + 6 * HOUR, START + 7 * HOUR]
    assert stage.owner() == "morgan"
    assert len(stage.told()) == 3


def test_a_clock_that_was_stopped_is_not_warned_of_nor_breached() -> None:
    stage = started()
    stage.shop.run_to(START + HOUR / 2)
    stage.set(answer_state=kept.ON_TIME)
    stage.shop.run_to(START + 8 * HOUR)
    assert (stage.told(), stage.happened(DUE), stage.state("answer")) == ([], [], kept.ON_TIME)


def test_what_was_spared_in_one_turn_is_not_done_when_the_clock_of_the_next_begins_to_run() -> None:
    stage = started()
    stage.set(answer_state=kept.ON_TIME)
    stage.shop.run_to(START + 3 * HOUR)
    stage.start("answer", START + 3 * HOUR)
    stage.dates((WARN, START + 4 * HOUR), (DUE, START + 5 * HOUR))
    stage.shop.run_to(START + 3.5 * HOUR)
    assert (stage.told(), stage.state("answer")) == ([], kept.RUNNING)


def test_new_dates_take_the_place_of_those_before() -> None:
    stage = started()
    stage.shop.run_to(START + HOUR / 2)
    stage.start("answer", START + HOUR / 2)
    stage.dates((WARN, START + 2 * HOUR), (DUE, START + 3 * HOUR))
    stage.shop.run_to(START + 9 * HOUR)
    assert (stage.happened(WARN), stage.happened(DUE)) == ([START + 2 * HOUR], [START + 3 * HOUR])


def test_dates_that_come_late_are_made_up_for_at_once() -> None:
    stage = open_stage(example(), START)
    stage.start("answer", START, priority="asked")
    stage.shop.run_to(START + 4 * HOUR)
    stage.dates((WARN, START + HOUR), (DUE, START + 2 * HOUR), (STEP, START + 6 * HOUR))
    assert stage.state("answer") == kept.OVERDUE
    assert stage.happened(DUE) == [START + 4 * HOUR]


def test_after_the_last_of_its_dates_more_are_asked_for() -> None:
    stage = started()
    many = [("nobody-forgotten.warn", START + number * HOUR) for number in range(1, kept.SLOTS + 1)]
    stage.dates(*many)
    stage.shop.run_to(START + (kept.SLOTS - 0.5) * HOUR)
    assert stage.value("dates") == kept.WRITTEN
    stage.shop.run_to(START + kept.SLOTS * HOUR)
    assert stage.value("dates") == kept.ASKED


def test_nothing_happens_once_the_cycle_is_closed() -> None:
    stage = started()
    stage.set(cycle_state=kept.CLOSED)
    stage.shop.run_to(START + 9 * HOUR)
    assert (stage.told(), stage.happened(DUE)) == ([], [])


def test_a_step_after_a_breach_follows_a_contact_that_went_back_to_a_queue() -> None:
    stage = started()
    stage.shop.run_to(START + 3 * HOUR)
    stage.set(answer_state=kept.VOID)
    stage.shop.run_to(START + 6 * HOUR)
    assert stage.told()[-1] == (START + 6 * HOUR, ("pat",), "Overdue")
