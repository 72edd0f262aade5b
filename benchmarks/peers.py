"""Print what others of this kind take for the nearest thing that they do, in one run with ours: octoDNS, Salesforce's CLI.

    python -m benchmarks.peers [octodns] [salesforce]

`make peers` brings them into build/. pandas with business-duration is in attainment.py. What is compared is not equal:

- octoDNS plans records of a zone: a name, a type, a time to live and two values. A setting of ours has more values and a list
  with keys, and its fingerprint is taken too. Both begin with as many entries in one file of YAML, and another for what is there;
  half match, a quarter differ, a quarter are missing. Start of the process included. Our own loader knows the line of each word
  and refuses files of that size; here PyYAML's reads both.
- The CLI retrieves and deploys files; it compares nothing, and asks nobody. Ours reads, compares, rehearses, locks and keeps
  a manifest; after the deployment it assigns people. Both are commands, start of Python or Node included, against the same
  simulator in a third process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.growth import sloped
from benchmarks.salesforce_cli import SF, signed_in
from benchmarks.salesforce_plan import CLOCK, PROJECT, TARGET, place_of
from sla_sync.connector.simulation import serve
from sla_sync.pipeline.build import build
from sla_sync.places import find_place

OCTODNS = PROJECT / "build" / "peers" / "bin"
SIZES = (1_000, 10_000, 20_000)
_PLAN = """
import sys
from pathlib import Path
import gc
gc.set_threshold(50_000, 20, 20)
import yaml
from sla_sync.connector import Address, Desired, Live, Snapshot, Translation
from sla_sync.reconcile.plan import make_plan
from sla_sync.render.plan import plan_as_text
from sla_sync.testing.memory import TYPES
asked, there = (yaml.load(Path(each).read_text("utf-8"), yaml.CSafeLoader) for each in sys.argv[1:3])
desired = tuple(Desired(Address("Field", name), values) for name, values in asked.items())
live = {Address("Field", name): Live(Address("Field", name), values, handle="h", managed=True) for name, values in there.items()}
plan = make_plan(
    Translation(desired), Snapshot(live), TYPES, target="memory", agreement="scale", agreement_digest="0" * 64
)
print(plan_as_text(plan))
"""


def main(asked: Sequence[str]) -> None:
    """Print the figures of those that are asked for; all where none is."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        if not asked or "octodns" in asked:
            octodns(Path(folder))
        if not asked or "salesforce" in asked:
            salesforce(Path(folder))


def octodns(folder: Path) -> None:
    """Print what validating and planning of as many records, and planning of as many settings take."""
    if not (OCTODNS / "octodns-sync").is_file():
        raise SystemExit("octoDNS is not there: run `make peers`.")
    taken: dict[str, list[tuple[float, int]]] = {"octodns-validate": [], "octodns-sync": [], "our engine": []}
    for size in SIZES:
        config, ours = _zone(folder / str(size), size), _settings(folder / str(size), size)
        arguments = ["--config-file", str(config)]
        taken["octodns-validate"].append(_spent([str(OCTODNS / "octodns-validate"), *arguments]))
        taken["octodns-sync"].append(_spent([str(OCTODNS / "octodns-sync"), *arguments, "--force"]))
        taken["our engine"].append(_spent([sys.executable, "-c", _PLAN, *map(str, ours)]))
    print("a plan of as many records or settings, from YAML to YAML; seconds of the processor, and the most memory")
    print(f"{'entries':<28}" + "".join(f"{each:>18,}" for each in SIZES) + f"{'slope':>8}")
    for name, costs in taken.items():
        cells = "".join(f"{seconds:>8.2f} {peak:>5,} MiB" for seconds, peak in costs)
        print(f"  {name:<26}{cells}{sloped(SIZES, [each for each, _ in costs]):>8}")


def _zone(folder: Path, size: int) -> Path:
    """Write a zone twice, half alike, and return the configuration that makes the one like the other."""
    for name in ("asked", "there"):
        (folder / name).mkdir(parents=True)
    record = "host-{0:05}:\n  ttl: {1}\n  type: A\n  values: [192.0.2.1, 192.0.2.2]\n"
    asked = "".join(record.format(each, 300) for each in range(size))
    there = "".join(record.format(each, 600 if each % 4 == 2 else 300) for each in range(size) if each % 4 != 3)
    (folder / "asked" / "scale.example.yaml").write_text(f"---\n{asked}", "utf-8")
    (folder / "there" / "scale.example.yaml").write_text(f"---\n{there}", "utf-8")
    path = folder / "octodns.yaml"
    path.write_text(
        "".join(
            [
                "providers:\n",
                *(
                    f"  {name}: {{class: octodns.provider.yaml.YamlProvider, directory: {folder / name}}}\n"
                    for name in ("asked", "there")
                ),
                "zones:\n  scale.example.: {sources: [asked], targets: [there]}\n",
            ]
        ),
        "utf-8",
    )
    return path


def _settings(folder: Path, size: int) -> tuple[Path, Path]:
    """Write as many settings twice, half alike."""
    entry = (
        "field_{0:05}:\n  label: Field {0}\n  type: text\n  length: {1}\n"
        "  options: [{{value: one, label: One}}, {{value: two, label: Two}}]\n"
    )
    asked, there = folder / "asked.yaml", folder / "there.yaml"
    asked.write_text("".join(entry.format(each, 80) for each in range(size)), "utf-8")
    present = (each for each in range(size) if each % 4 != 3)
    there.write_text("".join(entry.format(each, 40 if each % 4 == 2 else 80) for each in present), "utf-8")
    return asked, there


def salesforce(folder: Path) -> None:
    """Print what the CLI takes to deploy and to retrieve the settings of acme, and what ours takes to apply and to plan."""
    from sla_sync_salesforce.simulator import simulator

    if not SF.exists():
        raise SystemExit("Salesforce's CLI is not there: run `make official-cli`.")
    shutil.copytree(PROJECT / "configs", folder / "configs")
    acme = find_place(PROJECT / "configs" / "acme", here=PROJECT)
    project = folder / "project"
    for path, content in build(acme, platform="salesforce", form="source").items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(content)
    package = build(acme, platform="salesforce", form="mdapi")
    manifest = project / "package.xml"
    manifest.write_bytes(next(content for path, content in package.items() if path.endswith("package.xml")))
    (root,) = json.loads((project / "sfdx-project.json").read_text("utf-8"))["packageDirectories"]
    command = str(Path(sys.executable).with_name("sla-sync"))
    print("the settings of configs/acme on one simulated org; seconds on the clock, of the processor, and requests")
    with ExitStack() as opened:
        orgs = []
        for name in ("theirs", "ours"):
            (folder / name).mkdir()
            record = folder / f"{name}.jsonl"
            orgs.append((opened.enter_context(serve(simulator, folder / name, clock=CLOCK, record=record)), record))
        (their, their_record), (our, our_record) = orgs
        environment = signed_in(SF, folder, project, their)
        place_of(folder, our)
        environ = {**os.environ, "TOKEN": our.token}
        to = ("--target-org", "org")
        steps = (
            ("sf project deploy start", [str(SF), "project", "deploy", "start", "--source-dir", root["path"], *to], 0),
            ("sla-sync apply", [command, "apply", "--target", TARGET, "--yes", "--today", "2026-10-05"], 1),
            (
                "sf project retrieve start",
                [str(SF), "project", "retrieve", "start", "--manifest", str(manifest), *to],
                0,
            ),
            ("sla-sync plan", [command, "plan", "--target", TARGET, "--today", "2026-10-05"], 1),
        )
        for name, arguments, which in steps:
            record = (their_record, our_record)[which]
            before, began = _lines(record), time.perf_counter()
            where = (project, folder)[which]
            worked, _ = _spent(arguments, where, (environment, environ)[which])
            took = time.perf_counter() - began
            print(f"  {name:<28}{took:>8.2f} s {worked:>8.2f} s {_lines(record) - before:>5} requests")


def _lines(record: Path) -> int:
    return record.read_text("utf-8").count("\n") if record.exists() else 0


def _spent(
    command: Sequence[str], where: Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[float, int]:
    """Return the seconds of the processor that a command took, and the most memory that it had, in MiB."""
    child = subprocess.Popen(
        command, cwd=where, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    said = child.stderr.read() if child.stderr else ""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(command[:4])} failed: {said[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10


if __name__ == "__main__":
    main(sys.argv[1:])
