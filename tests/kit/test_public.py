"""What a third party may build on stays as it is until the contract's number says otherwise, and is typed."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

import sla_sync.connector
import sla_sync.testing
from tests.kit.page import PAGE, PROJECT, TUTORIAL
from tests.kit.surface import KEPT, KIT, MODULES, surface

ADVICE = (
    "What a connector may rely on has changed. Raise CONTRACT if one that was written for it could fail or do something "
    "else (docs/write-a-connector.md says when), then run: python -m tests.kit.surface"
)


def test_what_a_connector_may_rely_on_is_what_the_present_contract_says() -> None:
    now, kept = surface().splitlines(), KEPT.read_text(encoding="utf-8").splitlines()
    gone, new = [each for each in kept if each not in now], [each for each in now if each not in kept]
    assert (gone, new) == ([], []), ADVICE


def test_the_contract_exports_every_name_once_and_in_order() -> None:
    names = sla_sync.connector.__all__
    assert len(set(names)) == len(names)
    assert all(hasattr(sla_sync.connector, each) for each in names)


@pytest.mark.parametrize("room", MODULES)
def test_every_room_says_what_it_exports(room: str) -> None:
    assert importlib.import_module(f"sla_sync.connector{room}").__all__


def test_the_page_names_what_is_public() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## What stays as it is")[2]
    assert [each for each in (*MODULES, *KIT) if each and f"{each}`" not in page] == []


@pytest.mark.parametrize("module", [*(f"connector{each}" for each in MODULES), *(f"testing.{each}" for each in KIT)])
def test_every_public_module_is_imported_without_a_platform(module: str) -> None:
    assert importlib.import_module(f"sla_sync.{module}").__doc__


def test_whoever_builds_on_it_is_told_its_types() -> None:
    assert (Path(sla_sync.testing.__file__).parents[1] / "py.typed").is_file()
    said = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "Typing :: Typed" in said["project"]["classifiers"]


def test_the_tutorial_imports_of_the_core_what_is_public_and_nothing_else_knows_it() -> None:
    public = {f"sla_sync.connector{each}" for each in MODULES} | {f"sla_sync.testing.{each}" for each in KIT}
    imported = {
        name
        for path in TUTORIAL.rglob("*.py")
        for name in re.findall(
            r"^ *from (sla_sync(?:\.[\w.]+)?) import", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert imported <= public | {"sla_sync"}
    shipped = [path for folder in ("sla_sync", "connectors") for path in (PROJECT / folder).rglob("*.py")]
    assert [path for path in shipped if "sla_sync_sqlite" in path.read_text(encoding="utf-8")] == []
