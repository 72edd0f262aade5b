"""A schedule: which command meets which faults at which requests, from a seed alone."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.connector.simulation import Asked, Happened
from sla_sync.connector.simulation.schedules import Line, Scripted, Trouble

SILENCES = frozenset({"silence-before", "silence-after"})
PATIENCE = 3
"""Seconds for which the tool waits for an answer: far longer than a simulator takes for one."""
SHAPES = ("one", "few", "storm", "outage")
_LONG = frozenset({"storm", "outage"})
"""Shapes of so many faults that nobody waits for silences among them: they are cut lines that take longer."""


@dataclass(frozen=True)
class Schedule:
    """One schedule of a campaign: the `number`th of a seed."""

    seed: int
    number: int
    platform: str
    job: str
    shape: str
    script: tuple[Line, ...] = ()
    """Faults by the numbers of requests, where they are written down; by chance where not."""

    def trouble(self, length: int) -> Trouble:
        """Return what decides for each request; a run without faults asks `length` times."""
        if self.script:
            return Scripted(self.script)
        chance = random.Random(f"{self.seed}:{self.number}:{self.job}")
        spans: Mapping[str, Collection[int]] = {
            "one": {chance.randint(1, length)},
            "few": {chance.randint(1, length) for _ in range(chance.randint(2, 6))},
            "storm": {each for each in range(1, 4 * length) if chance.random() < _STORM},
            "outage": range(chance.randint(1, length), 100 * length),
        }
        return Chance(chance.random(), spans[self.shape], never=SILENCES if self.shape in _LONG else frozenset())

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"seed {self.seed}, schedule {self.number}: {self.job} on {self.platform}, {self.shape}"


_STORM = 0.15
"""How likely a fault is for each request of a storm."""

_TREACHEROUS = 0.5
"""How likely the fault of a write is one that hides that it was carried out."""
_SELDOM = 0.5
"""How likely a fault that few requests can meet is drawn where one of them is due."""
_RARE = ("deploy-", "retrieve-", "others-", "search-", "stale", "locked-row")
_LOST = frozenset({"truncated", "shortened", "emptied"})


@dataclass
class Chance:
    """A fault by chance, of those that fit, at each of these requests."""

    salt: float
    numbers: Collection[int]
    never: Collection[str] = ()

    def fault_of(self, asked: Asked, fitting: Sequence[str]) -> str | None:
        """Return the fault of a request, or None."""
        if asked.number not in self.numbers:
            return None
        allowed = sorted(set(fitting) - set(self.never))
        chance = random.Random(f"{self.salt}:{asked.number}")
        # What is lost after it was done is what a write can be done twice by.
        lost = [each for each in allowed if each.endswith("-after") or each in _LOST]
        if not asked.reads and lost and chance.random() < _TREACHEROUS:
            return chance.choice(lost)
        rare = [each for each in allowed if each.startswith(_RARE)]
        if rare and chance.random() < _SELDOM:
            return chance.choice(rare)
        return chance.choice(allowed) if allowed else None


def schedules(seed: int, count: int, jobs: Mapping[str, Sequence[str]]) -> tuple[Schedule, ...]:
    """Return the first schedules of a seed; `jobs` says for each platform what is done there."""
    made = []
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        # A run on HubSpot is several times as cheap, and its apply, which is no transaction, has more ways to go wrong.
        platform = chance.choices(("hubspot", "salesforce"), weights=(7, 3))[0]
        job = chance.choice(jobs[platform])
        shape = chance.choices(SHAPES, weights=(45, 30, 15, 10))[0]
        made.append(Schedule(seed, number, platform, job, shape))
    return tuple(made)


def script_of(happened: Sequence[Happened]) -> tuple[Line, ...]:
    """Return the script that lets the same faults happen to the same requests."""
    return tuple(Line(each.fault, number=each.number) for each in happened)
