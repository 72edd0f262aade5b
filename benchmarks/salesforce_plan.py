"""Print what a plan costs in an org that holds 5,000 components of others, beside a retrieve by the official CLI.

    python benchmarks/salesforce_plan.py [PATH_OF_SF]

Both read the same components from the same served simulator: those that configs/acme makes. The CLI is left out where
it is not there.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.salesforce_cli import SF, signed_in
from sla_sync.connector.simulation import Running, serve
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.build import build
from sla_sync.pipeline.look import look
from sla_sync.places import Place, find_place
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.organization import Component, load, save

PROJECT = Path(__file__).resolve().parents[1]
TARGET = "salesforce-simulator"
TODAY = date(2026, 10, 5)
CLOCK = datetime(2026, 10, 1, tzinfo=UTC)
GOAL = 14
"""Calls of one plan without those that ask whether a job is done, whatever stands in the org."""
OTHERS = {"CustomField": 3_000, "ValidationRule": 900, "Flow": 600, "Report": 500}
"""How many components of others stand beside ours, by type."""
OBJECTS = ("Account", "Campaign", "Contact", "Lead", "Opportunity")
RUNS = 3
_POLLS = ("checkRetrieveStatus", "checkDeployStatus")
_OPERATION = re.compile(r"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)")


def crowd(data: Path, others: Mapping[str, int] = OTHERS, objects: Sequence[str] = OBJECTS) -> int:
    """Put components of others into the state of an org, copies of ours under other names, and return how many."""
    organization = load(data)
    if organization is None:
        raise SystemExit(f"No org is kept in {data}.")
    for type_name, wanted in others.items():
        components = organization.of(type_name)
        models = [(name, each) for name, each in components.items() if "/" in name or type_name != "Report"]
        for number in range(wanted):
            name, model = models[number % len(models)]
            copied = _unmarked(copy.deepcopy(model))
            copied.id = organization.new_id("FlowDefinition" if type_name == "Flow" else type_name)
            components[_other(type_name, name, number, objects)] = copied
    save(organization, data)
    return sum(others.values())


def _unmarked(component: Component) -> Component:
    """Return a component without the mark by which it would be ours."""
    for values in (component.values, *(each.values for each in component.versions)):
        values.pop("description", None)
    return component


def _other(type_name: str, name: str, number: int, objects: Sequence[str]) -> str:
    if type_name == "Flow":
        return f"Team_Flow_{number:04}"
    if type_name == "Report":
        return f"{name.partition('/')[0]}/Team_Report_{number:04}"
    suffix = "__c" if type_name == "CustomField" else ""
    return f"{objects[number % len(objects)]}.Team_{number:04}{suffix}"


def kinds(record: Path) -> Counter[str]:
    """Return the recorded calls by what they ask: the operation of the Metadata API, else the path."""
    counted: Counter[str] = Counter()
    for line in record.read_text("utf-8").splitlines():
        call = json.loads(line)
        operation = _OPERATION.search(call["body"]) if isinstance(call["body"], str) else None
        asked = re.search(r"FROM (\w+)", call["query"].get("q", ""))
        path = re.sub(r"/[a-zA-Z0-9]{18}(?=/|$)", "/{id}", call["path"])
        counted[operation[1] if operation else f"{path} {asked[1] if asked else ''}".strip()] += 1
    return counted


def tell(title: str, counted: Counter[str], seconds: float) -> None:
    """Print how many calls were made and of which kinds, and what they took."""
    polls = sum(counted[each] for each in _POLLS)
    print(f"  {title:<22} {seconds:6.2f} s  {counted.total() - polls:>3} calls and {polls} polls")
    for kind, times in sorted(counted.items()):
        print(f"      {times:>3} × {kind}")


def place_of(folder: Path, running: Running) -> Place:
    """Return the documents of acme beside a target that is this served org."""
    targets = folder / "configs" / "targets.yaml"
    served = json.dumps({"url": running.url, "token": "TOKEN", "ca": str(running.ca)})
    targets.write_text(
        (PROJECT / "configs" / "targets.yaml").read_text("utf-8").replace("simulator: true", f"simulator: {served}", 1),
        "utf-8",
    )
    return Place(folder / "configs" / "acme" / "agreement.yaml", targets, folder / "state")


def planned(folder: Path) -> tuple[float, Counter[str]]:
    """Return the seconds and the calls of one plan in a new conversation; what it finds must be nothing."""
    record = folder / "plan.jsonl"
    record.unlink(missing_ok=True)
    with serve(simulator, folder / "org", clock=CLOCK, record=record) as running:
        place = place_of(folder, running)
        start = time.perf_counter()
        with look(place, TARGET, environ={"TOKEN": running.token}, today=TODAY) as sight:
            took = time.perf_counter() - start
            if sight.plan.changes:
                raise SystemExit(f"The plan after an apply is not empty: {sight.plan.changes[0].address}.")
    return took, kinds(record)


def retrieved(sf: Path, folder: Path) -> tuple[float, Counter[str]]:
    """Return the seconds and the calls that the CLI needs for the same components, its sign-in left out."""
    project, acme = folder / "project", find_place(PROJECT / "configs" / "acme", here=PROJECT)
    files = build(acme, platform="salesforce", form="source", today=TODAY)
    for path, content in files.items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    package = build(acme, platform="salesforce", form="mdapi", today=TODAY)
    manifest = project / "package.xml"
    manifest.write_bytes(next(content for path, content in package.items() if path.endswith("package.xml")))
    record = folder / "cli.jsonl"
    with serve(simulator, folder / "org", clock=CLOCK, record=record) as running:
        environment = signed_in(sf, folder, project, running)
        record.unlink()
        start = time.perf_counter()
        arguments = ("project", "retrieve", "start", "--manifest", str(manifest), "--target-org", "org")
        subprocess.run([str(sf), *arguments], cwd=project, env=environment, check=True, capture_output=True)
        took = time.perf_counter() - start
    return took, kinds(record)


def main(sf: Path) -> None:
    """Apply, crowd the org, and print both."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as scratch:
        folder = Path(scratch)
        shutil.copytree(PROJECT / "configs", folder / "configs")
        with serve(simulator, folder / "org", clock=CLOCK) as running:
            apply(place_of(folder, running), TARGET, environ={"TOKEN": running.token}, today=TODAY)
        ours = sum(len(each) for each in (load(folder / "org") or sys.exit("Nothing was applied.")).metadata.values())
        print(f"an org with {ours} components of configs/acme and {crowd(folder / 'org')} of others")
        runs = [planned(folder) for _ in range(RUNS)]
        took, counted = min(runs, key=lambda each: each[0])
        tell("plan", counted, took)
        calls = counted.total() - sum(counted[each] for each in _POLLS)
        print(f"  calls of a plan: {calls}  goal: {GOAL}  ratio: {calls / GOAL:.2f}")
        if not sf.exists():
            print(f"  {sf} is not there, so the official CLI is not measured; `make official-cli` installs it.")
            return
        cli_took, cli_counted = retrieved(sf, folder)
        tell("sf project retrieve", cli_counted, cli_took)
        print(f"  a plan over a retrieve by the CLI: {took / cli_took:.2f} of its seconds")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else SF)
