"""What runs with the rights of a repository is pinned to bytes, has no right that it does not need, and holds no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.authoring.pipelines import CHECKOUT, SETUP_PYTHON
from tests.house.parts import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
SOURCES = (
    *WORKFLOWS,
    PROJECT / "action.yml",
    *sorted((PROJECT / "docs").rglob("*.yml")),
    *sorted((PROJECT / "docs").rglob("*.md")),
    PROJECT / "sla_sync" / "authoring" / "pipelines.py",
    PROJECT / "README.md",
)
_USES = re.compile(r"\buses: +(\S+)(?: +# *(\S+))?")
_PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
_VERSION = re.compile(r"v\d+\.\d+\.\d+;?")
_OURS = re.compile(r"OWNER/sla-sync@COMMIT|%(?:checkout|setup_python)|\./.*")
"""What stands for a commit that whoever copies it must write, or is replaced by a pin below."""
RIGHTS = {
    ("attest", "attestations"), ("attest", "id-token"), ("publish", "id-token"), ("announce", "contents"),
}  # fmt: skip
"""Every right to write that a job of this house has."""


def used() -> Iterator[tuple[Path, str, str]]:
    for path in SOURCES:
        for found in _USES.finditer(path.read_text(encoding="utf-8")):
            yield path, found[1], found[2] or ""
    for each in (CHECKOUT, SETUP_PYTHON):
        name, _, said = each.partition(" # ")
        yield PROJECT / "sla_sync/authoring/pipelines.py", name, said


def test_every_action_that_is_used_anywhere_is_pinned_by_its_whole_commit_and_says_its_version() -> None:
    found = [each for each in used() if not _OURS.fullmatch(each[1])]
    assert len(found) > 15
    loose = [
        (path.name, name, said)
        for path, name, said in found
        if not (_PINNED.fullmatch(name) and _VERSION.fullmatch(said))
    ]
    assert loose == []


def test_one_version_of_an_action_is_one_commit() -> None:
    pins: dict[tuple[str, str], set[str]] = {}
    for _, name, said in used():
        if _PINNED.fullmatch(name):
            action, _, commit = name.partition("@")
            pins.setdefault((action, said.rstrip(";")), set()).add(commit)
    assert {each: commits for each, commits in pins.items() if len(commits) > 1} == {}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"] in ({}, {"contents": "read"}), path.name
        for name, job in workflow["jobs"].items():
            yield path.name, name, job


def test_no_job_may_write_what_it_need_not() -> None:
    rights = {
        (name, right) for _, name, job in jobs() for right, may in job.get("permissions", {}).items() if may == "write"
    }
    assert rights == RIGHTS


def test_no_workflow_of_this_house_holds_a_secret_or_runs_what_a_stranger_wrote_with_rights() -> None:
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        assert "secrets." not in text, path.name
        assert "pull_request_target" not in text, path.name
        assert "workflow_run" not in text, path.name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_checkout_leaves_its_token_behind_and_no_job_runs_for_ever(path: Path) -> None:
    for name, job_name, job in jobs():
        if name == path.name:
            assert job["timeout-minutes"] <= 360, job_name
            for step in job["steps"]:
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False, job_name


def test_what_is_published_was_built_without_a_cache_that_others_may_fill() -> None:
    steps = [step for file, _, job in jobs() if file == "release.yml" for step in job["steps"]]
    assert len(steps) > 8
    assert not [step for step in steps if "cache" in step.get("with", {}) or "actions/cache" in step.get("uses", "")]


def test_nothing_that_somebody_names_stands_in_a_script() -> None:
    told = [run for _, _, job in jobs() for step in job["steps"] if (run := step.get("run")) and "${{" in run]
    assert told == []
