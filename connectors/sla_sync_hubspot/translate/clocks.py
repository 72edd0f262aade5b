"""The clocks that a portal runs itself, and what must be said of those that it cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Calendar, Clock, Gap, KeyPath, Mode, clock_events, print_event
from sla_sync_hubspot.translate.filters import compile_expression, filter_branch
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary

Moment = clock_events.Moment
HERE = "here"
_TOLD = frozenset(
    {Moment.RAISED, Moment.QUALIFIED, Moment.ASSIGNED, Moment.REASSIGNED, Moment.ACCEPTED, Moment.TOUCH, Moment.VERDICT}
)
"""Moments of which a property of the contact tells."""
_STARTS = frozenset({Moment.RAISED, Moment.QUALIFIED, Moment.ASSIGNED, Moment.REASSIGNED, Moment.ACCEPTED})


def runs_here(vocabulary: Vocabulary) -> bool:
    """Return whether the clocks of the agreement run on HubSpot and not on another platform."""
    return vocabulary.binding.timers == HERE


def portal_clocks(vocabulary: Vocabulary) -> tuple[Clock, ...]:
    """Return the clocks that the portal runs, in the order of the agreement."""
    if not runs_here(vocabulary):
        return ()
    return tuple(clock for clock in _agreed(vocabulary) if _hindrance(clock, vocabulary) is None)


def clock_gaps(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap for each clock that the portal does not run, and for what it shows otherwise than agreed."""
    if not runs_here(vocabulary):
        return
    for clock in vocabulary.resources.clocks:
        holder = _holder(clock, vocabulary)
        if holder is not None:
            advice = f"Keep the clock of «{clock.name}» in {holder}: the binding says so."
            yield _gap(clock, "", advice, clock.origin)
    for clock in _agreed(vocabulary):
        why = _hindrance(clock, vocabulary)
        if why is not None:
            yield _gap(clock, "", f"Watch «{clock.name}» by hand, or agree it otherwise: {why}.", clock.origin)
            continue
        if clock.excused:
            advice = f"Judge by hand which misses of «{clock.name}» are excused: HubSpot shows them as late or overdue."
            yield _gap(clock, "-excused", advice, clock.origin)
        if clock.starts is Moment.RAISED:
            advice = f"Expect «{clock.name}» only for contacts that qualify: it is timed from the cycle that they open."
            yield _gap(clock, "-raised", advice, clock.origin)


def calendars_of(clock: Clock, vocabulary: Vocabulary) -> tuple[Calendar, ...]:
    """Return the calendars in which a clock may run: its own, or those of the teams; none for one on the wall clock."""
    resources = vocabulary.resources
    if clock.wall_clock or not resources.calendars:
        return ()
    if clock.calendar is not None:
        return tuple(each for each in resources.calendars if each.name == clock.calendar)
    main = resources.calendars[0].name
    named = {team.calendar or main for team in resources.teams} or {main}
    return tuple(each for each in resources.calendars if each.name in named) or resources.calendars[:1]


def _agreed(vocabulary: Vocabulary) -> Iterator[Clock]:
    for clock in vocabulary.resources.clocks:
        if clock.mode is not Mode.MEASURE and _holder(clock, vocabulary) is None:
            yield clock


def _holder(clock: Clock, vocabulary: Vocabulary) -> str | None:
    held = vocabulary.binding.held_by
    return held.get(clock.name) or held.get("commitments")


def _hindrance(clock: Clock, vocabulary: Vocabulary) -> str | None:
    """Return why the portal cannot run a clock, as a clause, or None where it can."""
    if clock.pauses:
        return "no workflow pushes a limit by the time in which the clock stood still"
    if clock.restarts not in {None, Moment.REASSIGNED}:
        return f"a clock begins anew only where the owner changes, and not at: {print_event(clock.restarts)}"
    starts = _told(clock.starts, vocabulary, among=_STARTS)
    stops = _told(clock.stops, vocabulary, among=_TOLD)
    if starts is not None or stops is not None:
        return starts or stops
    if clock.where is not None:
        try:
            filter_branch(compile_expression(clock.where, vocabulary))
        except UnsayableError as error:
            return str(error)
    return None


def _told(event: clock_events.Event, vocabulary: Vocabulary, *, among: frozenset[Moment]) -> str | None:
    if isinstance(event, clock_events.Enters | clock_events.Leaves):
        try:
            vocabulary.stage(event.stage)
        except UnsayableError as error:
            return str(error)
        return None
    return None if event in among else f"HubSpot does not tell when this happens: {print_event(event)}"


def _gap(clock: Clock, part: str, advice: str, origin: KeyPath) -> Gap:
    return Gap(f"clock-{clock.name}{part}", f"Clock of «{clock.label}»", advice, origin)
