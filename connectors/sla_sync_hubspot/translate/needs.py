"""What of ours must stand before a workflow can: the properties, options and segments that its parts name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sla_sync.connector import Address, Ref, Value
from sla_sync_hubspot.translate.properties import properties, property_address
from sla_sync_hubspot.translate.stages import stage_options
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PROPERTY_OPTION

_NAMES = frozenset({"property", "property_name", "propertyName", "target_property"})
"""Members whose value is the name of a property (recorded workflows)."""


def asked_for(vocabulary: Vocabulary) -> frozenset[Address]:
    """Return the properties and options that this agreement asks for."""
    return frozenset(each.address for each in (*properties(vocabulary), *stage_options(vocabulary)))


def needed_by(values: Value, known: Collection[Address]) -> tuple[Address, ...]:
    """Return which of the settings that we ask for these values name, in the order of their addresses."""
    found = set(_named(values))
    owners = {property_address(each) for each in found if isinstance(each, str)} | {
        each for each in found if isinstance(each, Address)
    }
    options = tuple(f"{each.key}/" for each in owners)
    return tuple(
        each
        for each in sorted(known)
        if each in owners or (each.type == PROPERTY_OPTION and each.key.startswith(options))
    )


def _named(value: Value) -> Iterator[str | Address]:
    if isinstance(value, Ref):
        yield value.address
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key in _NAMES and isinstance(each, str):
                yield each
            else:
                yield from _named(each)
        if value.get("property") == "hs_name" and isinstance(value.get("operation"), Mapping):
            yield str(dict(value["operation"]).get("value"))  # type: ignore[arg-type]
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _named(each)
