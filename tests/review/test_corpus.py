"""Changes of the example with what a review must say of them: a third was written before the code that says it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.review.amendments import Difference
from sla_sync.review.consent import roles_for
from sla_sync.review.difference import difference
from sla_sync.review.edits import apply_edits, edits, plain_of
from tests.review.revisions import acme

FOLDER = Path(__file__).parent / "corpus"
CONNECTORS = ("salesforce", "hubspot")


@cache
def corpus(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the changes of a file by name."""
    said = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return {each["name"]: each for each in said}


FIRST, LATER = corpus("written_first"), corpus("written_later")


def made(change: Mapping[str, Any]) -> Difference:
    """Return what the change makes different; a word that is renamed everywhere is renamed in the bindings too."""
    bound = {name: [*change.get(name, ())] for name in CONNECTORS}
    bound["hubspot"] += [[f"  {old}:", f"  {new}:"] for old, new in change.get("hubspot_words", {}).items()]
    return difference(acme(), acme(*change.get("change", ()), **{name: each for name, each in bound.items() if each}))


@pytest.mark.parametrize("change", [*FIRST.values(), *LATER.values()], ids=[*FIRST, *LATER])
def test_a_review_says_what_it_must_of_a_change(change: Mapping[str, Any]) -> None:
    found = made(change)
    said = {
        each.sentence: (
            str(each.matter),
            {party: str(effect) for party, effect in each.effects.items()},
            set(roles_for(each, found.before.agreement, found.after.agreement)),
        )
        for each in found.amendments
    }
    assert said == {
        each["sentence"]: (each["matter"], each["effects"], set(each["consent"])) for each in change["amendments"]
    }
    told = edits(found.before, found.after)
    assert apply_edits(plain_of(found.before), told, found.renamings) == plain_of(found.after)


def test_the_corpus_is_large_enough_and_a_third_of_it_was_written_first() -> None:
    assert not set(FIRST) & set(LATER)
    assert len(FIRST) + len(LATER) >= 40
    assert 3 * len(FIRST) >= len(FIRST) + len(LATER)
