"""What a release is made of is known: each part by name, version, digests, licence, and who asks for it."""

from __future__ import annotations

import json

import pytest

from tests.house.parts import ALLOWED, PAGE, ROOT, Part, bill, licence_of, names_in, page, parts, version
from tests.house.test_locks import locked

PARTS = parts()


def test_the_parts_are_those_of_the_lock() -> None:
    assert {each.name: each.version for each in PARTS} == {name: str(pin) for name, pin in locked("run").items()}
    assert all(each.digests and each.asked_by for each in PARTS)


@pytest.mark.parametrize("part", PARTS, ids=lambda each: each.name)
def test_every_part_has_a_licence_that_is_allowed(part: Part) -> None:
    assert licence_of(part), f"say in tests/house/parts.py what {part.name} says of itself"
    assert set(names_in(licence_of(part))) <= ALLOWED.keys()


def test_the_inventory_of_licences_is_that_of_the_lock() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(PARTS), "run: make sbom"


def test_the_list_of_parts_names_what_runs_and_not_what_builds() -> None:
    told = json.loads(bill(PARTS, version()))
    named = {each["name"] for each in told["components"]}
    assert named == {each.name for each in PARTS if not each.building}
    assert "hatchling" not in named
    assert "requests" in named
    refs = {each["ref"]: each["dependsOn"] for each in told["dependencies"]}
    assert refs.keys() == {f"pkg:pypi/{ROOT}@{version()}", *(each["bom-ref"] for each in told["components"])}
    assert {each for some in refs.values() for each in some} == refs.keys() - {f"pkg:pypi/{ROOT}@{version()}"}


def test_the_list_of_parts_is_the_same_for_the_same_lock() -> None:
    assert bill(PARTS, "1") == bill(parts(), "1")
    assert bill(PARTS, "1") != bill(PARTS, "2")
