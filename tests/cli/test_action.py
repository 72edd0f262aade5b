"""The action for GitHub: its shape, what its scripts may hold, and what they do when bash runs them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.authoring.commands import unknown_in

PROJECT = Path(__file__).parents[2]
ACTION: Any = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, Any] = {
    step.get("name", step.get("uses", "").partition("@")[0]): step for step in ACTION["runs"]["steps"]
}
SHA = "0123456789abcdef0123456789abcdef01234567"
EXPRESSION = re.compile(r"\$\{\{")


@dataclass(frozen=True)
class Ran:
    """How a script left, what it called, and what it left for the workflow."""

    code: int
    calls: list[list[str]]
    outputs: dict[str, str]
    summary: str
    log: str


def run(tmp_path: Path, given: Mapping[str, str], *, answers: int = 0, event: str = "push") -> Ran:
    """Let bash run the script of the step Run, with a command in the place of sla-sync that keeps what it is given."""
    binary = tmp_path / "sla-sync" / "bin"
    binary.mkdir(parents=True, exist_ok=True)
    kept = tmp_path / "calls"
    # Whatever is to be written by `--write FORMAT=FILE` is written, as review would.
    script = f"""#!/bin/bash
printf '%q ' "$@" >> {kept}; echo >> {kept}
for each in "$@"; do case "$each" in *=*.md) echo told > "${{each#*=}}";; esac; done
echo said
exit {answers}
"""
    (binary / "sla-sync").write_text(script)
    (binary / "sla-sync").chmod(0o755)
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    outputs.write_text("")
    summary.write_text("")
    step = STEPS["Run"]
    env = {
        "PATH": os.environ["PATH"],
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_EVENT_NAME": event,
        "GITHUB_SHA": SHA,
        **dict.fromkeys(step["env"], ""),
        **given,
    }
    assert set(given) <= set(step["env"]), "the script is given this by the step"
    done = subprocess.run(
        ["/bin/bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    calls = [shlex.split(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    told = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    return Ran(done.returncode, calls, told, summary.read_text(), done.stdout + done.stderr)


def test_no_script_holds_an_expression() -> None:
    for step in ACTION["runs"]["steps"]:
        assert not EXPRESSION.search(step.get("run", "")), step


def test_other_actions_are_pinned_by_commit_and_shells_are_named() -> None:
    for step in ACTION["runs"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
        else:
            assert step["shell"] == "bash"


def test_every_input_is_described_and_only_the_command_must_be_given() -> None:
    assert [name for name, each in ACTION["inputs"].items() if each.get("required")] == ["command"]
    assert all(each["description"].endswith(".") for each in ACTION["inputs"].values())
    assert set(re.findall(r"inputs\.([\w-]+)", str(ACTION["runs"]))) == set(ACTION["inputs"])


def test_the_token_is_given_to_nothing_but_the_comment() -> None:
    given = [name for name, step in STEPS.items() if "inputs.token" in str(step)]
    assert given == ["Comment"]
    assert "head.repo.full_name == github.repository" in STEPS["Comment"]["if"]


def test_nothing_in_the_checkout_is_run_while_it_is_installed() -> None:
    assert "python -I -m venv" in STEPS["Install"]["run"]
    assert "-I -m pip" in STEPS["Install"]["run"]
    assert "--require-hashes" in STEPS["Install"]["run"]


@pytest.mark.parametrize("command", ["validate", "review", "plan", "apply", "drift"])
def test_each_command_calls_options_that_there_are(tmp_path: Path, command: str) -> None:
    ran = run(
        tmp_path,
        {
            "COMMAND": command,
            "CONFIG": "configs/acme",
            "TARGET": "t",
            "BASE": "main",
            "ACK": "a:1\nb:2",
            "SIGNED": "true",
        },
    )
    assert ran.code == 0, ran.log
    (call,) = ran.calls
    assert call[0] == command
    assert unknown_in(call) == []


def test_a_pull_request_is_reviewed_as_the_merge_that_is_checked_out(tmp_path: Path) -> None:
    ran = run(tmp_path, {"COMMAND": "review", "IS_PULL_REQUEST": "true", "IS_FORK": "true"}, event="pull_request")
    (call,) = ran.calls
    assert call[-3:] == ["--", f"{SHA}^1", SHA]
    assert ran.summary == "told\n"


def test_a_plan_in_a_pull_request_trusts_the_branch_that_it_is_based_on(tmp_path: Path) -> None:
    given = {"COMMAND": "plan", "TARGET": "t", "TRUSTED": SHA, "IS_TO_DEFAULT_BRANCH": "true"}
    ran = run(tmp_path, {**given, "IS_PULL_REQUEST": "true"}, event="pull_request")
    assert f"--trust={SHA}" in ran.calls[0]
    (tmp_path / "calls").unlink()
    assert not [each for each in run(tmp_path, given).calls[0] if each.startswith("--trust")]


@pytest.mark.parametrize(
    "given",
    [{"IS_FORK": "true", "IS_TO_DEFAULT_BRANCH": "true"}, {"IS_FORK": "false", "IS_TO_DEFAULT_BRANCH": "false"}],
)
def test_neither_a_fork_nor_another_branch_is_planned(tmp_path: Path, given: dict[str, str]) -> None:
    ran = run(tmp_path, {"COMMAND": "plan", "TARGET": "t", "IS_PULL_REQUEST": "true", **given}, event="pull_request")
    assert ran.code == 0
    assert ran.calls == []
    assert "::notice::" in ran.log


@pytest.mark.parametrize("command", ["apply", "drift"])
def test_a_pull_request_is_neither_applied_nor_audited(tmp_path: Path, command: str) -> None:
    ran = run(tmp_path, {"COMMAND": command, "TARGET": "t", "IS_PULL_REQUEST": "true"}, event="pull_request")
    assert (ran.code, ran.calls) == (2, [])


@pytest.mark.parametrize(
    ("command", "answers", "outputs"),
    [
        ("plan", 3, {"changed": "true", "status": "0"}),
        ("plan", 1, {"changed": "false", "status": "1"}),
        ("review", 3, {"changed": "true", "status": "3"}),
        ("drift", 3, {"changed": "true", "status": "3"}),
        ("apply", 4, {"changed": "false", "status": "4"}),
    ],
)
def test_an_answer_becomes_outputs_and_is_given_at_the_end(
    tmp_path: Path, command: str, answers: int, outputs: dict[str, str]
) -> None:
    ran = run(tmp_path, {"COMMAND": command, "TARGET": "t", "BASE": "main"}, answers=answers)
    assert ran.code == 0, "the comment comes first"
    assert outputs.items() <= ran.outputs.items()


def test_what_others_write_is_a_value_and_never_a_script(tmp_path: Path) -> None:
    hostile = '"; touch pwned; $(touch pwned) `touch pwned` --trust=x'
    for command in ("validate", "review", "plan", "apply", "drift"):
        run(tmp_path, {"COMMAND": command, **dict.fromkeys(("CONFIG", "TARGET", "BASE", "HEAD", "ACK"), hostile)})
    run(tmp_path, {"COMMAND": hostile})
    assert not (tmp_path / "pwned").exists()
    for call in [shlex.split(line) for line in (tmp_path / "calls").read_text().splitlines()]:
        assert hostile in " ".join(call)
        assert "--trust=x" not in call
