"""No answer of a platform ends a conversation in anything but a value or a sentence; `make fuzz` tries thousands more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from random import Random

import pytest

from tests.fuzz.answers import VERBS, Stage, cases, stage, tried
from tests.fuzz.spoiling import spoilt

TRIED = {"hubspot": (2, 60), "salesforce": (0, 8)}
"""Platform → how many leads lived there, and how many answers are made wrong in the suite."""


@pytest.fixture(scope="module", params=TRIED)
def on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, int]]:
    leads, many = TRIED[request.param]
    with ExitStack() as open_:
        yield open_.enter_context(stage(tmp_path_factory.mktemp("fuzz"), request.param, "acme", leads=leads)), many


@pytest.mark.slow
def test_a_wrong_answer_ends_in_a_value_or_a_sentence_and_changes_nothing(on: tuple[Stage, int]) -> None:
    where, many = on
    failures, spoiled = [], 0
    for verb, spoil in islice(cases(where, tuple(VERBS), seed=1), many):
        failures += [str(failure)] if (failure := tried(where, verb, spoil)) else []
        spoiled += bool(where.relay.spoiled)
    assert failures == []
    assert spoiled > many * 0.9


def test_the_same_seed_makes_the_same_place_wrong() -> None:
    tree = b'{"results": [{"id": "1", "name": "a"}], "paging": {"next": {"after": "2"}}}'
    once, again = ([spoilt(tree, "application/json", Random(seed)) for seed in range(200)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 50
    assert sum(each != tree for each in once) > 150
