"""Turns from events: those that the model finds in the same histories, and the promises in them judged alike."""

from collections.abc import Mapping

import pytest

from sla_sync.semantics.story import Story
from tests.attainment.lived import Read, by_expressions, by_the_model, difference, past_lived, stories_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stories() -> Mapping[str, Story]:
    return stories_of(range(150), seed=5)


@pytest.fixture(scope="module")
def told(stories: Mapping[str, Story]) -> Read:
    return by_expressions(past_lived(stories), stories)


def test_turns_of_owners_are_those_that_the_model_finds(stories: Mapping[str, Story], told: Read) -> None:
    wanted = by_the_model(stories).turns
    assert list(told.turns) == list(wanted)
    assert len(wanted) > 250


def test_promises_are_judged_in_derived_turns_as_the_model_judges_them(
    stories: Mapping[str, Story], told: Read
) -> None:
    assert not difference(by_the_model(stories).runs, told.runs)
    for name in ("response", "verdict"):
        assert {each[6] for each in told.runs if each[0] == name} >= {"on_time", "late", "overdue", "void"}


def test_a_row_that_differs_is_found_on_either_side(told: Read) -> None:
    assert sorted(difference(told.turns[1:], told.turns[:-1]).values()) == [-1, 1]
