"""Where a property or a list is used: what HubSpot looks at before it archives or deletes one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sla_sync_hubspot.simulator.refusals import Json

# Members of filters and workflow actions whose value is the name of a property.
_PROPERTY_MEMBERS = frozenset({"property", "property_name", "propertyName", "target_property"})
_RE_ENROLLED_PROPERTY = "hs_name"
_LIST_MEMBERS = frozenset({"listId"})


@dataclass(frozen=True, slots=True)
class Use:
    """A list or a workflow that names the thing."""

    kind: str
    identifier: str
    name: str


def property_uses(state: Json, object_id: str, name: str) -> tuple[Use, ...]:
    """Return the lists and workflows of this object type that name this property; one switched off counts too."""
    return tuple(use for use, part in _holders(state, object_id) if name in _named(part, _PROPERTY_MEMBERS))


def list_uses(state: Json, list_id: str) -> tuple[Use, ...]:
    """Return the other lists and the workflows that name this list."""
    return tuple(
        use
        for use, part in _holders(state, None)
        if (use.kind, use.identifier) != ("CONTACT_LIST", list_id) and list_id in _named(part, _LIST_MEMBERS)
    )


def _holders(state: Json, object_id: str | None) -> Iterator[tuple[Use, Any]]:
    for each in state["lists"].values():
        if "deletedAt" not in each and object_id in (None, each["objectTypeId"]):
            yield Use("CONTACT_LIST", each["listId"], each["name"]), each.get("filterBranch")
    for each in state["flows"].values():
        if object_id in (None, each["objectTypeId"]):
            yield Use("WORKFLOW", each["id"], each.get("name", "")), (each["actions"], each.get("enrollmentCriteria"))


def _named(part: Any, members: frozenset[str]) -> set[str]:
    if isinstance(part, list | tuple):
        return set[str]().union(*(_named(each, members) for each in part))
    if not isinstance(part, dict):
        return set()
    names = {str(value) for key, value in part.items() if key in members and isinstance(value, str)}
    if part.get("property") == _RE_ENROLLED_PROPERTY:
        # The re-enrolment trigger of a workflow names its property as the value of `hs_name`.
        names.add(str(part.get("operation", {}).get("value")))
    return names.union(*(_named(each, members) for each in part.values()))
