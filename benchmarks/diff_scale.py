"""Print what the diff and the plan of 10,000 settings take, all in memory: half match, the rest differ or are missing."""

from __future__ import annotations

import statistics
import time

from sla_sync.connector import Address, Desired, Live, Snapshot, Translation, Values, describe
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.testing.memory import TYPES

SETTINGS = 10_000
RUNS = 5
GOAL = 1.0
"""Seconds for the diff and the plan."""
AGREEMENT = "scale"


def field(number: int, length: int) -> Values:
    """Return a field as a platform shows it: a dozen values, some of them in a list."""
    return {
        "label": f"Field {number}",
        "type": "text",
        "length": length,
        "description": describe(f"What field {number} means.", AGREEMENT, limit=1000),
        "options": [{"value": f"option_{index}", "label": f"Option {index}"} for index in range(3)],
    }


def world() -> tuple[Translation, Snapshot]:
    """Return what is asked for, and a platform that holds half of it as asked, a quarter changed, a quarter not at all."""
    desired: list[Desired] = []
    live: dict[Address, Live] = {}
    for number in range(SETTINGS):
        address = Address("Field", f"field_{number:05}")
        requires = (desired[-1].address,) if number % 10 else ()
        desired.append(Desired(address, field(number, 80), requires))
        if number % 4 != 3:
            live[address] = Live(
                address, field(number, 40 if number % 4 == 2 else 80), handle=str(number), managed=True
            )
    return Translation(tuple(desired)), Snapshot(live)


def measure(translation: Translation, snapshot: Snapshot) -> tuple[float, Plan]:
    """Return the seconds that one plan took, and the plan."""
    start = time.perf_counter()
    plan = make_plan(translation, snapshot, TYPES, target="memory", agreement=AGREEMENT, agreement_digest="0" * 64)
    return time.perf_counter() - start, plan


def main() -> None:
    """Print one line."""
    translation, snapshot = world()
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
