"""What a review says of single changes: tables of one change, its sentence, its matter and what it asks of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from sla_sync.review.amendments import Revision
from sla_sync.review.difference import difference
from tests.review.revisions import acme, only

FOLDER = Path(__file__).parent / "sentences"
TABLES = ("entry", "routing", "governance", "promises", "plan", "bindings")


class Told(TypedDict, total=False):
    """One change: texts that are replaced on both sides first, texts that are replaced then, and what is said.

    `salesforce` are texts that are replaced in the binding of that name.
    """

    before: Sequence[tuple[str, str]]
    change: Sequence[tuple[str, str]]
    salesforce: Sequence[tuple[str, str]]
    says: str
    matter: str
    effects: Mapping[str, str]


def table(name: str) -> Sequence[Told]:
    """Return the changes of a table."""
    found: Sequence[Told] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _base(replacements: tuple[tuple[str, str], ...]) -> Revision:
    return acme(*replacements)


@pytest.mark.parametrize("told", [each for name in TABLES for each in table(name)], ids=lambda told: told["says"])
def test_a_change_is_told_in_a_sentence_with_what_it_asks_of_whom(told: Told) -> None:
    first = tuple((old, new) for old, new in told.get("before", ()))
    bound = {"salesforce": told["salesforce"]} if "salesforce" in told else {}
    amendment = only(difference(_base(first), acme(*first, *told.get("change", ()), **bound)))
    assert amendment.sentence == told["says"]
    assert (amendment.matter.value, dict(amendment.effects)) == (told["matter"], told["effects"])
