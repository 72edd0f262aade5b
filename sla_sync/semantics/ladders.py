"""What follows when a limit passes: the steps of `on_breach`, when each is due and whether it is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.quantities import Times, Undecided
from sla_sync.agreement.sections.commitments import Step
from sla_sync.semantics.clocks import Run, State, runs
from sla_sync.semantics.deadlines import Running
from sla_sync.semantics.history import Parted
from sla_sync.semantics.moments import happens
from sla_sync.semantics.stints import End
from sla_sync.semantics.story import Story


class Taken(StrEnum):
    """Whether a step is taken."""

    WAITING = "waiting"
    """It is due later."""
    TAKEN = "taken"
    SPARED = "spared"
    """The duty was done, or the lead was gone, before it was due."""
    USED_UP = "used up"
    """It was taken as often as `at_most` allows."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder of one run; `index` is its place in `on_breach`."""

    run: Run
    index: int
    due: datetime
    taken: Taken


def rungs(story: Story, name: str, as_of: datetime) -> tuple[Rung, ...]:
    """Return every step that the runs of a commitment lead to, by run and in the order in which they are due.

    Steps since a breach follow the cycle through reassignments until the clock stops or the cycle closes; steps since
    the start belong to their run alone. `at_most` counts over the whole cycle, in the order in which steps are due: an
    earlier run may come to a step later than the one after it.
    """
    steps = story.agreement.commitments[name].on_breach
    found = [
        Rung(run, index, due, _taken(story, run, steps[index], due, as_of))
        for run in runs(story, name, as_of)
        for index, due in sorted(steps_due(run.running, run.deadline, steps), key=lambda each: each[1])
    ]
    used: Counter[tuple[int, int]] = Counter()
    for place, rung in sorted(enumerate(found), key=lambda each: each[1].due):
        if rung.taken is not Taken.TAKEN:
            continue
        most, key = steps[rung.index].at_most, (rung.run.turn, rung.index)
        if isinstance(most, Times) and used[key] >= most.count:
            found[place] = replace(rung, taken=Taken.USED_UP)
        else:
            used[key] += 1
    return tuple(found)


def steps_due(running: Running, deadline: datetime | None, steps: Sequence[Step]) -> Iterator[tuple[int, datetime]]:
    """Yield when each step of a run is due; one whose time is not decided, or that waits for a limit that is none, never is."""
    for index, step in enumerate(steps):
        if isinstance(step.at, Undecided) or isinstance(step.after, Undecided):
            continue
        if step.at is not None:
            yield index, running.reaches(step.at)
        elif deadline is not None:
            yield index, _after(running, deadline, step.after)


def _after(running: Running, deadline: datetime, wait: Duration | None) -> datetime:
    return deadline if wait is None else running.calendar.add(deadline, wait)


def _taken(story: Story, run: Run, step: Step, due: datetime, as_of: datetime) -> Taken:
    spared = run.state is State.VOID or _spared(story, run, step, due, as_of)
    if spared:
        return Taken.SPARED
    # The limit itself is still in time, so what follows it comes right after it.
    return Taken.TAKEN if due < as_of else Taken.WAITING


def _spared(story: Story, run: Run, step: Step, due: datetime, as_of: datetime) -> bool:
    """Return whether the duty was done, or the lead was gone, by the time that a step was due."""
    if step.at is not None and run.ended_at is not None:
        return run.ended_at <= due
    clock = story.agreement.commitments[run.commitment].clock
    if run.stint.end is End.STOPPED or clock is None:
        return run.ended_at is not None and run.ended_at <= due
    for place in range(run.stint.first + 1, story.history.until(min(due, as_of))):
        after = story.standings[place + 1]
        if after.turn != run.turn or after.closed or isinstance(story.history.events[place], Parted):
            return True
        if happens(clock.stops.value, story, place):
            return True
    return False
