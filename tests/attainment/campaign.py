"""`make lives`: turns and runs of very many random lives, by the model one by one and by expressions at once, row against row.

python -m tests.attainment.campaign 100000 --seed 1 [--write]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.attainment.lived import NOW, by_expressions, by_the_model, difference, past_lived, stories_of

PAGE = Path(__file__).parents[2] / "docs/engines.md"
BEGIN, END = "<!-- lives: make lives WRITE=--write -->", "<!-- /lives -->"
TOGETHER = 5_000
"""How many leads are in one history: the tables of a past stay in memory while it lasts."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and return 1 where any row differs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("leads", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--write", action="store_true", help=f"write the figures into {PAGE.name}")
    said = asked.parse_args(arguments)
    turns = runs = wrong = 0
    for first in range(0, said.leads, TOGETHER):
        stories = stories_of(range(first, min(first + TOGETHER, said.leads)), said.seed)
        model, found = by_the_model(stories), by_expressions(past_lived(stories), stories)
        turns, runs = turns + len(model.turns), runs + len(model.runs)
        for name, one, other in (("turn", model.turns, found.turns), ("run", model.runs, found.runs)):
            odd = difference(one, other)
            wrong += len(odd)
            for row, number in list(odd.items())[:20]:
                sys.stdout.write(f"{name} {'of the model' if number > 0 else 'of expressions'} only: {row}\n")
        sys.stderr.write(f"{first + len(stories):,} leads, {turns:,} turns, {runs:,} runs, {wrong:,} rows differ\n")
    line = (
        f"`make lives LEADS={said.leads} SEED={said.seed}`, {datetime.now(UTC):%Y-%m-%d}: {said.leads:,} leads, {turns:,} turns "
        f"and {runs:,} runs of clocks, as of {NOW:%Y-%m-%d}; rows that differ: {wrong:,}."
    )
    sys.stdout.write(f"{line}\n")
    if said.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{line}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
