"""Plain values held against each other, with handles in the place of references."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeGuard

from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.settings import Address, Ref, Value, Values

Handles: TypeAlias = Callable[[Address], str | None]
"""The platform's own id of a setting, or None where it does not exist yet."""


_SCALARS = frozenset({str, int, float, bool, type(None), Ref})


def is_list(value: Value) -> TypeGuard[Sequence[Value]]:
    """Return whether a value is a list; a text is not."""
    kind = type(value)  # the checks of abstract classes below cost ten times as much as these two
    return kind is list or (kind not in _SCALARS and isinstance(value, Sequence) and not isinstance(value, str))


def is_mapping(value: Value) -> TypeGuard[Values]:
    """Return whether a value is a mapping."""
    kind = type(value)
    return kind is dict or (kind not in _SCALARS and isinstance(value, Mapping))


def resolve(value: Value, handle: Handles) -> Value:
    """Return `value` with handles in the place of references; one whose setting does not exist yet stays a reference."""
    if isinstance(value, Ref):
        return handle(value.address) or value
    if is_mapping(value):
        return {key: resolve(each, handle) for key, each in value.items()}
    if is_list(value):
        return [resolve(each, handle) for each in value]
    return value


def equal(desired: Value, live: Value, handle: Handles) -> bool:
    """Return whether two canonical values mean the same; a reference equals the handle of what it points to."""
    if isinstance(desired, Ref):
        return live == desired or (live is not None and str(live) == handle(desired.address))
    if isinstance(desired, bool) or isinstance(live, bool):
        return desired is live
    if is_mapping(desired):
        return (
            is_mapping(live)
            and desired.keys() == live.keys()
            and all(equal(value, live[key], handle) for key, value in desired.items())
        )
    if is_list(desired):
        if is_list(live) and any(isinstance(each, Ref) for each in desired):
            # Only the platform knows the ids, so that nobody can have meant an order of them.
            return _ids(desired, handle) == _ids(live, handle)
        return (
            is_list(live)
            and len(desired) == len(live)
            and all(equal(ours, theirs, handle) for ours, theirs in zip(desired, live, strict=True))
        )
    return desired == live


def _ids(values: Sequence[Value], handle: Handles) -> list[str]:
    return sorted(str(resolve(each, handle)) for each in values)


def differences(
    desired: Value, live: Value, handle: Handles, path: KeyPath = ()
) -> Iterator[tuple[KeyPath, Value, Value]]:
    """Yield path, live value and desired value wherever they differ; only what `desired` names is looked at."""
    if is_mapping(desired) and (live is None or is_mapping(live)):
        for key, value in desired.items():
            yield from differences(value, live.get(key) if live else None, handle, (*path, key))
    elif is_list(desired) and is_list(live) and _same_shape(desired, live):
        for index, (ours, theirs) in enumerate(zip(desired, live, strict=True)):
            yield from differences(ours, theirs, handle, (*path, index))
    elif not equal(desired, live, handle):
        yield path, live, desired


def _same_shape(desired: Sequence[Value], live: Sequence[Value]) -> bool:
    """Return whether both hold as many mappings, so that a difference can be shown inside an entry."""
    return len(desired) == len(live) and all(is_mapping(each) for each in (*desired, *live))
