"""Hands that are raised: the instant at which the source of a contact last got a value, and whether a cycle followed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sla_sync.connector import Address, Desired, Gap, KeyPath, Stage, tree
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Arm, End, Enrolment, Fork, Step, Trigger, set_now, set_text
from sla_sync_hubspot.translate.clocks import Moment, portal_clocks, runs_here
from sla_sync_hubspot.translate.events import is_in, name_of
from sla_sync_hubspot.translate.filters import Branch, Branches, both, property_filter
from sla_sync_hubspot.translate.positions import comes_into, on_contact, stands_in
from sla_sync_hubspot.translate.runs import started_by
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

_FORM_SENT = "recent_conversion_date"
"""HubSpot's own property: when the contact last submitted a form. One who asks for the same again changes no source."""
_HAS = frozenset({"IS_ANY_OF", "IS_EQUAL_TO", "IS_KNOWN"})


def source_properties(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the properties of the contact from which a source is read, in their order; none where none is bound."""
    try:
        return tuple(each.property for each in vocabulary.source_places())
    except UnsayableError:
        return ()


def hears_raises(vocabulary: Vocabulary) -> bool:
    """Return whether hands that are raised are noticed: where clocks run, or a stage is entered by a source."""
    if not source_properties(vocabulary):
        return False
    asked = (each.enter_when for each in vocabulary.resources.stages)
    return runs_here(vocabulary) or any(each is not None and _asks_for_source(each) for each in asked)


def asks_for_source(branch: Branch, vocabulary: Vocabulary) -> bool:
    """Return whether a branch of filters holds only for contacts with some source."""
    names = source_properties(vocabulary)
    for each in branch:
        operation = each.values.get("operation")
        if each.property in names and isinstance(operation, dict) and operation.get("operator") in _HAS:
            return True
    return False


def raising(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield the workflow that keeps when a hand was raised. Within an open cycle the source stays as it was."""
    if not hears_raises(vocabulary):
        return
    sources = source_properties(vocabulary)
    is_known = operations.known(negated=False)
    when: Branches = tuple((property_filter(each, is_known),) for each in sources)
    raised = name_of(kept.RAISED, vocabulary)
    left = [each for each in on_contact(vocabulary) if each.closes]
    news: tuple[Step, ...] = (set_text(raised, kept.YES),)
    if left:
        anew = Arm("had left the path", stands_in(left, vocabulary), (set_text(raised, kept.AGAIN),))
        news = (Fork((anew,), news),)
    steps: list[Step] = [*news, set_now(name_of(kept.RAISED_AT, vocabulary))]
    is_open: Branches = ((is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary),),)
    # Inferred: that each submission of a form gives this date a new value, also where no other value changes.
    again = tuple(Trigger(each, is_known) for each in (*sources, _FORM_SENT))
    yield our_workflow(
        "Raise hand",
        "Keeps when a contact last raised a hand, by a source or a form, and whether it had left the path before.",
        Enrolment(when, again),
        (Fork((Arm("in a cycle", is_open, (*_in_cycle(vocabulary), End())),)), *steps),
        vocabulary,
        known,
        origin=_origin(vocabulary),
    )
    if left:
        yield _forgotten(left, vocabulary, known)


def _forgotten(left: Sequence[Stage], vocabulary: Vocabulary, known: Collection[Address]) -> Desired:
    """Return the workflow by which a hand that opened no cycle is forgotten when its contact leaves the path."""
    unheard: Branches = ((is_in(kept.RAISED, (kept.YES,), vocabulary),),)
    return our_workflow(
        "Forget hand",
        "Forgets a hand that was raised and opened no cycle when the contact leaves the path.",
        Enrolment(both(stands_in(left, vocabulary), unheard), comes_into(left, vocabulary)),
        (set_text(name_of(kept.RAISED, vocabulary), kept.FORGOTTEN),),
        vocabulary,
        known,
        origin=_origin(vocabulary),
    )


def _origin(vocabulary: Vocabulary) -> KeyPath:
    return ("sources",) if vocabulary.resources.sources else ("metadata", "name")


def _in_cycle(vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return what a hand does that is raised while a cycle is open: a clock of it that stands still starts."""
    starts = started_by(lambda each: each == Moment.RAISED, portal_clocks(vocabulary), vocabulary)
    return (*starts, set_text(name_of(kept.DATES, vocabulary), kept.ASKED)) if starts else ()


def _asks_for_source(expression: tree.Expression) -> bool:
    match expression:
        case tree.Not():
            return _asks_for_source(expression.term)
        case tree.All() | tree.Any():
            return any(_asks_for_source(each) for each in expression.terms)
        case tree.Is() | tree.InGroup() | tree.Known():
            return expression.field == "source"
        case _:
            return False
