"""Writing workflows: created switched off, read back, switched on last; a change replaces the whole, so all of it is sent."""

from __future__ import annotations

from sla_sync.connector import Address, Desired, FaultError, RejectedError, merge
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import TYPES, WORKFLOW
from sla_sync_hubspot.writes.desk import Craft, Desk, Found, Json

_COMPLETE = "COMPLETE"
_PAUSES = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
"""Seconds between looks at a new workflow; Inferred: HubSpot's pages do not say how long it takes to become complete."""
_NOT_SENT = frozenset({"createdAt", "updatedAt", "dataSources", "crmObjectCreationStatus", "nextAvailableActionId"})
"""Members that HubSpot fills in and refuses, or ignores, in a change."""


def _find(desk: Desk, address: Address) -> Found | None:
    """Find a workflow by its id, else by its name, which HubSpot does not keep unique."""
    known = desk.handles.get(address)
    raw = catalogue.flow_with_id(desk.client, known) if known else None
    if raw is None:
        headings = (each for each in catalogue.flow_headings(desk.client) if each.get("name") == address.key)
        heading = next(headings, None)
        raw = catalogue.flow_with_id(desk.client, str(heading["id"])) if heading else None
    return Found(raw, ours=True, handle=str(raw["id"])) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    body = desk.body(desired.values)
    created = desk.client.call("POST", Api.FLOWS, body={**body, "isEnabled": False})
    handle = str(created["id"])
    desk.handles[desired.address] = handle
    if body.get("isEnabled"):
        _send(desk, desired, _completed(desk, handle))
    return handle


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    desk.handles[desired.address] = found.handle
    _send(desk, desired, _completed(desk, found.handle, found.raw))
    return found.handle


def _send(desk: Desk, desired: Desired, raw: Json) -> None:
    before = wire.flow_values(raw)
    merged = merge(before, desk.body(desired.values), TYPES[WORKFLOW])
    if merged == before:
        return
    kept = {key: value for key, value in {**raw, **merged}.items() if key not in _NOT_SENT}
    # A body without revisionId and type is refused; a body with an old revision too, so that nobody's change is lost.
    desk.client.call("PUT", Api.FLOWS, f"/{raw['id']}", body={**kept, "revisionId": str(raw["revisionId"])})


def _completed(desk: Desk, handle: str, raw: Json | None = None) -> Json:
    """Return a workflow once HubSpot has finished creating it: before that it refuses every change."""
    for seconds in _PAUSES:
        if raw is not None and raw.get("crmObjectCreationStatus", _COMPLETE) == _COMPLETE:
            return raw
        if seconds:
            desk.client.wait(seconds)
        raw = catalogue.flow_with_id(desk.client, handle)
        if raw is None:
            raise RejectedError(f"HubSpot created workflow {handle} and does not show it, so it stays switched off.")
    if raw is not None and raw.get("crmObjectCreationStatus", _COMPLETE) == _COMPLETE:
        return raw
    raise FaultError(
        f"HubSpot is still creating workflow {handle} after {sum(_PAUSES):g} seconds, so it stays switched off.",
        hint="Run apply again in some minutes: it goes on where it stopped.",
    )


def _delete(desk: Desk, _address: Address, found: Found) -> None:
    desk.client.call("DELETE", Api.FLOWS, f"/{found.handle}")


WORKFLOWS = Craft(TYPES[WORKFLOW], _find, _create, _update, _delete)
