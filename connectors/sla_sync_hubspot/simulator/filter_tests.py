"""Whether what a property holds, or ever held, passes the test of a filter: every operation of `lists/filter_operations.py`.

Inferred: texts are compared without regard to case, `CONTAINS` looks for a part of the text, both ends of a range of
numbers belong to it, and a day counts from its midnight in the zone of the time point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.records import Record, Value
from sla_sync_hubspot.simulator.refusals import Json

_MONTHS: Mapping[str, int] = {"months": 1, "quarters": 3, "years": 12}
_DAYS: Mapping[str, int] = {"days": 1, "weeks": 7}
_EXACT = ("milliseconds", "seconds", "minutes", "hours")
_NEGATED: Mapping[str, str] = {
    "HAS_NEVER_BEEN_EQUAL_TO": "HAS_EVER_BEEN_EQUAL_TO",
    "HAS_NEVER_BEEN_ANY_OF": "HAS_EVER_BEEN_ANY_OF",
    "HAS_NEVER_BEEN_EXACTLY": "HAS_EVER_BEEN_EXACTLY",
    "HAS_NEVER_CONTAINED_ALL": "HAS_EVER_CONTAINED_ALL",
    "HAS_NEVER_CONTAINED": "HAS_EVER_CONTAINED",
    "IS_NOT_EQUAL_TO": "IS_EQUAL_TO",
    "IS_NOT_BETWEEN": "IS_BETWEEN",
    "IS_NONE_OF": "IS_ANY_OF",
    "IS_NOT_EXACTLY": "IS_EXACTLY",
    "DOES_NOT_CONTAIN_ALL": "CONTAINS_ALL",
    "DOES_NOT_CONTAIN": "CONTAINS",
    "DOES_NOT_CONTAIN_EXACTLY": "CONTAINS_EXACTLY",
}
_EVER: Mapping[str, str] = {
    "HAS_EVER_BEEN_EQUAL_TO": "IS_EQUAL_TO",
    "HAS_EVER_BEEN_ANY_OF": "IS_ANY_OF",
    "HAS_EVER_BEEN_EXACTLY": "IS_EXACTLY",
    "HAS_EVER_CONTAINED_ALL": "CONTAINS_ALL",
    "HAS_EVER_CONTAINED": "CONTAINS",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """When a filter is evaluated, the portal's own zone, and the record for tests that name its other properties."""

    at: datetime
    zone: str
    record: Record | None = None


def passes(operation: Json, values: Sequence[Value], asked: Asked) -> bool:
    """Return whether the values of a property, newest first, pass an operation that `check_operation` accepted.

    A record without a value meets what `includeObjectsWithNoValueSet` says. Inferred: for a test of what a property
    ever held, having no value means never having had one.
    """
    operator = operation["operator"]
    known = bool(values) and values[0].text != ""
    if operation["operationType"] == "ALL_PROPERTY":
        return known is (operator == "IS_KNOWN")
    plain = _NEGATED.get(operator, operator)
    if plain in _EVER:
        tried = [each for each in values if each.text]
        plain, known = _EVER[plain], bool(tried)
    else:
        tried = list(values[:1])
    if not known:
        return bool(operation["includeObjectsWithNoValueSet"])
    test = _TESTS[operation["operationType"]]
    passed = any(test(plain, operation, each, asked) for each in tried)
    return passed is not (operator in _NEGATED)


_Comparison = Callable[[float, float], bool]
_COMPARISONS: Mapping[str, _Comparison] = {
    "IS_EQUAL_TO": lambda one, other: one == other,
    "IS_GREATER_THAN": lambda one, other: one > other,
    "IS_GREATER_THAN_OR_EQUAL_TO": lambda one, other: one >= other,
    "IS_LESS_THAN": lambda one, other: one < other,
    "IS_LESS_THAN_OR_EQUAL_TO": lambda one, other: one <= other,
}
_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "IS_EQUAL_TO": lambda text, wanted: text == wanted,
    "CONTAINS": lambda text, wanted: wanted in text,
    "CONTAINS_EXACTLY": lambda text, wanted: wanted in text.split(),
    "STARTS_WITH": lambda text, wanted: text.startswith(wanted),
    "ENDS_WITH": lambda text, wanted: text.endswith(wanted),
}


def _number(operator: str, operation: Json, value: Value, _asked: Asked) -> bool:
    return _COMPARISONS[operator](float(value.text), float(operation["value"]))


def _number_range(_operator: str, operation: Json, value: Value, _asked: Asked) -> bool:
    return float(operation["lowerBound"]) <= float(value.text) <= float(operation["upperBound"])


def _boolean(_operator: str, operation: Json, value: Value, _asked: Asked) -> bool:
    return (value.text == "true") is operation["value"]


def _options(operator: str, operation: Json, value: Value, _asked: Asked) -> bool:
    held, wanted = {each for each in value.text.split(";") if each}, set(operation["values"])
    if operator == "IS_ANY_OF":
        return bool(held & wanted)
    return held == wanted if operator == "IS_EXACTLY" else held >= wanted


def _text(operator: str, operation: Json, value: Value, _asked: Asked) -> bool:
    return _TEXT_TESTS[operator](value.text.casefold(), operation["value"].casefold())


def _texts(operator: str, operation: Json, value: Value, _asked: Asked) -> bool:
    return any(_TEXT_TESTS[operator](value.text.casefold(), each.casefold()) for each in operation["values"])


def _point(operator: str, operation: Json, value: Value, asked: Asked) -> bool:
    limit = instant_of(operation["timePoint"], asked)
    if limit is None:
        return False
    moment = _moment(value, operation.get("propertyParser"), _zone_of(operation["timePoint"], asked))
    # Inferred: an endpoint that is not spoken of does not belong to the time.
    within = operation.get("endpointBehavior") == "INCLUSIVE" and moment == limit
    return within or (moment < limit if operator == "IS_BEFORE" else moment > limit)


def _time_range(_operator: str, operation: Json, value: Value, asked: Asked) -> bool:
    low, high = (instant_of(operation[f"{end}BoundTimePoint"], asked) for end in ("lower", "upper"))
    if low is None or high is None:
        return False
    moment = _moment(value, operation.get("propertyParser"), _zone_of(operation["lowerBoundTimePoint"], asked))
    # Inferred: the ends of a range belong to it unless they are said not to.
    open_low, open_high = (operation.get(f"{end}BoundEndpointBehavior") == "EXCLUSIVE" for end in ("lower", "upper"))
    return low <= moment <= high and not (open_low and moment == low) and not (open_high and moment == high)


_TESTS: Mapping[str, Callable[[str, Json, Value, Asked], bool]] = {
    "NUMBER": _number,
    "NUMBER_RANGED": _number_range,
    "BOOL": _boolean,
    "ENUMERATION": _options,
    "STRING": _text,
    "MULTISTRING": _texts,
    "TIME_POINT": _point,
    "TIME_RANGED": _time_range,
}


def instant_of(point: Json, asked: Asked) -> datetime | None:
    """Return the instant that a time point means, or None where it names a property without a value."""
    zone = _zone_of(point, asked)
    kind = point["timeType"]
    if kind == "PROPERTY_REFERENCED":
        values = asked.record.values(point["property"]) if asked.record else ()
        return _moment(values[0], point["referenceType"], zone) if values and values[0].text else None
    if kind == "DATE":
        return datetime.combine(date(point["year"], point["month"], point["day"]), _clock(point), zone)
    reference = point["indexReference"]
    local = asked.at.astimezone(zone)
    if reference["referenceType"] == "TODAY":
        local = datetime.combine(local.date(), _clock(reference), zone)
    return shifted(local, point.get("offset") or {})


def shifted(local: datetime, offset: Json) -> datetime:
    """Return an instant moved by an offset: months and days by the calendar of its zone, hours and less exactly."""
    months = sum(offset.get(name, 0) * size for name, size in _MONTHS.items())
    days = sum(offset.get(name, 0) * size for name, size in _DAYS.items())
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, _length(year, month + 1))
    calendar = local.replace(year=year, month=month + 1, day=day) + timedelta(days=days)
    exact = timedelta(**{name: offset.get(name, 0) for name in _EXACT})
    return calendar.astimezone(UTC) + exact


def _length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _clock(parts: Json) -> time:
    return time(
        parts.get("hour", 0), parts.get("minute", 0), parts.get("second", 0), parts.get("millisecond", 0) * 1000
    )


def _zone_of(point: Json, asked: Asked) -> ZoneInfo:
    return ZoneInfo(asked.zone if point.get("timezoneSource") == "PORTAL" else point["zoneId"])


def _moment(value: Value, parser: str | None, zone: ZoneInfo) -> datetime:
    if parser == "UPDATED_AT":
        return value.at
    if "T" not in value.text:
        return datetime.combine(date.fromisoformat(value.text), time.min, zone)
    return datetime.fromisoformat(value.text)
