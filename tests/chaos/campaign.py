"""Many schedules on all cores: what happened, how the runs ended, and what did not hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from sla_sync.connector.simulation.schedules import Line
from tests.chaos.jobs import OF
from tests.chaos.schedule import Schedule, schedules, script_of
from tests.chaos.stage import clear
from tests.chaos.voyage import Voyage, sail

FAILED = Path("build") / "chaos"
_TOGETHER = 20
"""How many schedules a process is given at once."""


NOT_SAILED = -1
"""The exit code of a schedule in which the campaign itself could not go on."""


@dataclass
class Log:
    """What became of the schedules so far."""

    sailed: int = 0
    untouched: int = 0
    """To how many no fault happened, since none fitted where one was due."""
    ended: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """Platform, job and exit code → runs."""
    happened: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Platform and fault → how often."""
    broken: list[Voyage] = field(default_factory=list)

    def add(self, voyage: Voyage) -> None:
        """Count one more."""
        schedule = voyage.schedule
        self.sailed += 1
        self.untouched += not voyage.happened
        self.ended[schedule.platform, schedule.job, voyage.code] += 1
        self.happened.update((schedule.platform, each.fault) for each in voyage.happened)
        if voyage.faults:
            self.broken.append(voyage)


def run(seed: int, count: int, *, processes: int, tell: Callable[[str], None]) -> Log:
    """Carry out the first schedules of a seed, and write down those that fail as scripts."""
    log = Log()
    every = schedules(seed, count, OF)
    for voyage in _voyages(every, processes):
        log.add(voyage)
        if voyage.faults:
            tell(told(voyage))
        if log.sailed % 100 == 0:
            tell(f"{log.sailed} of {count} schedules, {len(log.broken)} of them broken …")
    return log


def _voyages(every: Sequence[Schedule], processes: int) -> Iterator[Voyage]:
    if processes == 1:
        yield from map(guarded, every)
        clear()
        return
    with ProcessPoolExecutor(processes, get_context("forkserver"), max_tasks_per_child=None) as pool:
        yield from pool.map(guarded, every, chunksize=_TOGETHER)
        for _ in range(processes):
            pool.submit(clear)


def guarded(schedule: Schedule) -> Voyage:
    """Carry out a schedule; what the campaign itself does not stand is told as well."""
    try:
        return sail(schedule)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other schedules go on
        return Voyage(schedule, NOT_SAILED, (), (f"The campaign could not go on: {type(error).__name__}: {error}",))


def told(voyage: Voyage) -> str:
    """Return a schedule that failed in sentences, with the command that repeats it."""
    path = save(voyage)
    faults = (f"  - {each}" for each in voyage.faults)
    return "\n".join((f"{voyage.schedule.name}:", *faults, f"  python -m tests.chaos --script {path}"))


def save(voyage: Voyage) -> Path:
    """Write down a schedule as a script that repeats it."""
    FAILED.mkdir(parents=True, exist_ok=True)
    schedule = voyage.schedule
    path = FAILED / f"{schedule.seed}-{schedule.number}.json"
    lines = [asdict(each) for each in script_of(voyage.happened)]
    path.write_text(
        json.dumps({**asdict(schedule), "script": lines, "faults": voyage.faults}, indent=2), encoding="utf-8"
    )
    return path


def saved(path: Path) -> Schedule:
    """Return the schedule that was written down."""
    found = json.loads(path.read_text(encoding="utf-8"))
    script = tuple(Line(**each) for each in found["script"])
    return Schedule(found["seed"], found["number"], found["platform"], found["job"], found["shape"], script)
