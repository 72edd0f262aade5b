"""What a flow reads, what it writes, and whether it tells or moves people, told from its metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sla_sync.connector import Address, Automation, Value, Values

_RECORD = re.compile(r"\$Record(?:__Prior)?\.([A-Za-z0-9_.]+)")
_TELLING = frozenset({"customNotificationAction", "emailSimple", "emailAlert", "chatterPost", "quickAction"})
"""Kinds of action by which people hear of something (Metadata API Developer Guide, "Flow", FlowActionCall)."""
_OWNER = "OwnerId"
_CONDITIONED = ("recordLookups", "recordUpdates", "recordDeletes", "start")


def automation_of(name: str, values: Values, address: Address | None) -> Automation:
    """Return what a flow does, as far as its own text shows; what a flow or class that it calls does, it does not show."""
    holder = str(_mapping(values.get("start")).get("object") or "")
    read = {f"{holder}.{path.split('.')[0]}" for text in _texts(values) for path in _RECORD.findall(text)}
    read |= {f"{holder_of(each, holder)}.{field}" for each, field in _filtered(values)}
    written = frozenset(_written(values, holder))
    calls = {str(each.get("actionType")) for each in _parts(values, "actionCalls")}
    moves = any(each.endswith(f".{_OWNER}") for each in written)
    return Automation(name, address, frozenset(read), written, acts=bool(calls & _TELLING) or moves)


def holder_of(part: Values, fallback: str) -> str:
    """Return the object that an element is about: that of the flow's own record where it names none."""
    return str(part.get("object") or fallback)


def is_active(values: Values) -> bool:
    """Return whether a flow is in force."""
    return values.get("status") == "Active"


def _filtered(values: Values) -> Iterator[tuple[Values, str]]:
    for kind in _CONDITIONED:
        for part in _parts(values, kind):
            for each in _parts(part, "filters"):
                yield part, str(each.get("field"))


def _written(values: Values, holder: str) -> Iterator[str]:
    for kind in ("recordUpdates", "recordCreates"):
        for part in _parts(values, kind):
            for each in _parts(part, "inputAssignments"):
                yield f"{holder_of(part, holder)}.{each.get('field')}"
    for part in _parts(values, "assignments"):
        for each in _parts(part, "assignmentItems"):
            found = _RECORD.fullmatch(str(each.get("assignToReference")))
            if found and "." not in found[1]:
                yield f"{holder}.{found[1]}"


def _parts(values: Values, key: str) -> Sequence[Values]:
    found = values.get(key)
    if isinstance(found, Mapping):
        return (found,)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list | tuple) else ()


def _mapping(found: Value) -> Values:
    return found if isinstance(found, Mapping) else {}


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
