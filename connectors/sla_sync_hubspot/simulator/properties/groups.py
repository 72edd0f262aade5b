"""Property groups: list, read, create, change and archive."""

from __future__ import annotations

import json

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import CREATED, NO_CONTENT, Answer, Call
from sla_sync_hubspot.simulator.properties.rules import spell_name
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, CONFLICT, Json, RefusalError, not_found

_CREATION = shapes.record({"name": shapes.filled, "label": shapes.filled}, {"displayOrder": shapes.integer})
_CHANGE = shapes.record({}, {"label": shapes.filled, "displayOrder": shapes.integer})


def list_groups(call: Call) -> Answer:
    """Answer every group of an object type."""
    return Answer(body={"results": list(_groups(call).values())})


def read_group(call: Call) -> Answer:
    """Answer one group."""
    return Answer(body=_find(call))


def create_group(call: Call) -> Answer:
    """Create a group."""
    _CREATION(call.body, "")
    name, groups = spell_name(call.body["name"]), _groups(call)
    if name in groups:
        raise RefusalError(
            CONFLICT,
            f"A property group named '{name}' already exists.",
            sub_category="PropertyGroupError.GROUP_ALREADY_EXISTS",
            context={"name": [name]},
        )
    order = _place(groups, call.body.get("displayOrder", -1))
    groups[name] = {"name": name, "label": call.body["label"], "displayOrder": order, "archived": False}
    call.note("PROPERTY_GROUP", "CREATE", name)
    return Answer(CREATED, groups[name])


def change_group(call: Call) -> Answer:
    """Change the label or the place of a group."""
    _CHANGE(call.body, "")
    found = _find(call)
    named = {key: value for key, value in call.body.items() if value is not None}
    if "displayOrder" in named:
        others = {name: group for name, group in _groups(call).items() if name != found["name"]}
        named["displayOrder"] = _place(others, named["displayOrder"])
    found.update(named)
    call.note("PROPERTY_GROUP", "UPDATE", found["name"])
    return Answer(body=found)


def archive_group(call: Call) -> Answer:
    """Archive a group that no active property stands in; its name can be used again at once."""
    found, object_id = _find(call), call.object_type.identifier
    held = [each["name"] for each in call.state["properties"][object_id].values() if each["groupName"] == found["name"]]
    if held:
        # HubSpot nests the error body, as JSON, in the message of another one (observed).
        inner = {
            "status": "error",
            "message": f"Can't delete or purge a group with active properties: {', '.join(sorted(held))}",
            "subCategory": "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
        }
        raise RefusalError(
            BAD_REQUEST, json.dumps(inner), sub_category="PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
        )
    del _groups(call)[found["name"]]
    call.note("PROPERTY_GROUP", "ARCHIVE", found["name"])
    return Answer(NO_CONTENT)


def _groups(call: Call) -> dict[str, Json]:
    groups: dict[str, Json] = call.state["groups"][call.object_type.identifier]
    return groups


def _find(call: Call) -> Json:
    found = _groups(call).get(call.path["name"])
    if found is None:
        raise not_found(f"Property group '{call.path['name']}' does not exist", groupName=call.path["name"])
    return found


def _place(groups: dict[str, Json], order: int) -> int:
    return order if order >= 0 else max((int(each["displayOrder"]) for each in groups.values()), default=-1) + 1
