"""A cycle of a contact: it opens when the contact qualifies, and everything that is kept of the one before begins anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sla_sync.connector import Address, Desired, Gap, Stage, clock_events
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Arm, Enrolment, Fork, Step, copy, count_up, set_now, set_text
from sla_sync_hubspot.translate.clocks import Moment, portal_clocks, runs_here
from sla_sync_hubspot.translate.events import is_in, name_of
from sla_sync_hubspot.translate.filters import Branches, both, compile_expression, filter_branch, property_filter
from sla_sync_hubspot.translate.positions import (
    comes_into,
    concerned,
    in_cycle,
    on_contact,
    qualifying_stage,
    scope_gap,
    stands_in,
)
from sla_sync_hubspot.translate.raising import hears_raises, source_properties
from sla_sync_hubspot.translate.rotation import queue_names, routing_steps
from sla_sync_hubspot.translate.runs import begin, rest, started_copy
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow


def cycle(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield the workflow that opens a cycle, and a gap for what it cannot say."""
    stage = qualifying_stage(vocabulary)
    if stage is None:
        return
    yield from scope_gap(vocabulary)
    steps = (*_opening(stage, vocabulary),) if runs_here(vocabulary) else (*_stamping(vocabulary),)
    if runs_here(vocabulary):
        yield from priority_gaps(vocabulary)
    else:
        yield from _closing_elsewhere(vocabulary, known)
    try:
        when = both(both(stands_in([stage], vocabulary), _not_open(vocabulary)), concerned(vocabulary))
        yield our_workflow(
            "Open cycle",
            f"Opens a cycle when a contact becomes «{stage.label}», and keeps the instant at which it did.",
            Enrolment(when, comes_into([stage], vocabulary)),
            steps,
            vocabulary,
            known,
            origin=stage.origin,
        )
    except UnsayableError as error:
        yield Gap(
            "cycle",
            "Cycles of contacts",
            f"Say who counts: {error}, so no cycle is opened and no clock runs until then.",
            stage.origin,
        )


def _not_open(vocabulary: Vocabulary) -> Branches:
    place = Place(name_of(kept.CYCLE_STATE, vocabulary), Holds.CHOICE)
    return ((property_filter(place.property, operations.one_of(place, (kept.OPEN,), negated=True)),),)


def _stamping(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield what is kept of a cycle whose clocks run on another platform."""
    yield set_now(name_of("qualified_at", vocabulary))
    if hears_raises(vocabulary):
        yield set_text(name_of(kept.RAISED, vocabulary), kept.NO)
    yield set_text(name_of(kept.COOLED, vocabulary), kept.NO)
    yield set_text(name_of(kept.CYCLE_STATE, vocabulary), kept.OPEN)


def _closing_elsewhere(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired]:
    """Yield the workflow by which a cycle ends whose clocks run on another platform, so that the next one is stamped."""
    closing = [each for each in on_contact(vocabulary) if each.closes]
    if not closing:
        return
    is_open: Branches = ((is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary),),)
    yield our_workflow(
        "Close cycle",
        "Ends the cycle of a contact that leaves the path, so that the next one is stamped again.",
        Enrolment(both(stands_in(closing, vocabulary), is_open), comes_into(closing, vocabulary)),
        (set_text(name_of(kept.CYCLE_STATE, vocabulary), kept.CLOSED),),
        vocabulary,
        known,
        origin=closing[0].origin,
    )


def _opening(stage: Stage, vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield all that begins with a cycle; that it is open comes after everything that others read of it."""

    def named(name: str) -> str:
        return name_of(name, vocabulary)

    clocks = portal_clocks(vocabulary)
    yield count_up(named(kept.CYCLE))
    # Inferred: that a workflow writes a number that is given as text.
    yield set_text(named(kept.LEG), "0")
    yield set_now(named("qualified_at"))
    if vocabulary.resources.policy:
        yield set_text(named(kept.POLICY), vocabulary.resources.policy)
    yield from _source(vocabulary)
    yield from priority_steps(vocabulary)
    yield from _forgotten(vocabulary)
    for name in (kept.TOUCH_BY, kept.TURN_OWNER):
        yield set_text(named(name), kept.NOBODY)
    for name in (kept.TOUCHED, kept.JUDGED, kept.COOLED):
        yield set_text(named(name), kept.NO)
    yield set_text(named(kept.STAGE), stage.name)
    yield set_text(named(kept.DEAL_STAGE), kept.NO_STAGE)
    if queue_names(vocabulary):
        yield set_text(named(kept.QUEUE), kept.NO_QUEUE)
    for clock in clocks:
        yield rest(clock, vocabulary)
        for key in kept.counted_keys(clock):
            yield set_text(named(kept.times(key)), "0")
    starts = (*_at_once(stage, vocabulary), *_by_hand(vocabulary))
    yield from starts
    if hears_raises(vocabulary):
        yield set_text(named(kept.RAISED), kept.NO)
    yield from routing_steps(vocabulary)
    yield set_text(named(kept.CYCLE_STATE), kept.OPEN)
    if starts:
        yield set_text(named(kept.DATES), kept.ASKED)


def _at_once(stage: Stage, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps by which clocks start that qualification starts."""
    events = {Moment.QUALIFIED, clock_events.Enters(stage.name)}
    return tuple(
        step for clock in portal_clocks(vocabulary) if clock.starts in events for step in begin(clock, vocabulary)
    )


def _by_hand(vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps by which clocks start that the hand started which opened the cycle, where one was raised."""
    raised_at = name_of(kept.RAISED_AT, vocabulary)
    starts = tuple(
        step
        for clock in portal_clocks(vocabulary)
        if clock.starts is Moment.RAISED
        for step in begin(clock, vocabulary, started_copy(clock, raised_at, vocabulary))
    )
    if not starts or not hears_raises(vocabulary):
        return ()
    hand: Branches = ((is_in(kept.RAISED, (kept.YES, kept.AGAIN), vocabulary),),)
    return (Fork((Arm("raised a hand", hand, starts),)),)


def _source(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps that keep the source as it is now: that of the first property that holds one.

    Where no hand was raised since the last cycle, its source stays: one raised within that cycle opened nothing.
    """
    names = source_properties(vocabulary)
    into = name_of(kept.CYCLE_SOURCE, vocabulary)
    if not names:
        return
    arms = (
        Arm(each, ((property_filter(each, operations.known(negated=False)),),), (copy(each, into),)) for each in names
    )
    found = (copy(names[0], into),) if len(names) == 1 else (Fork(tuple(arms)),)
    if hears_raises(vocabulary):
        unheard: Branches = ((is_in(kept.RAISED, (kept.NO,), vocabulary),),)
        yield Fork((Arm("no hand", unheard),), found)
    else:
        yield from found


def priority_steps(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the fork that says how urgent a contact is: the first priority whose condition holds."""
    resources = vocabulary.resources
    if not any(each.name == "priority" for each in resources.fields):
        return
    into = name_of("priority", vocabulary)
    arms: list[Arm] = []
    for each in resources.priorities:
        try:
            when = compile_expression(each.when, in_cycle(vocabulary))
            filter_branch(when)
        except UnsayableError:
            continue
        arms.append(Arm(each.name, when, (set_text(into, each.name),)))
    nothing = set_text(into, kept.NONE)
    yield Fork(tuple(arms), (nothing,)) if arms else nothing


def priority_gaps(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap for each priority whose condition no filter can say."""
    for each in vocabulary.resources.priorities:
        try:
            filter_branch(compile_expression(each.when, vocabulary))
        except UnsayableError as error:
            yield Gap(
                f"priority-{each.name}",
                f"Priority «{each.label}»",
                f"Bind what «{each.name}» asks for: {error}, so such contacts get the next priority that fits.",
                each.origin,
            )


def _forgotten(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps by which the reason of the time before does not answer for the next one; its history keeps it."""
    fields = {each.name: each for each in vocabulary.resources.fields}
    for name in dict.fromkeys(each.field for each in vocabulary.resources.reason_sets):
        if name in fields and fields[name].choices and name not in vocabulary.binding.fields:
            yield set_text(name_of(name, vocabulary), kept.NONE)
