"""Print what 500 agreements of 200 lines cost with every rule on, in one process and in two, beside octodns-validate.

octoDNS checks as many zone files of as many lines, where `make peers` has brought it; it is left out where not.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from sla_sync.diagnostics import errors_in
from sla_sync.pipeline.validate import validate
from sla_sync.places import find_place

PROJECT = Path(__file__).resolve().parents[1]
OCTODNS = PROJECT / "build" / "peers" / "bin" / "octodns-validate"
TODAY = date(2026, 11, 1)
SIZES = (125, 250, 500)
LINES = 200
PROCESSES = 2
GOAL = 1.1
"""How much dearer one agreement among 500 may be than one among 125; without growth it is 1."""


def write_agreements(folder: Path, number: int) -> list[Path]:
    """Write agreements of 200 lines, each in a folder of its own, and return their files."""
    lines = (PROJECT / "configs" / "acme" / "agreement.yaml").read_text(encoding="utf-8").splitlines()
    lines[1:1] = ["# A line that makes the file as long as the others."] * max(0, LINES - len(lines))
    paths = []
    for each in range(number):
        path = folder / f"agreement-{each:03}" / "agreement.yaml"
        path.parent.mkdir(parents=True)
        path.write_text("\n".join(lines).replace("acme-inbound", f"acme-{each:03}") + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def errors_of(path: Path) -> int:
    """Return how many errors an agreement has."""
    return len(errors_in(validate(find_place(path, here=Path.cwd()), today=TODAY).diagnostics))


def seconds(run: Callable[[], object]) -> float:
    """Return how long something took, on the clock of the wall."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def check(paths: list[Path], processes: int) -> None:
    """Validate agreements in so many processes; an error ends the measurement."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        if any(pool.imap_unordered(errors_of, paths, chunksize=5)):
            raise SystemExit("An agreement has errors; nothing is measured.")


def measure_agreements(folder: Path) -> None:
    """Print a line for each number of agreements and of processes."""
    paths = write_agreements(folder, max(SIZES))
    print(f"agreements of {LINES} lines, every rule on, seconds on the clock, start of the processes included")
    for processes in (1, PROCESSES):
        each_of: dict[int, float] = {}
        for size in SIZES:
            took = seconds(partial(check, paths[:size], processes))
            each_of[size] = took / size
            print(
                f"  {size:>3} in {processes} process{'es' if processes > 1 else '  '}  {took:6.2f}  each: {took / size:.4f}"
            )
        growth = each_of[SIZES[-1]] / each_of[SIZES[0]]
        print(
            f"      one of {SIZES[-1]} over one of {SIZES[0]}: {growth:.2f}  goal: {GOAL:.2f}  ratio: {growth / GOAL:.2f}"
        )


def write_zones(folder: Path, number: int) -> Path:
    """Write zone files of 200 lines, and return the configuration that names them."""
    zones = folder / "zones"
    zones.mkdir(parents=True)
    record = "host{0}:\n  ttl: 300\n  type: A\n  values: [192.0.2.1, 192.0.2.2]\n"
    text = "---\n" + "".join(record.format(f"-{each:03}") for each in range((LINES - 1) // 4))
    lines = [
        "providers:",
        "  here:",
        "    class: octodns.provider.yaml.YamlProvider",
        f"    directory: {zones}",
        "zones:",
    ]
    for each in range(number):
        (zones / f"zone-{each:03}.example.yaml").write_text(text, encoding="utf-8")
        lines += [f"  zone-{each:03}.example.:", "    sources: [here]", "    targets: [here]"]
    path = folder / "octodns.yaml"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def measure_zones(folder: Path) -> None:
    """Print a line for each number of zones, or why there is none."""
    if not OCTODNS.is_file():
        print("  octodns-validate is not there, so it is not measured; see the first lines of this file.")
        return
    print(f"octodns-validate, zone files of {LINES} lines, one process, start included")
    for size in SIZES:
        path = write_zones(folder / str(size), size)
        command = [str(OCTODNS), "--config-file", str(path)]
        took = seconds(partial(subprocess.run, command, check=True, capture_output=True))
        print(f"  {size:>3}                 {took:6.2f}  each: {took / size:.4f}")


def main() -> None:
    """Print the figures of both."""
    folder = Path(tempfile.mkdtemp(prefix="sla-sync-"))
    try:
        os.chdir(folder)
        measure_agreements(folder / "agreements")
        measure_zones(folder / "octodns")
    finally:
        os.chdir(PROJECT)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
