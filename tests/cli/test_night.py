"""The night at the command line: an identity that only reads, an apply under way, many targets, channels and the trend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.simulation import Running
from sla_sync.pipeline.look import look, open_writer
from sla_sync.places import find_place
from tests.cli.conftest import Run, served
from tests.notify.test_sending import SECRET, service

pytestmark = pytest.mark.slow


def auditor_of(running: Running) -> str:
    application: Any = running.application
    return str(application.auditor_token)


def test_an_audit_needs_no_credential_that_may_write(
    run: Run, here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(here, target) as running:
        writer, auditor = running.token, auditor_of(running)
        targets = here / "configs/targets.yaml"
        own = targets.read_text().index(f"  {target}:")
        text = targets.read_text()
        targets.write_text(
            text[:own] + text[own:].replace("    simulator:", "    audit_as: {token: AUDIT}\n    simulator:", 1)
        )
        monkeypatch.setenv("AUDIT", auditor)
        monkeypatch.delenv("TOKEN")
        audited = run("drift", "--target", target, "--format", "json")
        assert audited.code == 0, audited.err
        assert {each["class"] for each in json.loads(audited.out)["findings"]} == {"pending"}
        assert "session" in run("doctor", "--target", target).out
        assert "Set TOKEN" in run("doctor", "--target", target, "--to-apply").err
        assert "Set TOKEN" in run("plan", "--target", target).err

        monkeypatch.setenv("TOKEN", writer)
        with (
            look(find_place(None, here=Path()), target, environ={"TOKEN": writer}) as sight,
            open_writer(sight),
        ):
            busy = run("drift", "--target", target, "--wait", "0m")
        assert busy.code == 1
        assert f"{target} was not audited" in busy.err
        assert " applies since " in busy.err
        assert busy.out == ""

        monkeypatch.setenv("TOKEN", auditor)
        before = running.application.state_changes
        assert run("apply", "--target", target, "--yes").code == 1
        assert running.application.state_changes == before


def test_a_night_has_one_summary_and_is_kept_and_told(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "configs/channels.yaml").write_text(
        "apiVersion: sla-sync/v1\nkind: Channels\n"
        "channels:\n  oncall: {url: ONCALL_URL, from: breach, mention: '@oncall'}\n  lost: {url: UNSET, from: breach}\n"
    )
    text = (here / "configs/targets.yaml").read_text()
    (here / "configs/targets.yaml").write_text(
        text.replace("simulator: true", "url: 'https://localhost:9'\n    token: NOT_SET", 1)
    )
    with service() as (url, got):
        monkeypatch.setenv("ONCALL_URL", url)
        night = run("drift", "--all-targets", "--notify")
    assert night.code == 1
    unset = "Target 'salesforce-simulator' takes its token from the environment variable NOT_SET, which is not set."
    assert night.out.splitlines()[:3] == [
        "2 targets: 1 not audited, 1 no drift.",
        "",
        f"NOT AUDITED  acme-inbound · salesforce-simulator: {unset}",
    ]
    assert "hubspot-simulator" in night.out
    assert [each["message"].splitlines()[-1] for each in got] == [
        "For: @oncall. No repeat for 7 days unless this changes."
    ]
    assert "Told oncall: 1 new." in night.err
    assert "Channel 'lost' was not told" in night.err
    assert SECRET not in night.out + night.err

    trend = run("drift", "--trend", "--since", "30d")
    assert trend.code == 0
    assert "acme-inbound · hubspot-simulator\n  ·  1 audit," in trend.out
    assert "acme-inbound · salesforce-simulator\n  ?  1 audit," in trend.out
    plain = json.loads(run("drift", "--trend", "--format", "json", "--target", "hubspot-simulator").out)
    assert [each["audits"][0]["verdict"] for each in plain["targets"]] == ["no drift"]
    again = run("notify")
    assert (again.code, "Told" in again.err) == (1, False)
