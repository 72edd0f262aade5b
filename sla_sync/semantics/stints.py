"""From which event to which a clock ran, whatever its limit: starts, stops, restarts, and ends that nobody caused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.sections.commitments import Clock, Commitment
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.deadlines import Pause, stretches
from sla_sync.semantics.expressions import holds
from sla_sync.semantics.history import Parted, Queued
from sla_sync.semantics.moments import happens
from sla_sync.semantics.story import Story


class End(StrEnum):
    """How a stint ended."""

    STOPPED = "stopped"
    BEGAN_ANEW = "began anew"
    TAKEN_BACK = "taken back"
    CLOSED = "cycle closed"
    PARTED = "lead went"


@dataclass(frozen=True, slots=True)
class Stint:
    """The places of the events at which a clock started and ended; it still runs where it has no end."""

    first: int
    last: int | None = None
    end: End | None = None


def stints(story: Story, commitment: Commitment, clock: Clock, seen: int) -> Iterator[Stint]:
    """Yield every stint within the first `seen` events.

    A clock that stands still starts at each start event, and in a turn in which it has run also where it restarts, for
    leads that the commitment is about and while the agreement is in force.
    """
    first: int | None = None
    ran_in: int | None = None
    for place in range(seen):
        turn = story.standings[place + 1].turn
        anew = ran_in == turn and clock.restarts is not None and happens(clock.restarts.value, story, place)
        end = None if first is None else _end(story, clock, place, anew=anew)
        if first is not None and end is not None:
            yield Stint(first, place, end)
            first = None
        starts = anew or (first is None and end is None and happens(clock.starts.value, story, place))
        if starts and first is None and concerns(story, commitment, place):
            first, ran_in = place, turn
    if first is not None:
        yield Stint(first)


def pauses(story: Story, clock: Clock, stint: Stint, as_of: datetime) -> tuple[tuple[Pause, ...], bool]:
    """Return when the clock stood still within a stint, and whether it does at the end of it.

    A condition is looked at after each event. What is not over by then lasts until `as_of`, or the end of the stint.
    """
    seen = story.history.until(as_of)
    last = seen if stint.last is None else stint.last + 1
    end = as_of if stint.last is None else story.history.events[stint.last].at
    marks: list[tuple[datetime, bool]] = []
    waits = still = False
    for place in range(stint.first, last):
        waits = _waits(story, clock, place, waits=waits)
        still = waits or (clock.pauses is not None and holds(clock.pauses.value, story.after(place)))
        marks.append((story.history.events[place].at, still))
    return stretches(marks, end), still and stint.last is None


def concerns(story: Story, commitment: Commitment, place: int) -> bool:
    """Return whether a commitment is about the lead right after an event: in its scope, and while it is in force."""
    lead = story.after(place)
    about = commitment.where is None or holds(commitment.where.value, lead)
    return (
        about
        and in_force(story.agreement, lead.at)
        and (story.agreement.metadata.scope is None or holds(story.agreement.metadata.scope.value, lead))
    )


def in_force(agreement: Agreement, at: datetime) -> bool:
    """Return whether the agreement is in force at an instant, by the days of its own zone."""
    day: date = at.astimezone(zone_named(agreement.metadata.timezone)).date()
    effective = agreement.metadata.effective
    return effective.start <= day and (effective.until is None or day <= effective.until)


def _end(story: Story, clock: Clock, place: int, *, anew: bool) -> End | None:
    """Return how the event at a place ends a running clock, or None where it runs on."""
    if happens(clock.stops.value, story, place):
        return End.STOPPED
    if anew:
        return End.BEGAN_ANEW
    event = story.history.events[place]
    if isinstance(event, Queued) and clock.restarts is not None and clock.restarts.value is Moment.REASSIGNED:
        return End.TAKEN_BACK
    if isinstance(event, Parted):
        return End.PARTED
    before, after = story.standings[place : place + 2]
    closed = after.closed and not (before.closed and before.turn == after.turn)
    return End.CLOSED if closed else None


def _waits(story: Story, clock: Clock, place: int, *, waits: bool) -> bool:
    if clock.pauses_on is not None and happens(clock.pauses_on.value, story, place):
        return True
    goes_on = clock.resumes_on is not None and happens(clock.resumes_on.value, story, place)
    return waits and not goes_on
