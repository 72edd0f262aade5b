"""Measures what docs/performance.md states, and writes it between its marks there: all but the long ones, or those named."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "performance.md"
MEASURED: Mapping[str, str] = {
    "start-up": "python benchmarks/startup.py",
    "settings": "python -m benchmarks.settings",
    "agreements": "python -m benchmarks.agreements",
    "calls": "python benchmarks/plan_calls.py",
    "org": "python -m benchmarks.limits salesforce",
    "portal": "python -m benchmarks.limits hubspot",
    "reports": "python -m benchmarks.reports",
    "pack": "python -m benchmarks.pack",
    "turns": "python -m benchmarks.turns duckdb",
    "octodns": "python -m benchmarks.peers octodns",
    "cli": "python -m benchmarks.peers salesforce",
}
"""What is measured by name, with the command that prints it."""
LONG: Mapping[str, str] = {
    "nights": "python benchmarks/audit_targets.py",
    "pandas": "PYTHONPATH=build/peers/site python benchmarks/attainment.py",
    "spark": "PYTHONPATH=build/spark/site python -m benchmarks.turns spark --sizes 1000000,10000000",
}
"""What takes minutes."""
_BUSY = 0.25
"""The share of all processors above which others worked on the machine too."""


def main(names: Sequence[str]) -> None:
    """Measure, and write each figure as soon as it is there."""
    every = {**MEASURED, **LONG}
    unknown = [each for each in names if each not in every]
    if unknown:
        raise SystemExit(f"Nothing is called {unknown[0]}; there are {', '.join(every)}.")
    for name in names or MEASURED:
        busy, began = _busy(), time.perf_counter()
        said = _printed(every[name])
        took = time.perf_counter() - began
        PAGE.write_text(written(PAGE.read_text("utf-8"), name, _block(every[name], said, busy)), "utf-8")
        print(f"{name:<12} {took:6.0f} s", flush=True)


def written(page: str, name: str, block: str) -> str:
    """Return the page with a figure in its place. Raises SystemExit where it has none."""
    found, count = re.subn(
        rf"(<!-- measured: {name} -->\n).*?(<!-- end -->)",
        lambda found: found[1] + block + found[2],
        page,
        flags=re.DOTALL,
    )
    if count != 1:
        raise SystemExit(f"{PAGE.name} has {count} places for {name}.")
    return found


def _busy() -> float:
    """Return the share of all processors that is used in the second before a measurement; 0 where no system tells it."""
    try:
        before = _processors()
        time.sleep(1)
        after = _processors()
    except OSError:
        return 0.0
    idle, all_of_it = after[0] - before[0], after[1] - before[1]
    return 1 - idle / all_of_it if all_of_it else 0.0


def _processors() -> tuple[int, int]:
    """Return how long all processors were idle, and how long they were there (Linux, proc(5))."""
    times = [int(each) for each in Path("/proc/stat").read_text("utf-8").splitlines()[0].split()[1:]]
    return times[3] + times[4], sum(times)


def _block(command: str, said: str, busy: float) -> str:
    others = f", while others used {busy:.0%} of them" if busy > _BUSY else ""
    return (
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores{others}:\n\n```text\n{said.rstrip()}\n```\n"
    )


def _printed(command: str) -> str:
    words = shlex.split(command)
    environ = dict(os.environ)
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environ[name] = value
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=PROJECT, env=environ, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])
