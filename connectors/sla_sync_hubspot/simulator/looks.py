"""What filter branches look at: properties, lists and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync_hubspot.simulator.refusals import Json

_CLOCK = ("timeType", "INDEXED")


def properties_in(part: Any) -> Iterator[str]:
    """Yield the properties that any part of a filter branch names."""
    return (str(value) for key, value in _members(part) if key == "property")


def is_timed(part: Any) -> bool:
    """Return whether a filter branch, or any part of one, compares with NOW or TODAY."""
    return any(each == _CLOCK for each in _members(part))


def lists_in(part: Any) -> Iterator[str]:
    """Yield the ids of the lists that any part of a filter branch names."""
    return (str(value) for key, value in _members(part) if key == "listId")


def reach(list_id: str, lists: Mapping[str, Json]) -> Iterator[str]:
    """Yield a list and those that it is made of."""
    yield list_id
    if list_id in lists:
        for each in lists_in(lists[list_id].get("filterBranch")):
            yield from reach(each, lists)


def _members(part: Any) -> Iterator[tuple[str, Any]]:
    """Yield every member of every part, in no order: a run asks often, and each level of a recursion would cost."""
    left = [part]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            yield from each.items()
            left.extend(each.values())
        elif isinstance(each, list | tuple):
            left.extend(each)
