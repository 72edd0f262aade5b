"""The agreed words as a portal stores them: which property and value means which stage, source, field, reason and queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sla_sync.connector import tree
from sla_sync.connector.history import Untold, fields_in
from sla_sync_hubspot.binding import BoundStage, Holds
from sla_sync_hubspot.names import property_name
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.positions import start
from sla_sync_hubspot.translate.segments import predicate
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary

OWNER: Final = "hubspot_owner_id"
MERGED: Final = "hs_merged_object_ids"
MERGED_AT: Final = "hs_calculated_merged_vids"
"""Ids of merged contacts, each with the instant of it: `101:1791198000000;102:1791198000000`, as recorded portals have it."""
CREATED: Final = "createdate"
_SOURCE: Final = "source"

Properties = Mapping[str, Mapping[str, Any]]
"""The properties of contacts that a portal has, by name."""


@dataclass(frozen=True)
class Words:
    """What stands where on a contact. Properties that the portal lacks are in none of these, and stand in `untold`."""

    stages: Mapping[str, Mapping[str, str]]
    """Property of the contact → its stored value → the agreed stage."""
    deal_stages: Mapping[str, str]
    """Stage of a deal → the agreed stage."""
    first: str | None
    """The stage in which whoever has none yet stands, where it shows on the contact."""
    reasons: Mapping[str, tuple[str, frozenset[str]]]
    """Agreed stage → the property of its reasons, and the reasons."""
    sources: tuple[str, ...]
    source_of: Mapping[str, str]
    """Stored value → the agreed source."""
    fields: Mapping[str, Place]
    queue: str | None
    queues: frozenset[str]
    exclusions: Mapping[str, tree.Expression]
    vocabulary: Vocabulary
    untold: tuple[Untold, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """The properties whose histories are asked for."""
        places = (each.property for each in self.fields.values())
        reasons = (name for name, _ in self.reasons.values())
        queue = (self.queue,) if self.queue else ()
        return tuple(dict.fromkeys((*self.stages, *self.sources, OWNER, MERGED, *queue, *reasons, *places)))

    @property
    def present(self) -> tuple[str, ...]:
        """The properties of which only what they hold now is asked for."""
        tested = (word for each in self.exclusions.values() for word in fields_in(each))
        return tuple(dict.fromkeys((CREATED, MERGED_AT, *(self.excluded_by(each) or each for each in tested))))

    def excluded_by(self, name: str) -> str | None:
        """Return the property of a word in a predicate of the binding; None where it stands for none."""
        try:
            return self.vocabulary.place_of_predicate(name).property
        except UnsayableError:
            return None


def words_of(vocabulary: Vocabulary, there: Properties) -> Words:
    """Return the agreed words on a portal with these properties of contacts."""
    untold: list[Untold] = []
    queue = property_name(vocabulary.binding.prefix, kept.QUEUE)
    first = start(vocabulary.resources)
    return Words(
        stages=_stages(vocabulary, there, untold),
        deal_stages={value: name for name, bound in vocabulary.binding.stages.items() for value in bound.dealstage},
        first=first.name if first and _is_on_contact(vocabulary, first.name) else None,
        reasons=_reasons(vocabulary, there, untold),
        sources=_sources(vocabulary, there, untold),
        source_of={stored: each for each, values in vocabulary.binding.sources.values.items() for stored in values},
        fields=_fields(vocabulary, there, untold),
        queue=queue if queue in there else None,
        queues=frozenset(each.name for each in vocabulary.resources.queues),
        exclusions=dict(_exclusions(vocabulary, untold)),
        vocabulary=vocabulary,
        untold=tuple(untold),
    )


def worked(words: Words) -> Mapping[str, tuple[str, ...]]:
    """Return the stored values, by property, that show that a lead is in an open cycle: it qualified, and is worked."""
    resources = words.vocabulary.resources
    open_stages = {each.name for each in resources.stages if each.qualifies or (each.accepts and not each.closes)}
    found = {
        name: tuple(value for value, stage in values.items() if stage in open_stages)
        for name, values in words.stages.items()
    }
    return {name: values for name, values in found.items() if values}


def _is_on_contact(vocabulary: Vocabulary, stage: str) -> bool:
    bound = vocabulary.binding.stages.get(stage)
    return bound is not None and bound.contact_property is not None


def _stages(vocabulary: Vocabulary, there: Properties, untold: list[Untold]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in vocabulary.resources.stages:
        bound = vocabulary.binding.stages.get(each.name)
        if bound is None:
            untold.append(
                Untold(
                    f"When leads entered '{each.name}'",
                    "The binding does not say how this stage appears on HubSpot.",
                    f"Write {each.name} under stages of the binding.",
                )
            )
        elif bound.contact_property is not None:
            values = found.setdefault(bound.contact_property, {})
            values |= dict.fromkeys(_stored(bound, there), each.name)
    return found


def _stored(bound: BoundStage, there: Properties) -> Iterator[str]:
    """Yield the values that mean a stage; lifecycle stages that the binding adds are named by labels, and have numbers."""
    options: Sequence[Mapping[str, Any]] = there.get(bound.contact_property or "", {}).get("options") or ()
    by_label = {str(each.get("label")): str(each["value"]) for each in options}
    known = {str(each["value"]) for each in options}
    for value in bound.contact_values:
        yield value if value in known else by_label.get(value, value)


def _reasons(vocabulary: Vocabulary, there: Properties, untold: list[Untold]) -> dict[str, tuple[str, frozenset[str]]]:
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for each in vocabulary.resources.reason_sets:
        name = _property(each.field, vocabulary)
        if name is None or name not in there:
            untold.append(
                Untold(
                    f"Reasons at {_listed(each.stages)}",
                    f"Contacts of this portal have no property '{name or each.field}'.",
                    "Run sla-sync apply, which creates it, or bind the property in which reasons stand under fields.",
                )
            )
            continue
        found |= {stage: (name, frozenset(reason.name for reason in each.reasons)) for stage in each.stages}
    return found


def _property(word: str, vocabulary: Vocabulary) -> str | None:
    try:
        return vocabulary.place(word).property
    except UnsayableError:
        return None


def _sources(vocabulary: Vocabulary, there: Properties, untold: list[Untold]) -> tuple[str, ...]:
    try:
        names = tuple(each.property for each in vocabulary.source_places())
    except UnsayableError as error:
        untold.append(Untold("Who asked for what, and when", f"On HubSpot {error}.", "Write sources in the binding."))
        return ()
    untold.extend(_missing(f"Sources in '{each}'", each) for each in names if each not in there)
    return tuple(each for each in names if each in there)


def _fields(vocabulary: Vocabulary, there: Properties, untold: list[Untold]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for word in vocabulary.binding.fields:
        if word == _SOURCE and vocabulary.binding.sources.read_from:
            continue  # told in agreed sources, with the hands that were raised
        if vocabulary.binding.fields[word].through:
            untold.append(
                Untold(f"The field '{word}'", "It stands on another record, whose past is not told with contacts.")
            )
            continue
        try:
            place = vocabulary.place(word)
        except UnsayableError as error:
            untold.append(
                Untold(f"The field '{word}'", f"On HubSpot {error}.", "Bind it to a property of the contact.")
            )
            continue
        if place.property in there:
            found[word] = place
        else:
            untold.append(_missing(f"The field '{word}'", place.property))
    return found


def _missing(what: str, name: str) -> Untold:
    hint = "Run sla-sync apply, which creates it, or bind another property."
    return Untold(what, f"Contacts of this portal have no property '{name}'.", hint)


def _exclusions(vocabulary: Vocabulary, untold: list[Untold]) -> Iterator[tuple[str, tree.Expression]]:
    for name in vocabulary.resources.exclusions:
        text = vocabulary.binding.exclude.get(name)
        if text is None:
            because = "The binding does not say who falls under it."
            untold.append(Untold(f"Who is left out as '{name}'", because, "Write it under exclude of the binding."))
        else:
            yield name, predicate(text)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{each}'" for each in names)


def spoken(text: str, holds: Holds) -> str:
    """Return a stored value as the agreement says it: a ticked checkbox is yes."""
    if holds is Holds.CHECKBOX:
        return {"true": "yes", "false": "no"}.get(text.lower(), text)
    return text
