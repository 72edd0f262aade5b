"""Where a contact stands in the funnel, and whether the agreement is about it, as the filters of workflows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sla_sync.connector import Gap, Resources, Stage, Values, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.names import property_name
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Trigger
from sla_sync_hubspot.translate.filters import Branches, both, compile_expression, property_filter
from sla_sync_hubspot.translate.segments import without_excluded
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary

_CHANGED = "lastmodifieddate"
"""HubSpot's own property: when any value of the contact last changed."""


def qualifying_stage(vocabulary: Vocabulary) -> Stage | None:
    """Return the stage that opens a cycle, where it shows on the contact."""
    return next((each for each in on_contact(vocabulary) if each.qualifies), None)


def on_contact(vocabulary: Vocabulary) -> tuple[Stage, ...]:
    """Return the stages that show on the contact itself."""
    bound = vocabulary.binding.stages
    return tuple(
        each
        for each in vocabulary.resources.stages
        if each.name in bound and bound[each.name].contact_property is not None
    )


def on_deal(vocabulary: Vocabulary) -> tuple[Stage, ...]:
    """Return the stages that show on the contact's deal."""
    bound = vocabulary.binding.stages
    return tuple(each for each in vocabulary.resources.stages if each.name in bound and bound[each.name].dealstage)


def stands_in(stages: Sequence[Stage], vocabulary: Vocabulary) -> Branches:
    """Return the branches that hold for contacts in one of these stages, all of which show on the contact.

    A contact whose stage nobody has set yet stands at the start.
    """
    names = {each.name for each in stages}
    first = start(vocabulary.resources)
    if first is None or first.name not in names or first not in on_contact(vocabulary):
        return compile_expression(tree.Is("stage", tuple(each.name for each in stages)), vocabulary)
    at_start = vocabulary.stage(first.name).contact_property or ""
    values: dict[str, list[str]] = {}
    for each in stages:
        bound = vocabulary.stage(each.name)
        values.setdefault(bound.contact_property or "", []).extend(bound.contact_values)
    return tuple(
        (property_filter(name, _one_of(name, held, empty_passes=name == at_start)),) for name, held in values.items()
    )


def comes_into(stages: Sequence[Stage], vocabulary: Vocabulary) -> tuple[Trigger, ...]:
    """Return the triggers that tell when a contact comes into one of these stages from outside them."""
    values: dict[str, list[str]] = {}
    for each in stages:
        bound = vocabulary.stage(each.name)
        values.setdefault(bound.contact_property or "", []).extend(bound.contact_values)
    return tuple(Trigger(name, _one_of(name, held)) for name, held in values.items())


def stage_properties(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the properties of the contact that show stages."""
    bound = (vocabulary.stage(each.name).contact_property or "" for each in on_contact(vocabulary))
    return tuple(dict.fromkeys(bound))


def in_cycle(vocabulary: Vocabulary) -> Vocabulary:
    """Return the words as they are meant within a cycle, whose source stays as it was when the contact qualified."""
    binding = vocabulary.binding
    if not binding.sources.read_from:
        return vocabulary
    source = property_name(binding.prefix, kept.CYCLE_SOURCE)
    sources = binding.sources.model_copy(update={"read_from": (source,)})
    holds = {**binding.holds, source: Holds.TEXT}
    return replace(vocabulary, binding=binding.model_copy(update={"sources": sources, "holds": holds}))


def start(resources: Resources) -> Stage | None:
    """Return the stage in which contacts begin; None where none is agreed."""
    return next((each for each in resources.stages if each.starts), None)


def concerned(vocabulary: Vocabulary) -> Branches:
    """Return the branches for contacts that the agreement is about: in force now, in its scope, and not left out.

    A scope that no filter can say is left away here (`scope_gap` says so). Raises UnsayableError for an exclusion.
    """
    branches = both(_in_force(vocabulary.resources), without_excluded(vocabulary))
    scope = vocabulary.resources.scope
    if scope is None:
        return branches
    try:
        return both(branches, compile_expression(scope, vocabulary))
    except UnsayableError:
        return branches


def scope_gap(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap where no filter can say whose leads the agreement is about."""
    scope = vocabulary.resources.scope
    if scope is None:
        return
    try:
        compile_expression(scope, vocabulary)
    except UnsayableError as error:
        yield Gap(
            "scope",
            "Whose leads the agreement is about",
            f"Bind what the scope asks for: {error}, so every contact counts until then.",
            ("metadata", "scope"),
        )


def _in_force(resources: Resources) -> Branches:
    """Return the branches that hold while the agreement is in force.

    No filter asks for the present time of a fixed range, but whoever is enrolled by a change was changed right now.
    """
    if resources.in_force is None:
        return ((),)
    # Inferred: that the date of the last change is written before workflows look at a contact.
    begins, ends = resources.in_force
    filters = [property_filter(_CHANGED, _beside("IS_AFTER", begins))]
    if ends is not None:
        filters.append(property_filter(_CHANGED, _beside("IS_BEFORE", ends)))
    return (tuple(filters),)


def _beside(operator: str, instant: datetime) -> Values:
    at = instant.astimezone(UTC)
    point: Values = {
        "timeType": "DATE", "year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute,
        "second": at.second, "millisecond": at.microsecond // 1000, "timezoneSource": "CUSTOM", "zoneId": "UTC",
    }  # fmt: skip
    return {
        "operationType": "TIME_POINT",
        "type": "TIME_POINT",
        "operator": operator,
        "propertyParser": "VALUE",
        "endpointBehavior": "INCLUSIVE" if operator == "IS_AFTER" else "EXCLUSIVE",
        "timePoint": point,
        "includeObjectsWithNoValueSet": False,
    }


def _one_of(name: str, values: Sequence[str], *, empty_passes: bool | None = None) -> Values:
    held = tuple(dict.fromkeys(values))
    return operations.one_of(Place(name, Holds.CHOICE), held, negated=False, empty_passes=empty_passes)
