"""One owner's turn in a cycle: it begins when somebody gets the contact, and ends when nobody has it any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sla_sync.connector import Address, Clock, Desired, clock_events, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Arm, Enrolment, Fork, Step, Trigger, copy, count_up, set_now, set_text
from sla_sync_hubspot.translate.clocks import Moment, portal_clocks
from sla_sync_hubspot.translate.cycle import priority_steps
from sla_sync_hubspot.translate.events import becomes, clock_is, is_in, name_of
from sla_sync_hubspot.translate.filters import Branches, Filter, property_filter
from sla_sync_hubspot.translate.notices import OWNER_PROPERTY
from sla_sync_hubspot.translate.rotation import queue_names
from sla_sync_hubspot.translate.runs import begin, begin_if_still, rest, void
from sla_sync_hubspot.translate.vocabulary import Place, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

_ASSIGNMENTS = frozenset[clock_events.Event]({Moment.ASSIGNED, Moment.REASSIGNED})


def turn(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired]:
    """Yield the workflow that begins a turn, and the one that ends it where no other begins."""
    is_open = is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary)
    owned = property_filter(OWNER_PROPERTY, operations.known(negated=False))
    origin = vocabulary.resources.routing.origin if vocabulary.resources.routing else ("metadata", "name")
    yield our_workflow(
        "Begin turn",
        "Begins the turn of a contact's owner: when it was assigned, and the clocks that start with it.",
        Enrolment(
            ((is_open, owned),),
            (
                becomes(kept.CYCLE_STATE, kept.OPEN, vocabulary),
                Trigger(OWNER_PROPERTY, operations.known(negated=False)),
            ),
        ),
        tuple(_begin(vocabulary)),
        vocabulary,
        known,
        origin=origin,
    )
    yield our_workflow(
        "End turn",
        "Ends the turn of an owner who gives a contact back: it is nobody's, and clocks of a turn of its own are void.",
        Enrolment(
            ((is_open, property_filter(OWNER_PROPERTY, operations.known(negated=True)), _somebodys(vocabulary)),),
            (Trigger(OWNER_PROPERTY, operations.known(negated=True)),),
        ),
        tuple(_end(vocabulary)),
        vocabulary,
        known,
        origin=origin,
    )


def _somebodys(vocabulary: Vocabulary) -> Filter:
    place = Place(name_of(kept.TURN_OWNER, vocabulary), Holds.TEXT)
    test = operations.one_of(place, (kept.NOBODY,), negated=True, empty_passes=False)
    return property_filter(place.property, test)


def _begin(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps of a new turn. Whose activity was logged last is forgotten first, so that it is no touch of this one."""

    def named(name: str) -> str:
        return name_of(name, vocabulary)

    clocks = portal_clocks(vocabulary)
    yield set_text(named(kept.TOUCH_BY), kept.NOBODY)
    yield set_text(named(kept.TOUCHED), kept.NO)
    yield count_up(named(kept.LEG))
    yield set_now(named(kept.ASSIGNED_AT))
    yield copy(OWNER_PROPERTY, named(kept.TURN_OWNER))
    if queue_names(vocabulary):
        yield set_text(named(kept.QUEUE), kept.NO_QUEUE)
    concerned = [each for each in clocks if each.restarts is not None or each.starts in _ASSIGNMENTS]
    if not concerned:
        return
    # How urgent the contact is counts at each start of a clock.
    yield from priority_steps(vocabulary)
    first = tuple(step for clock in concerned for step in _first(clock, vocabulary))
    later = tuple(step for clock in concerned for step in _later(clock, vocabulary))
    leg = Place(named(kept.LEG), Holds.NUMBER)
    is_first = property_filter(leg.property, operations.compare(leg, tree.Comparison.EQUAL, 1, negated=False))
    yield Fork((Arm("first turn", ((is_first,),), first),), later)
    yield set_text(named(kept.DATES), kept.ASKED)


def _first(clock: Clock, vocabulary: Vocabulary) -> tuple[Step, ...]:
    return begin(clock, vocabulary) if clock.starts is Moment.ASSIGNED else ()


def _later(clock: Clock, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return what a later turn does with a clock: one that has run in this cycle begins anew where that is agreed."""
    if clock.restarts is None:
        return begin_if_still(clock, vocabulary) if clock.starts is Moment.REASSIGNED else ()
    never_ran: Branches = ((clock_is(clock, (kept.IDLE,), vocabulary),),)
    at_first = begin(clock, vocabulary) if clock.starts is Moment.REASSIGNED else ()
    anew = (*void(clock, vocabulary), rest(clock, vocabulary), *begin(clock, vocabulary))
    return (Fork((Arm("never ran", never_ran, at_first),), anew),)


def _end(vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps by which a turn ends; what follows a breach of it stays to come, so the dates are asked for anew."""
    for clock in portal_clocks(vocabulary):
        if clock.restarts is Moment.REASSIGNED:
            yield from void(clock, vocabulary)
    # In this order: a colleague's activity before is no touch of a contact that is nobody's.
    for name in (kept.TOUCH_BY, kept.TURN_OWNER):
        yield set_text(name_of(name, vocabulary), kept.NOBODY)
    yield set_text(name_of(kept.TOUCHED, vocabulary), kept.NO)
    if portal_clocks(vocabulary):
        yield set_text(name_of(kept.DATES, vocabulary), kept.ASKED)
