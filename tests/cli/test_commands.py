"""The commands that need no platform, and the simulator as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow


def test_help_names_every_command_and_the_exit_codes(run: Run) -> None:
    answer = run("--help")
    assert answer.code == 0
    for name in ("validate", "build", "plan", "apply", "drift", "simulator", "demo", "schema"):
        assert f"\n  {name} " in answer.out
    assert "3" in answer.out.partition("Exit codes")[2]


def test_the_example_is_valid_in_every_format(run: Run) -> None:
    assert "is valid" in run("validate").out
    findings = json.loads(run("validate", "--format", "json").out)["findings"]
    assert {each["severity"] for each in findings} == {"information"}
    assert run("validate", "configs/examples/first", "--format", "markdown").code == 0


def test_strict_makes_a_warning_count(run: Run) -> None:
    path = Path("configs/acme/agreement.yaml")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "{code: SLA615," not in line))
    assert run("validate").code == 0
    assert run("validate", "--strict").code == 1


def test_the_version_is_that_of_the_package(run: Run) -> None:
    answer = run("--version")
    assert answer.out.startswith("sla-sync ")


@pytest.mark.parametrize("kind", ["LeadSLA", "Binding", "Targets"])
def test_a_schema_is_printed_for_every_kind(run: Run, kind: str) -> None:
    assert json.loads(run("schema", "--kind", kind).out)["$schema"]


def test_an_unknown_kind_is_refused(run: Run) -> None:
    answer = run("schema", "--kind", "LeadSla")
    assert answer.code == 2
    assert "LeadSLA" in answer.err


@pytest.mark.parametrize(
    ("platform", "form", "expected"),
    [
        ("salesforce", "source", "sfdx-project.json"),
        ("salesforce", "mdapi", "package.xml"),
        ("salesforce", "json", "settings.json"),
        ("hubspot", "json", "README.md"),
    ],
)
def test_build_works_offline_and_twice_the_same(run: Run, platform: str, form: str, expected: str) -> None:
    for out in ("one", "two"):
        answer = run("build", "--platform", platform, "--format", form, "--out", out)
        assert answer.code == 0, answer.err
    one, two = (
        {path.relative_to(out).as_posix(): path.read_bytes() for path in Path(out).rglob("*") if path.is_file()}
        for out in ("one", "two")
    )
    assert one == two
    assert any(name.endswith(expected) for name in one)


@pytest.mark.parametrize("platform", ["salesforce", "hubspot"])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_served_simulator_says_one_line_locks_its_data_and_stops_on_a_signal(
    here: Path, platform: str, how: signal.Signals
) -> None:
    command = [sys.executable, "-m", "sla_sync", "simulator", "serve", "--platform", platform, "--data", "data"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            assert ready.keys() == {"platform", "url", "token", "ca", "pid"}
            assert ready["platform"] == platform
            assert ready["pid"] == process.pid
            assert (ready["ca"] is None) is ready["url"].startswith("http://")
            os.kill(process.pid, 0)
            second = subprocess.run(command, capture_output=True, text=True, check=False)
            assert second.returncode == 1
            assert "Another process serves" in second.stderr
        finally:
            process.send_signal(how)
        assert process.wait(timeout=10) == 0


def test_a_served_simulator_is_a_target_like_any_other(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [
        sys.executable, "-m", "sla_sync", "simulator", "serve",
        "--platform", "hubspot", "--data", "data", "--record", "record.jsonl",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            path = here / "configs/targets.yaml"
            head, _, tail = path.read_text().rpartition("    simulator: true\n")
            path.write_text(f"{head}    url: {ready['url']}\n    token: HUBSPOT_TOKEN\n    production: false\n{tail}")
            monkeypatch.setenv("HUBSPOT_TOKEN", ready["token"])
            assert run("apply", "--target", "hubspot-simulator", "--yes").code == 0
            assert run("drift", "--target", "hubspot-simulator").code == 0
            monkeypatch.setenv("HUBSPOT_TOKEN", "wrong-token")
            answer = run("drift", "--target", "hubspot-simulator")
            assert answer.code == 1
            assert "wrong-token" not in answer.err
            request = Request(f"{ready['url']}/crm/v3/owners", headers={"Authorization": f"Bearer {ready['token']}"})
            with urlopen(request) as response:
                assert response.status == 200
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
    record = (here / "record.jsonl").read_text()
    assert ready["token"] not in record
    assert "wrong-token" not in record
    assert {json.loads(line)["platform"] for line in record.splitlines()} == {"hubspot"}
