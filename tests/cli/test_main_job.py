"""The main job at the command line, on each simulator: its answers, its exit codes, and what it leaves alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector.simulation import serve
from sla_sync.registry import load_connector
from tests.cli.conftest import Run, served

pytestmark = pytest.mark.slow


def edit_as_an_administrator(target: str, here: Path) -> int:
    simulator = load_connector(target.removesuffix("-simulator")).simulator
    assert simulator is not None
    data = here / ".sla-sync" / target / "simulator"
    with serve(simulator(), data, clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:
        return len(simulator().administer(running))


def test_plan_apply_plan_drift_edit_drift_apply_drift(run: Run, here: Path, target: str) -> None:
    first = run("plan", "--target", target, "--format", "json", "--exit-code")
    assert first.code == 3
    planned = json.loads(first.out)
    assert {each["action"] for each in planned["changes"]} == {"create"}
    assert planned["gaps"]

    applied = run("apply", "--target", target, "--yes", "--format", "json")
    assert applied.code == 0
    assert json.loads(applied.out)["complete"] is True
    assert len(json.loads(applied.out)["outcomes"]) == len(planned["changes"])

    second = run("plan", "--target", target, "--exit-code")
    assert second.code == 0
    assert "Nothing to change" in second.out
    assert run("apply", "--target", target, "--yes").code == 0

    audited = run("drift", "--target", target, "--format", "json")
    assert audited.code == 0
    quiet = json.loads(audited.out)
    assert quiet["findings"] == []
    assert quiet["matched"] == len(planned["changes"])
    assert quiet["unverifiable"]
    assert quiet["in_sync"] is False

    edits = edit_as_an_administrator(target, here)
    audited = run("drift", "--target", target, "--format", "json")
    assert audited.code == 3
    findings = json.loads(audited.out)["findings"]
    assert len({each["address"] for each in findings}) == edits
    for each in findings:
        assert each["class"] in {"changed", "disabled", "missing"}
        assert each["agreed"] == each["applied"] != each["live"]
        assert each["commitment"]

    assert run("apply", "--target", target, "--yes").code == 0
    assert run("drift", "--target", target).code == 0


def test_what_the_agreement_changes_is_pending_and_no_drift(run: Run, here: Path, target: str) -> None:
    assert run("apply", "--target", target, "--yes").code == 0
    agreement = here / "configs/acme/agreement.yaml"
    text = agreement.read_text()
    assert "  disqualify:\n" in text
    agreement.write_text(text.replace("  disqualify:\n", "  disqualify:\n    spam: {means: A robot.}\n"))
    answer = run("drift", "--target", target, "--format", "json")
    assert answer.code == 0
    findings = json.loads(answer.out)["findings"]
    assert findings
    assert {each["class"] for each in findings} == {"pending"}
    assert run("plan", "--target", target, "--exit-code").code == 3


def test_a_saved_plan_is_applied_exactly(run: Run, target: str) -> None:
    assert run("plan", "--target", target, "--out", "plan.json").code == 0
    applied = run("apply", "plan.json")
    assert applied.code == 0, applied.err
    assert run("plan", "--target", target, "--exit-code").code == 0


def test_a_saved_plan_is_refused_when_the_live_settings_moved(run: Run, here: Path, target: str) -> None:
    assert run("apply", "--target", target, "--yes").code == 0
    edit_as_an_administrator(target, here)
    assert run("plan", "--target", target, "--out", "plan.json").code == 0
    assert run("apply", "--target", target, "--yes").code == 0
    stale = run("apply", "plan.json")
    assert stale.code == 4
    assert "changed since the plan was made" in stale.err
    assert "Plan again" in stale.err


def test_a_saved_plan_is_refused_when_the_agreement_moved(run: Run, here: Path) -> None:
    assert run("plan", "--target", "hubspot-simulator", "--out", "plan.json").code == 0
    agreement = here / "configs/acme/agreement.yaml"
    agreement.write_text(agreement.read_text().replace("target: 110 per month", "target: 120 per month"))
    stale = run("apply", "plan.json")
    assert stale.code == 4
    assert "agreement or its binding changed" in stale.err


def test_a_comment_does_not_make_a_saved_plan_stale(run: Run, here: Path) -> None:
    assert run("plan", "--target", "hubspot-simulator", "--out", "plan.json").code == 0
    agreement = here / "configs/acme/agreement.yaml"
    agreement.write_text(agreement.read_text() + "\n# a comment\n")
    assert run("apply", "plan.json").code == 0


def test_commands_that_only_read_change_no_state(run: Run, here: Path, target: str) -> None:
    assert run("apply", "--target", target, "--yes").code == 0
    edit_as_an_administrator(target, here)
    platform = target.removesuffix("-simulator")
    with served(here, target) as running:
        before = running.application.state_changes
        for command in (
            ("validate",),
            ("build", "--platform", platform, "--format", "json", "--out", "built"),
            ("plan", "--target", target),
            ("plan", "--target", target, "--format", "json"),
            ("drift", "--target", target),
            ("drift", "--target", target, "--format", "markdown"),
        ):
            answer = run(*command)
            assert answer.code in {0, 3}, answer.err
        assert running.requests > 0
        assert running.application.state_changes == before
        assert run("apply", "--target", target, "--yes").code == 0
        assert running.application.state_changes > before


def test_the_record_of_an_embedded_simulator_has_no_secret(
    run: Run, here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLA_SYNC_RECORD", str(here / "record.jsonl"))
    assert run("apply", "--target", target, "--yes").code == 0
    lines = [json.loads(line) for line in (here / "record.jsonl").read_text().splitlines()]
    assert lines
    for each in lines:
        assert each.keys() == {"platform", "method", "path", "query", "body", "status", "response"}
    simulator = load_connector(target.removesuffix("-simulator")).simulator
    assert simulator is not None
    (here / "another").mkdir()
    token = simulator().create(here / "another", datetime(2026, 10, 1, tzinfo=UTC)).token
    kept = [here / "record.jsonl", here / ".sla-sync" / target / "journal.jsonl"]
    for path in kept:
        assert token not in path.read_text()


def test_all_targets_are_audited_and_the_worst_code_counts(run: Run, here: Path) -> None:
    for target in ("salesforce-simulator", "hubspot-simulator"):
        assert run("apply", "--target", target, "--yes").code == 0
    assert run("drift", "--all-targets").code == 0
    edit_as_an_administrator("hubspot-simulator", here)
    answer = run("drift", "--all-targets", "--format", "json")
    assert answer.code == 3
    assert [each["target"] for each in json.loads(answer.out)] == ["salesforce-simulator", "hubspot-simulator"]
    text = (here / "configs/targets.yaml").read_text()
    (here / "configs/targets.yaml").write_text(
        text.replace("simulator: true", "url: 'https://localhost:9'\n    token: NOT_SET", 1)
    )
    answer = run("drift", "--all-targets")
    assert answer.code == 1
    assert "NOT_SET" in answer.err
