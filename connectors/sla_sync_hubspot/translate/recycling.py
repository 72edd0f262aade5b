"""Contacts that left the path: when somebody comes back to them, by the reason that was given, and what starts over."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sla_sync.connector import (
    SECONDS,
    Address,
    Aspect,
    Desired,
    Duration,
    Gap,
    ReasonSet,
    Stage,
)
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Act, Arm, Enrolment, Fork, Step, Switch, set_text, wait, wait_until
from sla_sync_hubspot.translate.clocks import runs_here
from sla_sync_hubspot.translate.events import is_known, name_of
from sla_sync_hubspot.translate.filters import Branches, both, property_filter
from sla_sync_hubspot.translate.notices import WHO, notice, notice_gaps
from sla_sync_hubspot.translate.positions import comes_into, on_contact, stands_in
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

_EMPTY = {Holds.NUMBER: "0", Holds.CHECKBOX: "false"}


def minutes_of(duration: Duration) -> int | None:
    """Return a duration in minutes of calendar time, None where it is not always equally long."""
    each = None if duration.business else SECONDS.get(duration.unit)
    return None if each is None else max(round(duration.count * each / 60), 1)


def recycling(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield a workflow for each stage to whose contacts people come back, and gaps for times that none can count.

    The platform that runs the clocks tells people when to come back, so that nobody is told twice.
    """
    for reasons in vocabulary.resources.reason_sets if runs_here(vocabulary) else ():
        yield from _uncounted(reasons)
        for stage in on_contact(vocabulary):
            if stage.name in reasons.stages and stage.accountable and (reasons.revisits or reasons.revisits_asked):
                yield _revisit(stage, stage.accountable, reasons, vocabulary, known)
                yield from notice_gaps([(stage.accountable, (*stage.origin, "accountable"))], vocabulary)
    for stage in on_contact(vocabulary):
        yield from _resets(stage, vocabulary, known)


def _uncounted(reasons: ReasonSet) -> Iterator[Gap]:
    for name, duration in reasons.revisits.items():
        if minutes_of(duration) is None:
            yield Gap(
                f"revisit-{reasons.name}-{name}",
                f"Coming back after «{name}»",
                f"Agree on days or weeks for «{name}» instead of {duration}, or note the day yourself: a workflow cannot "
                "wait for a time that is not always equally long.",
                (*reasons.origin, name, "revisit"),
            )


def _revisit(
    stage: Stage, whom: str, reasons: ReasonSet, vocabulary: Vocabulary, known: Collection[Address]
) -> Desired | Gap:
    """Return the workflow that waits as long as the reason says and tells whoever answers for the stage.

    Who leaves the stage is let go, so that nobody is told of a contact that is worked again.
    """
    try:
        place = vocabulary.place(reasons.field)
    except UnsayableError as error:
        return Gap(
            f"revisit-{stage.name}",
            f"Coming back to «{stage.label}»",
            f"Note the day on which to come back to contacts in «{stage.label}»: {error}.",
            stage.origin,
        )
    told = notice(
        (whom,),
        f"To come back to: {WHO}",
        f"Somebody wanted to come back to this contact today. {stage.means}",
        vocabulary,
    )
    waits: dict[str, tuple[Step, ...]] = {}
    for name, duration in reasons.revisits.items():
        minutes = minutes_of(duration)
        if minutes is not None:
            waits[name] = (wait(minutes), *told)
    for name in reasons.revisits_asked:
        day: Branches = ((is_known(kept.REVISIT_ON, vocabulary),),)
        until: tuple[Step, ...] = (wait_until(name_of(kept.REVISIT_ON, vocabulary)), *told)
        waits[name] = (Fork((Arm("said when", day, until),)),)
    given = operations.one_of(Place(place.property, Holds.CHOICE), tuple(waits), negated=False)
    reason: Branches = ((property_filter(place.property, given),),)
    return our_workflow(
        f"Revisit {stage.label}",
        f"Tells whoever answers for «{stage.label}» on the day on which somebody wanted to come back to a contact.",
        Enrolment(both(stands_in([stage], vocabulary), reason), comes_into([stage], vocabulary), lets_go=True),
        (Switch(place.property, waits),),
        vocabulary,
        known,
        origin=stage.origin,
        does={
            reasons.origin: frozenset({Aspect.ALERTED}),
            **{(*reasons.origin, name): frozenset({Aspect.ALERTED if told else Aspect.RECORDED}) for name in waits},
        },
    )


def _resets(stage: Stage, vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield the workflow that sets back what starts over in a stage, and a gap for what a workflow must not write."""
    origin = (*stage.origin, "resets")
    steps: list[Act] = []
    for word in stage.resets:
        advice = _reset_by_hand(word, stage, vocabulary)
        if advice is None:
            place = vocabulary.place(word)
            steps.append(set_text(place.property, _EMPTY[place.holds]))
        else:
            yield Gap(f"reset-{stage.name}-{word}", f"«{word}» in «{stage.label}»", advice, origin)
    if steps:
        yield our_workflow(
            f"Start over in {stage.label}",
            f"Sets back what starts over when a contact enters «{stage.label}»: {', '.join(stage.resets)}.",
            Enrolment(stands_in([stage], vocabulary), comes_into([stage], vocabulary)),
            steps,
            vocabulary,
            known,
            origin=origin,
            does={origin: frozenset({Aspect.ENFORCED})},
        )


def _reset_by_hand(word: str, stage: Stage, vocabulary: Vocabulary) -> str | None:
    """Return what a person has to do about a word that starts over, None where a workflow does it."""
    try:
        place = vocabulary.place(word)
    except UnsayableError as error:
        return f"Set «{word}» back by hand when a contact enters «{stage.label}»: {error}."
    bound = vocabulary.binding.fields.get(word)
    if bound is not None and bound.writer not in {None, "hubspot"}:
        return (
            f"Let {bound.writer} set `{place.property}` back when a contact enters «{stage.label}»: it alone writes it."
        )
    if place.holds not in _EMPTY:
        return (
            f"Set `{place.property}` back by hand when a contact enters «{stage.label}»: only numbers and checkboxes "
            "have a zero."
        )
    return None
