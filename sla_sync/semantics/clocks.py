"""The clocks of one lead: when each ran, for whom, by when it should have stopped, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions import fields_in
from sla_sync.agreement.sections.commitments import Clock, Commitment
from sla_sync.semantics.deadlines import Running, limit_for
from sla_sync.semantics.expressions import holds, is_yes
from sla_sync.semantics.history import Parted, Parting
from sla_sync.semantics.moments import happens
from sla_sync.semantics.stints import End, Stint, pauses, stints
from sla_sync.semantics.story import Story


class State(StrEnum):
    """How a run stands as of an instant."""

    RUNNING = "running"
    PAUSED = "paused"
    WARNED = "warned"
    ON_TIME = "on_time"
    LATE = "late"
    """Stopped after the limit."""
    OVERDUE = "overdue"
    """Not stopped, and the limit has passed."""
    VOID = "void"
    """Judged neither way: `void_because` says why."""
    MEASURED = "measured"
    """Stopped, and no limit was agreed."""


class Void(StrEnum):
    """Why a run is judged neither way."""

    BEGAN_ANEW = "the clock began anew before the limit"
    TAKEN_BACK = "the lead went back to a queue before the limit"
    CLOSED = "the cycle closed before the limit"
    PARTED = "the lead went before the limit"
    MERGED = "the record was merged into another"
    EXCUSED = "the miss is excused"
    EXCLUDED = "the lead never counts"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock: a leg's own where the clock restarts at reassignment, else the cycle's.

    `owner`, `team` and `priority` are those at its start. `open_time` counts the open hours of its calendar, `wall_time`
    all hours; neither counts pauses.
    """

    commitment: str
    stint: Stint
    turn: int
    cycle: int
    owner: str | None
    team: str | None
    priority: str | None
    running: Running
    limit: Duration | None
    deadline: datetime | None
    aim_at: datetime | None
    warn_at: datetime | None
    ended_at: datetime | None
    state: State
    void_because: Void | None = None
    open_time: timedelta = timedelta(0)
    wall_time: timedelta = timedelta(0)

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return self.running.start

    @property
    def stopped_at(self) -> datetime | None:
        """When its stop came, or None where it has not."""
        return self.ended_at if self.stint.end is End.STOPPED else None

    @property
    def missed(self) -> bool:
        """Whether the promise was not kept, and that counts."""
        return self.state in {State.LATE, State.OVERDUE}


def runs(story: Story, name: str, as_of: datetime) -> tuple[Run, ...]:
    """Return every run of the clock of a commitment as things stood at an instant, the first first.

    None for a commitment without a clock. Raises CalendarError where the hours of a run are not known.
    """
    commitment = story.agreement.commitments[name]
    if commitment.clock is None:
        return ()
    found = stints(story, commitment, commitment.clock, story.history.until(as_of))
    started = (_started(story, name, commitment, commitment.clock, stint, as_of) for stint in found)
    return tuple(_judged(story, run, as_of) for run in started if run is not None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised to one lead, and the instants that follow; None for what was not, or is not decided."""

    limit: Duration | None
    deadline: datetime | None
    aim_at: datetime | None
    warn_at: datetime | None


def terms(commitment: Commitment, running: Running, priority: str | None) -> Terms | None:
    """Return what a commitment promises to a lead of a priority whose clock has started, or None where that is nothing."""
    inside_hours = running.calendar.is_open(running.start)
    limit = limit_for(commitment.within, priority=priority, inside_hours=inside_hours)
    aim = limit_for(commitment.aim, priority=priority, inside_hours=inside_hours)
    if limit is None and (commitment.within is not None or (aim is None and commitment.aim is not None)):
        return None
    agreed = limit if isinstance(limit, Duration) else None
    return Terms(
        limit=agreed,
        deadline=None if agreed is None else running.reaches(agreed),
        aim_at=running.reaches(aim) if isinstance(aim, Duration) else None,
        warn_at=running.warning(commitment.warn, agreed),
    )


def state_of(story: Story, name: str, as_of: datetime, *, turn: int) -> State | None:
    """Return how the clock of a commitment stood in a turn of a lead by an instant: that of its last run, or None."""
    return next((each.state for each in reversed(runs(story, name, as_of)) if each.turn == turn), None)


def is_excused(story: Story, name: str, at: datetime, *, turn: int) -> bool:
    """Return whether `excused_if` of a commitment holds at an instant, for what happened in a turn of a lead.

    The name of another commitment stands there for its state. Commitments that excuse each other never turn in a circle:
    a miss asks for a state at its limit, when whatever that state depends on was missed still earlier.
    """
    condition = story.agreement.commitments[name].excused_if
    if condition is None:
        return False
    asked = (each for each in fields_in(condition.value) if each in story.agreement.commitments)
    states = {each: state_of(story, each, at, turn=turn) for each in asked}
    given = {each: str(state) for each, state in states.items() if state is not None}
    return holds(condition.value, replace(story.lead(at), given=given))


def _started(
    story: Story, name: str, commitment: Commitment, clock: Clock, stint: Stint, as_of: datetime
) -> Run | None:
    """Return a run with its instants and no verdict yet, or None where nothing is promised to such a lead."""
    lead = story.after(stint.first)
    standing = lead.standing
    calendar = story.calendars.for_clock(clock.runs_in, standing.owner, standing.team)
    stood, still = pauses(story, clock, stint, as_of)
    running = Running(calendar, lead.at, stood)
    priority = lead.value("priority")
    urgency = priority if isinstance(priority, str) else None
    found = terms(commitment, running, urgency)
    if found is None:
        return None
    end = as_of if stint.last is None else story.history.events[stint.last].at
    return Run(
        commitment=name,
        stint=stint,
        turn=standing.turn,
        cycle=standing.cycle,
        owner=standing.owner,
        team=standing.team,
        priority=urgency,
        running=running,
        limit=found.limit,
        deadline=found.deadline,
        aim_at=found.aim_at,
        warn_at=found.warn_at,
        ended_at=None if stint.last is None else end,
        state=State.PAUSED if still else State.RUNNING,
        open_time=running.used(end, business=True),
        wall_time=running.used(end, business=False),
    )


def _judged(story: Story, run: Run, as_of: datetime) -> Run:
    """Return a run with its state as of an instant."""
    always = _never_counts(story, run, as_of)
    if always is not None:
        return replace(run, state=State.VOID, void_because=always)
    end = as_of if run.ended_at is None else run.ended_at
    in_time = run.deadline is None or end <= run.deadline
    match run.stint.end:
        case End.STOPPED:
            done = State.MEASURED if run.deadline is None else State.ON_TIME if in_time else State.LATE
            judged = replace(run, state=done)
        case None:
            warned = run.warn_at is not None and run.warn_at <= as_of and run.state is State.RUNNING
            open_state = State.WARNED if warned else run.state
            judged = replace(run, state=open_state if in_time else State.OVERDUE)
        case ended:
            late = replace(run, state=State.OVERDUE)
            judged = replace(run, state=State.VOID, void_because=_VOIDS[ended]) if in_time else late
    excusable = judged.missed or judged.stint.end is None
    return _relieved(story, judged, as_of) if excusable else judged


_VOIDS = {
    End.BEGAN_ANEW: Void.BEGAN_ANEW,
    End.TAKEN_BACK: Void.TAKEN_BACK,
    End.CLOSED: Void.CLOSED,
    End.PARTED: Void.PARTED,
}


def _never_counts(story: Story, run: Run, as_of: datetime) -> Void | None:
    """Return why a run is void however it ended: the record is another's now, or no report counts it; else None."""
    lead = story.lead(as_of)
    quality = story.agreement.quality
    if quality is not None and any(is_yes(lead.value(each)) for each in quality.exclude):
        return Void.EXCLUDED
    events = story.history.events[run.stint.first : lead.seen]
    merged = any(isinstance(event, Parted) and event.how is Parting.MERGED for event in events)
    return Void.MERGED if merged else None


def _relieved(story: Story, run: Run, as_of: datetime) -> Run:
    """Return a run as void where its miss is excused: by an event before the limit, or by what held at the limit."""
    by_event = _excusing_event(story, run, as_of)
    at_limit = (
        run.missed and run.deadline is not None and is_excused(story, run.commitment, run.deadline, turn=run.turn)
    )
    return replace(run, state=State.VOID, void_because=Void.EXCUSED) if by_event or at_limit else run


def _excusing_event(story: Story, run: Run, as_of: datetime) -> bool:
    asked = story.agreement.commitments[run.commitment].excused_by
    if asked is None:
        return False
    until = as_of if run.deadline is None else min(as_of, run.deadline)
    places = range(run.stint.first + 1, story.history.until(until))
    return any(story.standings[each + 1].turn == run.turn and happens(asked.value, story, each) for each in places)
