"""Whether the campaign and the law notice a mistake: each mutant in a process of its own, until it is found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.mutants import CAMPAIGN, MUTANTS, TRIED
from tests.mistakes import Mutant, install

SCHEDULES, EXAMPLES = 600, 6000
"""After how many of them nobody looks any longer."""


@dataclass(frozen=True)
class Proof:
    """What became of one mutant."""

    mutant: Mutant
    found: str
    """After how much it was found, in words; empty where it was not."""
    said: str


def prove(processes: int, named: str = "") -> Iterator[Proof]:
    """Yield what becomes of each mutant."""
    with ThreadPoolExecutor(processes) as pool:
        yield from pool.map(partial(_prove), [each for each in MUTANTS if named in each.name])


def _prove(mutant: Mutant) -> Proof:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--mutant", mutant.name], capture_output=True, text=True, check=False
    )
    found, _, said = answer.stdout.strip().partition("\n")
    return Proof(mutant, found if answer.returncode == 1 else "", said or answer.stderr[-500:])


def meet(name: str) -> int:
    """Look for one mutant in this process; print after how much it was found and what was said, and return 1 then."""
    mutant = next(each for each in MUTANTS if each.name == name)
    with TemporaryDirectory() as folder:
        install(mutant, Path(folder))
        return _sail_until_found(mutant) if mutant.by == CAMPAIGN else _live_until_found()


def _sail_until_found(mutant: Mutant) -> int:
    from tests.chaos.campaign import NOT_SAILED, guarded
    from tests.chaos.jobs import JOBS, OF
    from tests.chaos.schedule import schedules
    from tests.chaos.stage import clear

    platform = "hubspot" if "HubSpot" in mutant.name or "hubspot" in mutant.module else ""
    platform = "salesforce" if "salesforce" in mutant.module else platform
    tried, jobs = 0, TRIED.get(mutant.name, JOBS)
    try:
        for each in schedules(1, 10 * SCHEDULES, OF):
            if each.job not in jobs or (platform and each.platform != platform):
                continue
            tried += 1
            voyage = guarded(each)
            if (
                voyage.faults and voyage.code != NOT_SAILED
            ):  # what keeps the campaign itself from going on proves nothing
                print(f"{tried} schedules, by «{each.job}»", voyage.faults[0][:300], sep="\n")
                return 1
            if tried == SCHEDULES:
                return 0
    finally:
        clear()
    return 0


def _live_until_found() -> int:
    from tests.chaos.law import live
    from tests.laws.protocol import TALLY

    error = live(EXAMPLES)
    if error is None:
        return 0
    print(f"{TALLY.steps:,} steps", error, sep="\n")
    return 1
