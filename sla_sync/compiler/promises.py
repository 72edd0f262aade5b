"""The promises: each in a sentence, and those that time a lead with their limits, their warning and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.quantities import Rate, Times, Undecided, WarnAt
from sla_sync.agreement.sections.commitments import (
    INSIDE_HOURS,
    OUTSIDE_HOURS,
    OWNER_CALENDAR,
    WALL_CLOCK,
    Commitment,
    Step,
)
from sla_sync.agreement.sections.commitments import Clock as Section
from sla_sync.compiler.divisions import spelled_out
from sla_sync.compiler.words import label
from sla_sync.diagnostics import KeyPath
from sla_sync.resources import Clock, Limit, Promise, Rung

_HOURS = {INSIDE_HOURS: True, OUTSIDE_HOURS: False}
_NO_CALENDAR = frozenset({OWNER_CALENDAR, WALL_CLOCK})


def promises(agreement: Agreement, modes: Mapping[str, Mode]) -> tuple[Promise, ...]:
    """Return every commitment in one sentence, whatever kind it is."""
    return tuple(
        Promise(name, ("commitments", name), _sentence(name, each), each.by, modes.get(name, Mode.ACT))
        for name, each in agreement.commitments.items()
    )


def clocks(agreement: Agreement, modes: Mapping[str, Mode]) -> tuple[Clock, ...]:
    """Return what times a lead and is pushed at all: nothing of a commitment in mode `measure`."""
    return tuple(
        _clock(agreement, name, commitment, commitment.clock, modes.get(name, Mode.ACT))
        for name, commitment in agreement.commitments.items()
        if commitment.clock is not None
        and commitment.clock.of is None
        and modes.get(name, Mode.ACT) is not Mode.MEASURE
    )


def _clock(agreement: Agreement, name: str, commitment: Commitment, clock: Section, mode: Mode) -> Clock:
    origin: KeyPath = ("commitments", name)
    return Clock(
        name,
        (*origin, "clock"),
        _sentence(name, commitment),
        label(name),
        mode,
        clock.starts.value,
        clock.stops.value,
        restarts=clock.restarts.value if clock.restarts else None,
        calendar=None if clock.runs_in in _NO_CALENDAR else clock.runs_in,
        wall_clock=clock.runs_in == WALL_CLOCK,
        where=spelled_out(commitment.where.value, agreement) if commitment.where else None,
        pauses=clock.pauses is not None or clock.pauses_on is not None,
        limits=tuple(_limits(commitment, (*origin, "within"))),
        warn=_warning(commitment),
        rungs=tuple(_rungs(commitment, (*origin, "on_breach"))),
        excused=commitment.excused_if is not None or commitment.excused_by is not None,
    )


def _limits(commitment: Commitment, origin: KeyPath) -> Iterator[Limit]:
    for name, within in commitment.limits.items():
        if isinstance(within, Undecided):
            continue
        if not name:
            yield Limit(origin, within)
        elif name in _HOURS:
            yield Limit((*origin, name), within, inside_hours=_HOURS[name])
        else:
            yield Limit((*origin, name), within, priority=name)


def _warning(commitment: Commitment) -> float | Duration | None:
    if not isinstance(commitment.warn, WarnAt):
        return None
    point = commitment.warn.point
    return float(point.share) if isinstance(point, Rate) else point


def _rungs(commitment: Commitment, origin: KeyPath) -> Iterator[Rung]:
    """Yield the steps that come at all: one whose time is not decided never does, and the others keep their places."""
    for index, step in enumerate(commitment.on_breach):
        if not (isinstance(step.after, Undecided) or isinstance(step.at, Undecided)):
            yield _rung(index, step, (*origin, index), step.after, step.at)


def _rung(index: int, step: Step, origin: KeyPath, after: Duration | None, at: Duration | None) -> Rung:
    return Rung(
        index,
        origin,
        after=after,
        at=at,
        notify=step.notify,
        reassign=step.reassign,
        at_most=step.at_most.count if isinstance(step.at_most, Times) else None,
        return_to_queue=step.return_to_queue,
        stage=step.stage,
        reason=step.reason,
        close=step.close,
    )


def _sentence(name: str, commitment: Commitment) -> str:
    return commitment.sentence or label(name)
