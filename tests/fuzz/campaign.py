"""Fuzz answers, applies and files for some time each, say what was found, and write the figures into the page about security.

    python -m tests.fuzz.campaign [--seconds 60] [--seed 1] [--only salesforce] [--write]

It ends with 1 where something ended otherwise than it may, and says by which seed that comes again.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz import foreign_files
from tests.fuzz.answers import VERBS, cases, stage, tried
from tests.fuzz.applying import Bench
from tests.fuzz.relay import Spoil

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- fuzz: make fuzz WRITE=--write -->", "<!-- /fuzz -->"


@dataclass(frozen=True)
class Tally:
    """What one campaign tried, and what ended otherwise than it may."""

    what: str
    done: int
    seconds: float
    failures: tuple[str, ...]

    @property
    def row(self) -> str:
        """The line of a table."""
        return f"| {self.what} | {self.done:,} | {self.seconds:.0f} s | {len(self.failures)} |"


Attempts = Iterator[str]
"""One after the other without end: how it ended otherwise than it may, or an empty text."""


def _answers(platform: str, example: str, seed: int) -> Attempts:
    with TemporaryDirectory(prefix="sla-sync-fuzz-") as folder, ExitStack() as open_:
        on = open_.enter_context(stage(Path(folder), platform, example))
        for verb, spoil in cases(on, tuple(VERBS), seed):
            failure = tried(on, verb, spoil)
            yield str(failure) if failure else ""


def _applies(platform: str, example: str, seed: int) -> Attempts:
    bench, chance = Bench(platform, example), Random(seed)
    many = 0
    for _ in count():
        spoil = Spoil(chance.randint(1, many), chance.randrange(1 << 32)) if many else None
        with TemporaryDirectory(prefix="sla-sync-fuzz-") as held:
            said, relay = bench.try_one(Path(held), spoil)
        many = many or relay.asked // 2  # the first is sound, and is done twice
        yield f"{platform}, {relay.spoiled}, {spoil}: {said}" if said else ""


def _files(names: Collection[str], seed: int) -> Attempts:
    for name, number in foreign_files.cases(names, seed):
        yield foreign_files.tried(name, number)


CAMPAIGNS: Mapping[str, Callable[[int], Attempts]] = {
    "answers of HubSpot, acme": partial(_answers, "hubspot", "acme"),
    "answers of HubSpot, startup": partial(_answers, "hubspot", "startup"),
    "answers of Salesforce, acme": partial(_answers, "salesforce", "acme"),
    "answers of Salesforce, enterprise": partial(_answers, "salesforce", "enterprise"),
    "answers of HubSpot while acme is applied": partial(_applies, "hubspot", "acme"),
    "answers of Salesforce while acme is applied": partial(_applies, "salesforce", "acme"),
    "files of a history and of a target's folder": partial(_files, tuple(foreign_files.QUICK)),
    "files of a repository": partial(_files, tuple(foreign_files.DOCUMENTS)),
    "tables that Fivetran or Airbyte copied": partial(_files, tuple(foreign_files.COPIES)),
}
"""What is fuzzed → what tries it, by a seed."""


def run(what: str, seconds: float, seed: int) -> Tally:
    """Try one campaign for so many seconds, at least once."""
    began, done, failures = time.monotonic(), 0, []
    attempts = CAMPAIGNS[what](seed)
    for said in attempts:
        done += 1
        if said:
            failures.append(said)
            print(said, flush=True)
        if time.monotonic() - began > seconds:
            break
    attempts.close()  # type: ignore[attr-defined]  # a generator, which ends its simulator
    return Tally(what, done, time.monotonic() - began, tuple(failures))


def table(tallies: list[Tally], seed: int) -> str:
    """Return the figures for the page."""
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores with seed {seed}:",
        "",
        "| what | tried | in | ended otherwise |",
        "|---|--:|--:|--:|",
        *(each.row for each in tallies),
    ]
    return "\n".join(lines)


def main() -> int:
    """Run the campaigns and return 1 where something ended otherwise than it may."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=60, help="for each campaign")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="", help="campaigns with this in their names")
    asked.add_argument("--write", action="store_true", help="write the figures into docs/security.md")
    wishes = asked.parse_args()
    tallies = [run(each, wishes.seconds, wishes.seed) for each in CAMPAIGNS if wishes.only.lower() in each.lower()]
    told = table(tallies, wishes.seed)
    print(told)
    if wishes.write:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n{told}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 1 if any(each.failures for each in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
