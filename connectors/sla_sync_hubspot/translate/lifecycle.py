"""Lifecycle stages that HubSpot does not ship: found by their label, and created only where the binding allows the beta.

HubSpot gives such a stage a number, which only the portal knows. A binding that says `add: true` names labels, so that
filters and workflows refer to the stage and take its number when they are written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from sla_sync.connector import Address, Desired, Gap, Probe, Ref, Stage, Value, Values
from sla_sync_hubspot.binding import Beta
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import LIFECYCLE_STAGE, PROPERTY_OPTION

LIFECYCLE = "lifecyclestage"
SHIPPED = frozenset(
    "subscriber lead marketingqualifiedlead salesqualifiedlead opportunity customer evangelist other".split()
)
"""The internal values with which every portal begins (HubSpot, "Use lifecycle stages")."""
_WHERE = "Settings > Objects > Contacts > Lifecycle stages"


def lifecycle_address(label: str) -> Address:
    """Return the address of a lifecycle stage that is known by its label."""
    return Address(LIFECYCLE_STAGE, label)


def lifecycle_stages(vocabulary: Vocabulary) -> Iterator[Desired]:
    """Yield the stages that the binding adds, where it allows the call that HubSpot does not document."""
    if _creates(vocabulary):
        for stage, label in _added(vocabulary):
            yield Desired(lifecycle_address(label), {"label": label}, origins={(): stage.origin})


def lifecycle_opening(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the sentence that says by what a plan creates stages."""
    labels = [label for _, label in _added(vocabulary)] if _creates(vocabulary) else []
    if labels:
        yield (
            f"Lifecycle stages ({', '.join(labels)}) are created by a call that HubSpot does not document; a portal may "
            "refuse it, and then a person creates them."
        )


def lifecycle_steps(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a manual step for each lifecycle stage of the binding that the portal may lack; a look tells whether it does."""
    labels = {label for _, label in _added(vocabulary)}
    if not _creates(vocabulary):
        for stage, label in _added(vocabulary):
            yield Gap(
                f"lifecycle-{stage.name}-{label}",
                f"Lifecycle stage «{label}»",
                f"Create the lifecycle stage «{label}» in {_WHERE}; its number is found by this label. With "
                f"`beta: [{Beta.LIFECYCLE_STAGES}]` the binding allows a call that HubSpot does not document to create it.",
                stage.origin,
                Probe(lifecycle_address(label), ("label",), label),
            )
    for stage, value in _bound(vocabulary):
        if value not in SHIPPED and value not in labels:
            yield Gap(
                f"lifecycle-{stage.name}-{value}",
                f"Lifecycle stage «{value}»",
                f"Create the lifecycle stage for «{stage.label}» in {_WHERE}, and write its internal value, a number that "
                f"HubSpot gives it, into the binding in the place of '{value}'; or write its label with `add: true`, by "
                "which its number is found.",
                stage.origin,
                Probe(Address(PROPERTY_OPTION, f"{CONTACTS}/{LIFECYCLE}/{value}"), ("hidden",), value=False),
            )


def numbered(desired: Desired, vocabulary: Vocabulary) -> Desired:
    """Return a setting with references to added lifecycle stages in the place of their labels."""
    labels = frozenset(label for _, label in _added(vocabulary))
    values = _referring(desired.values, labels) if labels else desired.values
    if values == desired.values:
        return desired
    made = {each.address for each in lifecycle_stages(vocabulary)}
    needed = tuple(lifecycle_address(each) for each in sorted(labels) if lifecycle_address(each) in made)
    return replace(desired, values=values, requires=(*desired.requires, *needed))


def _creates(vocabulary: Vocabulary) -> bool:
    return Beta.LIFECYCLE_STAGES in vocabulary.binding.beta


def _bound(vocabulary: Vocabulary) -> Iterator[tuple[Stage, str]]:
    for stage in vocabulary.resources.stages:
        bound = vocabulary.binding.stages.get(stage.name)
        for value in bound.lifecyclestage if bound else ():
            yield stage, value


def _added(vocabulary: Vocabulary) -> Iterator[tuple[Stage, str]]:
    for stage, value in _bound(vocabulary):
        if vocabulary.binding.stages[stage.name].add:
            yield stage, value


def _referring(values: Values, labels: Collection[str]) -> dict[str, Value]:
    """Return values with references in every test of the lifecycle stage and in every action that sets it."""
    below = {key: _below(value, labels) for key, value in values.items()}
    if values.get("property") == LIFECYCLE:
        return {**below, "operation": _tested(values.get("operation"), labels)}
    if values.get("property_name") == LIFECYCLE:
        return {**below, "value": _written(values.get("value"), labels)}
    filters = values.get("filters")
    if isinstance(filters, list) and [_names(each) for each in filters] == [LIFECYCLE, "hs_value"]:
        # What enrols again: a pair of the property's name and the test of its new value.
        name, test = filters
        return {**below, "filters": [name, {**test, "operation": _tested(test.get("operation"), labels)}]}
    return below


def _below(value: Value, labels: Collection[str]) -> Value:
    if isinstance(value, Mapping):
        return _referring(value, labels)
    return [_below(each, labels) for each in value] if isinstance(value, list | tuple) else value


def _names(tested: Value) -> Value:
    """Return what a filter is about; of the first of a pair, the property that it names."""
    if not isinstance(tested, Mapping):
        return None
    operation = tested.get("operation")
    named = tested.get("property") == "hs_name" and isinstance(operation, Mapping)
    return dict(operation).get("value") if named else tested.get("property")  # type: ignore[arg-type]


def _tested(operation: Value, labels: Collection[str]) -> Value:
    values = operation.get("values") if isinstance(operation, Mapping) else None
    if not isinstance(operation, Mapping) or not isinstance(values, list | tuple):
        return operation
    return {**operation, "values": [_reference(each, labels) for each in values]}


def _written(value: Value, labels: Collection[str]) -> Value:
    if not isinstance(value, Mapping) or "staticValue" not in value:
        return value
    return {**value, "staticValue": _reference(value["staticValue"], labels)}


def _reference(value: Value, labels: Collection[str]) -> Value:
    return Ref(lifecycle_address(value)) if isinstance(value, str) and value in labels else value
