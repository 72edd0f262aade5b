"""Writing validation rules: a rule replaces the one of its kind, so that it may be sent again."""

from __future__ import annotations

from sla_sync.connector import Address, Desired
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import OBJECT_TYPE_IDS, split_option
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import TYPES, VALIDATION
from sla_sync_hubspot.writes.desk import Craft, Desk, Found


def _path(address: Address) -> str:
    container, rule = split_option(address.key)
    owner, name = container.split("/", 1)
    return f"/{OBJECT_TYPE_IDS[owner]}/{segment_of(name)}/rule-type/{segment_of(rule)}"


def _find(desk: Desk, address: Address) -> Found | None:
    raw = catalogue.validation_at(desk.client, _path(address))
    return Found(raw, ours=True, handle=split_option(address.key)[1]) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    desk.client.call("PUT", Api.VALIDATIONS, _path(desired.address), body=desk.body(desired.values))
    return split_option(desired.address.key)[1]


def _update(desk: Desk, desired: Desired, _found: Found) -> str:
    return _create(desk, desired)


VALIDATIONS = Craft(TYPES[VALIDATION], _find, _create, _update)
