"""Contacts that left the path: somebody is told when to come back to them, unless they are worked again."""

from datetime import timedelta
from typing import Any

import pytest

from sla_sync_hubspot.simulator.instants import spell_instant
from tests.connectors.hubspot.living import MONDAY, Life, in_words, live

BACK = "To come back to"


@pytest.fixture
def life() -> Life:
    found = live()
    found.arrives(source="Demo")
    found.touches(found.owner() or "")
    return found


def told(life: Life) -> list[tuple[timedelta, tuple[str, ...]]]:
    return [(at - MONDAY, to) for at, to, about in life.told() if about == BACK]


def test_whoever_answers_for_the_stage_is_told_when_the_time_of_the_reason_is_over(life: Life) -> None:
    life.moves("BAD_TIMING", reason="no_answer")
    life.passes(days=59)
    assert told(life) == []
    life.passes(days=2)
    assert told(life) == [(timedelta(days=60), ("morgan",))]
    assert life.failed() == []


def test_a_person_who_names_a_day_is_come_back_to_on_that_day(life: Life) -> None:
    life.change(revisit_on=spell_instant(MONDAY + timedelta(days=12)))
    life.moves("BAD_TIMING", reason="bad_time")
    life.passes(days=100)
    assert told(life) == [(timedelta(days=12), ("morgan",))]


def test_nobody_is_told_of_a_contact_that_is_worked_again(life: Life) -> None:
    life.moves("BAD_TIMING", reason="no_answer")
    life.passes(days=40)
    life.change(source="Referral")
    life.passes(days=60)
    assert told(life) == []


def test_each_leaving_is_come_back_to(life: Life) -> None:
    life.moves("BAD_TIMING", reason="no_answer")
    life.passes(days=61)
    life.change(source="Referral")
    life.moves("BAD_TIMING", reason="no_budget")
    life.passes(days=91)
    assert [days.days for days, _ in told(life)] == [60, 61 + 90]


def _uncountable(document: dict[str, Any]) -> None:
    document["reasons"]["later"]["no_answer"]["revisit"] = "2 months"


def test_a_time_that_is_not_always_equally_long_is_a_step_for_people() -> None:
    gaps = {each.id: each.advice for each in in_words(live(bend=_uncountable).vocabulary).gaps}
    assert "instead of 2 months" in gaps["revisit-later-no_answer"]
    assert "revisit-later-no_budget" not in gaps


def test_what_starts_over_and_has_no_zero_is_a_step_for_people() -> None:
    def bend(document: dict[str, Any]) -> None:
        document["stages"]["later"]["resets"] = ["test", "company"]

    life = live(bend=bend)
    gaps = {each.id for each in in_words(life.vocabulary).gaps if each.id.startswith("reset-")}
    assert gaps == {"reset-later-company"}
    life.arrives(source="Demo")
    life.change(test="true")
    life.moves("BAD_TIMING", reason="no_budget")
    assert life.shows("test") == "false"
