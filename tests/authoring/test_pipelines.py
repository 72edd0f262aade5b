"""The pipelines that init writes, and the hooks for pre-commit: they parse, ask for little, and call what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.authoring import pipelines
from tests.authoring.commands import commands_in, unknown_in

PROJECT = Path(__file__).parents[2]
GITHUB: Any = yaml.safe_load(pipelines.pipeline(pipelines.GITHUB, "1.2.3"))
GITLAB: Any = yaml.safe_load(pipelines.pipeline(pipelines.GITLAB, "1.2.3"))
TRIGGERS = GITHUB[True]
"""YAML 1.1 reads the key `on` as true."""
JOBS = {name: each for name, each in GITLAB.items() if isinstance(each, dict) and "script" in each}


def steps() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, job in GITHUB["jobs"].items():
        for step in job["steps"]:
            yield name, step


def scripts() -> Iterator[str]:
    yield from (step["run"] for _, step in steps() if "run" in step)
    for job in JOBS.values():
        yield from job["script"]


def calls() -> list[list[str]]:
    return [call for script in scripts() for call in commands_in(script)]


@pytest.mark.parametrize("call", calls(), ids=" ".join)
def test_a_pipeline_calls_commands_and_options_that_there_are(call: list[str]) -> None:
    assert unknown_in(call) == []


def test_what_no_command_knows_is_seen() -> None:
    assert unknown_in(["plan", "--target", "x", "--force"]) == ["--force"]
    assert unknown_in(["deploy"]) == ["deploy"]


@pytest.mark.parametrize("pipeline", ["github", "gitlab"])
def test_a_pipeline_checks_reviews_plans_applies_and_audits(pipeline: str) -> None:
    jobs = GITHUB["jobs"] if pipeline == "github" else JOBS
    assert list(jobs) == ["validate", "review", "plan", "apply", "drift"]
    words = {call[0] for call in calls()}
    assert {"fmt", "validate", "review", "comment", "plan", "apply", "drift"} <= words


def test_nothing_that_a_pull_request_says_stands_in_a_script() -> None:
    assert [script for script in scripts() if "${{" in script] == []


def test_a_job_may_read_the_code_and_only_the_review_may_comment() -> None:
    assert GITHUB["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in GITHUB["jobs"].items() if "permissions" in job}
    assert more == {"review": {"contents": "read", "pull-requests": "write"}}


def test_actions_are_pinned_by_commit_and_leave_no_token_in_the_checkout() -> None:
    for _, step in steps():
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


def test_the_release_is_installed_without_looking_into_the_checkout() -> None:
    installs = [script for script in scripts() if "pip install" in script] + GITLAB["default"]["before_script"]
    assert set(installs) == {'python -I -m pip install "$RELEASE"'}
    assert GITHUB["env"] == {"RELEASE": "sla-sync==1.2.3"}


def test_a_plan_takes_its_targets_from_the_branch_that_is_agreed_and_forks_are_not_planned() -> None:
    assert TRIGGERS["pull_request"] == {"branches": ["main"]}
    assert "pull_request_target" not in TRIGGERS
    plans = [call for call in calls() if call[0] == "plan"]
    assert len(plans) == 2
    for call in plans:
        assert call[call.index("--trust") + 1] in {"$BASE", "refs/sla-sync/trusted"}
    plan = GITHUB["jobs"]["plan"]
    assert plan["env"]["BASE"] == "${{ github.event.pull_request.base.sha }}"
    assert "head.repo.full_name == github.repository" in plan["if"]
    (rule,) = JOBS["plan"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]
    assert "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME == $CI_DEFAULT_BRANCH" in rule["if"]


def test_secrets_are_given_behind_an_environment_only() -> None:
    behind = {name for name, job in GITHUB["jobs"].items() if "environment" in job}
    assert behind == {"plan", "apply", "drift"} == {name for name, job in JOBS.items() if "environment" in job}
    for name, step in steps():
        tokens = [str(each) for each in step.get("env", {}).values()]
        assert tokens in ([], ["${{ github.token }}"]), name


def test_the_page_about_pipelines_names_the_jobs_and_the_commit_that_is_pinned() -> None:
    page = (PROJECT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\w+) \|", page, re.MULTILINE)[1:] == list(JOBS)
    assert f"uses: {pipelines.CHECKOUT}\n" in page


def test_the_hooks_call_what_there_is_and_only_the_layout_is_given_files() -> None:
    hooks: Any = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"]: hook["entry"] for hook in hooks} == {
        "sla-sync-validate": "sla-sync validate",
        "sla-sync-fmt": "sla-sync fmt",
    }
    for hook in hooks:
        assert {"id", "name", "description", "entry", "language", "types"} <= hook.keys()
        assert hook["language"] == "python"
        assert unknown_in(hook["entry"].split()[1:]) == []
    assert [hook.get("pass_filenames", True) for hook in hooks] == [False, True]
