"""The events that a workflow may enrol by, or wait for: a property got a new value."""

from __future__ import annotations

from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.lists.filters import check_trigger
from sla_sync_hubspot.simulator.refusals import Json, not_built

PROPERTY_CHANGED = "4-655002"
"""The type of the event "property value changed" (recorded)."""
_EVENT = shapes.record(
    {
        "filterBranchType": shapes.one_of(("UNIFIED_EVENTS",)),
        "eventTypeId": shapes.filled,
        "operator": shapes.one_of(("HAS_COMPLETED", "HAS_NOT_COMPLETED")),
        "filters": shapes.list_of(shapes.anything),
    },
    {
        "filterBranchOperator": shapes.one_of(("AND",)),
        "filterBranches": shapes.list_of(shapes.anything),
        "coalescingRefineBy": shapes.anything,
        "pruningRefineBy": shapes.anything,
    },
)


def check_event(state: Json, object_id: str, branch: Any, where: str) -> Json:
    """Return an event as HubSpot keeps it; raises RefusalError for a wrong one, or one of a type that is not built."""
    _EVENT(branch, where)
    if branch["eventTypeId"] != PROPERTY_CHANGED:
        raise not_built(f"events of type {branch['eventTypeId']} at {where}")
    if branch["operator"] != "HAS_COMPLETED":
        raise not_built(f"the operator {branch['operator']} of the event {where}")
    for member in ("coalescingRefineBy", "pruningRefineBy", "filterBranches"):
        if branch.get(member):
            raise not_built(f"the member {member} of the event {where}")
    pair = {"filterBranchType": "AND", "filterBranches": [], "filters": branch["filters"]}
    kept = check_trigger(state, object_id, pair, where)
    return {
        "filterBranchType": "UNIFIED_EVENTS",
        "filterBranchOperator": "AND",
        "eventTypeId": branch["eventTypeId"],
        "operator": branch["operator"],
        "filters": kept["filters"],
        "filterBranches": [],
    }
