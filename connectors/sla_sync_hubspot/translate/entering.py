"""Stages that a contact enters by itself: a workflow for each way in, set off by news and never by what held before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sla_sync.connector import Address, Aspect, Desired, Gap, Stage, Unit, Values, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Arm, Enrolment, Fork, Step, Trigger, set_text
from sla_sync_hubspot.translate.events import each_time, is_in, name_of
from sla_sync_hubspot.translate.filters import (
    Branch,
    Branches,
    both,
    compile_expression,
    filter_branch,
    properties_in,
    property_filter,
)
from sla_sync_hubspot.translate.positions import comes_into, concerned, on_contact, stands_in
from sla_sync_hubspot.translate.raising import asks_for_source, hears_raises
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

_UNITS = {Unit.SECOND: "seconds", Unit.MINUTE: "minutes", Unit.HOUR: "hours", Unit.DAY: "days", Unit.WEEK: "weeks"}


@dataclass(frozen=True, slots=True)
class _Way:
    """From some stages into another, under one condition; `earlier` are stages that such a contact enters rather."""

    before: tuple[Stage, ...]
    into: Stage
    condition: tree.Expression | None
    earlier: tuple[Stage, ...]

    @property
    def anew(self) -> bool:
        """Whether it leads back from off the path."""
        return self.before[0].closes


def entering(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield the workflows by which contacts enter stages, and a gap for each way that none can go."""
    yield from _again(vocabulary)
    ways = _ways(vocabulary)
    for way in ways:
        alone = sum(each.into == way.into for each in ways) == 1
        label = way.into.label if alone else f"{way.into.label} from {' or '.join(each.label for each in way.before)}"
        try:
            yield from _workflows(way, label, vocabulary, known)
        except UnsayableError as error:
            listed = " or ".join(f"«{each.label}»" for each in way.before)
            yield Gap(
                f"enter-{way.into.name}-{way.before[0].name}",
                f"Entering «{way.into.label}» from {listed}",
                f"Move contacts from {listed} to «{way.into.label}» by hand: {error}.",
                (*way.into.origin, "enter_when"),
            )


def _ways(vocabulary: Vocabulary) -> tuple[_Way, ...]:
    """Return the ways in the order of the agreement; stages from which the same condition leads on share one."""
    shown = {each.name: each for each in on_contact(vocabulary)}
    found: dict[tuple[object, ...], _Way] = {}
    for before in shown.values():
        earlier: list[Stage] = []
        for name, condition in before.next.items():
            into = shown.get(name)
            if into is None or into.enter_when is None or name == before.name:
                continue
            key = (name, before.closes, repr(condition), tuple(each.name for each in earlier))
            way = found.get(key)
            stages = (*way.before, before) if way else (before,)
            found[key] = _Way(stages, into, condition, tuple(earlier))
            earlier.append(into)
    return tuple(found.values())


def _workflows(way: _Way, label: str, vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired]:
    into = way.into
    if any(into.name in each.stages for each in vocabulary.resources.reason_sets):
        raise UnsayableError(f"a reason must be given for «{into.label}», and only a person knows it")
    holds = _holds(way, vocabulary)
    filter_branch(holds)
    fresh = tuple((*branch, *_news(branch, way, vocabulary)) for branch in holds)
    when = both(both(stands_in(way.before, vocabulary), fresh), concerned(vocabulary))
    origin = (*into.origin, "enter_when")
    bound = vocabulary.stage(into.name)
    enter: tuple[Step, ...] = (set_text(bound.contact_property or "", bound.contact_values[0]),)
    if way.anew:
        enter = (set_text(name_of(kept.COOLED, vocabulary), kept.NO), *enter)
    late = _long_enough_ago(into, vocabulary)
    steps: tuple[Step, ...] = enter if late is None else (Fork((Arm("long enough ago", late, enter),)),)
    watched = [name for name in properties_in(fresh) if name != name_of(kept.RAISED, vocabulary)]
    again = [Trigger(name, operations.known(negated=False)) for name in watched]
    if hears_raises(vocabulary) and len(watched) < len(properties_in(fresh)):
        again.append(each_time(kept.RAISED_AT, vocabulary))
    # Coming back to the stage itself enrols nobody again: who was moved back by hand is not overruled at once.
    yield our_workflow(
        f"Enter {label}",
        f"Moves contacts to «{into.label}» that meet its condition: {into.means}",
        Enrolment(when, tuple(again)),
        steps,
        vocabulary,
        known,
        origin=origin,
        does={origin: frozenset({Aspect.ENFORCED})},
    )
    if way.anew and any(_cools(branch, vocabulary) for branch in holds):
        yield _cooling(way, label, vocabulary, known)


def _holds(way: _Way, vocabulary: Vocabulary) -> Branches:
    """Return when a contact may go a way: the condition of the stage, that of the way, and what is needed there."""
    into = way.into
    asked = [each for each in (into.enter_when, way.condition, into.contact_if) if each is not None]
    asked += [tree.Known(name) for name in _needs(into, vocabulary)]
    branches: Branches = ((),)
    for each in asked:
        branches = both(branches, compile_expression(each, vocabulary))
    for stage in way.earlier:
        if stage.enter_when is not None:
            branches = both(branches, compile_expression(stage.enter_when, vocabulary, negated=True))
    return branches


def _needs(stage: Stage, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the fields that must be known there; a checkbox always is, and a source is asked for by conditions."""
    for name in vocabulary.resources.needs.get(stage.name, ()):
        if name == "source" and len(vocabulary.binding.sources.read_from) > 1:
            continue
        if name == "source" or vocabulary.place(name).holds is not Holds.CHECKBOX:
            yield name


def _news(branch: Branch, way: _Way, vocabulary: Vocabulary) -> Branch:
    """Return what must be new besides: of a source the hand that was raised, off the path that the condition did not hold.

    What made a contact qualify last time mostly still holds when it leaves the path.
    """
    if not _cools(branch, vocabulary):
        raised = (kept.AGAIN,) if way.anew else (kept.YES, kept.AGAIN)
        return (is_in(kept.RAISED, raised, vocabulary),)
    return (is_in(kept.COOLED, (kept.YES,), vocabulary),) if way.anew else ()


def _cools(branch: Branch, vocabulary: Vocabulary) -> bool:
    return not (hears_raises(vocabulary) and asks_for_source(branch, vocabulary))


def _cooling(way: _Way, label: str, vocabulary: Vocabulary, known: Collection[Address]) -> Desired:
    """Return the workflow that notes that the condition has ceased to hold off the path."""
    condition = way.into.enter_when
    ceased: Branches = compile_expression(condition, vocabulary, negated=True) if condition else ()
    known_value = operations.known(negated=False)
    again = (*comes_into(way.before, vocabulary), *(Trigger(name, known_value) for name in properties_in(ceased)))
    return our_workflow(
        f"Cool {label}",
        f"Notes that a contact off the path no longer meets the condition of «{way.into.label}», so that it may anew.",
        Enrolment(both(stands_in(way.before, vocabulary), ceased), again),
        (set_text(name_of(kept.COOLED, vocabulary), kept.YES),),
        vocabulary,
        known,
        origin=(*way.into.origin, "enter_when"),
    )


def _long_enough_ago(stage: Stage, vocabulary: Vocabulary) -> Branches | None:
    """Return when the time is over before which a contact may not enter again, None where there is none that counts."""
    wait = stage.again_after
    if wait is None or not stage.qualifies or wait.business or wait.unit not in _UNITS:
        return None
    name = name_of("qualified_at", vocabulary)
    point: Values = {
        "timeType": "INDEXED",
        "timezoneSource": "CUSTOM",
        "zoneId": vocabulary.resources.timezone,
        "indexReference": {"referenceType": "NOW"},
        "offset": {_UNITS[wait.unit]: -wait.count},
    }
    before: Values = {
        "operationType": "TIME_POINT",
        "type": "TIME_POINT",
        "operator": "IS_BEFORE",
        "propertyParser": "VALUE",
        "endpointBehavior": "INCLUSIVE",
        "timePoint": point,
        "includeObjectsWithNoValueSet": True,
    }
    return ((property_filter(name, before, (*stage.origin, "again_after")),),)


def _again(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap for each stage that a contact may enter again only after some time: who is not held back."""
    for stage in on_contact(vocabulary):
        if stage.again_after is None:
            continue
        if stage.enter_when is None:
            held = "HubSpot does not hold back people who set the status."
        elif _long_enough_ago(stage, vocabulary) is None:
            held = "no filter counts that time, so contacts enter it by themselves before, too; agree on days or weeks."
        else:
            held = "no contact enters it by itself before, but HubSpot does not hold back people who set the status."
        yield Gap(
            f"again-{stage.name}",
            f"Entering «{stage.label}» again",
            f"Keep contacts out of «{stage.label}» for {stage.again_after} after they last entered it: {held}",
            (*stage.origin, "again_after"),
        )
