"""What promises are about: which leads, which stages, and which of them answer a lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment
from sla_sync.agreement.expressions.measures import Complete, CountOf, StageRate, SumOf
from sla_sync.agreement.expressions.tree import All, Expression, Is
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, OUTSIDE_HOURS, Commitment
from sla_sync.agreement.sections.reading import Written

EVERY_LEAD = All(())
"""A condition that holds for every lead."""

HOURS = frozenset({INSIDE_HOURS, OUTSIDE_HOURS})
_STARTS = frozenset({Moment.RAISED, Moment.QUALIFIED, Moment.ASSIGNED, Moment.REASSIGNED})
_CONTACTS = frozenset({Moment.TOUCH, Moment.REPLY, Moment.MEETING_BOOKED})
_STATUS_FIELDS = frozenset({"owner", "stage", "team"})
_STATUSES = frozenset({Moment.ACCEPTED, Moment.VERDICT, Moment.ASSIGNED, Moment.REASSIGNED})


def responses(agreement: Agreement) -> Mapping[str, Commitment]:
    """Return the commitments that answer a lead: timed from its arrival to a touch, a reply or a status."""
    return {name: each for name, each in agreement.commitments.items() if is_response(each)}


def is_response(commitment: Commitment) -> bool:
    """Return whether a commitment times the answer to a lead."""
    clock = commitment.clock
    if clock is None or clock.of is not None or clock.starts.value not in _STARTS:
        return False
    return clock.stops.value in _CONTACTS or by_status(clock.stops.value)


def by_status(stops: Event) -> bool:
    """Return whether an event is a change of status or owner, which nobody outside notices."""
    of_status = isinstance(stops, Changes) and stops.field in _STATUS_FIELDS
    return of_status or isinstance(stops, Enters | Leaves) or stops in _STATUSES


def leads_of(commitment: Commitment) -> Expression:
    """Return the condition on which a commitment is about a lead: its `where`, and the priorities that have a limit."""
    terms: list[Expression] = [] if commitment.where is None else [commitment.where.value]
    named = tuple(key for key in commitment.limits if key and key not in HOURS)
    if named:
        terms.append(Is("priority", named))
    return terms[0] if len(terms) == 1 else All(tuple(terms))


def decided_limits(commitment: Commitment) -> Mapping[str, Duration]:
    """Return the limits that are agreed, by priority or part of the day; one for all stands under the empty name."""
    return {key: each for key, each in commitment.limits.items() if isinstance(each, Duration)}


def limits_at(commitment: Commitment) -> Iterator[tuple[tuple[str, ...], str, Duration]]:
    """Yield each agreed limit with its path inside the commitment and the name that it stands under."""
    for key, limit in decided_limits(commitment).items():
        yield ("within", key) if key else ("within",), key, limit


def party_of(role: str | None, agreement: Agreement) -> str | None:
    """Return the party of a role; None where the role is not defined."""
    found = agreement.roles.get(role) if role else None
    return found.party if found else None


def stage_aimed_at(commitment: Commitment) -> str | None:
    """Return the stage that a promise needs leads to come into; None where it is about no stage."""
    match commitment.measure.value if commitment.measure else None:
        case CountOf(stage=stage) | SumOf(stage=stage) | StageRate(end=stage) | Complete(stage=stage):
            return stage
        case _:
            stops = commitment.clock.stops.value if commitment.clock and commitment.clock.of is None else None
            return stops.stage if isinstance(stops, Enters) else None


def condition(written: Written[Expression] | None) -> Expression:
    """Return what was written, or a condition that always holds where nothing was."""
    return EVERY_LEAD if written is None else written.value
