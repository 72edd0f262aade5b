"""Segments as lists that HubSpot keeps by itself, without the leads that the agreement leaves out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, Gap, KeyPath, Segment, parse_expression, tree
from sla_sync_hubspot.binding import is_bare_name
from sla_sync_hubspot.names import CONTACTS, OBJECT_TYPE_IDS, title
from sla_sync_hubspot.translate.filters import (
    Branches,
    both,
    compile_expression,
    compile_predicate,
    filter_branch,
    filter_origins,
    properties_in,
)
from sla_sync_hubspot.translate.properties import property_address
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary
from sla_sync_hubspot.types import PROPERTY_OPTION, SEGMENT


def segment_address(agreement: str, label: str) -> Address:
    """Return the address of a segment of contacts."""
    return Address(SEGMENT, f"{OBJECT_TYPE_IDS[CONTACTS]}/{title(agreement, label)}")


@dataclass(frozen=True)
class View:
    """A group of contacts to look at. `find` raises UnsayableError where a filter cannot say who belongs to it."""

    name: str
    label: str
    means: str
    origin: KeyPath
    find: Callable[[], Branches]


def segment(wanted: Segment, vocabulary: Vocabulary, known: Collection[Address]) -> Desired | Gap:
    """Return one agreed segment without whom the agreement leaves out, or what a person has to build."""
    return shown(
        View(
            wanted.name,
            wanted.label,
            wanted.means,
            wanted.origin,
            lambda: both(compile_expression(wanted.when, vocabulary), without_excluded(vocabulary)),
        ),
        vocabulary,
        known,
    )


def shown(view: View, vocabulary: Vocabulary, known: Collection[Address]) -> Desired | Gap:
    """Return a list that HubSpot keeps by itself, or what a person has to build where a filter cannot say it."""
    agreement = vocabulary.resources.agreement
    try:
        branches = view.find()
        values = filter_branch(branches)
    except UnsayableError as reason:
        return Gap(
            f"segment-{view.name}",
            f"Segment «{view.label}»",
            f"Build a segment named «{title(agreement, view.label)}» by hand ({view.means}): {reason}.",
            view.origin,
        )
    return Desired(
        segment_address(agreement, view.label),
        {"name": title(agreement, view.label), "processingType": "DYNAMIC", "filterBranch": values},
        requires=required_by(branches, known),
        origins={(): view.origin, **filter_origins(branches, ("filterBranch",))},
    )


def required_by(branches: Branches, known: Collection[Address]) -> tuple[Address, ...]:
    """Return which of the settings that we ask for must stand before these filters can."""
    tested = properties_in(branches)
    owners = {property_address(name) for name in tested}
    options = {f"{address.key}/" for address in owners}
    return tuple(
        address
        for address in sorted(known)
        if address in owners
        or (address.type == PROPERTY_OPTION and any(address.key.startswith(each) for each in options))
    )


def without_excluded(vocabulary: Vocabulary) -> Branches:
    """Return the branches that leave out who is excluded. Raises UnsayableError where a predicate cannot be negated."""
    branches: Branches = ((),)
    for name in vocabulary.resources.exclusions:
        text = vocabulary.binding.exclude.get(name)
        if text is None:
            raise UnsayableError(f"the binding does not say who counts as '{name}' (exclude)")
        branches = both(branches, compile_predicate(predicate(text), vocabulary, negated=True))
    return branches


def predicate(text: str) -> tree.Expression:
    """Return a predicate of the binding as an expression; the name of a checkbox alone means that it is ticked."""
    return tree.Is(text, ("yes",)) if is_bare_name(text) else parse_expression(text)
