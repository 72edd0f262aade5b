"""A word that is renamed and said to be keeps its settings on the platform: only what people read there changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from sla_sync.agreement.load import load_agreement
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.validate import validate
from sla_sync.places import Place
from sla_sync.reconcile.canonical import canonical_desired, is_cosmetic, leaves
from sla_sync.reconcile.settings import Address
from sla_sync.reconcile.values import differences

ACME = Path("configs/acme")
RENAMED = {
    "stages": ("mql", "ready", "Ready"),
    "reasons": ("no_budget", "unfunded", "Unfunded"),
    "fields": ("next_step", "following_step", "ollowing step"),
}
"""What is renamed → old name, new name, and what people read then."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("moved")


def prepared(folder: Path, platform: str) -> Prepared:
    documents = validate(Place(folder / "agreement.yaml", None, folder), today=date(2026, 10, 5))
    return prepare(documents, folder / "bindings" / f"{platform}.yaml", {})


@cache
def as_it_was(platform: str) -> Prepared:
    return prepared(ACME, platform)


def renamed(folder: Path, kind: str, *, said: bool) -> Path:
    old, new, _ = RENAMED[kind]
    copy = folder / f"{kind}-{said}"
    if not copy.is_dir():
        shutil.copytree(ACME, copy)
        for path in (copy / "agreement.yaml", *(copy / "bindings").glob("*.yaml")):
            path.write_text(re.sub(rf"\b{old}\b", new, path.read_text(encoding="utf-8")), encoding="utf-8")
        if said:
            with (copy / "agreement.yaml").open("a", encoding="utf-8") as file:
                file.write(f"moved: {{{kind}: {{{old}: {new}}}}}\n")
    return copy


def by_address(found: Prepared) -> Mapping[Address, object]:
    types = found.connector.types
    return {
        each.address: canonical_desired(each.values, types[each.address.type]) for each in found.translation.desired
    }


@pytest.mark.parametrize("platform", ["salesforce", "hubspot"])
@pytest.mark.parametrize("kind", RENAMED)
def test_only_what_people_read_changes(folder: Path, platform: str, kind: str) -> None:
    before, after = as_it_was(platform), prepared(renamed(folder, kind, said=True), platform)
    old, new = by_address(before), by_address(after)
    assert new.keys() == old.keys()
    changed = [
        (address, path, value)
        for address in new
        for path, _, value in differences(new[address], old[address], lambda _: None)  # type: ignore[arg-type]
    ]
    assert changed
    assert all(is_cosmetic(after.connector.types[address.type], path) for address, path, _ in changed)
    shown = {str(value) for each in new.values() for _, value in leaves(each)}  # type: ignore[arg-type]
    assert any(RENAMED[kind][2] in each for each in shown)


def test_a_stage_that_is_renamed_in_silence_is_another_one(folder: Path) -> None:
    after = prepared(renamed(folder, "stages", said=False), "hubspot")
    assert by_address(after).keys() != by_address(as_it_was("hubspot")).keys()


def test_every_place_that_a_setting_comes_from_stands_in_the_agreement_of_today(folder: Path) -> None:
    copy = renamed(folder, "stages", said=True)
    data = load_agreement(copy / "agreement.yaml", root=copy).source.data
    for each in prepared(copy, "hubspot").translation.desired:
        for origin in each.origins.values():
            value: object = data
            for step in origin:
                value = value.get(step, {}) if isinstance(value, Mapping) else {}
                assert step != "mql"


def test_what_was_renamed_twice_keeps_its_first_name(folder: Path) -> None:
    copy = renamed(folder, "stages", said=True)
    twice = folder / "twice"
    shutil.copytree(copy, twice)
    for path in (twice / "agreement.yaml", *(twice / "bindings").glob("*.yaml")):
        text = path.read_text(encoding="utf-8").replace("moved: {stages: {mql: ready}}", "")
        path.write_text(re.sub(r"\bready\b", "willing", text), encoding="utf-8")
    with (twice / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write("moved: {stages: {mql: willing, ready: willing}}\n")
    assert by_address(prepared(twice, "hubspot")).keys() == by_address(as_it_was("hubspot")).keys()
