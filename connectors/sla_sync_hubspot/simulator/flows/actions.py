"""The actions of a workflow: a table of the kinds that are built, their fields, and the checks of the graph.

The published description leaves `fields` open; what stands here is what recorded workflows hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.association_types import default_label, other_type
from sla_sync_hubspot.simulator.flows.events import check_event
from sla_sync_hubspot.simulator.flows.values import (
    BRANCH_VALUE,
    PLAIN_VALUE,
    PROPERTY_VALUE,
    TIME_OF_DAY,
    check_fit,
    check_tokens,
    time_delay,
)
from sla_sync_hubspot.simulator.lists.filters import check_and, check_root
from sla_sync_hubspot.simulator.object_types import CONTACT, TASK
from sla_sync_hubspot.simulator.records import Label
from sla_sync_hubspot.simulator.refusals import Json, invalid, not_built, opaque
from sla_sync_hubspot.simulator.running.code import check_source
from sla_sync_hubspot.simulator.running.entry import EVENT_MET

_YES_NO = shapes.one_of(("true", "false"))
_CATEGORY = shapes.one_of(("HUBSPOT_DEFINED", "INTEGRATOR_DEFINED", "USER_DEFINED", "WORK"))
_ASSOCIATION = shapes.record({"associationCategory": _CATEGORY, "associationTypeId": shapes.integer})
_CONNECTION = shapes.record({"edgeType": shapes.one_of(("STANDARD", "GOTO")), "nextActionId": shapes.filled})
_IDENTIFIERS = shapes.list_of(shapes.digits)


_TASK_LINK = shapes.record(
    {"target": _ASSOCIATION, "value": shapes.record({"type": shapes.one_of(("ENROLLED_OBJECT", "COPY_ASSOCIATION"))})}
)
_ASSIGNMENT = shapes.record({"type": shapes.one_of(("CUSTOM",)), "value": PLAIN_VALUE})


def _forward(value: Any, where: str) -> None:
    shapes.digits(value, where)
    if int(value) < 0:
        raise invalid(f"The value of {where} is {value}, and a delay does not lead back in time", where=where)


@dataclass(frozen=True, slots=True)
class ActionType:
    """One kind of action and its fields; `one_of` names fields of which at least one must be there."""

    name: str
    required: Mapping[str, shapes.Check]
    optional: Mapping[str, shapes.Check]
    one_of: tuple[str, ...] = ()


_RECIPIENTS: Mapping[str, shapes.Check] = {
    "user_ids": _IDENTIFIERS, "team_ids": _IDENTIFIERS, "owner_properties": shapes.list_of(shapes.filled),
}  # fmt: skip
_IN_LIST = {"listId": shapes.digits}
_TARGET = {"targetObject": shapes.one_of(("{{ enrolled_object }}",))}
ACTION_TYPES: Mapping[str, ActionType] = {
    "0-1": ActionType("delay", {"delta": _forward, "time_unit": shapes.one_of(("MINUTES", "DAYS"))}, {}),
    "0-35": ActionType(
        "delay until a date",
        {"date": PLAIN_VALUE, "delta": shapes.digits, "time_unit": shapes.one_of(("MINUTES", "DAYS"))},
        {"time_of_day": TIME_OF_DAY},
    ),
    "0-5": ActionType("set property", {"property_name": shapes.filled, "value": PROPERTY_VALUE}, {"association": _ASSOCIATION}),
    "0-3": ActionType(
        "create task",
        {"task_type": shapes.one_of(("TODO", "CALL", "EMAIL")), "subject": shapes.filled},
        {"body": shapes.text, "associations": shapes.list_of(_TASK_LINK), "use_explicit_associations": _YES_NO,
         "owner_assignment": _ASSIGNMENT, "priority": shapes.one_of(("NONE", "LOW", "MEDIUM", "HIGH")),
         "due_time": time_delay},
    ),
    "0-11": ActionType(
        "rotate owner",
        {"target_property": shapes.filled, "overwrite_current_owner": _YES_NO},
        {"user_ids": _IDENTIFIERS, "team_ids": _IDENTIFIERS},
        ("user_ids", "team_ids"),
    ),
    "0-8": ActionType(
        "internal e-mail", {"subject": shapes.filled, "body": shapes.filled}, _RECIPIENTS, tuple(_RECIPIENTS)
    ),
    "0-9": ActionType(
        "in-app notification",
        {"subject": shapes.filled, "body": shapes.filled},
        dict(_RECIPIENTS) | {"delivery_method": shapes.one_of(("APP", "EMAIL", "APP_AND_EMAIL"))},
        tuple(_RECIPIENTS),
    ),
    "0-29": ActionType(
        "delay until an event", {"event_filter_branches": shapes.list_of(shapes.anything), "expiration_minutes": _forward},
        {},
    ),
    "0-4": ActionType("send e-mail", {"content_id": shapes.digits}, {}),
    "0-63809083": ActionType("add to a static list", _IN_LIST, _TARGET),
    "0-63863438": ActionType("remove from a static list", _IN_LIST, _TARGET),
}  # fmt: skip
_RETIRED = "0-13"
_EVENT_WAIT = "0-29"

_SINGLE = shapes.record(
    {"type": shapes.text, "actionId": shapes.digits, "actionTypeId": shapes.filled, "fields": shapes.anything},
    {"actionTypeVersion": shapes.integer, "connection": _CONNECTION},
)
_LIST_BRANCHES = shapes.record(
    {
        "type": shapes.text,
        "actionId": shapes.digits,
        "listBranches": shapes.list_of(
            shapes.record({}, {"branchName": shapes.text, "filterBranch": shapes.anything, "connection": _CONNECTION})
        ),
    },
    {"defaultBranch": _CONNECTION, "defaultBranchName": shapes.text},
)
_CODE = shapes.record(
    {
        "type": shapes.text,
        "actionId": shapes.digits,
        "runtime": shapes.one_of(("NODE18X", "NODE20X", "NODE22X")),
        "sourceCode": shapes.filled,
    },
    {
        "secretNames": shapes.list_of(shapes.filled),
        "inputFields": shapes.list_of(shapes.anything),
        "outputFields": shapes.list_of(shapes.anything),
        "connection": _CONNECTION,
    },
)
_STATIC_BRANCHES = shapes.record(
    {"type": shapes.text, "actionId": shapes.digits, "inputValue": BRANCH_VALUE,
     "staticBranches": shapes.list_of(shapes.record({"branchValue": shapes.text}, {"connection": _CONNECTION}))},
    {"defaultBranch": _CONNECTION, "defaultBranchName": shapes.text},
)  # fmt: skip


def check_actions(state: Json, object_id: str, actions: list[Any], start: str | None) -> list[Json]:
    """Return the actions as HubSpot keeps them; raises RefusalError for a wrong action or a link that leads nowhere."""
    kept = [_checked_action(state, object_id, each, f"actions[{place}]") for place, each in enumerate(actions)]
    identifiers = [each["actionId"] for each in kept]
    for place, identifier in enumerate(identifiers):
        if identifier in identifiers[:place]:
            raise invalid(f"Two actions have the actionId {identifier!r}", where=f"actions[{place}].actionId")
    if kept and start is None:
        raise invalid("A workflow with actions needs a startActionId", where="startActionId")
    if start is not None:
        _check_link(start, identifiers, "startActionId")
    for place, each in enumerate(kept):
        for target in _targets(each):
            _check_link(target, identifiers, f"actions[{place}].connection.nextActionId")
    return kept


def _check_link(target: str, identifiers: list[str], where: str) -> None:
    if target not in identifiers:
        raise invalid(f"There is no action with the actionId {target!r}", where=where)


def _targets(action: Json) -> Iterator[str]:
    links = [action.get("connection"), action.get("defaultBranch")]
    links += [each.get("connection") for key in ("listBranches", "staticBranches") for each in action.get(key, ())]
    for link in links:
        if link:
            yield link["nextActionId"]


def _checked_action(state: Json, object_id: str, action: Any, where: str) -> Json:
    kind = action.get("type") if isinstance(action, dict) else None
    check = _KINDS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise not_built(f"workflow actions of type {kind!r}")
    if action.get("defaultBranch") == {}:
        # Portals answered this, and nothing better, to a branch that leads nowhere.
        raise opaque()
    return check(state, object_id, action, where)


def _single(state: Json, object_id: str, action: Json, where: str) -> Json:
    _SINGLE(action, where)
    kind = action["actionTypeId"]
    if kind == _RETIRED:
        raise opaque()
    found = ACTION_TYPES.get(kind)
    if found is None:
        raise not_built(f"the workflow action type {kind!r}")
    fields = action["fields"]
    shapes.record(found.required, found.optional)(fields, f"{where}.fields")
    if found.one_of and not any(fields.get(name) for name in found.one_of):
        listed = ", ".join(found.one_of)
        raise invalid(f"The action '{found.name}' needs one of: {listed}", where=f"{where}.fields")
    _check_names(state, object_id, kind, fields, f"{where}.fields")
    if kind == _EVENT_WAIT:
        fields = _event_wait(state, object_id, fields, f"{where}.fields")
    return {"actionTypeVersion": 0} | action | {"fields": fields}


def _check_names(state: Json, object_id: str, kind: str, fields: Json, where: str) -> None:
    # Inferred: that these names are looked up when the workflow is written.
    properties = state["properties"][object_id]
    named = [fields.get("target_property"), *fields.get("owner_properties", ())]
    assigned = (fields.get("owner_assignment") or {}).get("value")
    values = [fields.get("value"), fields.get("date"), assigned]
    named += [each.get("propertyName") for each in values if isinstance(each, dict)]
    for name in named:
        if name is not None and name not in properties:
            raise invalid(f"Property {name} of object type {object_id} does not exist", where=where)
    for member in ("subject", "body"):
        check_tokens(properties, fields.get(member, ""), f"{where}.{member}")
    if kind in _FURTHER:
        _FURTHER[kind](state, object_id, fields, where)


def _check_target(state: Json, object_id: str, name: str, where: str) -> Json:
    found: Json = state["properties"][object_id][name]
    if found["modificationMetadata"]["readOnlyValue"]:
        raise invalid(f"The value of property {name} is read only", where=where)
    return found


def _check_set(state: Json, object_id: str, fields: Json, where: str) -> None:
    """Check what is set, which is a property of the associated records where the action names an association."""
    target_type = object_id
    if "association" in fields:
        said = fields["association"]
        target_type = other_type(object_id, [Label(said["associationCategory"], said["associationTypeId"])])
    name = fields["property_name"]
    if name not in state["properties"][target_type]:
        raise invalid(f"Property {name} of object type {target_type} does not exist", where=where)
    target = _check_target(state, target_type, name, f"{where}.property_name")
    check_fit(state["properties"][object_id], target, fields["value"], f"{where}.value")


def _check_rotation(state: Json, object_id: str, fields: Json, where: str) -> None:
    target = _check_target(state, object_id, fields["target_property"], f"{where}.target_property")
    if target.get("referencedObjectType") != "OWNER":
        raise invalid(f"Property {target['name']} does not hold an owner", where=f"{where}.target_property")


def _check_date(state: Json, object_id: str, fields: Json, where: str) -> None:
    said = fields["date"]
    if said["type"] == "STATIC_VALUE" and not said["staticValue"].isdecimal():
        raise invalid(f"The date {said['staticValue']!r} is not milliseconds since 1970", where=f"{where}.date")
    if said["type"] == "OBJECT_PROPERTY":
        kind = state["properties"][object_id][said["propertyName"]]["type"]
        if kind not in ("date", "datetime"):
            raise invalid(f"Property {said['propertyName']} is of type {kind}, not a date", where=f"{where}.date")


def _check_task(_state: Json, object_id: str, fields: Json, where: str) -> None:
    link = default_label(TASK.identifier, object_id)
    for each in fields.get("associations", ()):
        if each["value"]["type"] != "ENROLLED_OBJECT":
            raise not_built(f"associations of type {each['value']['type']} at {where}.associations")
        if (each["target"]["associationCategory"], each["target"]["associationTypeId"]) != tuple(link):
            raise not_built(f"the association {each['target']} of a task at {where}.associations")


def _check_email(_state: Json, object_id: str, _fields: Json, where: str) -> None:
    if object_id != CONTACT.identifier:
        raise not_built(f"sending an e-mail to records of type {object_id} at {where}")


def _check_static_list(state: Json, object_id: str, fields: Json, where: str) -> None:
    target = state["lists"].get(fields["listId"], {"deletedAt": ""})
    if "deletedAt" in target or target["processingType"] == "DYNAMIC" or target["objectTypeId"] != object_id:
        raise invalid(f"There is no static list {fields['listId']}", where=f"{where}.listId")


_FURTHER: Mapping[str, Callable[[Json, str, Json, str], None]] = {
    "0-3": _check_task,
    "0-4": _check_email,
    "0-5": _check_set,
    "0-11": _check_rotation,
    "0-35": _check_date,
    "0-63809083": _check_static_list,
    "0-63863438": _check_static_list,
}


def _event_wait(state: Json, object_id: str, fields: Json, where: str) -> Json:
    branches = [
        check_event(state, object_id, each, f"{where}.event_filter_branches[{place}]")
        for place, each in enumerate(fields["event_filter_branches"])
    ]
    return fields | {"event_filter_branches": branches}


def _code(_state: Json, object_id: str, action: Json, where: str) -> Json:
    """Check an action of code. Inferred: which versions of Node are taken; HubSpot retires them one after another."""
    _CODE(action, where)
    for member in ("inputFields", "outputFields"):
        if action.get(member):
            raise not_built(f"{member} of code at {where}")
    if object_id != CONTACT.identifier:
        raise not_built(f"code for records of type {object_id} at {where}")
    check_source(action["sourceCode"], f"{where}.sourceCode")
    return {"secretNames": [], "inputFields": [], "outputFields": []} | action


def _list_branches(state: Json, object_id: str, action: Json, where: str) -> Json:
    _LIST_BRANCHES(action, where)
    kept = []
    for place, each in enumerate(action["listBranches"]):
        path = f"{where}.listBranches[{place}].filterBranch"
        branch = each.get("filterBranch")
        if branch is None:
            raise invalid(f"The branch {path} has no filterBranch", where=path)
        # Recorded branches have a root of either kind.
        is_and = isinstance(branch, dict) and branch.get("filterBranchType") == "AND"
        check = check_and if is_and else check_root
        kept.append(each | {"filterBranch": check(state, object_id, branch, path)})
    return action | {"listBranches": kept}


def _static_branches(state: Json, object_id: str, action: Json, where: str) -> Json:
    _STATIC_BRANCHES(action, where)
    said = action["inputValue"]
    name = said.get("propertyName")
    if name is not None and name not in state["properties"][object_id]:
        raise invalid(f"Property {name} of object type {object_id} does not exist", where=f"{where}.inputValue")
    if said["type"] == "FIELD_DATA" and said["dataKey"] != EVENT_MET:
        raise not_built(f"the output {said['dataKey']} at {where}.inputValue; it has {EVENT_MET}")
    return action


_KINDS: Mapping[str, Callable[[Json, str, Json, str], Json]] = {
    "SINGLE_CONNECTION": _single,
    "CUSTOM_CODE": _code,
    "LIST_BRANCH": _list_branches,
    "STATIC_BRANCH": _static_branches,
}
