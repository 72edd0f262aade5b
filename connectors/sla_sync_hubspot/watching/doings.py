"""What a workflow reads, what it writes, and whether it tells or moves people, told from its body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync.connector import Address, Automation

_SET_PROPERTY, _ROTATE = "0-5", "0-11"
_TELLING = frozenset({"0-3", "0-8", "0-9", _ROTATE})
"""Actions by which people hear of a contact or get it: a task, an e-mail, a notice, the rotation (recorded workflows)."""
_UNDERSTOOD = frozenset({_SET_PROPERTY, _ROTATE, "0-1", "0-35", "0-29", "0-3", "0-4", "0-8", "0-9"}) | {
    "0-63809083", "0-63863438",
}  # fmt: skip
"""Actions that write no property of a contact but those that they name (HubSpot, "Workflow action types")."""
_BRANCHES = frozenset({"LIST_BRANCH", "STATIC_BRANCH", "AB_TEST_BRANCH"})
_OWNER = "hubspot_owner_id"
_PAIR = ("hs_name", "hs_value")
"""What a trigger calls the name and the value of the property that changed."""


def automation_of(found: Mapping[str, Any], address: Address | None) -> Automation:
    """Return what a workflow does; what its custom code and webhooks do, its body does not show."""
    actions = [each for each in found.get("actions") or () if isinstance(each, Mapping)]
    written = frozenset(_written(actions))
    kinds = {str(each.get("actionTypeId")) for each in actions}
    return Automation(
        str(found.get("name")),
        address,
        frozenset(_read([found.get("enrollmentCriteria"), *actions])),
        written,
        acts=bool(kinds & _TELLING) or _OWNER in written,
    )


def is_opaque(found: Mapping[str, Any]) -> bool:
    """Return whether a workflow does something that its body does not show: code, a webhook, an action not documented."""
    actions = [each for each in found.get("actions") or () if isinstance(each, Mapping)]
    return any(
        str(each.get("actionTypeId")) not in _UNDERSTOOD and str(each.get("type")) not in _BRANCHES for each in actions
    )


def _written(actions: list[Mapping[str, Any]]) -> Iterator[str]:
    for each in actions:
        fields = each.get("fields") or {}
        if each.get("actionTypeId") == _SET_PROPERTY and fields.get("property_name") and not fields.get("association"):
            yield str(fields["property_name"])
        elif each.get("actionTypeId") == _ROTATE:
            yield str(fields.get("target_property") or _OWNER)


def _read(value: object) -> Iterator[str]:
    """Yield the properties that filters test and values copy, wherever they stand."""
    if isinstance(value, Mapping):
        name = value.get("property")
        if isinstance(name, str) and name not in _PAIR:
            yield name
        elif name == _PAIR[0]:
            yield str((value.get("operation") or {}).get("value"))
        if isinstance(value.get("propertyName"), str):
            yield str(value["propertyName"])
        for each in value.values():
            yield from _read(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _read(each)
