"""Writing property groups."""

from __future__ import annotations

from sla_sync.connector import Address, Desired
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import is_group_of_ours, split_key
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PROPERTY_GROUP, TYPES
from sla_sync_hubspot.writes.desk import Craft, Desk, Found


def _find(desk: Desk, address: Address) -> Found | None:
    owner, name = split_key(address.key)
    raw = catalogue.group_named(desk.client, owner, name)
    return Found(raw, is_group_of_ours(name), name) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    owner, name = split_key(desired.address.key)
    body = {"name": name, **desk.body(desired.values)}
    return str(desk.client.call("POST", Api.PROPERTIES, f"/{owner}/groups", body=body)["name"])


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    owner, name = split_key(desired.address.key)
    desk.client.call("PATCH", Api.PROPERTIES, f"/{owner}/groups/{segment_of(name)}", body=desk.body(desired.values))
    return found.handle


def _delete(desk: Desk, address: Address, _found: Found) -> None:
    owner, name = split_key(address.key)
    desk.client.call("DELETE", Api.PROPERTIES, f"/{owner}/groups/{segment_of(name)}")


GROUPS = Craft(TYPES[PROPERTY_GROUP], _find, _create, _update, _delete)
