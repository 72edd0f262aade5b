"""What a flow reads, what it writes, and whether it tells or moves people, told from its metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sla_sync.connector import Address, Automation, Value, Values

_RECORD = re.compile(r"\$Record(?:__Prior)?\.([A-Za-z0-9_.]+)")
_TELLING = frozenset({"customNotificationAction", "emailSimple", "emailAlert", "chatterPost", "quickAction"})
"""Kinds of action by which people hear of something (Metadata API Developer Guide, "Flow", FlowActionCall)."""
_CODE = frozenset({"apex", "externalService"})
"""Kinds of action whose doings stand nowhere in the flow."""
_OWNER = "OwnerId"
_COLLECTIONS = (("variables", "objectType"), ("recordLookups", "object"))
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


def calls_code(values: Values) -> bool:
    """Return whether a flow does something that its own text does not show: a class, or a service outside."""
    return any(each.get("actionType") in _CODE for each in _parts(values, "actionCalls"))


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
    records = {"$Record": holder, **dict(_records(values))}
    for part in _parts(values, "assignments"):
        for each in _parts(part, "assignmentItems"):
            record, _, field = str(each.get("assignToReference")).partition(".")
            if record in records and field and "." not in field:
                yield f"{records[record]}.{field}"


def _records(values: Values) -> Iterator[tuple[str, str]]:
    """Yield what a flow calls the records that it holds, with their object: an update saves what was assigned to them."""
    for kind, told in _COLLECTIONS:
        for part in _parts(values, kind):
            if part.get("name") and part.get(told) and not part.get("isCollection"):
                yield str(part["name"]), str(part[told])
    held = {
        str(each["name"]): str(each[told])
        for kind, told in _COLLECTIONS
        for each in _parts(values, kind)
        if each.get("name") and each.get(told)
    }
    for part in _parts(values, "loops"):
        over = held.get(str(part.get("collectionReference")))
        if over and part.get("name"):
            yield str(part["name"]), over


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
