"""Print the CPU that a cold start costs over a bare interpreter: `--help`, and `validate` of configs/acme."""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("sla-sync")
RUNS = 9
GOALS = {"--help": 0.15, "validate configs/acme": 0.35}
"""Seconds of CPU over the bare interpreter."""


def cpu(arguments: list[str]) -> float:
    """Return the seconds of CPU, user and system, that one run of a command took. Raises SystemExit where it fails."""
    child = os.fork()
    if child == 0:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's machine keeps what it compiled
        os.environ["PYTHONPYCACHEPREFIX"] = str(PROJECT / "build" / "bytecode")
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.execv(arguments[0], arguments)  # noqa: S606 - no shell is wanted between the clock and the command
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed with {os.waitstatus_to_exitcode(status)}; nothing is measured.")
    return usage.ru_utime + usage.ru_stime


def median(arguments: list[str]) -> float:
    """Return the median of several runs; the first run fills the caches and is not counted."""
    cpu(arguments)
    return statistics.median(cpu(arguments) for _ in range(RUNS))


def main() -> None:
    """Print one line for each command."""
    os.chdir(PROJECT)
    bare = median([sys.executable, "-c", "pass"])
    print(f"start-up, median of {RUNS} runs, seconds of CPU; python -c pass: {bare:.3f}")
    for arguments, goal in GOALS.items():
        found = median([str(COMMAND), *arguments.split()])
        over = found - bare
        print(
            f"  sla-sync {arguments:<24} {found:.3f}  over bare: {over:.3f}  goal: {goal:.2f}  ratio: {over / goal:.2f}"
        )


if __name__ == "__main__":
    main()
