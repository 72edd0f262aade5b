"""Filter branches of lists and workflows: checked strictly, and kept with what HubSpot fills in.

A list's root is OR without filters of its own and its children are AND (enforced by HubSpot). Branches below an AND
(associations, events) exist on the platform and are refused here by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.lists.filter_operations import check_operation
from sla_sync_hubspot.simulator.refusals import Json, invalid, not_built

_BRANCH = shapes.record(
    {"filterBranchType": shapes.one_of(("OR", "AND", "NOT_ALL", "NOT_ANY", "RESTRICTED", "UNIFIED_EVENTS",
                                        "ASSOCIATION", "PROPERTY_ASSOCIATION"))},
    {"filterBranchOperator": shapes.text, "filters": shapes.list_of(shapes.anything),
     "filterBranches": shapes.list_of(shapes.anything)},
)  # fmt: skip
_PROPERTY = shapes.record(
    {"filterType": shapes.text, "property": shapes.filled, "operation": shapes.anything},
)
_IN_LIST = shapes.record(
    {"filterType": shapes.text, "listId": shapes.digits, "operator": shapes.one_of(("IN_LIST", "NOT_IN_LIST"))},
)
_NO_EVENT_VALUE = 2
"""A re-enrolment trigger is a pair of filters: which property, and the test of its new value."""

FilterCheck: TypeAlias = Callable[[Json, str], Json]


def check_root(state: Json, object_id: str, branch: Any, where: str) -> Json:
    """Return the root branch of a list or of an enrolment as HubSpot keeps it; raises RefusalError for a wrong one."""
    root = _branch(branch, where, "OR")
    if root["filters"]:
        raise invalid("The filters of the root branch must be empty", where=f"{where}.filters")
    if not root["filterBranches"]:
        # Inferred: a list that tests nothing is refused.
        raise invalid("The root branch must have at least one AND branch", where=f"{where}.filterBranches")
    root["filterBranches"] = [
        check_and(state, object_id, child, f"{where}.filterBranches[{position}]")
        for position, child in enumerate(root["filterBranches"])
    ]
    return root


def check_and(state: Json, object_id: str, branch: Any, where: str) -> Json:
    """Return an AND branch as HubSpot keeps it."""
    checks: Mapping[str, FilterCheck] = {
        "PROPERTY": lambda each, place: _check_property(state, object_id, each, place),
        "IN_LIST": lambda each, place: _check_in_list(state, object_id, each, place),
    }
    return _checked_and(branch, where, checks)


def check_trigger(state: Json, object_id: str, branch: Any, where: str) -> Json:
    """Return one re-enrolment trigger as HubSpot keeps it: `hs_name` is the property, `hs_value` the test (recorded)."""
    kept = _checked_and(branch, where, {"PROPERTY": lambda each, _place: each})
    named = {each.get("property"): each for each in kept["filters"]}
    if set(named) != {"hs_name", "hs_value"} or len(kept["filters"]) != _NO_EVENT_VALUE:
        raise invalid("A re-enrolment trigger is a pair of filters on hs_name and hs_value", where=f"{where}.filters")
    operation = named["hs_name"].get("operation")
    name = operation.get("value") if isinstance(operation, dict) else None
    if not isinstance(name, str):
        raise invalid("The filter on hs_name must give the name of a property in `value`", where=f"{where}.filters")
    kind = _property_type(state, object_id, name, where)
    for each in kept["filters"]:
        tested = kind if each["property"] == "hs_value" else "string"
        each["operation"] = check_operation(each["operation"], f"{where}.filters.operation", each["property"], tested)
    return kept


def _branch(branch: Any, where: str, wanted: str) -> Json:
    _BRANCH(branch, where)
    kind = branch["filterBranchType"]
    if kind != wanted:
        raise invalid(f"The branch {where} must be of type {wanted}, not {kind}", where=f"{where}.filterBranchType")
    if branch.get("filterBranchOperator", kind) != kind:
        raise invalid(f"The operator of the branch {where} must be {kind}", where=f"{where}.filterBranchOperator")
    return {
        "filterBranchType": kind,
        "filterBranchOperator": kind,
        "filters": list(branch.get("filters") or []),
        "filterBranches": list(branch.get("filterBranches") or []),
    }


def _checked_and(branch: Any, where: str, checks: Mapping[str, FilterCheck]) -> Json:
    kept = _branch(branch, where, "AND")
    for position, child in enumerate(kept["filterBranches"]):
        place = f"{where}.filterBranches[{position}]"
        _BRANCH(child, place)
        if child["filterBranchType"] in ("OR", "AND"):
            raise invalid("An AND branch cannot hold further OR or AND branches", where=place)
        raise not_built(f"filter branches of type {child['filterBranchType']}")
    if not kept["filters"]:
        # Inferred: a branch that tests nothing is refused.
        raise invalid("An AND branch must have at least one filter", where=f"{where}.filters")
    kept["filters"] = [
        _checked_filter(each, f"{where}.filters[{position}]", checks) for position, each in enumerate(kept["filters"])
    ]
    return kept


def _checked_filter(value: Any, where: str, checks: Mapping[str, FilterCheck]) -> Json:
    kind = value.get("filterType") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        raise invalid(f"The filter {where} has no filterType", where=f"{where}.filterType")
    if kind not in checks:
        raise not_built(f"filters of type {kind} at {where}")
    return checks[kind](value, where)


def _check_property(state: Json, object_id: str, value: Json, where: str) -> Json:
    _PROPERTY(value, where)
    kind = _property_type(state, object_id, value["property"], f"{where}.property")
    operation = check_operation(value["operation"], f"{where}.operation", value["property"], kind)
    return {"filterType": "PROPERTY", "property": value["property"], "operation": operation}


def _check_in_list(state: Json, object_id: str, value: Json, where: str) -> Json:
    _IN_LIST(value, where)
    found = state["lists"].get(value["listId"])
    if found is None or "deletedAt" in found or found["objectTypeId"] != object_id:
        raise invalid(f"List {value['listId']} of object type {object_id} does not exist", where=f"{where}.listId")
    return dict(value)


def _property_type(state: Json, object_id: str, name: str, where: str) -> str:
    found = state["properties"][object_id].get(name)
    if found is None:
        # Inferred: the sub category; the refusal itself is recorded.
        raise invalid(
            f"Property {name} of object type {object_id} does not exist",
            where=where,
            sub_category="ListError.PROPERTY_NOT_FOUND",
        )
    return str(found["type"])
