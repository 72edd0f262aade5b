"""Writing options of HubSpot's own properties: the list is replaced as a whole, so it is read first and others' are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sla_sync.connector import Address, Desired, RejectedError, Value, bears_mark
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import split_key, split_option
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PROPERTY_OPTION, TYPES
from sla_sync_hubspot.writes.desk import Craft, Desk, Found, Json

_LAST = -1
"""HubSpot puts an option with this display order behind all others."""


def _find(desk: Desk, address: Address) -> Found | None:
    container, value = split_option(address.key)
    raw = _container(desk, container)
    option = _option(raw, value)
    return Found(raw, bears_mark(option.get("description"), desk.agreement), value) if option else None


def _create(desk: Desk, desired: Desired) -> str:
    container, _ = split_option(desired.address.key)
    return _write(desk, container, _container(desk, container), (desired,))[desired.address]


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    container, _ = split_option(desired.address.key)
    return _write(desk, container, found.raw, (desired,))[desired.address]


def _update_together(desk: Desk, wanted: Iterable[Desired]) -> Mapping[Address, str]:
    by_container: dict[str, list[Desired]] = {}
    for each in wanted:
        by_container.setdefault(split_option(each.address.key)[0], []).append(each)
    written: dict[Address, str] = {}
    for container, group in by_container.items():
        written |= _write(desk, container, _container(desk, container), group)
    return written


def _write(desk: Desk, container: str, raw: Json, wanted: Iterable[Desired]) -> dict[Address, str]:
    owner, name = split_key(container)
    if raw.get("modificationMetadata", {}).get("readOnlyOptions"):
        raise RejectedError(f"HubSpot does not let anybody change the options of {container}.")
    options: dict[str, dict[str, Value]] = {str(each["value"]): _kept(each) for each in raw.get("options", ())}
    written: dict[Address, str] = {}
    for desired in wanted:
        value = split_option(desired.address.key)[1]
        before = options.get(value, {"value": value, "displayOrder": _LAST})
        options[value] = {**before, **desk.body(desired.values)}
        written[desired.address] = value
    desk.client.call("PATCH", Api.PROPERTIES, f"/{owner}/{segment_of(name)}", body={"options": list(options.values())})
    return written


def _kept(option: Mapping[str, Any]) -> dict[str, Value]:
    """Return what a change may say of an option; whatever else an answer carries is refused."""
    members = ("label", "value", "description", "displayOrder", "hidden")
    return {key: option[key] for key in members if option.get(key) is not None}


def _container(desk: Desk, container: str) -> Json:
    owner, name = split_key(container)
    raw = catalogue.property_named(desk.client, owner, name)
    if raw is None:
        raise RejectedError(f"The property {container} does not exist, so it can have no options.")
    return raw


def _option(raw: Json, value: str) -> Mapping[str, Any] | None:
    return next((each for each in raw.get("options", ()) if str(each["value"]) == value), None)


def _delete(desk: Desk, address: Address, found: Found) -> None:
    """Send the list without this option.

    Inferred: an option that a list no longer names is gone, and contacts that have it keep it as a value without a label.
    """
    container, value = split_option(address.key)
    owner, name = split_key(container)
    left = [_kept(each) for each in found.raw.get("options", ()) if str(each["value"]) != value]
    desk.client.call("PATCH", Api.PROPERTIES, f"/{owner}/{segment_of(name)}", body={"options": left})


OPTIONS = Craft(
    TYPES[PROPERTY_OPTION],
    _find,
    _create,
    _update,
    _delete,
    create_together=_update_together,
    update_together=_update_together,
)
