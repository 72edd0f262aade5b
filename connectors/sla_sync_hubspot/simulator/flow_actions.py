"""The actions of a workflow: a table of the kinds that are built, their fields, and the checks of the graph.

The published description leaves `fields` open; what stands here is what recorded workflows hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.filters import check_and, check_root
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, not_built, opaque

_UNITS = shapes.one_of(("MINUTES", "HOURS", "DAYS", "WEEKS"))
_DAYS = shapes.one_of(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"))
TIME_OF_DAY = shapes.record({"hour": shapes.between(0, 23), "minute": shapes.between(0, 59)})
_DELAY = shapes.record(
    {"delta": shapes.integer, "timeUnit": _UNITS},
    {"timeOfDay": TIME_OF_DAY, "daysOfWeek": shapes.list_of(_DAYS),
     "timeZoneStrategy": shapes.record(
         {"type": shapes.one_of(("STATIC_TIME_ZONE",)), "timeZoneId": shapes.filled})},
)  # fmt: skip
_YES_NO = shapes.one_of(("true", "false"))
_CATEGORY = shapes.one_of(("HUBSPOT_DEFINED", "INTEGRATOR_DEFINED", "USER_DEFINED", "WORK"))
_ASSOCIATION = shapes.record({"associationCategory": _CATEGORY, "associationTypeId": shapes.integer})
_CONNECTION = shapes.record({"edgeType": shapes.one_of(("STANDARD", "GOTO")), "nextActionId": shapes.filled})
_IDENTIFIERS = shapes.list_of(shapes.digits)


def _amount(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"The value of {where} is not a number: {value!r}", where=where)


_VALUES: Mapping[str, Mapping[str, shapes.Check]] = {
    "STATIC_VALUE": {"staticValue": shapes.text},
    "TIMESTAMP": {"timestampType": shapes.one_of(("EXECUTION_TIME",))},
    "OBJECT_PROPERTY": {"propertyName": shapes.filled},
    "RELATIVE_DATETIME": {"timeDelay": _DELAY},
    "INCREMENT": {"incrementAmount": _amount},
}


def _value(value: Any, where: str) -> None:
    """Accept one of the values that are built; every other spelling got an opaque 500 on portals."""
    members = _VALUES.get(value.get("type", "")) if isinstance(value, dict) else None
    if members is None:
        raise opaque()
    try:
        shapes.record({"type": shapes.text} | dict(members))(value, where)
    except RefusalError:
        raise opaque() from None


_DATE = _value
_TASK_LINK = shapes.record(
    {"target": _ASSOCIATION, "value": shapes.record({"type": shapes.one_of(("ENROLLED_OBJECT", "COPY_ASSOCIATION"))})}
)
_ASSIGNMENT = shapes.record({"type": shapes.one_of(("CUSTOM",)), "value": _value})


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
    "0-1": ActionType("delay", {"delta": shapes.digits, "time_unit": shapes.one_of(("MINUTES", "DAYS"))}, {}),
    "0-35": ActionType(
        "delay until a date",
        {"date": _DATE, "delta": shapes.digits, "time_unit": shapes.one_of(("MINUTES", "DAYS"))},
        {"time_of_day": TIME_OF_DAY},
    ),
    "0-5": ActionType("set property", {"property_name": shapes.filled, "value": _value}, {"association": _ASSOCIATION}),
    "0-3": ActionType(
        "create task",
        {"task_type": shapes.one_of(("TODO", "CALL", "EMAIL")), "subject": shapes.filled},
        {"body": shapes.text, "associations": shapes.list_of(_TASK_LINK), "use_explicit_associations": _YES_NO,
         "owner_assignment": _ASSIGNMENT, "priority": shapes.one_of(("NONE", "LOW", "MEDIUM", "HIGH")),
         "due_time": _DELAY},
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
    "0-4": ActionType("send e-mail", {"content_id": shapes.digits}, {}),
    "0-63809083": ActionType("add to a static list", _IN_LIST, _TARGET),
    "0-63863438": ActionType("remove from a static list", _IN_LIST, _TARGET),
}  # fmt: skip
_RETIRED = "0-13"
_STATIC_LIST_ACTIONS = ("0-63809083", "0-63863438")

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
_STATIC_BRANCHES = shapes.record(
    {"type": shapes.text, "actionId": shapes.digits, "inputValue": _value,
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
    for target, where in [(start, "startActionId")] if start is not None else []:
        _check_target(target, identifiers, where)
    for place, each in enumerate(kept):
        for target in _targets(each):
            _check_target(target, identifiers, f"actions[{place}].connection.nextActionId")
    return kept


def _check_target(target: str, identifiers: list[str], where: str) -> None:
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
    return {"actionTypeVersion": 0} | action


def _check_names(state: Json, object_id: str, kind: str, fields: Json, where: str) -> None:
    # Inferred: that these names are looked up when the workflow is written. A property of another object, which an
    # association leads to, is not looked up.
    named = [fields.get("target_property"), *fields.get("owner_properties", ())]
    named += [fields[key].get("propertyName") for key in ("value", "date") if isinstance(fields.get(key), dict)]
    if "association" not in fields:
        named.append(fields.get("property_name"))
    for name in named:
        if name is not None and name not in state["properties"][object_id]:
            raise invalid(f"Property {name} of object type {object_id} does not exist", where=where)
    if kind == "0-5" and "association" not in fields:
        found = state["properties"][object_id][fields["property_name"]]
        if found["modificationMetadata"]["readOnlyValue"]:
            raise invalid(f"The value of property {found['name']} is read only", where=f"{where}.property_name")
    if kind in _STATIC_LIST_ACTIONS:
        target = state["lists"].get(fields["listId"], {"deletedAt": ""})
        if "deletedAt" in target or target["processingType"] == "DYNAMIC":
            raise invalid(f"There is no static list {fields['listId']}", where=f"{where}.listId")


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
    name = action["inputValue"].get("propertyName")
    if name is not None and name not in state["properties"][object_id]:
        raise invalid(f"Property {name} of object type {object_id} does not exist", where=f"{where}.inputValue")
    return action


_KINDS: Mapping[str, Callable[[Json, str, Json, str], Json]] = {
    "SINGLE_CONNECTION": _single,
    "LIST_BRANCH": _list_branches,
    "STATIC_BRANCH": _static_branches,
}
