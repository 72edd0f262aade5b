"""Clocks that workflows time by themselves, by delays or by ticks: each comes no further from its instant than is said."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import calendars_of
from sla_sync_hubspot.binding import Deadlines
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.bounds import Bound, bounds, opening
from sla_sync_hubspot.translate.clock_flow import clock_workflows
from sla_sync_hubspot.translate.delaying import MOST_ACTIONS
from tests.connectors.hubspot.clock_stage import Stage, bent_agreement, example, open_stage

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
"""Ten in the morning in London, where the office is open from nine to six."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMITS = {"asked": 2, "referred": 4}
WHOLE = bool(os.environ.get("SLA_SYNC_WHOLE"))
"""Whether all starts are tried, as by night."""
WAITING = (Deadlines.DELAY, Deadlines.TICKS)


def office() -> BusinessCalendar:
    return calendars_of(bent_agreement()).named["office"]


def started(how: Deadlines, at: datetime, priority: str = "asked", seed: int = 0) -> Stage:
    stage = open_stage(example(deadlines=how), at, seed=seed)
    stage.start("answer", at, priority=priority)
    return stage


def off(calendar: BusinessCalendar, exact: datetime, came: datetime) -> timedelta:
    """Return by how much open time something came too late; less than nothing where it came too early."""
    return calendar.between(exact, came) if came >= exact else -calendar.between(came, exact)


def bound_of(stage: Stage, key: str, priority: str | None) -> Bound:
    return next(each for each in bounds(stage.vocabulary) if (each.key, each.priority) == (key, priority))


def within(found: Bound, error: timedelta) -> bool:
    return -found.early * MINUTE <= error <= found.late * MINUTE


def assert_bounded(how: Deadlines, seeds: range) -> set[bool]:
    calendar = office()
    early: set[bool] = set()
    for seed in seeds:
        chance = random.Random(seed)
        at = MONDAY + timedelta(minutes=chance.randrange(60 * 24 * 40), seconds=chance.randrange(60))
        priority = chance.choice(("asked", "referred"))
        stage = started(how, at, priority, seed)
        limit = LIMITS[priority] * HOUR
        stage.shop.run_to(at + timedelta(days=6))
        for key, length in (("answer.warn", limit / 2), ("answer.due", limit)):
            (came,) = stage.happened(key)
            error = off(calendar, calendar.add_open_time(at, length), came)
            assert within(bound_of(stage, key, priority), error), (seed, key, at, error)
            early.add(error < timedelta(0))
        (breach,), (passed,) = stage.happened("answer.due"), stage.happened("answer.step1")
        error = off(calendar, calendar.add_open_time(breach, 4 * HOUR), passed)
        assert within(bound_of(stage, "answer.step1", None), error), (seed, at, error)
    return early


@pytest.mark.parametrize("how", WAITING)
def test_what_waits_comes_no_further_from_its_instant_than_the_plan_says(how: Deadlines) -> None:
    assert True in assert_bounded(how, range(6))


@pytest.mark.slow
@pytest.mark.parametrize("how", WAITING)
def test_the_bound_holds_from_whenever_a_clock_starts(how: Deadlines) -> None:
    assert True in assert_bounded(how, range(100, 160 if WHOLE else 120))


def test_a_delay_comes_hours_early_at_closing_time_and_ticks_do_not() -> None:
    closing = MONDAY + 8 * HOUR - 2 * MINUTE
    errors = {}
    for how in WAITING:
        stage = started(how, closing, "referred")
        stage.shop.run_to(closing + timedelta(days=2))
        (came,) = stage.happened("answer.due")
        errors[how] = off(office(), office().add_open_time(closing, 4 * HOUR), came)
    assert errors[Deadlines.DELAY] < -1.5 * HOUR
    assert abs(errors[Deadlines.TICKS]) <= 15 * MINUTE


@pytest.mark.parametrize("how", WAITING)
def test_in_open_hours_without_an_evening_between_both_are_exact(how: Deadlines) -> None:
    stage = started(how, MONDAY)
    stage.shop.run_to(MONDAY + 3 * HOUR)
    assert (stage.happened("answer.warn"), stage.happened("answer.due")) == ([MONDAY + HOUR], [MONDAY + 2 * HOUR])
    assert stage.state("answer") == kept.OVERDUE


@pytest.mark.parametrize("how", WAITING)
def test_a_clock_on_the_wall_is_exact_and_shows_its_limit(how: Deadlines) -> None:
    stage = open_stage(example(deadlines=how), MONDAY)
    stage.start("nobody-forgotten", MONDAY)
    stage.shop.run_to(MONDAY + timedelta(days=8))
    assert stage.happened("nobody-forgotten.warn") == [MONDAY + timedelta(days=5)]
    assert stage.happened("nobody-forgotten.due") == [MONDAY + timedelta(days=7)]
    assert stage.told()[-1] == (MONDAY + timedelta(days=7), ("pat",), "Overdue")


@pytest.mark.parametrize("how", WAITING)
def test_a_new_turn_begins_its_own_time_and_leaves_that_of_the_one_before(how: Deadlines) -> None:
    stage = started(how, MONDAY)
    stage.shop.run_to(MONDAY + 1.5 * HOUR)
    stage.start("answer", MONDAY + 1.5 * HOUR)
    stage.shop.run_to(MONDAY + 5 * HOUR)
    assert stage.happened("answer.due") == [MONDAY + 3.5 * HOUR]


@pytest.mark.parametrize("how", WAITING)
def test_a_step_after_the_breach_waits_on_through_a_new_turn(how: Deadlines) -> None:
    stage = started(how, MONDAY)
    stage.shop.run_to(MONDAY + 5 * HOUR)
    stage.start("answer", MONDAY + 5 * HOUR, priority="referred")
    stage.shop.run_to(MONDAY + 6 * HOUR)
    assert stage.happened("answer.step1") == [MONDAY + 6 * HOUR]


@pytest.mark.parametrize("how", WAITING)
def test_what_was_stopped_before_it_began_to_run_was_on_time(how: Deadlines) -> None:
    saturday = MONDAY + timedelta(days=5)
    stage = started(how, saturday)
    stage.set(answer_state=kept.STOPPED)
    stage.shop.run_to(saturday + timedelta(days=4))
    assert (stage.state("answer"), stage.happened("answer.due")) == (kept.ON_TIME, [])


@pytest.mark.parametrize("how", WAITING)
def test_nothing_is_owed_to_a_priority_without_a_limit(how: Deadlines) -> None:
    stage = open_stage(example(deadlines=how), MONDAY)
    stage.start("answer", MONDAY)
    stage.shop.run_to(MONDAY + timedelta(days=3))
    assert (stage.state("answer"), stage.happened("answer.due")) == (kept.IDLE, [])


def test_ticks_stand_still_on_holidays() -> None:
    eve = datetime(2026, 12, 28, 17, 30, tzinfo=UTC)
    stage = started(Deadlines.TICKS, eve)
    stage.shop.run_to(eve + timedelta(days=3))
    assert stage.happened("answer.due") == []


def test_a_chain_of_too_many_actions_is_a_gap_and_no_workflow() -> None:
    flows, gaps = clock_workflows(example("product-led", Deadlines.TICKS))
    assert any(gap.id.startswith("clock-verdict") and "actions" in gap.advice for gap in gaps)
    assert all(len(flow.values["actions"]) <= MOST_ACTIONS for flow in flows)  # type: ignore[arg-type]


def test_a_plan_opens_with_the_error_of_each_clock_and_never_calls_a_delay_business_hours() -> None:
    for how in WAITING:
        said = " ".join(opening(example(deadlines=how)))
        assert "answer: at worst" in said
        assert "nobody-forgotten: exact" in said
        assert "Europe/London" in said
    delay = clock_workflows(example(deadlines=Deadlines.DELAY))[0]
    assert not any("business" in str(each.values["name"]) for each in delay)


def test_hours_of_a_day_of_its_own_are_a_gap() -> None:
    _, gaps = clock_workflows(example(deadlines=Deadlines.TICKS))
    assert any("2026-12-24" in gap.advice for gap in gaps)


def test_dates_that_are_computed_need_nobody_to_wait_in_open_hours() -> None:
    flows, _ = clock_workflows(example())
    assert not any(each.values.get("timeWindows") for each in flows)
