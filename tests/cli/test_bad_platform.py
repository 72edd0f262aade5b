"""A platform that refuses, fails or hides gets one clear error, and nothing is left half-done without being told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sla_sync.connector.simulation.schedules import Line, Scripted
from tests.cli.conftest import Run, served
from tests.connectors.hubspot.test_faults import FATES as HUBSPOT
from tests.connectors.salesforce.test_faults import FATES as SALESFORCE

pytestmark = pytest.mark.slow

COMMANDS = (("plan",), ("drift",), ("apply", "--yes"))


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_platform_that_answers_5xx_is_named_with_call_and_status(
    run: Run, here: Path, target: str, status: int
) -> None:
    with served(here, target) as running:
        running.trouble = Scripted((Line(f"{status}-before", times=10_000),))
        for command, *options in COMMANDS:
            answer = run(command, "--target", target, *options)
            assert answer.code == 1
            assert str(status) in answer.err
            assert target in answer.err
            assert "→" in answer.err
            assert "Traceback" not in answer.err
        running.trouble = None
        assert running.application.state_changes == 0


ALIKE = ("reset-", "silence-", "500-", "502-", "504-", "page-after", "limit-secondly", "limit-retry-date")
FAILING = {
    each for each in (*HUBSPOT, *SALESFORCE, "retrieve-failed") if not each.startswith(ALIKE) and each != "locked-row"
}
"""Faults that a plan meets, one of each kind."""


def test_whatever_goes_wrong_with_every_request_a_plan_ends_in_one_sentence_and_shows_no_token(
    run: Run, here: Path, target: str
) -> None:
    with served(here, target) as running:
        for name in sorted(FAILING & set(running.faults)):
            running.trouble = Scripted((Line(name, times=10_000),))
            answer = run("plan", "--target", target)
            reading, error, *more = answer.err.splitlines()
            assert answer.code == 1, name
            assert reading == f"Reading {target} …"
            assert error.startswith("error: "), name
            assert error.endswith("."), error
            assert len(more) == 1, name
            assert more[0].startswith("  → "), name
            assert running.token not in answer.err + answer.out
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
    with served(here, target) as running:
        running.trouble = Scripted((Line("migrating", call="PUT /automation/v4/flows*", times=1000),))
        answer = run("apply", "--target", target, "--yes")
        assert answer.code == 1
        assert "changes done" in answer.out
        assert "Workflow/" in answer.out
    assert run("apply", "--target", target, "--yes").code == 0
    assert run("plan", "--target", target, "--exit-code").code == 0
