"""How a cost grows: a piece of work at several sizes, each in a process of its own, with seconds, calls, memory and slope.

Seconds are of the processor, so that other work on the machine hardly changes them. The slope is that between the two
largest sizes on logarithmic scales: 1 is as fast as the input, 2 is its square. What takes next to nothing has none.
"""

from __future__ import annotations

import gc
import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
STEEP = 1.15
"""A slope above which a cost grows faster than its input, beyond what measuring scatters."""
_TOO_LITTLE = 0.1
"""Seconds below which a slope is noise."""


@dataclass
class Steps:
    """The costs of the steps of one piece of work, in their order."""

    seconds: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    """What the size comes to in other words: settings, findings, bytes."""

    @contextmanager
    def of(self, step: str, calls: Callable[[], int] | None = None) -> Iterator[None]:
        """Measure what is done inside; `calls` counts the calls of a platform so far."""
        began, before = time.process_time(), calls() if calls else 0
        yield
        self.seconds[step] = time.process_time() - began
        if calls:
            self.calls[step] = calls() - before


def grow(
    script: str,
    title: str,
    sizes: Sequence[int],
    work: Callable[[int, Steps], None],
    *,
    unit: str,
    also: Sequence[str] = (),
) -> None:
    """Print a table of what a piece of work costs at each size. As `SCRIPT --one SIZE` only do it, and print JSON.

    With `--sizes 1,2,3` other sizes are tried. `also` is given on to the process of each size.
    """
    if sys.argv[1:2] == ["--one"]:
        gc.set_threshold(50_000, 20, 20)  # as the command does
        steps = Steps()
        work(int(sys.argv[2]), steps)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(json.dumps({"seconds": steps.seconds, "calls": steps.calls, "facts": steps.facts, "peak": peak}))
        return
    if sys.argv[1:2] == ["--sizes"]:
        sizes = [int(each) for each in sys.argv[2].split(",")]
    found = [_one(script, size, also) for size in sizes]
    print(f"{title}; seconds of the processor, each size in a process of its own")
    _line(unit, [f"{each:,}" for each in sizes], "slope")
    for name in found[-1]["facts"]:
        _line(f"  {name}", [f"{each['facts'][name]:,}" for each in found])
    for name in found[-1]["seconds"]:
        taken = [each["seconds"][name] for each in found]
        _line(f"  {name}", [f"{each:.2f}" for each in taken], sloped(sizes, taken))
    for name in found[-1]["calls"]:
        _line(f"  {name}: calls", [f"{each['calls'][name]:,}" for each in found])
    _line("  most memory, MiB", [f"{each['peak']:,}" for each in found])


def sloped(sizes: Sequence[int], seconds: Sequence[float]) -> str:
    """Return the slope as it is printed, with a mark where it is steep; nothing where it would be noise."""
    least, most = seconds[-2:]
    if least < _TOO_LITTLE:
        return "–"
    slope = math.log(most / least) / math.log(sizes[-1] / sizes[-2])
    return f"{slope:.2f}{' !' if slope > STEEP else ''}"


def _one(script: str, size: int, also: Sequence[str]) -> Mapping[str, Mapping[str, float]]:
    command = [sys.executable, "-m", f"benchmarks.{Path(script).stem}", "--one", str(size), *also]
    answer = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    found: Mapping[str, Mapping[str, float]] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _line(name: str, cells: Sequence[str], last: str = "") -> None:
    print((f"{name:<42}" + "".join(f"{each:>12}" for each in cells) + f"{last:>9}").rstrip())
