"""Print what an audit of 10, of 50 and of 200 targets costs: time on the clock, calls of each target, and the most memory in use.

Every target is a simulator of its own, served by the same process that audits it, so that the time is that of both, and
the memory too. An audit of real targets waits for them instead. Comparing 10,000 settings is in diff_scale.py.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from sla_sync.audits import database
from sla_sync.audits.kept import Verdict
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.drift import drift
from sla_sync.pipeline.night import JOBS, Asked, Pace, asked_for, night, places_of
from sla_sync.places import find_place
from sla_sync.reconcile.drift import Drift
from sla_sync.render.drift import drift_as_text
from sla_sync.targets import RECORD_VARIABLE

PROJECT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 10, 5)
SIZES = (10, 50, 200)
ALONE = (10, 50)
"""How many are audited one after another, which takes longest."""
PLATFORMS = ("salesforce", "hubspot")
GOAL = 1.25
"""How much more memory 50 targets may take than 10, one after another; without growth it is 1."""
_PEOPLE = "{president: pat, vp_marketing: morgan, vp_sales: sam, sdr_manager: kim, sdr: [ana, ben]}"
_TARGET = """\
  NAME:
    connector: PLATFORM
    binding: acme/bindings/PLATFORM.yaml
    agreements: [acme/agreement.yaml]
    simulator: true
    people: PEOPLE
"""


def prepare(folder: Path) -> None:
    """Write targets of both platforms in turn, and give each the state of one that was applied to."""
    shutil.copytree(PROJECT / "configs", folder / "configs")
    with contextlib.chdir(folder):
        for platform in PLATFORMS:
            apply(find_place(None, here=Path()), f"{platform}-simulator", environ={}, today=TODAY)
    text = "apiVersion: sla-sync/v1\nkind: Targets\ntargets:\n"
    for number in range(max(SIZES)):
        platform = PLATFORMS[number % len(PLATFORMS)]
        name = f"{platform}-{number:02}"
        shutil.copytree(folder / ".sla-sync" / f"{platform}-simulator", folder / ".sla-sync" / name)
        text += _TARGET.replace("NAME", name).replace("PLATFORM", platform).replace("PEOPLE", _PEOPLE)
    (folder / "configs" / "targets.yaml").write_text(text, encoding="utf-8")


def audit(size: int, jobs: int = JOBS, *, record: Path | None = None) -> tuple[float, int]:
    """Audit so many targets, so many at once, and return the seconds on the clock and the most memory in use, in MiB."""
    asked = asked_for(places_of((), here=Path()), ())[:size]
    environ = {RECORD_VARIABLE: str(record)} if record else {}

    def look(each: Asked) -> Drift:
        return drift(each.place, each.subject.target, environ=environ, today=TODAY)

    start = time.perf_counter()
    pace = Pace(lambda: datetime.now(UTC), time.sleep, jobs=jobs)
    with database.opened(Path(f"audits-{size}.sqlite")) as book:
        found = night(asked, look, tell=drift_as_text, pace=pace, keep=lambda each: database.record(book, "run", each))
    took = time.perf_counter() - start
    if any(each.kept.verdict is not Verdict.NO_DRIFT for each in found):
        raise SystemExit(f"An audit found what is not there: {Counter(each.kept.verdict for each in found)}")
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def calls_of_each() -> Counter[str]:
    """Return the requests of one audit of each platform, as its simulator counts them."""
    record = Path("record.jsonl")
    audit(len(PLATFORMS), record=record)
    lines = record.read_text(encoding="utf-8").splitlines()
    return Counter(next(each for each in PLATFORMS if f'"platform": "{each}"' in line) for line in lines)


def measured(folder: str, size: int, jobs: int) -> int:
    """Print what a night costs in a process of its own, and return the most memory that it had in use."""
    command = [sys.executable, __file__, str(size), str(jobs)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    took, peak = (float(each) for each in answer.stdout.split())
    print(f"  {size:>3} targets, {jobs} at once  {took:6.1f} s  each: {took / size:5.2f} s  memory: {peak:5.0f} MiB")
    return int(peak)


def main() -> None:
    """Print a line for each number of targets; the growth of the memory where one target is audited after another."""
    if len(sys.argv) > 1:
        print(*audit(int(sys.argv[1]), int(sys.argv[2])))
        return
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        prepare(Path(folder))
        print(f"targets audited on {os.cpu_count()} cores, simulators included; the most memory in use")
        for size in SIZES:
            measured(folder, size, JOBS)
        peaks = [measured(folder, size, 1) for size in ALONE]
        growth = peaks[-1] / peaks[0]
        print(f"  memory of {ALONE[-1]} over {ALONE[0]}: {growth:.2f}  goal: {GOAL:.2f}  ratio: {growth / GOAL:.2f}")
        with contextlib.chdir(folder):
            for platform, number in sorted(calls_of_each().items()):
                print(f"  calls of one audit of {platform}: {number}")


if __name__ == "__main__":
    main()
