"""A contact in an open cycle moves from stage to stage: clocks start and stop, a verdict falls, and at the end it closes.

One workflow does all of it, so that what a move starts, stops and ends comes in this order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sla_sync.connector import Address, Aspect, Desired, Stage, clock_events
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Arm, Enrolment, Fork, Step, Switch, Trigger, set_now, set_text
from sla_sync_hubspot.translate.clocks import Moment, portal_clocks
from sla_sync_hubspot.translate.events import is_in, name_of
from sla_sync_hubspot.translate.filters import Branches, both, property_filter
from sla_sync_hubspot.translate.positions import (
    on_contact,
    on_deal,
    qualifying_stage,
    stage_properties,
    stands_in,
)
from sla_sync_hubspot.translate.runs import asks_for_dates, dates_are, started_by, stopped_by, void
from sla_sync_hubspot.translate.vocabulary import Place, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

_MOST_ARMS = 20
"""Branches that a workflow's fork may have (knowledge base, "Use if/then branches in workflows")."""


def following(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired]:
    """Yield the workflow that follows a contact through the stages while its cycle is open."""
    qualifying = qualifying_stage(vocabulary)
    if qualifying is None:
        return
    is_open = is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary)
    is_known = operations.known(negated=False)
    shown = (*stage_properties(vocabulary), *((name_of(kept.DEAL_STAGE, vocabulary),) if on_deal(vocabulary) else ()))
    arms = [_arm(each, qualifying, vocabulary) for each in (*on_deal(vocabulary), *on_contact(vocabulary))]
    forks: list[Step] = [Fork(tuple(arms[:_MOST_ARMS]))]
    while len(arms) > _MOST_ARMS:
        # What fits none of so many goes on to the next fork; what fitted one has moved, so that no other fits it.
        arms = arms[_MOST_ARMS:]
        forks.append(Fork(tuple(arms[:_MOST_ARMS])))
    stages = vocabulary.resources.stages
    yield our_workflow(
        "Follow stage",
        "Follows a contact of an open cycle through the stages: the verdict, clocks that a stage starts or stops, the end.",
        Enrolment(((is_open,),), tuple(Trigger(each, is_known) for each in shown)),
        forks,
        vocabulary,
        known,
        origin=qualifying.origin,
        does={each.origin: frozenset({Aspect.RECORDED}) for each in stages},
    )


def _arm(stage: Stage, qualifying: Stage, vocabulary: Vocabulary) -> Arm:
    """Return what happens to contacts that were elsewhere and are in a stage now."""
    place = Place(name_of(kept.STAGE, vocabulary), Holds.TEXT)
    was_elsewhere = property_filter(place.property, operations.one_of(place, (stage.name,), negated=True))
    when = both(((was_elsewhere,),), _is_in(stage, vocabulary))
    return Arm(f"enters {stage.name}", when, tuple(_moves(stage, qualifying, vocabulary)))


def _is_in(stage: Stage, vocabulary: Vocabulary) -> Branches:
    """Return when a contact is in a stage: by its deal, or by its own property, which off the path says more than a deal."""
    deal = Place(name_of(kept.DEAL_STAGE, vocabulary), Holds.TEXT)
    if stage in on_deal(vocabulary):
        return ((property_filter(deal.property, operations.one_of(deal, (stage.name,), negated=False)),),)
    here = stands_in([stage], vocabulary)
    if stage.closes or not on_deal(vocabulary):
        return here
    none = operations.one_of(deal, (kept.NO_STAGE,), negated=False, empty_passes=True)
    return both(here, ((property_filter(deal.property, none),),))


def _moves(stage: Stage, qualifying: Stage, vocabulary: Vocabulary) -> Iterator[Step]:
    clocks = portal_clocks(vocabulary)
    leaves = {}
    for before in (*on_contact(vocabulary), *on_deal(vocabulary)):
        if before.name != stage.name:
            leaves[before.name] = _leaves(before, stage, qualifying, vocabulary)
    leaves = {name: steps for name, steps in leaves.items() if steps}
    if leaves:
        yield Switch(name_of(kept.STAGE, vocabulary), leaves)
    entered: clock_events.Event = clock_events.Enters(stage.name)
    yield from stopped_by(entered, clocks, vocabulary)
    starts = () if stage.closes else started_by(lambda each: each == entered, clocks, vocabulary)
    yield from starts
    yield set_text(name_of(kept.STAGE, vocabulary), stage.name)
    if stage.closes:
        yield from _closes(vocabulary)
    elif starts:
        yield set_text(name_of(kept.DATES, vocabulary), kept.ASKED)


def _leaves(before: Stage, stage: Stage, qualifying: Stage, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return what follows from leaving one stage for another: of the qualifying one, also the verdict."""
    clocks = portal_clocks(vocabulary)
    moments: list[clock_events.Event] = [clock_events.Leaves(before.name)]
    if before.name == qualifying.name:
        moments.append(Moment.VERDICT)
        if stage.accepts:
            moments.append(Moment.ACCEPTED)
    happens = frozenset(moments)
    steps = list(stopped_by(lambda each: each in happens, clocks, vocabulary))
    if before.name == qualifying.name:
        judged = name_of(kept.JUDGED, vocabulary)
        verdict = (set_now(name_of(kept.VERDICT_AT, vocabulary)), set_text(judged, kept.YES))
        first: Branches = ((is_in(kept.JUDGED, (kept.NO,), vocabulary),),)
        steps.append(Fork((Arm("first verdict", first, verdict),)))
    starts = () if stage.closes else started_by(lambda each: each in happens, clocks, vocabulary)
    asked = (set_text(name_of(kept.DATES, vocabulary), kept.ASKED),) if starts else ()
    return (*steps, *starts, *asked)


def _closes(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps that close a cycle.

    Where dates are asked for just then, whoever finds them says what became of each clock; else what runs is void.
    """
    clocks = portal_clocks(vocabulary)
    yield set_now(name_of(kept.ENDED_AT, vocabulary))
    for name in (kept.TOUCH_BY, kept.TURN_OWNER):
        yield set_text(name_of(name, vocabulary), kept.NOBODY)
    if clocks:
        ended = (step for clock in clocks for step in void(clock, vocabulary))
        quiet = (*ended, set_text(name_of(kept.DATES, vocabulary), kept.QUIET))
        waits = Arm("dates asked for", dates_are(kept.ASKED, vocabulary))
        yield from (Fork((waits,), quiet),) if asks_for_dates(vocabulary) else quiet
    yield set_text(name_of(kept.CYCLE_STATE, vocabulary), kept.CLOSED)
