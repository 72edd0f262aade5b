"""Print what the diff and the plan of 10,000 settings take, all in memory: half match, the rest differ or are missing."""

from __future__ import annotations

import statistics
import time

from benchmarks.settings import AGREEMENT, world
from sla_sync.connector import Snapshot, Translation
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync.testing.memory import TYPES, MemoryReader

SETTINGS = 10_000
RUNS = 5
GOAL = 1.0
"""Seconds for the diff and the plan."""


def measure(translation: Translation, snapshot: Snapshot) -> tuple[float, Plan]:
    """Return the seconds that one plan took, and the plan."""
    start = time.perf_counter()
    plan = make_plan(translation, snapshot, TYPES, target="memory", agreement=AGREEMENT, agreement_digest="0" * 64)
    return time.perf_counter() - start, plan


def main() -> None:
    """Print one line."""
    translation, platform = world(SETTINGS)
    snapshot = MemoryReader(platform).read(addresses_of(translation.desired))
    found = [measure(translation, snapshot) for _ in range(RUNS)]
    seconds = statistics.median(each for each, _ in found)
    plan = found[0][1]
    print(f"diff and plan of {SETTINGS:,} settings in memory, median of {RUNS} runs, seconds")
    print(
        f"  {len(plan.changes):,} changes, {plan.matched:,} settings match: {seconds:.2f}"
        f"  goal: {GOAL:.2f}  ratio: {seconds / GOAL:.2f}"
    )


if __name__ == "__main__":
    main()
