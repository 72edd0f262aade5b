"""The whole sweep: `python -m tests.interruptions [--every N] [--only PART] [--write]`; takes an hour at every step.

Each line of the table is one command and one way to be interrupted: how many points were tried, and what went wrong.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from sla_sync_hubspot.simulator import simulator as hubspot
from sla_sync_hubspot.simulator.actors.edits import Hand
from tests.interruptions.applies import wrong_after_loss, wrong_after_strike, wrong_with_two
from tests.interruptions.clocks import alone, wrong_in_one_copy, wrong_with_two_clocks
from tests.interruptions.clocks import wrong_after_strike as struck_clock
from tests.interruptions.disk import DEEDS, EDITED, LEAD, REFUSALS, Deed, Prepared, Undisturbed, undisturbed, wrong_at
from tests.interruptions.nursery import PROJECT, Nursery, Trap, nursery
from tests.interruptions.stage import NAMES, PLATFORMS, Stage, staged

PAGE = PROJECT / "docs" / "reliability.md"
BEGIN, END = "<!-- interruptions: begin -->", "<!-- interruptions: end -->"
ROOMS = (0, 100, 2_000, 20_000)
"""Bytes that a file may hold, where the disk is full for what is larger."""
Case: TypeAlias = Callable[[Path], list[str]]
"""One run in a folder of its own, and what is wrong after it."""
Line: TypeAlias = tuple[str, str, list[Case]]
"""What is interrupted, how, and every run."""


def _on(platform: str, ward: Nursery, judge: Callable[[Stage], list[str]]) -> Case:
    def case(folder: Path) -> list[str]:
        with staged(folder, platform, ward) as stage:
            return judge(stage)

    return case


def _requests(platform: str, ward: Nursery, folder: Path) -> int:
    with staged(folder, platform, ward) as stage:
        assert stage.applied().code == 0
        return stage.served.requests


def applies(ward: Nursery, folder: Path, every: int) -> Iterator[Line]:
    """Yield every way in which an apply is struck at a request, by platform."""
    for platform in PLATFORMS:
        points = range(1, _requests(platform, ward, folder / f"count-{platform}") + 1, every)
        for name in NAMES:
            for lost in (True, False):
                how = f"{name} at a request that is {'lost' if lost else 'done'}"
                judge = [partial(wrong_after_strike, at=at, name=name, lost=lost) for at in points]
                yield f"apply to {platform}", how, [_on(platform, ward, each) for each in judge]
        for how, judging in (("a second apply meanwhile", wrong_with_two), ("its lock taken over", wrong_after_loss)):
            yield f"apply to {platform}", how, [_on(platform, ward, partial(judging, at=at)) for at in points]


def clocks(ward: Nursery, folder: Path, every: int) -> Iterator[Line]:
    """Yield every way in which a clock is struck or meets another one."""
    calm = alone(folder / "alone", ward)
    points = range(1, calm.requests + 1, every)
    for how, judge in (
        ("a second clock in another working copy", wrong_with_two_clocks),
        ("a second clock in the same working copy", wrong_in_one_copy),
    ):
        yield "clock on hubspot", how, [partial(judge, ward=ward, at=at, calm=calm) for at in points]
    for name, number in NAMES.items():
        struck: list[Case] = [partial(struck_clock, ward=ward, at=at, number=number, calm=calm) for at in points]
        yield "clock on hubspot", f"{name} at a request that is done", struck


def deeds(ward: Nursery, folder: Path, every: int) -> Iterator[Line]:
    """Yield every way in which a command is struck at a step on the disk."""
    prepared = prepared_in(folder, ward)
    for deed in DEEDS:
        calm = undisturbed(folder / f"calm-{deed.name.replace(' ', '-')}", deed, ward, prepared)
        for do in (*NAMES, *REFUSALS):
            traps = [Trap(at, do) for at in range(1, calm.steps + 1, every * _pace(calm.steps))]
            yield (
                deed.name,
                f"{do} at a step on the disk",
                [_trapped(deed, ward, prepared, calm, each) for each in traps],
            )
        full = [Trap(room=room, dies=dies) for room in ROOMS for dies in (False, True)]
        yield (
            deed.name,
            "no room for a file, killed or not",
            [_trapped(deed, ward, prepared, calm, each) for each in full],
        )


def _pace(steps: int) -> int:
    """Return every how-manieth step is tried: of a command that takes thousands, forty."""
    return max(1, steps // 40)


def _trapped(deed: Deed, ward: Nursery, prepared: Prepared, calm: Undisturbed, trap: Trap) -> Case:
    return lambda folder: wrong_at(folder, deed, ward, prepared, calm, trap)


def made_up(folder: Path, ward: Nursery) -> Path:
    """Make a history up and return its folder."""
    here = folder / "prepared"
    shutil.copytree(PROJECT / "configs", here / "configs")
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    made = ("simulator", "history", "past", "--leads", "30", "--since", "2026-10-01", "--until", "2026-11-01")
    ended = ward.start(made, here, environ, folder / "said").wait()
    assert ended.code == 0, ended.err
    return here / "past"


def prepared_in(folder: Path, ward: Nursery) -> Prepared:
    """Make what runs begin with."""
    past = made_up(folder, ward)
    with staged(folder / "applied", "hubspot", ward) as stage:
        assert stage.applied().code == 0
    applied = folder / "applied" / "data"
    with staged(folder / "edited", "hubspot", ward, applied) as stage:
        hubspot.administer(stage.served)
    with staged(folder / "exported", "hubspot", ward, applied) as stage:
        person = {"properties": {"email": "ida@buyer.example", "lastname": "Shaw"}}
        contact = Hand(stage.served).ask("POST", "/crm/v3/objects/contacts", person)
        assert contact["id"] == LEAD, contact
        ended = stage.run("export", "--target", stage.target, "--since", "2026-10-01")
        assert ended.code == 0, ended.err
    kept = folder / "exported" / "here" / ".sla-sync"
    return Prepared(past, {"hubspot": applied, EDITED: folder / "edited" / "data"}, kept)


PARTS = {"applies": applies, "clocks": clocks, "disk": deeds}


def main(arguments: list[str]) -> int:
    """Try everything, print a table, and return 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="tests.interruptions", description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="Try every Nth point.")
    parser.add_argument("--only", choices=PARTS, help="Try only this part.")
    parser.add_argument("--write", action="store_true", help="Write the table into docs/reliability.md.")
    said = parser.parse_args(arguments)
    began, rows, failures, runs = time.monotonic(), [], 0, 0
    with nursery() as ward, TemporaryDirectory() as scratch:
        for name in (said.only,) if said.only else PARTS:
            for number, (what, how, cases) in enumerate(PARTS[name](ward, Path(scratch) / name, said.every)):
                wrong: list[str] = []
                for point, case in enumerate(cases):
                    folder = Path(scratch) / f"{name}-{number}-{point}"
                    wrong += [f"point {point}: {each}" for each in case(folder)]
                    shutil.rmtree(folder, ignore_errors=True)
                failures, runs = failures + bool(wrong), runs + len(cases)
                rows.append(f"| {what} | {how} | {len(cases)} | {len(wrong) or 'none'} |")
                print(rows[-1], flush=True)
                for each in wrong[:5]:
                    print(f"    {each}", file=sys.stderr, flush=True)
    minutes = (time.monotonic() - began) / 60
    day = datetime.now(UTC).date()
    command = f"make interruptions EVERY={said.every}"
    summary = f"`{command}`, {day}, {os.cpu_count()} cores, {minutes:.0f} minutes: {runs} runs."
    print(summary)
    if said.write:
        head = ["| what | interrupted by | points | what went wrong |", "|---|---|---|---|"]
        _write("\n".join([summary, "", *head, *rows]))
    return 1 if failures else 0


def _write(table: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    PAGE.write_text(f"{text[:start]}\n{table}\n{text[end:]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
