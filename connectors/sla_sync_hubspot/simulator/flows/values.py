"""The values that the actions of a workflow may name, by where they stand; what is not executed is refused by name."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, not_built, opaque
from sla_sync_hubspot.simulator.running.texts import ENROLLED, tokens

_UNITS = shapes.one_of(("MINUTES", "HOURS", "DAYS", "WEEKS"))
_DAYS = shapes.one_of(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"))
_TIMES = frozenset({"date", "datetime"})
TIME_OF_DAY = shapes.record({"hour": shapes.between(0, 23), "minute": shapes.between(0, 59)})


def _zone(value: Any, where: str) -> None:
    shapes.filled(value, where)
    if value not in zoneinfo.available_timezones():
        raise invalid(f"The value of {where} is {value!r}, which is not a time zone", where=where)


_TIME_DELAY = shapes.record(
    {"delta": shapes.integer, "timeUnit": _UNITS},
    {"timeOfDay": TIME_OF_DAY, "daysOfWeek": shapes.list_of(_DAYS),
     "timeZoneStrategy": shapes.record({"type": shapes.one_of(("STATIC_TIME_ZONE",)), "timeZoneId": _zone})},
)  # fmt: skip


def time_delay(value: Any, where: str) -> None:
    """Accept a time relative to now. Whether `daysOfWeek` moves a time or tells which days count is not documented."""
    _TIME_DELAY(value, where)
    if value.get("daysOfWeek"):
        raise not_built(f"daysOfWeek of the time delay {where}, whose meaning HubSpot does not document")


def _amount(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"The value of {where} is not a number: {value!r}", where=where)


_MEMBERS: Mapping[str, Mapping[str, shapes.Check]] = {
    "STATIC_VALUE": {"staticValue": shapes.text},
    "TIMESTAMP": {"timestampType": shapes.one_of(("EXECUTION_TIME",))},
    "OBJECT_PROPERTY": {"propertyName": shapes.filled},
    "RELATIVE_DATETIME": {"timeDelay": shapes.anything},
    "INCREMENT": {"incrementAmount": _amount},
    "FIELD_DATA": {"actionId": shapes.digits, "dataKey": shapes.filled},
}


def value_among(kinds: Iterable[str]) -> shapes.Check:
    """Return a check for a value of one of these kinds; a kind that the simulator has not got an opaque 500 on portals."""
    known = tuple(kinds)

    def check(value: Any, where: str) -> None:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in _MEMBERS:
            raise opaque()
        try:
            shapes.record({"type": shapes.text} | dict(_MEMBERS[kind]))(value, where)
        except RefusalError:
            raise opaque() from None
        if kind not in known:
            raise not_built(f"a value of type {kind} at {where}")
        if kind == "RELATIVE_DATETIME":
            time_delay(value["timeDelay"], f"{where}.timeDelay")

    return check


PROPERTY_VALUE = value_among(("STATIC_VALUE", "TIMESTAMP", "OBJECT_PROPERTY", "RELATIVE_DATETIME", "INCREMENT"))
PLAIN_VALUE = value_among(("STATIC_VALUE", "OBJECT_PROPERTY"))
BRANCH_VALUE = value_among(("OBJECT_PROPERTY", "FIELD_DATA"))


def check_fit(properties: Mapping[str, Json], target: Json, value: Json, where: str) -> None:
    """Raise RefusalError unless a value can be written into a property.

    Inferred: HubSpot's own screens offer only values that fit; what its API makes of others is not documented.
    """
    if value["type"] == "STATIC_VALUE" and any(True for _ in tokens(value["staticValue"])):
        raise not_built(f"tokens in the static value {where}")
    fits = _FITS.get(value["type"])
    if fits and not fits(target["type"]):
        raise not_built(f"a value of type {value['type']} for property {target['name']} of type {target['type']}")
    if value["type"] == "OBJECT_PROPERTY":
        source = properties[value["propertyName"]]["type"]
        alike = source == target["type"] or target["type"] == "string" or {source, target["type"]} <= _TIMES
        if not alike:
            raise not_built(f"copying a property of type {source} into {target['name']} of type {target['type']}")


_FITS: Mapping[str, Callable[[str], bool]] = {
    "TIMESTAMP": lambda kind: kind in _TIMES,
    "RELATIVE_DATETIME": lambda kind: kind in _TIMES,
    "INCREMENT": lambda kind: kind == "number",
}


def check_tokens(properties: Mapping[str, Json], text: str, where: str) -> None:
    """Raise RefusalError for a token that does not name a property of the enrolled record."""
    for each in tokens(text):
        if not each.startswith(ENROLLED):
            raise not_built(f"the token {each!r} in {where}; it has those that begin with {ENROLLED}")
        name = each.removeprefix(ENROLLED)
        if name not in properties:
            raise invalid(f"The token {each!r} names the property {name}, which does not exist", where=where)
