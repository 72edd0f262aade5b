"""Writing segments: their filters are replaced whole, and a name that somebody changed is put back."""

from __future__ import annotations

from sla_sync.connector import Address, Desired, merge
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import split_key
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import SEGMENT, TYPES
from sla_sync_hubspot.writes.desk import Craft, Desk, Found


def _find(desk: Desk, address: Address) -> Found | None:
    """Find a list by its id, else by its name: names of lists are unique, so one with our name is ours."""
    known = desk.handles.get(address)
    if known is not None:
        raw = catalogue.list_with_id(desk.client, known)
        if raw is not None and raw.get("deletedAt") is None:
            return Found(raw, ours=True, handle=known)
    raw = catalogue.list_named(desk.client, *split_key(address.key))
    return Found(raw, ours=True, handle=str(raw["listId"])) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    object_type_id, _ = split_key(desired.address.key)
    body = {"objectTypeId": object_type_id, **desk.body(desired.values)}
    return str(desk.client.call("POST", Api.LISTS, body=body)["list"]["listId"])


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    before = wire.segment_values(found.raw)
    merged = merge(before, desk.body(desired.values), TYPES[SEGMENT])
    if merged.get("filterBranch") != before.get("filterBranch"):
        body = {"filterBranch": merged["filterBranch"]}
        desk.client.call("PUT", Api.LISTS, f"/{segment_of(found.handle)}/update-list-filters", body=body)
    if merged.get("name") != before.get("name"):
        query = [("listName", str(merged["name"]))]
        desk.client.call("PUT", Api.LISTS, f"/{segment_of(found.handle)}/update-list-name", query=query)
    return found.handle


def _delete(desk: Desk, _address: Address, found: Found) -> None:
    desk.client.call("DELETE", Api.LISTS, f"/{segment_of(found.handle)}")


SEGMENTS = Craft(TYPES[SEGMENT], _find, _create, _update, _delete)
