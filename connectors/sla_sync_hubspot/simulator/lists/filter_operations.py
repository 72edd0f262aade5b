"""The tests that a property filter may make, by operation type: operators, members, and the properties they fit.

From the published description of the lists API. What is not in the table is refused by name.
"""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, Json, RefusalError, invalid, not_built

_ANY = frozenset({"bool", "enumeration", "date", "datetime", "string", "number", "phone_number"})
_TEXT = frozenset({"string", "phone_number"})
_TIME = frozenset({"date", "datetime"})
_EVER_EQUAL = frozenset({"HAS_EVER_BEEN_EQUAL_TO", "HAS_NEVER_BEEN_EQUAL_TO"})
_EQUAL = frozenset({"IS_EQUAL_TO", "IS_NOT_EQUAL_TO"})
_WITHIN = frozenset({"IS_BETWEEN", "IS_NOT_BETWEEN"})
_NOT_BUILT = ("ANNIVERSARY", "VALUE_WITH_ZONE_SAME_LOCAL_CONVERSION", "ANNIVERSARY_WITH_ZONE_SAME_LOCAL_CONVERSION")
_ENDPOINTS = shapes.one_of(("INCLUSIVE", "EXCLUSIVE"))
_PARSERS = shapes.one_of(("VALUE", "UPDATED_AT", *_NOT_BUILT))


def _parser(value: Any, where: str) -> None:
    _PARSERS(value, where)
    if value in _NOT_BUILT:
        raise not_built(f"the value {value} of {where}")


def _number(value: Any, where: str) -> None:
    spelled = isinstance(value, int | float | str) and not isinstance(value, bool)
    try:
        accepted = spelled and math.isfinite(float(value))
    except ValueError:
        accepted = False
    if not accepted:
        raise invalid(f"The value of {where} is not a number: {value!r}", where=where)


def _zone(value: Any, where: str) -> None:
    shapes.text(value, where)
    if value not in zoneinfo.available_timezones():
        raise invalid(f"The value of {where} is {value!r}, which is not a time zone", where=where)


_CLOCK = {"hour": shapes.between(0, 23), "minute": shapes.between(0, 59), "second": shapes.between(0, 59),
          "millisecond": shapes.between(0, 999)}  # fmt: skip
_ZONED = {"timezoneSource": shapes.one_of(("CUSTOM", "USER", "PORTAL"))}
_OFFSET = shapes.record(
    {}, dict.fromkeys(("milliseconds", "seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years"),
                      shapes.integer)
)  # fmt: skip
_TIME_POINTS: Mapping[str, shapes.Check] = {
    "DATE": shapes.record(
        {"timeType": shapes.text, "year": shapes.between(1, 9999), "month": shapes.between(1, 12),
         "day": shapes.between(1, 31), "zoneId": _zone},
        _CLOCK | _ZONED,
    ),
    "INDEXED": shapes.record(
        {"timeType": shapes.text, "zoneId": _zone,
         "indexReference": shapes.record({"referenceType": shapes.one_of(("NOW", "TODAY"))}, _CLOCK)},
        {"offset": _OFFSET} | _ZONED,
    ),
    "PROPERTY_REFERENCED": shapes.record(
        {"timeType": shapes.text, "property": shapes.filled, "zoneId": _zone, "referenceType": _parser}, _ZONED
    ),
}  # fmt: skip


def _time_point(value: Any, where: str) -> None:
    kind = value.get("timeType") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _TIME_POINTS:
        known = ", ".join(_TIME_POINTS)
        raise invalid(f"The timeType of {where} is {kind!r}, which is not one of: {known}", where=f"{where}.timeType")
    _TIME_POINTS[kind](value, where)
    if kind == "DATE":
        try:
            date(value["year"], value["month"], value["day"])
        except ValueError:
            message = f"There is no day {value['day']} in month {value['month']} of {value['year']}"
            raise invalid(message, where=f"{where}.day") from None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation type; `typed` ones carry their own name a second time, in `type`."""

    fits: frozenset[str]
    operators: frozenset[str]
    required: Mapping[str, shapes.Check] = field(default_factory=dict)
    optional: Mapping[str, shapes.Check] = field(default_factory=dict)
    typed: bool = False


OPERATIONS: Mapping[str, Operation] = {
    "ALL_PROPERTY": Operation(_ANY, frozenset({"IS_KNOWN", "IS_UNKNOWN"})),
    "NUMBER": Operation(
        frozenset({"number"}),
        _EQUAL | _EVER_EQUAL | {"IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN",
                                "IS_LESS_THAN_OR_EQUAL_TO"},
        {"value": _number},
    ),
    "NUMBER_RANGED": Operation(frozenset({"number"}), _WITHIN, {"lowerBound": _number, "upperBound": _number}),
    "BOOL": Operation(frozenset({"bool"}), _EQUAL | _EVER_EQUAL, {"value": shapes.boolean}),
    "ENUMERATION": Operation(
        frozenset({"enumeration"}),
        frozenset({
            "IS_ANY_OF", "IS_NONE_OF", "IS_EXACTLY", "IS_NOT_EXACTLY", "CONTAINS_ALL", "DOES_NOT_CONTAIN_ALL",
            "HAS_EVER_BEEN_ANY_OF", "HAS_NEVER_BEEN_ANY_OF", "HAS_EVER_BEEN_EXACTLY", "HAS_NEVER_BEEN_EXACTLY",
            "HAS_EVER_CONTAINED_ALL", "HAS_NEVER_CONTAINED_ALL",
        }),
        {"values": shapes.list_of(shapes.text)},
    ),
    "STRING": Operation(
        _TEXT,
        _EQUAL | _EVER_EQUAL | {"CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "ENDS_WITH", "HAS_EVER_CONTAINED",
                                "HAS_NEVER_CONTAINED"},
        {"value": shapes.text},
    ),
    "MULTISTRING": Operation(
        _TEXT,
        _EQUAL | {"CONTAINS", "CONTAINS_EXACTLY", "DOES_NOT_CONTAIN", "DOES_NOT_CONTAIN_EXACTLY", "STARTS_WITH",
                  "ENDS_WITH"},
        {"values": shapes.list_of(shapes.text)},
    ),
    "TIME_POINT": Operation(
        _TIME, frozenset({"IS_BEFORE", "IS_AFTER"}), {"timePoint": _time_point},
        {"endpointBehavior": _ENDPOINTS, "propertyParser": _parser}, typed=True,
    ),
    "TIME_RANGED": Operation(
        _TIME, _WITHIN, {"lowerBoundTimePoint": _time_point, "upperBoundTimePoint": _time_point},
        {"lowerBoundEndpointBehavior": _ENDPOINTS, "upperBoundEndpointBehavior": _ENDPOINTS, "propertyParser": _parser},
        typed=True,
    ),
}  # fmt: skip


def check_operation(operation: Any, where: str, property_name: str, property_type: str) -> Json:
    """Return the operation as HubSpot keeps it: numbers as numbers, absent members filled in.

    Raises RefusalError for one that HubSpot refuses. Inferred: that an absent `includeObjectsWithNoValueSet` becomes
    false.
    """
    kind = operation.get("operationType") if isinstance(operation, dict) else None
    found = OPERATIONS.get(kind) if isinstance(kind, str) else None
    if found is None:
        known = ", ".join(OPERATIONS)
        raise invalid(
            f"The simulator does not implement the operationType {kind!r}; it has: {known}",
            where=f"{where}.operationType",
        )
    typed = {"type": shapes.one_of((str(kind),))} if found.typed else {}
    shapes.record(
        {"operationType": shapes.text, "operator": shapes.text} | dict(found.required),
        {"includeObjectsWithNoValueSet": shapes.boolean} | typed | dict(found.optional),
    )(operation, where)
    shapes.one_of(found.operators, sub_category="ListError.ENUM_CONVERSION")(operation["operator"], f"{where}.operator")
    if property_type not in found.fits:
        message = f"The operationType {kind} does not fit property {property_name}, which is of type {property_type}"
        raise RefusalError(
            BAD_REQUEST,
            message,
            sub_category="ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE",
            errors=[{"message": message, "in": f"{where}.operationType"}],
        )
    kept: Json = {"includeObjectsWithNoValueSet": False} | operation
    if kind in _NUMERIC:
        kept |= {key: _plain_number(operation[key]) for key in _NUMERIC[str(kind)]}
    return kept | {"type": kind} if found.typed else kept


_NUMERIC = {"NUMBER": ("value",), "NUMBER_RANGED": ("lowerBound", "upperBound")}


def _plain_number(value: float | str) -> float:
    number = float(value)
    return int(number) if number.is_integer() else number
