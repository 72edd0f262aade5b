"""Which clocks of an agreement legs can tell, from which instant to which, and why they cannot tell the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions import fields_in
from sla_sync.agreement.expressions.events import Event, Leaves, Moment
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, OUTSIDE_HOURS, Clock, Commitment
from sla_sync.attainment.conditions import can_tell
from sla_sync.attainment.deadlines import Limit

STARTS: Mapping[Event, str] = {
    Moment.ASSIGNED: "assigned_at",
    Moment.QUALIFIED: "qualified_at",
    Moment.RAISED: "raised_at",
}
"""The column of legs that says when a clock starts."""

_STOPS: Mapping[Event, str] = {Moment.TOUCH: "touched_at", Moment.REPLY: "replied_at"}


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock as columns of legs: `starts` and `stops`, which counts in `stage` only where that is said.

    `each_turn` says that every owner's turn has a clock of its own; else the cycle has one. `where` is all that must hold.
    """

    starts: str
    stops: str
    stage: str | None
    each_turn: bool
    runs_in: str
    where: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A commitment of a version that legs cannot tell anything of, with the reason in a sentence."""

    policy: str
    commitment: str
    because: str


def timed(agreement: Agreement, commitment: Commitment, clock: Clock) -> Timed | str:
    """Return a clock as columns of legs, or the sentence that says why legs cannot tell it."""
    because = next(_untold(agreement, commitment, clock), None)
    if because is not None:
        return because
    stops = _stop(agreement, clock.stops.value)
    if stops is None:
        return f"Turns do not record when `{clock.stops}` happened."
    return Timed(
        starts=STARTS[clock.starts.value],
        stops=stops[0],
        stage=stops[1],
        each_turn=clock.restarts is not None,
        runs_in=clock.runs_in,
        where=_conditions(agreement, commitment),
    )


def limit_of(commitment: Commitment, priority: str) -> Limit | None:
    """Return the limit of a priority, the empty one for all that have none of their own; None where nothing is given."""
    limits = commitment.limits
    own = limits.get(priority) or limits.get("")
    inside, outside = (_decided(own or limits.get(each)) for each in (INSIDE_HOURS, OUTSIDE_HOURS))
    return None if inside is None and outside is None else Limit(inside, outside)


def _decided(limit: object) -> Duration | None:
    return limit if isinstance(limit, Duration) else None


def _untold(agreement: Agreement, commitment: Commitment, clock: Clock) -> Iterator[str]:
    """Yield every reason why legs cannot tell a clock."""
    if clock.of is not None:
        yield f"It times a `{clock.of}`, and turns are about leads."
    if commitment.within is None:
        yield "It has no limit: its times are measured, and nothing is promised of them."
    elif not any(isinstance(each, Duration) for each in commitment.limits.values()):
        yield "Its limit is not decided yet."
    if clock.starts.value not in STARTS:
        yield f"Turns do not record when `{clock.starts}` happened."
    if clock.pauses is not None or clock.pauses_on is not None:
        yield "Its clock pauses, and turns do not record when."
    if clock.restarts is not None and clock.restarts.value is not Moment.REASSIGNED:
        yield f"Its clock begins anew at `{clock.restarts}`, which turns do not record."
    if commitment.excused_if is not None or commitment.excused_by is not None:
        yield "A miss may be excused, and turns do not record by what."
    asked = _conditions(agreement, commitment)
    for condition in asked:
        unknown = sorted(each for each in fields_in(condition) if each)
        if not can_tell(condition, at_assignment=clock.starts.value is Moment.ASSIGNED):
            names = ", ".join(f"`{each}`" for each in unknown) or "the lead"
            yield f"It is about some leads only, and turns do not record {names}."


def _conditions(agreement: Agreement, commitment: Commitment) -> tuple[Expression, ...]:
    said = (commitment.where, agreement.metadata.scope)
    return tuple(each.value for each in said if each is not None)


def _stop(agreement: Agreement, event: Event) -> tuple[str, str | None] | None:
    if event in _STOPS:
        return _STOPS[event], None
    stage = (
        event.stage if isinstance(event, Leaves) else qualified_stage(agreement) if event is Moment.VERDICT else None
    )
    return None if stage is None else ("decided_at", stage)
