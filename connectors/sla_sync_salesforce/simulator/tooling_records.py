"""Records written through the Tooling API: which version of a flow is active, and versions that are no longer needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.kinds import flow
from sla_sync_salesforce.simulator.organization import Component
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented


def change(desk: Desk, caller: Caller, name: str, identity: str, method: str, body: Mapping[str, Any]) -> None:
    """Change or delete one record. Raises RefusedError."""
    act = _ACTS.get((method, name))
    if act is None:
        raise not_implemented(f"{method} of records of {name} through the Tooling API")
    if not caller.user.administrator:
        text = "insufficient access rights on cross-reference id"
        raise RefusedError("INSUFFICIENT_ACCESS_OR_READONLY", text, status=403)
    act(desk, caller, normal(identity), body)
    desk.changed()


def _choose(desk: Desk, caller: Caller, identity: str, body: Mapping[str, Any]) -> None:
    """Put a version of a flow in force; none where the number is 0 or is not said."""
    name, component = next(
        (each for each in desk.organization.of("Flow").items() if each[1].id == identity), (None, None)
    )
    if name is None or component is None:
        raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)
    metadata = body.get("Metadata")
    if not isinstance(metadata, Mapping) or body.keys() != {"Metadata"} or metadata.keys() - {"activeVersionNumber"}:
        raise RefusedError("INVALID_FIELD", "Only Metadata.activeVersionNumber of a FlowDefinition can be written here")
    number = metadata.get("activeVersionNumber") or 0
    if number and number not in {each.number for each in component.versions}:
        text = f"The flow {name} has no version {number}"
        raise RefusedError("FIELD_INTEGRITY_EXCEPTION", text, fields=("Metadata",))
    flow.activate(component, int(number))
    _note(desk, caller, component, f"Changed active version of flow {name}")


def _delete(desk: Desk, caller: Caller, identity: str, _body: Mapping[str, Any]) -> None:
    """Delete a version of a flow that is not in force; the flow goes with its last one."""
    flows = desk.organization.of("Flow")
    for name, component in flows.items():
        version = next((each for each in component.versions if each.id == identity), None)
        if version is None:
            continue
        if version.number == component.active:
            # Documented: an active version cannot be deleted.
            raise RefusedError("DELETE_FAILED", "insufficient access rights on cross-reference id")
        component.versions.remove(version)
        _note(desk, caller, component, f"Deleted version {version.number} of flow {name}")
        if component.versions:
            flow.mark_statuses(component)
        else:
            del flows[name]
        return
    raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)


def _note(desk: Desk, caller: Caller, component: Component, text: str) -> None:
    component.changed_by, component.changed_at = caller.user.id, desk.organization.instant
    desk.organization.note("changedFlowDefinition", "Flows", text, caller.user.id)


_ACTS: Mapping[tuple[str, str], Callable[[Desk, Caller, str, Mapping[str, Any]], None]] = {
    ("PATCH", "FlowDefinition"): _choose,
    ("DELETE", "Flow"): _delete,
}
