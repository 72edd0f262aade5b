"""Groups of contacts that people look at: by stage, left out, not in order, and overdue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from sla_sync.connector import Address, Desired, Gap, Gate, ReasonSet, Stage, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.names import property_name, words
from sla_sync_hubspot.translate import operations
from sla_sync_hubspot.translate.filters import (
    Branches,
    Filter,
    both,
    compile_expression,
    compile_predicate,
    property_filter,
)
from sla_sync_hubspot.translate.kept import DEAL_STAGE, OVERDUE, of_clock
from sla_sync_hubspot.translate.properties import property_address
from sla_sync_hubspot.translate.segments import View, predicate, shown, without_excluded
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary


def views(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield the lists that show how the agreement is kept, and what a person has to build or to look at.

    `known` are the settings that are asked for, without which a list about them cannot stand.
    """
    for view in _views(vocabulary, known):
        yield shown(view, vocabulary, known)
    yield from _unseen_needs(vocabulary)


def _views(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[View]:
    yield from _by_stage(vocabulary, known)
    yield from _excluded(vocabulary)
    yield from _incomplete(vocabulary, known)
    for gate in vocabulary.resources.gates:
        yield from _without_reason(gate, vocabulary, known)
    yield from _without_owner(vocabulary)
    yield from _overdue(vocabulary, known)


def _ours(vocabulary: Vocabulary, find: Callable[[], Branches]) -> Callable[[], Branches]:
    """Return the same group without those whom the agreement is not about or leaves out."""

    def within() -> Branches:
        found = both(find(), without_excluded(vocabulary))
        scope = vocabulary.resources.scope
        return both(compile_expression(scope, vocabulary), found) if scope is not None else found

    return within


def _in(stage: str, vocabulary: Vocabulary, known: Collection[Address]) -> Branches:
    """Return the test of one stage; one that shows on the deal is read where our workflows note it on the contact."""
    noted = property_name(vocabulary.binding.prefix, DEAL_STAGE)
    if vocabulary.binding.stages[stage].dealstage and property_address(noted) in known:
        return _only(property_filter(noted, operations.one_of(Place(noted, Holds.TEXT), (stage,), negated=False)))
    return compile_expression(tree.Is("stage", (stage,)), vocabulary)


def _bound(vocabulary: Vocabulary) -> Iterator[Stage]:
    """Yield the stages that show somewhere; of the others the plan says already that they must be bound."""
    yield from (each for each in vocabulary.resources.stages if each.name in vocabulary.binding.stages)


def _by_stage(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[View]:
    for stage in _bound(vocabulary):
        yield View(
            f"stage-{stage.name}",
            f"In {stage.label}",
            stage.means or f"Contacts in stage {stage.label}.",
            stage.origin,
            _ours(vocabulary, partial(_in, stage.name, vocabulary, known)),
        )


def _excluded(vocabulary: Vocabulary) -> Iterator[View]:
    for name in vocabulary.resources.exclusions:
        text = vocabulary.binding.exclude.get(name)
        if text is not None:
            yield View(
                f"excluded-{name}",
                f"Left out: {words(name)}",
                f"Contacts that no report counts: {words(name).lower()}.",
                ("quality", "exclude"),
                partial(compile_predicate, predicate(text), vocabulary),
            )


def _incomplete(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[View]:
    for stage in _bound(vocabulary):
        seen, _ = _needs(stage, vocabulary)
        if seen:
            yield View(
                f"incomplete-{stage.name}",
                f"{stage.label} incomplete",
                f"Contacts in stage {stage.label} that lack {_listed(list(seen))}.",
                ("stages", stage.name, "needs"),
                _ours(vocabulary, partial(_lacking, partial(_in, stage.name, vocabulary, known), seen)),
            )


def _lacking(there: Callable[[], Branches], absences: Mapping[str, Branches]) -> Branches:
    return both(there(), tuple(each for some in absences.values() for each in some))


def _needs(stage: Stage, vocabulary: Vocabulary) -> tuple[dict[str, Branches], dict[str, str]]:
    """Return what the stage needs: how its absence is found, and why that cannot be found."""
    seen: dict[str, Branches] = {}
    unseen: dict[str, str] = {}
    for word in vocabulary.resources.needs.get(stage.name, ()):
        try:
            seen[word] = compile_expression(tree.Known(word, negated=True), vocabulary)
        except UnsayableError as reason:
            unseen[word] = str(reason)
    return seen, unseen


def _unseen_needs(vocabulary: Vocabulary) -> Iterator[Gap]:
    for stage in _bound(vocabulary):
        for word, reason in _needs(stage, vocabulary)[1].items():
            yield Gap(
                f"needs-{stage.name}-{word}",
                f"«{word}» at stage «{stage.label}»",
                f"Look by hand whether contacts in stage {stage.label} have '{word}': {reason}.",
                ("stages", stage.name, "needs"),
            )


def _without_reason(gate: Gate, vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[View]:
    reasons = next((each for each in vocabulary.resources.reason_sets if each.name == gate.reasons), None)
    stage = next((each for each in _bound(vocabulary) if each.name == gate.stage), None)
    if reasons is None or stage is None:
        return
    yield View(
        f"no-reason-{stage.name}",
        f"{stage.label} without a reason",
        f"Contacts that came into stage {stage.label} although nobody said why.",
        gate.origin,
        _ours(
            vocabulary,
            lambda: both(
                _in(gate.stage, vocabulary, known),
                compile_expression(tree.Known(reasons.field, negated=True), vocabulary),
            ),
        ),
    )
    if reasons.note_required:
        yield View(
            f"no-note-{stage.name}",
            f"{stage.label} without a note",
            f"Contacts in stage {stage.label} whose reason asks for a note and has none.",
            gate.origin,
            _ours(vocabulary, lambda: both(_in(gate.stage, vocabulary, known), _noteless(reasons, vocabulary))),
        )


def _noteless(reasons: ReasonSet, vocabulary: Vocabulary) -> Branches:
    given = compile_expression(tree.Is(reasons.field, reasons.note_required), vocabulary)
    note = compile_expression(tree.Known(reasons.note_field, negated=True), vocabulary)
    return both(given, note)


def _without_owner(vocabulary: Vocabulary) -> Iterator[View]:
    first = next((each.order for each in vocabulary.resources.stages if each.qualifies), None)
    if first is None:
        return
    worked = tuple(
        each.name
        for each in _bound(vocabulary)
        if each.order >= first and not each.closes and vocabulary.binding.stages[each.name].contact_property
    )
    if not worked:
        return
    unowned: Branches = ((property_filter("hubspot_owner_id", operations.known(negated=True)),),)
    yield View(
        "no-owner",
        "Without an owner",
        f"Contacts in {_listed(list(worked))} that nobody owns.",
        vocabulary.resources.routing.origin if vocabulary.resources.routing else ("stages", worked[0]),
        _ours(vocabulary, lambda: both(compile_expression(tree.Is("stage", worked), vocabulary), unowned)),
    )


def _overdue(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[View]:
    for clock in vocabulary.resources.clocks:
        name = property_name(vocabulary.binding.prefix, of_clock(clock, "state"))
        if property_address(name) in known:
            late = property_filter(name, operations.one_of(Place(name, Holds.CHOICE), (OVERDUE,), negated=False))
            yield View(
                f"overdue-{clock.name}",
                f"Overdue: {clock.label}",
                f"Contacts whose time is up: {clock.means}",
                clock.origin,
                _ours(vocabulary, partial(_only, late)),
            )


def _only(found: Filter) -> Branches:
    return ((found,),)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
