"""What follows when something falls due: a workflow per warning, limit and step, set off by the instant at which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import Address, Aspect, Clock, Desired, Gap, KeyPath, Mode, Rung, describe, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.names import DESCRIPTION_LIMIT, property_name, title
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import (
    Arm,
    Enrolment,
    Fork,
    Step,
    Trigger,
    count_up,
    set_now,
    set_text,
    workflow_values,
)
from sla_sync_hubspot.translate.filters import Branches, Filter, property_filter
from sla_sync_hubspot.translate.needs import needed_by
from sla_sync_hubspot.translate.notices import THE_OWNER, WHO, notice, notice_gaps
from sla_sync_hubspot.translate.rotation import into_queue, move_to, pass_on
from sla_sync_hubspot.translate.vocabulary import Place, Vocabulary
from sla_sync_hubspot.types import WORKFLOW

_TELLS = frozenset({Mode.ALERT, Mode.ACT})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls due on a clock: its key, the states of the clock in which it counts, and what is done then."""

    clock: Clock
    key: str
    label: str
    counts_in: tuple[str, ...]
    steps: tuple[Step, ...]
    origin: KeyPath
    does: frozenset[Aspect]
    rung: Rung | None = None


def events_of(clock: Clock, vocabulary: Vocabulary) -> tuple[Event, ...]:
    """Return what may fall due on a clock, in the order of its keys."""
    return tuple(_events(clock, vocabulary))


def event_workflows(clock: Clock, vocabulary: Vocabulary, known: frozenset[Address]) -> Iterator[Desired]:
    """Yield a workflow for each event of a clock at which something is done."""
    agreement = vocabulary.resources.agreement
    for event in events_of(clock, vocabulary):
        if not event.steps:
            continue
        happened = kept.happened_at(event.key)
        branches: Branches = ((*counts(event, vocabulary), is_known(happened, vocabulary)),)
        enrolment = Enrolment(branches, (each_time(happened, vocabulary),))
        name = title(agreement, f"{clock.label}: {event.label}")
        means = describe(f"{event.label.capitalize()}. {clock.means}", agreement, limit=DESCRIPTION_LIMIT)
        values = workflow_values(name, means, enrolment, event.steps)
        yield Desired(
            Address(WORKFLOW, name),
            values,
            requires=needed_by(values, known),
            origins={(): event.origin},
            aspects={event.origin: event.does},
        )


def strike(event: Event, vocabulary: Vocabulary) -> Fork:
    """Return the step that says that an event happens now, where it still counts.

    It is asked here too, and not only by the workflow of the event: an instant that was noted in vain would enrol the
    contact as soon as the clock of a later turn stands so that the event counts.
    """
    happens = set_now(name_of(kept.happened_at(event.key), vocabulary))
    return Fork((Arm("still counts", (counts(event, vocabulary),), (happens,)),))


def counts(event: Event, vocabulary: Vocabulary) -> tuple[Filter, ...]:
    """Return the filters that hold while an event of a clock counts."""
    return (is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary), clock_is(event.clock, event.counts_in, vocabulary))


def clock_is(clock: Clock, states: tuple[str, ...], vocabulary: Vocabulary) -> Filter:
    """Return the filter that holds while a clock is in one of these states."""
    return is_in(kept.of_clock(clock, "state"), states, vocabulary)


def becomes(name: str, value: str, vocabulary: Vocabulary) -> Trigger:
    """Return the trigger by which a property of ours comes to have a value."""
    place = Place(name_of(name, vocabulary), Holds.CHOICE)
    return Trigger(place.property, operations.one_of(place, (value,), negated=False))


def each_time(name: str, vocabulary: Vocabulary) -> Trigger:
    """Return the trigger by which a property of ours gets a new value."""
    return Trigger(name_of(name, vocabulary), operations.known(negated=False))


def is_known(name: str, vocabulary: Vocabulary) -> Filter:
    """Return the filter that holds where a property of ours has a value."""
    return property_filter(name_of(name, vocabulary), operations.known(negated=False))


def is_in(name: str, values: tuple[str, ...], vocabulary: Vocabulary) -> Filter:
    """Return the filter that holds while a property of ours has one of these values."""
    place = Place(name_of(name, vocabulary), Holds.CHOICE)
    return property_filter(place.property, operations.one_of(place, values, negated=False))


def name_of(name: str, vocabulary: Vocabulary) -> str:
    """Return the name of a property that we keep."""
    return property_name(vocabulary.binding.prefix, name)


def event_gaps(clock: Clock, vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield what the steps of a clock ask and no workflow can do, and whom its notices do not reach."""
    if clock.mode in _TELLS:
        told = [(name, (*rung.origin, "notify")) for rung in clock.rungs for name in rung.notify]
        yield from notice_gaps(told, vocabulary)
    if clock.mode is not Mode.ACT:
        return
    closing = {stage.name for stage in vocabulary.resources.stages if stage.closes}
    for rung in clock.rungs:
        if rung.reassign is not None and not pass_on(rung.reassign, vocabulary):
            advice = (
                f"Give on the contact to «{rung.reassign}» by hand: nobody of it is named, and no line leads there."
            )
            yield _gap(clock, rung, "reassign", advice)
        if rung.stage is not None and not move_to(rung.stage, rung.reason, vocabulary):
            advice = f"Move the contact to «{rung.stage}» by hand: that stage does not show on the contact."
            yield _gap(clock, rung, "stage", advice)
        if rung.close and rung.stage not in closing:
            advice = (
                "Name a stage that closes the cycle in this step, with its reason: a cycle closes by a stage alone."
            )
            yield _gap(clock, rung, "close", advice)


def _gap(clock: Clock, rung: Rung, part: str, advice: str) -> Gap:
    name = f"Step {rung.index + 1} of «{clock.label}»"
    return Gap(f"ladder-{clock.name}-{rung.index + 1}-{part}", name, advice, (*rung.origin, part))


def _events(clock: Clock, vocabulary: Vocabulary) -> Iterator[Event]:
    base = clock.origin[:-1]
    state = name_of(kept.of_clock(clock, "state"), vocabulary)
    tells = clock.mode in _TELLS
    if clock.warn is not None:
        told = notice((THE_OWNER,), f"Soon due: {WHO} ({clock.label})", clock.means, vocabulary) if tells else ()
        yield Event(
            clock,
            f"{clock.name}.warn",
            "soon due",
            (kept.RUNNING,),
            (set_text(state, kept.WARNED), *told),
            (*base, "warn"),
            frozenset({Aspect.RECORDED} | ({Aspect.ALERTED} if told else set())),
        )
    if clock.limits:
        at_once = (
            set_now(name_of(kept.happened_at(kept.step_key(clock, rung)), vocabulary))
            for rung in clock.rungs
            if rung.after is None and rung.at is None and _done(clock, rung, vocabulary)
        )
        yield Event(
            clock,
            f"{clock.name}.due",
            "due",
            (kept.RUNNING, kept.WARNED),
            (set_text(state, kept.OVERDUE), *at_once),
            clock.limits[0].origin,
            frozenset({Aspect.RECORDED}),
        )
    for rung in clock.rungs:
        yield _step(clock, rung, vocabulary)


def _step(clock: Clock, rung: Rung, vocabulary: Vocabulary) -> Event:
    key = kept.step_key(clock, rung)
    steps = _done(clock, rung, vocabulary)
    if steps and rung.at_most is not None:
        counter = Place(name_of(kept.times(key), vocabulary), Holds.NUMBER)
        # Nothing counted yet is less than any number.
        fewer = operations.compare(counter, tree.Comparison.GREATER_OR_EQUAL, rung.at_most, negated=True)
        allowed: Branches = ((property_filter(counter.property, fewer),),)
        steps = (Fork((Arm("not too often", allowed, (count_up(counter.property), *steps)),)),)
    told = {Aspect.ALERTED} if clock.mode in _TELLS and rung.notify else set()
    done = {Aspect.ENFORCED} if clock.mode is Mode.ACT and _orders(rung, vocabulary) else set()
    return Event(
        clock,
        key,
        f"step {rung.index + 1}",
        _step_counts_in(clock, rung),
        steps,
        rung.origin,
        frozenset(told | done) or frozenset({Aspect.RECORDED}),
        rung,
    )


def _step_counts_in(clock: Clock, rung: Rung) -> tuple[str, ...]:
    """Return the states in which a step counts: after a breach it follows the cycle, `at` a time it belongs to its run.

    Where the clock begins anew with an owner, it is void or idle between two turns.
    """
    open_states = (kept.AWAITS, kept.RUNNING, kept.WARNED, kept.OVERDUE)
    follows = clock.restarts is not None and rung.at is None
    return (*open_states, kept.VOID, kept.IDLE) if follows else open_states


def _done(clock: Clock, rung: Rung, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return what a step does: it tells people first, so that the owner who loses the contact hears of it."""
    if clock.mode not in _TELLS:
        return ()
    subject = f"Overdue: {WHO} ({clock.label})"
    told = notice(rung.notify, subject, clock.means, vocabulary) if rung.notify else ()
    return (*told, *(_orders(rung, vocabulary) if clock.mode is Mode.ACT else ()))


def _orders(rung: Rung, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return what a step changes. What gives the contact to others comes last, for it may end the way of the contact."""
    moved = () if rung.stage is None else move_to(rung.stage, rung.reason, vocabulary)
    queued = () if rung.return_to_queue is None else into_queue(rung.return_to_queue, vocabulary)
    passed = () if rung.reassign is None else pass_on(rung.reassign, vocabulary)
    return (*moved, *queued, *passed)
