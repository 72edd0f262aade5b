"""What values refer to: settings of our own, and what the platform has without us, such as its users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.settings import Address, Desired, Gap, Ref, Value
from sla_sync.reconcile.values import is_list, is_mapping


def references(value: Value, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Ref]]:
    """Yield every reference inside a value with its path."""
    if isinstance(value, Ref):
        yield path, value
    elif is_mapping(value):
        for key, each in value.items():
            yield from references(each, (*path, key))
    elif is_list(value):
        for index, each in enumerate(value):
            yield from references(each, (*path, index))


def addresses_of(desired: Iterable[Desired], gaps: Iterable[Gap] = ()) -> frozenset[Address]:
    """Return every setting that is asked for, everything that one of them refers to, and what tells of manual steps."""
    wanted, probes = tuple(desired), (each.probe for each in gaps)
    asked = {each.address for each in wanted}
    asked |= {each.address for each in probes if each}
    return frozenset(asked | {ref.address for each in wanted for _, ref in references(each.values)})
