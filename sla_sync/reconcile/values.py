"""Merging plain values and putting handles in the place of references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sla_sync.reconcile.settings import Address, Ref, Value, Values


def merge(live: Values, desired: Values) -> Values:
    """Return `live` with every key that `desired` names; what it does not name stays. Lists are replaced whole."""
    merged = dict(live)
    for key, value in desired.items():
        before = merged.get(key)
        merged[key] = merge(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged


def resolve(value: Value, handle: Callable[[Address], str | None]) -> Value:
    """Return `value` with handles in the place of references; one whose setting does not exist yet stays a reference."""
    if isinstance(value, Ref):
        return handle(value.address) or value
    if isinstance(value, Mapping):
        return {key: resolve(each, handle) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [resolve(each, handle) for each in value]
    return value
