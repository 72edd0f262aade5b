"""Print what it costs to make histories: a million leads that all qualify, and ten million legs alone, on the disk."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

GOALS = {"leads": (1_000_000, 60), "legs": (10_000_000, 60)}
"""How many, and in how many seconds."""
MEMORY = 2048
"""The goal for the most memory in use, in MiB."""


def make(kind: str, number: int, folder: Path) -> None:
    """Make a history in this process, and print seconds, legs, MiB in use and MiB on the disk."""
    from sla_sync.synthetic.history import write_history
    from sla_sync.synthetic.many import write_legs
    from sla_sync.synthetic.parameters import Parameters

    start = time.perf_counter()
    if kind == "legs":
        legs = write_legs(Parameters(), number, folder).legs
    else:
        sources = tuple(replace(each, qualifies=1.0) for each in Parameters().sources)
        truth = write_history(Parameters(leads=number, sources=sources), folder)
        everything = truth.first_response["all"]["all"]
        legs = everything.judged + everything.running + everything.early + everything.void
    took = time.perf_counter() - start
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) >> 20
    print(took, legs, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, size)


def main() -> None:
    """Print a line for each kind, made in a process of its own."""
    if len(sys.argv) > 1:
        make(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
        return
    print(f"synthetic histories written to Parquet on {os.cpu_count()} cores; goal for memory: {MEMORY} MiB")
    for kind, (number, goal) in GOALS.items():
        with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
            command = [sys.executable, __file__, kind, str(number), f"{folder}/history"]
            answer = subprocess.run(command, check=True, capture_output=True, text=True)
        took, legs, peak, size = (float(each) for each in answer.stdout.split())
        print(
            f"  {number:>10,} {kind:5}  {took:5.1f} s  goal: {goal} s  ratio: {took / goal:.2f}  "
            f"legs: {legs:,.0f}  a second: {legs / took:,.0f}  memory: {peak:.0f} MiB  disk: {size:.0f} MiB"
        )


if __name__ == "__main__":
    main()
