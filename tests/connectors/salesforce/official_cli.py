"""Drives the simulator with the official Salesforce CLI: sign in, validate, quick-deploy, deploy, retrieve, query.

    python tests/connectors/salesforce/official_cli.py PATH_OF_SF [PROJECT]

PROJECT is a folder with an sfdx-project.json. Without it two are driven: the sample project of the tests, and
what `sla-sync build` writes of configs/acme, after which `plan` and `drift` must understand what the CLI left. Prints
what the CLI prints, and exits with 1 when a command fails or something that was deployed does not come back.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from benchmarks.salesforce_cli import environment_of
from sla_sync.connector.simulation import Running, serve
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.api.routes import route
from sla_sync_salesforce.simulator.sources import ENDPOINTS
from sla_sync_salesforce.types import RECORDS

SAMPLE = Path(__file__).parent / "simulator" / "project"
CONFIGS = Path(__file__).parents[3] / "configs"
ALIAS = "simulated"
NAME = "Salesforce CLI"
LEFT_OUT = Counter({("/StandardValueSet/standardValue/isActive", "true"): 1000})
"""What the org does not write because it goes without saying."""


def run(sf: Path, arguments: list[str], *, home: Path, folder: Path, running: Running) -> str:
    """Run one command, print it with its output, and return the output. Exits where it fails."""
    print(f"$ sf {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [str(sf), *arguments],
        cwd=folder,
        env=environment_of(sf, home, running),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    print(done.stdout + done.stderr, flush=True)
    if done.returncode != 0:
        sys.exit(f"The command failed with exit code {done.returncode}.")
    return done.stdout


def leaves(path: Path) -> Counter[tuple[str, str]]:
    """Return what a file says, element by element; the whole text of a file that is not XML."""
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError:
        return Counter([("", path.read_text("utf-8").strip())])

    def walk(element: ET.Element, trail: str) -> Iterator[tuple[str, str]]:
        here = f"{trail}/{element.tag.rpartition('}')[2]}"
        if len(element) == 0:
            yield here, element.text or ""
        for child in element:
            yield from walk(child, here)

    return Counter(walk(root, ""))


def compare(deployed: Path, retrieved: Path) -> tuple[list[str], int]:
    """Return what was deployed and did not come back, and how many members the org wrote in."""
    missing, added = [], 0
    for path in sorted(each for each in deployed.rglob("*") if each.is_file()):
        name, other = path.relative_to(deployed), retrieved / path.relative_to(deployed)
        if not other.exists():
            missing.append(f"{name} did not come back")
            continue
        sent, back = leaves(path), leaves(other)
        missing += [
            f"{name}: {where} «{text}» did not come back" for where, text in (sent - back - LEFT_OUT).elements()
        ]
        added += (back - sent).total()
    return missing, added


def answered(calls: Iterable[tuple[str, str]]) -> set[str]:
    """Return which endpoints of the simulator answered these (method, path)."""
    found = set()
    for method, path in calls:
        environ = EnvironBuilder(path=path, method=method).get_environ()
        found.add("versions" if path.rstrip("/") == "/services/data" else route(Request(environ))[0])
    return found


def go_round(sf: Path, project: Path, audit: Callable[[Running, Path], None] | None = None) -> None:
    """Sign in, validate, deploy, query and retrieve one project, and compare; then audit what the CLI left behind."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        home, folder = root / "home", root / "project"
        home.mkdir()
        shutil.copytree(project, folder)
        package = json.loads((folder / "sfdx-project.json").read_text("utf-8"))["packageDirectories"][0]["path"]
        with serve(simulator, root / "data", clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:

            def sf_does(*arguments: str) -> str:
                return run(sf, list(arguments), home=home, folder=folder, running=running)

            target = ("--target-org", ALIAS)
            sf_does("org", "login", "access-token", "--instance-url", running.url, "--no-prompt", "--alias", ALIAS)
            deploy = ("--source-dir", package, *target, "--wait", "2")
            validated = sf_does("project", "deploy", "validate", *deploy, "--test-level", "RunLocalTests")
            job = re.search(r"\b0Af\w{15}\b", validated)
            if job is None:
                sys.exit("The validation named no job.")
            sf_does("project", "deploy", "quick", "--job-id", job.group(), *target, "--wait", "2")
            sf_does("project", "deploy", "start", *deploy)
            query = "SELECT Id, Display, CreatedBy.Username FROM SetupAuditTrail ORDER BY CreatedDate DESC LIMIT 5"
            sf_does("data", "query", "--query", query, *target)
            tooling = "SELECT DeveloperName, ActiveVersion.VersionNumber FROM FlowDefinition"
            sf_does("data", "query", "--query", tooling, "--use-tooling-api", *target)
            deployed = root / "deployed"
            shutil.copytree(folder / package, deployed)
            sf_does("project", "retrieve", "start", "--source-dir", package, *target, "--wait", "2")
            missing, added = compare(deployed, folder / package)
            print(f"{running.requests} requests, {running.application.state_changes} of them changed the org.")
            if missing:
                sys.exit("\n".join(missing))
            print(f"Everything came back as it was deployed; the org wrote in {added} defaults of its own.")
            claimed = {each for each, source in ENDPOINTS.items() if NAME in source}
            if answered(running.calls) != claimed:
                sys.exit(f"{NAME} used {sorted(answered(running.calls))}, and `sources.py` says {sorted(claimed)}.")
            if audit is not None:
                audit(running, root)


def sla_sync(*arguments: str, folder: Path, token: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command of ours and print it with its output."""
    print(f"$ sla-sync {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "sla_sync", *arguments],
        cwd=folder,
        env={**os.environ, "TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout + done.stderr, flush=True)
    return done


def drift_is_explained(running: Running, root: Path) -> None:
    """Audit what the CLI deployed: only records are left to do, and an edit is told from what was applied."""
    shutil.copytree(CONFIGS, root / "configs")
    targets = root / "configs" / "targets.yaml"
    served = json.dumps({"url": running.url, "token": "TOKEN", "ca": str(running.ca)})
    targets.write_text(targets.read_text("utf-8").replace("simulator: true", f"simulator: {served}", 1), "utf-8")
    target = ("--target", "salesforce-simulator", "--format", "json")
    planned = json.loads(sla_sync("plan", *target, folder=root, token=running.token).stdout)
    left = {each["address"].partition("/")[0] for each in planned["changes"]}
    if not left <= RECORDS:
        sys.exit(f"After the CLI's deployment more than records is left to do: {sorted(left - RECORDS)}.")
    edits = simulator.administer(running)
    found = json.loads(sla_sync("drift", *target, folder=root, token=running.token).stdout)["findings"]
    # People are no part of a package, so that they wait to be applied and nobody is in a queue yet.
    drifted = [each for each in found if each["class"] not in {"pending", "people"}]
    if len(drifted) != len(edits) or any(each["applied"] != each["agreed"] for each in drifted):
        sys.exit("Drift did not tell the administrator's edits from what the CLI deployed.")
    print(f"{len(edits)} edits made, {len(drifted)} found, each with the value that the CLI's deployment had applied.")


def main(sf: Path, project: Path | None) -> None:
    """Go round with one project, or with the sample of the tests and with what `sla-sync build` writes."""
    if project is not None:
        go_round(sf, project)
        return
    go_round(sf, SAMPLE)
    with tempfile.TemporaryDirectory() as scratch:
        built = Path(scratch) / "built"
        arguments = ("build", str(CONFIGS / "acme"), "--platform", "salesforce", "--format", "source")
        if sla_sync(*arguments, "--out", str(built), folder=CONFIGS.parent).returncode:
            sys.exit("Nothing was built.")
        go_round(sf, built, drift_is_explained)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
