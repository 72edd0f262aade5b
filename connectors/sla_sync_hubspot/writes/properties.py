"""Writing properties: created a hundred at a time, changed one by one with the options that others added kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from sla_sync.connector import Address, Change, Desired, Value, bears_mark, merge
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import split_key
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PROPERTY, TYPES
from sla_sync_hubspot.writes.desk import Craft, Desk, Found, Json

_BATCH = 100
_OPTION = 2
"""Steps of the path of an option in a property."""


def hiding(change: Change) -> Desired | None:
    """Return what is wanted of a property, with the options hidden that somebody added and nobody agreed on.

    They are not taken away: contacts may have them, and would keep a value that the property no longer offers.
    """
    more: list[Value] = [
        {"value": str(each.path[1]), "hidden": True}
        for each in change.fields
        if change.desired is not None
        and each.path[:1] == ("options",)
        and len(each.path) == _OPTION
        and each.after is None
    ]
    if change.desired is None or not more:
        return change.desired
    options = change.desired.values.get("options")
    held = list(options) if isinstance(options, list | tuple) else []
    return replace(change.desired, values={**change.desired.values, "options": [*held, *more]})


def _find(desk: Desk, address: Address) -> Found | None:
    owner, name = split_key(address.key)
    raw = catalogue.property_named(desk.client, owner, name)
    return Found(raw, bears_mark(raw.get("description"), desk.agreement), name) if raw else None


def _new(desk: Desk, desired: Desired) -> Json:
    return {"name": split_key(desired.address.key)[1], **desk.body(desired.values)}


def _create(desk: Desk, desired: Desired) -> str:
    owner, _ = split_key(desired.address.key)
    return str(desk.client.call("POST", Api.PROPERTIES, f"/{owner}", body=_new(desk, desired))["name"])


def _create_together(desk: Desk, wanted: Iterable[Desired]) -> Mapping[Address, str]:
    by_owner: dict[str, list[Desired]] = {}
    for each in wanted:
        by_owner.setdefault(split_key(each.address.key)[0], []).append(each)
    created: dict[Address, str] = {}
    for owner, group in by_owner.items():
        left = iter(group)
        while some := list(islice(left, _BATCH)):
            body = {"inputs": [_new(desk, each) for each in some]}
            answer = desk.client.call("POST", Api.PROPERTIES, f"/{owner}/batch/create", body=body)
            for each in answer.get("results", ()):
                created[Address(PROPERTY, f"{owner}/{each['name']}")] = str(each["name"])
    return created


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    owner, name = split_key(desired.address.key)
    merged = merge(wire.property_values(found.raw), desk.body(desired.values), TYPES[PROPERTY])
    # The guide asks for type and fieldType in every change of a property of one's own.
    named = {*desired.values, "type", "fieldType"}
    body = {key: value for key, value in merged.items() if key in named}
    desk.client.call("PATCH", Api.PROPERTIES, f"/{owner}/{segment_of(name)}", body=body)
    return found.handle


def _delete(desk: Desk, address: Address, _found: Found) -> None:
    owner, name = split_key(address.key)
    desk.client.call("DELETE", Api.PROPERTIES, f"/{owner}/{segment_of(name)}")


PROPERTIES = Craft(TYPES[PROPERTY], _find, _create, _update, _delete, create_together=_create_together)
