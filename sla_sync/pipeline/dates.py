"""When the clocks of one lead fall due: pure, and each instant is that of `sla_sync.semantics`.

What was found once stays: a run keeps the limit, the owner's hours and the steps of the moment at which it started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.quantities import Times
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Clock, Commitment, Step
from sla_sync.connector import AskedClock, Coming, DatedRun, DatesAsked, DatesGiven, Phase, Verdict
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import PERSONAL, Calendars
from sla_sync.semantics.clocks import terms
from sla_sync.semantics.deadlines import Running
from sla_sync.semantics.ladders import steps_due

_WARN, _DUE, _STEP = "warn", "due", "step"


@dataclass(frozen=True)
class Almanac:
    """What dates are found by: the agreement and its hours."""

    agreement: Agreement
    calendars: Calendars

    def given(self, asked: DatesAsked, ahead: int) -> DatesGiven:
        """Return the dates of a lead, with the next `ahead` things that are to come. Raises CalendarError."""
        found = tuple(self._present(asked))
        runs = (*self._earlier(asked), *(run for _, run, verdict in found if run and verdict is Verdict.RUNS))
        events = [(each, self._rank(run.clock, each.key)) for run in runs for each in run.coming]
        events.sort(key=lambda pair: (pair[0].at, pair[1]))
        return DatesGiven(
            asked,
            runs,
            coming=tuple(each for each, _ in events[:ahead]),
            verdicts={clock.clock: verdict for clock, _, verdict in found if verdict},
            due={clock.clock: run.due_at for clock, run, verdict in found if run and run.due_at and verdict},
        )

    def _present(self, asked: DatesAsked) -> Iterator[tuple[AskedClock, DatedRun | None, Verdict | None]]:
        """Yield each clock with its present run and what becomes of it; None where it was judged before."""
        for clock in asked.clocks:
            commitment = self.agreement.commitments.get(clock.clock)
            if commitment is None or commitment.clock is None or clock.phase is Phase.OVER:
                continue
            if not asked.open and clock.phase is Phase.GOES_ON:
                yield clock, None, Verdict.VOID
                continue
            kept = next((each for each in asked.runs if _of(each) == (clock.clock, clock.started_at)), None)
            run = kept or self._found(clock, commitment, commitment.clock, asked.priority)
            if run is None:
                yield clock, None, Verdict.NOT_PROMISED
            elif clock.phase is Phase.STOPPED:
                late = run.due_at is not None and clock.stopped_at is not None and clock.stopped_at > run.due_at
                yield clock, run, Verdict.LATE if late else Verdict.ON_TIME
            else:
                coming = _still(run, asked, commitment)
                ended = not asked.owned and _restarts_with_a_turn(commitment.clock)
                left = (each for each in coming if not (ended and _since_start(commitment, each)))
                yield clock, replace(run, coming=tuple(left)), Verdict.RUNS

    def _found(self, asked: AskedClock, commitment: Commitment, clock: Clock, priority: str | None) -> DatedRun | None:
        """Return a run that nobody has dated yet, or None where nothing is promised to such a lead."""
        calendar = self._hours(clock, asked)
        running = Running(calendar, asked.started_at)
        agreed = terms(commitment, running, priority)
        if agreed is None:
            return None
        warned = () if agreed.warn_at is None else (Coming(_key(asked.clock, _WARN), agreed.warn_at),)
        due = () if agreed.deadline is None else (Coming(_key(asked.clock, _DUE), agreed.deadline),)
        steps = steps_due(running, agreed.deadline, commitment.on_breach)
        # What follows at once has no instant of its own: it comes with the limit.
        apart = (pair for pair in steps if not _at_once(commitment.on_breach[pair[0]]))
        return DatedRun(
            asked.clock,
            asked.started_at,
            agreed.deadline,
            self._name(clock, calendar),
            (*warned, *due, *(Coming(_key(asked.clock, f"{_STEP}{index}"), at) for index, at in apart)),
        )

    def _earlier(self, asked: DatesAsked) -> Iterator[DatedRun]:
        """Yield the runs of earlier turns of this cycle whose steps still follow.

        Those are the steps since a breach that came about; the stop of the clock or the end of the cycle spares them.
        """
        present = {each.clock: each for each in asked.clocks}
        for run in asked.runs if asked.open else ():
            clock, commitment = present.get(run.clock), self.agreement.commitments.get(run.clock)
            if clock is None or commitment is None:
                continue
            # A turn after it may have no clock: then the run that started last is one of an earlier turn too.
            if run.started_at == clock.started_at and clock.phase is not Phase.OVER:
                continue
            stopped = clock.stopped_at is not None and clock.stopped_at >= run.started_at
            if stopped or not _came(asked, _key(run.clock, _DUE), run.due_at):
                continue
            step = f"{run.clock}.{_STEP}"
            steps = (each for each in _still(run, asked, commitment) if each.key.startswith(step))
            coming = tuple(each for each in steps if not _since_start(commitment, each))
            if coming:
                yield replace(run, coming=coming)

    def _hours(self, clock: Clock, asked: AskedClock) -> BusinessCalendar:
        calendars, team = self.calendars, asked.team
        if clock.runs_in == OWNER_CALENDAR and calendars.teams.get(team or "") == PERSONAL:
            # Nobody reads a member's own hours here, so that the main calendar counts, as on Salesforce.
            return calendars.main
        return calendars.for_clock(clock.runs_in, asked.owner, team)

    def _name(self, clock: Clock, calendar: BusinessCalendar) -> str:
        if clock.runs_in == WALL_CLOCK:
            return WALL_CLOCK
        return next((name for name, each in self.calendars.named.items() if each is calendar), WALL_CLOCK)

    def _rank(self, clock: str, key: str) -> tuple[int, int, int]:
        """Return where a key stands among those of one instant: by commitment, then warning, limit, and steps in order."""
        what = key.removeprefix(f"{clock}.")
        kind = (_WARN, _DUE).index(what) if what in (_WARN, _DUE) else 2
        step = int(what.removeprefix(_STEP)) if what.startswith(_STEP) else 0
        return kind, list(self.agreement.commitments).index(clock), step


def _of(run: DatedRun) -> tuple[str, datetime]:
    return run.clock, run.started_at


def _key(clock: str, what: str) -> str:
    return f"{clock}.{what}"


def _restarts_with_a_turn(clock: Clock) -> bool:
    return clock.restarts is not None and clock.restarts.value is Moment.REASSIGNED


def _since_start(commitment: Commitment, coming: Coming) -> bool:
    """Return whether this is a step since the start of a run, which belongs to that run alone."""
    _, _, place = coming.key.rpartition(f".{_STEP}")
    return place.isdecimal() and commitment.on_breach[int(place)].at is not None


def _at_once(step: Step) -> bool:
    return step.after is None and step.at is None


def _came(asked: DatesAsked, key: str, at: datetime | None) -> bool:
    happened = asked.happened.get(key)
    return at is not None and happened is not None and happened >= at


def _still(run: DatedRun, asked: DatesAsked, commitment: Commitment) -> Iterator[Coming]:
    """Yield what has not come about yet, without steps that were taken as often as agreed."""
    most: Mapping[str, int] = {
        _key(run.clock, f"{_STEP}{place}"): step.at_most.count
        for place, step in enumerate(commitment.on_breach)
        if isinstance(step.at_most, Times)
    }
    for each in run.coming:
        used_up = each.key in most and asked.taken.get(each.key, 0) >= most[each.key]
        if not used_up and not _came(asked, each.key, each.at):
            yield each
