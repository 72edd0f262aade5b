"""Thousands of schedules of faults over both simulators, the law of the protocol, and mistakes that both must find.

python -m tests.chaos --schedules 3000 --seed 1     the campaign
python -m tests.chaos --law 4000                    the stateful law, so many examples
python -m tests.chaos --mutants                     every mistake, until it is found
python -m tests.chaos --script FILE                 one schedule that failed, once more
With --write the figures go into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; return 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--schedules", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--law", type=int, metavar="EXAMPLES")
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--mutant", metavar="NAME", help=argparse.SUPPRESS)
    parser.add_argument("--script", type=Path, metavar="FILE")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/reliability.md")
    asked = parser.parse_args(arguments)
    if asked.mutant:
        from tests.chaos.proof import meet

        return meet(asked.mutant)
    if asked.script:
        return _repeat(asked.script)
    failed = False
    if asked.schedules:
        failed |= _campaign(asked.seed, asked.schedules, processes=asked.processes, write=asked.write)
    if asked.law:
        failed |= _law(asked.law, write=asked.write)
    if asked.mutants:
        failed |= _mutants(asked.processes, write=asked.write)
    return int(failed)


def _campaign(seed: int, count: int, *, processes: int, write: bool) -> bool:
    from tests.chaos import report
    from tests.chaos.campaign import run

    began = time.monotonic()
    log = run(seed, count, processes=processes, tell=_tell)
    command = f"python -m tests.chaos --schedules {count} --seed {seed}"
    text = report.campaign(log, command, time.monotonic() - began)
    report.publish("campaign", text, write=write)
    return bool(log.broken)


def _law(examples: int, *, write: bool) -> bool:
    from tests.chaos import report
    from tests.chaos.law import live
    from tests.laws.protocol import TALLY

    began = time.monotonic()
    error = live(examples)
    text = report.law(TALLY, examples, f"python -m tests.chaos --law {examples}", time.monotonic() - began)
    if error is not None:
        print(error)
        return True
    report.publish("law", text, write=write)
    return False


def _mutants(processes: int, *, write: bool) -> bool:
    from tests.chaos import report
    from tests.chaos.proof import prove

    proofs = []
    for each in prove(processes):
        proofs.append(each)
        _tell(f"{each.mutant.name}: {each.found or 'not found'}\n  {each.said[:200]}")
    report.publish("mutants", report.mutants(proofs, "python -m tests.chaos --mutants"), write=write)
    return not all(each.found for each in proofs)


def _repeat(path: Path) -> int:
    from tests.chaos.campaign import guarded, saved
    from tests.chaos.stage import clear

    voyage = guarded(saved(path))
    clear()
    print(voyage.schedule.name, f"exit code {voyage.code}", sep="\n")
    for each in voyage.happened:
        print(f"  request {each.number}, {each.method} {each.path}: {each.fault}")
    for fault in voyage.faults:
        print(f"  - {fault}")
    return int(bool(voyage.faults))


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
