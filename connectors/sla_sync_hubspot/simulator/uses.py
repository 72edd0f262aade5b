"""Where a property or a list is used: what HubSpot looks at before it archives or deletes one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sla_sync_hubspot.simulator.association_types import other_type
from sla_sync_hubspot.simulator.calculating import named_by
from sla_sync_hubspot.simulator.records import Label
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
    """Return the lists and workflows that name this property of an object type; one switched off counts too."""
    named = [use for use, part in _holders(state, object_id) if name in _named(part, _PROPERTY_MEMBERS)]
    return (*named, *_set_from_elsewhere(state, object_id, name), *_calculated_from(state, object_id, name))


def list_uses(state: Json, list_id: str) -> tuple[Use, ...]:
    """Return the other lists and the workflows that name this list."""
    return tuple(
        use
        for use, part in _holders(state, None)
        if (use.kind, use.identifier) != ("CONTACT_LIST", list_id) and list_id in _named(part, _LIST_MEMBERS)
    )


def count_list_uses(state: Json) -> Counter[str]:
    """Return how many other lists and workflows name each list."""
    counted: Counter[str] = Counter()
    for use, part in _holders(state, None):
        counted.update(_named(part, _LIST_MEMBERS) - ({use.identifier} if use.kind == "CONTACT_LIST" else set()))
    return counted


def _set_from_elsewhere(state: Json, object_id: str, name: str) -> Iterator[Use]:
    """Yield the workflows of records of another type that set a property of those that are associated with them."""
    for flow in state["flows"].values():
        own = flow["objectTypeId"]
        for each in flow["actions"]:
            fields = each.get("fields", {})
            said = fields.get("association")
            if own == object_id or said is None or fields["property_name"] != name:
                continue
            if other_type(own, [Label(said["associationCategory"], said["associationTypeId"])]) == object_id:
                yield Use("WORKFLOW", flow["id"], flow.get("name", ""))
                break


def _calculated_from(state: Json, object_id: str, name: str) -> Iterator[Use]:
    """Yield the calculated properties that name a property. Inferred: that they hold it back as a workflow does."""
    for each in state["properties"][object_id].values():
        if name in named_by(each):
            yield Use("PROPERTY", each["name"], each["label"])


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
