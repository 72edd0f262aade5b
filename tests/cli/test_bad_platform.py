"""A platform that refuses, fails or hides gets one clear error, and nothing is left half-done without being told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, served

pytestmark = pytest.mark.slow

COMMANDS = (("plan",), ("drift",), ("apply", "--yes"))


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_platform_that_answers_5xx_is_named_with_call_and_status(
    run: Run, here: Path, target: str, status: int
) -> None:
    with served(here, target) as running:
        running.broken = status
        for command, *options in COMMANDS:
            answer = run(command, "--target", target, *options)
            assert answer.code == 1
            assert str(status) in answer.err
            assert target in answer.err
            assert "→" in answer.err
            assert "Traceback" not in answer.err
        running.broken = None
        assert running.application.state_changes == 0


def test_a_wrong_token_is_refused_and_never_printed(
    run: Run, here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(here, target) as running:
        monkeypatch.setenv("TOKEN", "00D000000000001EAA!not-the-token")
        for command, *options in COMMANDS:
            answer = run(command, "--target", target, *options)
            assert answer.code == 1
            assert "TOKEN" not in answer.out
            assert "not-the-token" not in answer.err + answer.out
            assert target in answer.err
            assert "→" in answer.err
        assert running.application.state_changes == 0


def test_missing_scopes_are_named(run: Run, here: Path) -> None:
    folder = here / ".sla-sync" / "hubspot-simulator" / "simulator"
    folder.mkdir(parents=True)
    (folder / "switches.json").write_text(json.dumps({"missing_scopes": ["crm.schemas.contacts.write"]}))
    answer = run("apply", "--target", "hubspot-simulator", "--yes")
    assert answer.code == 1
    assert "crm.schemas.contacts.write" in answer.err
    assert "→" in answer.err


def test_workflows_that_the_portal_hides_are_unreadable_and_never_made_twice(run: Run, here: Path) -> None:
    target = "hubspot-simulator"
    assert run("apply", "--target", target, "--yes").code == 0
    switches = here / ".sla-sync" / target / "simulator" / "switches.json"
    switches.write_text(json.dumps({"flows": "unreadable"}))
    planned = run("plan", "--target", target, "--format", "json")
    assert planned.code == 1
    said = json.loads(planned.out)
    assert said["changes"] == []
    assert {each["address"].partition("/")[0] for each in said["unreadable"]} == {"Workflow"}
    audited = run("drift", "--target", target)
    assert audited.code == 1
    assert "in sync" not in audited.out
    assert run("apply", "--target", target, "--yes").code == 0
    switches.unlink()
    again = run("plan", "--target", target, "--exit-code")
    assert again.code == 0, again.out


def test_an_apply_that_the_platform_refuses_half_way_says_what_was_done(run: Run, here: Path) -> None:
    target = "hubspot-simulator"
    folder = here / ".sla-sync" / target / "simulator"
    folder.mkdir(parents=True)
    fault = {"method": "PUT", "path": "/automation/v4/flows", "status": 477, "times": 1000}
    (folder / "switches.json").write_text(json.dumps({"faults": [fault]}))
    answer = run("apply", "--target", target, "--yes")
    assert answer.code == 1
    assert "changes done" in answer.out
    assert "Workflow/" in answer.out
    (folder / "switches.json").unlink()
    assert run("apply", "--target", target, "--yes").code == 0
    assert run("plan", "--target", target, "--exit-code").code == 0
