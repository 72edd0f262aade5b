"""Every word that is referred to must be defined."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.findings import value_at
from sla_sync.diagnostics import KeyPath, spell
from sla_sync.lint import lint
from sla_sync.lint.mentions import Mention, mentions
from tests.agreement.documents import acme
from tests.lint.cases import TODAY, acme_data

STRANGER = "nobody"


def source_path(path: KeyPath, data: object) -> KeyPath:
    """Return the path without the step into a list where one value stands for it."""
    return path if not isinstance(value_at(data, path[:-1]), str) else path[:-1]


def dangling(data: dict[str, Any]) -> list[str]:
    found = lint(Agreement.model_validate(data), {}, TODAY)
    return [each.diagnostic.message for each in found if each.diagnostic.code == "SLA102"]


MENTIONS = list(mentions(acme()))


def test_the_example_mentions_most_kinds_of_words() -> None:
    assert len(MENTIONS) > 60
    assert len({kind for mention in MENTIONS for kind in mention.kinds}) >= 12


@pytest.mark.parametrize("mention", MENTIONS, ids=lambda mention: f"{spell(mention.path)}={mention.word}")
def test_a_reference_of_the_example_that_leads_nowhere_is_found(mention: Mention) -> None:
    data = acme_data()
    path = source_path(mention.path, data)
    parent: Any = value_at(data, path[:-1])
    if mention.at_key:
        key = str(path[-1]).replace(mention.word, STRANGER)
        parent[key] = parent.pop(path[-1])
        path = (*path[:-1], key)
    else:
        parent[path[-1]] = STRANGER
    named = [each for each in dangling(data) if f"'{STRANGER}'" in each]
    assert named
    assert any(spell(path[:-1] if mention.at_key else path) in each for each in named)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("priorities", "hot", "when"), "source is nobody"),
        (("priorities", "warm", "when"), "not (stage is nobody and email is known)"),
        (("priorities", "warm", "when"), "nobody score reaches threshold"),
        (("priorities", "warm", "when"), "country is in nobody"),
        (("priorities", "warm", "when"), "at least 2 of nobody"),
        (("priorities", "warm", "when"), "team is nobody"),
        (("priorities", "warm", "when"), "priority is nobody"),
        (("stages", "mql", "enter_when"), "source is nobody"),
        (("stages", "recycled", "contact_if"), "stage is not nobody"),
        (("commitments", "mql-volume", "measure"), "count of first nobody"),
        (("commitments", "mql-volume", "measure"), "count of mql where source is nobody"),
        (("commitments", "mql-quality", "measure"), "mql to nobody within 14 days"),
        (("commitments", "mql-quality", "measure"), "sum of amount of nobody"),
        (("commitments", "mql-quality", "measure"), "complete nobody at mql"),
        (("commitments", "follow-up", "measure"), "touches >= 6 before nobody within 15 business days"),
        (("commitments", "verdict", "clock", "stops"), "leaves nobody"),
        (("commitments", "verdict", "excused_if"), "source is nobody"),
        (("routing", "first_match", 0, "when"), "stage is nobody"),
        (("scoring", "person", "fit", "add", "seniority", "when"), "source is nobody"),
        (("commitments", "mql-volume", "target"), "10 per member of nobody per month"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_inside_conditions_measures_and_events_must_be_defined(path: KeyPath, text: str) -> None:
    data = acme_data()
    parent: Any = value_at(data, path[:-1])
    parent[path[-1]] = text
    assert any(f"'{STRANGER}'" in each and spell(path) in each for each in dangling(data))


def test_a_division_of_segments_may_stand_in_a_condition_with_its_own_parts() -> None:
    data = acme_data()
    data["segments"] = {"territory": {"west": "region is west"}, "size": {"big": "employees > 200"}}
    data["priorities"]["warm"]["when"] = "territory is west"
    assert dangling(data) == []
    data["priorities"]["warm"]["when"] = "territory is big"
    assert len(dangling(data)) == 1


def test_the_nearest_word_is_offered() -> None:
    data = acme_data()
    data["stages"]["sal"]["accountable"] = "vp_sale"
    every = (each.diagnostic for each in lint(Agreement.model_validate(data), {}, TODAY))
    assert [each.hint for each in every if each.code == "SLA102"] == ["Write `vp_sales`, if that is meant."]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        (("routing", "first_match", 1, "overflow"), STRANGER),
        (("commitments", "verdict", "serves"), STRANGER),
        (("goals",), {"second": {"owner": STRANGER}}),
        (("goals",), {"second": {"benefits": {STRANGER: "more"}}}),
        (("goals",), {"second": {"plan": {"rates": {f"mql to {STRANGER}": "10%"}}}}),
    ],
)
def test_words_that_the_example_does_not_use_must_be_defined_too(path: KeyPath, section: object) -> None:
    data = acme_data()
    parent: Any = value_at(data, path[:-1])
    parent[path[-1]] = section
    assert len(dangling(data)) == 1


@pytest.mark.parametrize("goal", ["goal", "second"])
def test_a_promise_may_serve_the_shared_goal_or_another_one(goal: str) -> None:
    data = acme_data()
    data["goals"] = {"second": {"owner": "vp_sales"}}
    data["commitments"]["verdict"]["serves"] = goal
    assert dangling(data) == []
