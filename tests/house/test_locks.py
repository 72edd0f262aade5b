"""The locks say what is installed; they must cover what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).resolve().parents[2]
PROJECT_TABLE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, Version]:
    text = (PROJECT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return {canonicalize_name(found["name"]): Version(found["version"]) for found in PIN.finditer(text)}


def asked(group: str) -> list[Requirement]:
    found: list[Requirement] = []
    for each in PROJECT_TABLE["dependency-groups"][group]:
        found += asked(each["include-group"]) if isinstance(each, dict) else [Requirement(each)]
    return found


def fits(requirement: Requirement, version: Version | None) -> bool:
    return version is not None and requirement.specifier.contains(version, prereleases=True)


@pytest.mark.parametrize(("name", "group"), [("run", "build"), ("dev", "dev")])
def test_a_lock_pins_a_fitting_release_of_everything_that_is_asked_for(name: str, group: str) -> None:
    pins = locked(name)
    requirements = [*map(Requirement, PROJECT_TABLE["project"]["dependencies"]), *asked(group)]
    assert [str(each) for each in requirements if not fits(each, pins.get(canonicalize_name(each.name)))] == []


def test_both_locks_agree_on_what_both_name() -> None:
    run, dev = locked("run"), locked("dev")
    assert run.items() <= dev.items()


def test_the_lock_of_the_site_pins_a_fitting_release_of_what_builds_it() -> None:
    pins = locked("docs")
    assert [str(each) for each in asked("docs") if not fits(each, pins.get(canonicalize_name(each.name)))] == []


@pytest.mark.parametrize("name", ["run", "dev", "docs"])
def test_every_pin_of_a_lock_carries_a_hash(name: str) -> None:
    text = (PROJECT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z])", text.partition("\n")[2])
    assert [each for each in entries if PIN.match(each) and "--hash=sha256:" not in each] == []
