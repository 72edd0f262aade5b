"""Print how many requests the simulators count while a plan of configs/acme is made: on an empty platform, and after apply."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.look import look
from sla_sync.places import Place, find_place

PROJECT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 10, 5)
GOALS = {"salesforce-simulator": 14, "hubspot-simulator": 18}
"""Requests of one plan, whatever the number of settings; paging and polling aside."""


def requests_of_a_plan(place: Place, target: str) -> Counter[str]:
    """Return the requests of one plan, by method and path."""
    with look(place, target, environ={}, today=TODAY, foresee=True) as sight:
        running = sight.target.simulator
        if running is None:
            raise SystemExit(f"Target {target} has no simulator to count with.")
        return Counter(f"{method} {path}" for method, path in running.calls)


def tell(target: str, when: str, counted: Counter[str]) -> None:
    """Print the number beside its goal, and what it is made of."""
    total, goal = counted.total(), GOALS[target]
    print(f"  {target:<22} {when:<15} {total:>3}  goal: {goal:>3}  ratio: {total / goal:.2f}")
    for call, times in counted.most_common():
        print(f"      {times:>3} × {call}")


def main() -> None:
    """Print two numbers for each platform."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        shutil.copytree(PROJECT / "configs", Path(folder) / "configs")
        print("requests of a plan, as the simulators count them, paging and polling included")
        with contextlib.chdir(folder):
            place = find_place(None, here=Path())
            for target in GOALS:
                tell(target, "empty platform", requests_of_a_plan(place, target))
                apply(place, target, environ={}, today=TODAY)
                tell(target, "after apply", requests_of_a_plan(place, target))


if __name__ == "__main__":
    main()
