"""What a formula comes to for one record, as the text that its property then holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, TypeAlias

from sla_sync_hubspot.simulator.formulas import BOOLEAN, NUMBER, Applied, Choice, Constant, Name, Node
from sla_sync_hubspot.simulator.instants import instant_of
from sla_sync_hubspot.simulator.refusals import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UTC = UTC
Found: TypeAlias = Decimal | str | bool


class AbsentError(Exception):
    """A part of the formula has no value, and so the formula has none."""


def evaluate(node: Node, values: Callable[[str], str | None], properties: Mapping[str, Json]) -> str:
    """Return the text for the property, empty where the formula has no value.

    Recorded: a sum with one empty term is empty. Inferred: that the same holds for every other operator, for a division
    by zero and for a text that is no number; and that `and` and `or` look at their right side only where it decides.
    """
    try:
        found = _value(node, values, properties)
    except AbsentError:
        return ""
    if isinstance(found, bool):
        return str(found).lower()
    return _spelled(found) if isinstance(found, Decimal) else found


def _spelled(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


_Values: TypeAlias = Callable[[str], str | None]


def _value(node: Node, values: _Values, properties: Mapping[str, Json]) -> Found:
    match node:
        case Constant(value=value):
            return value
        case Name():
            return _read(node, values, properties)
        case Choice(ways=ways, otherwise=otherwise):
            for condition, result in ways:
                if _value(condition, values, properties) is True:
                    return _value(result, values, properties)
            if otherwise is None:
                raise AbsentError
            return _value(otherwise, values, properties)
        case Applied(name="is_present", parts=parts):
            return _is_present(parts[0], values, properties)
        case Applied(name="and" | "or" as name, parts=(one, other)):
            left = _value(one, values, properties)
            return _value(other, values, properties) if left is (name == "and") else left
        case Applied(name=name, parts=parts):
            return _apply(name, [_value(each, values, properties) for each in parts])


def _is_present(node: Node, values: _Values, properties: Mapping[str, Json]) -> bool:
    try:
        _value(node, values, properties)
    except AbsentError:
        return False
    return True


def _read(name: Name, values: _Values, properties: Mapping[str, Json]) -> Found:
    text = values(name.property)
    kind = properties.get(name.property, {}).get("type")
    if not text:
        raise AbsentError
    if name.reads == NUMBER:
        return _number(text, str(kind))
    if name.reads == BOOLEAN:
        if kind != "bool":
            raise AbsentError
        return text == "true"
    if kind not in ("string", "enumeration", "phone_number"):
        raise AbsentError
    return text


def _number(text: str, kind: str) -> Decimal:
    """Return a number, or the milliseconds since 1970 of a date: `closed - started` is the guide's own example."""
    if kind in ("date", "datetime"):
        moment = instant_of(text, _UTC)  # type: ignore[arg-type]  # any zone does: a day counts from its midnight in UTC
        if moment is None:
            raise AbsentError
        return Decimal((moment - _EPOCH) // timedelta(milliseconds=1))
    if kind != "number":
        raise AbsentError
    return Decimal(text)


def _apply(name: str, parts: Sequence[Any]) -> Found:
    try:
        return _OPERATIONS[name](*parts)
    except (DivisionByZero, InvalidOperation):
        raise AbsentError from None


_OPERATIONS: Mapping[str, Callable[..., Found]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "negative": lambda one: -one,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "not": lambda one: not one,
    "max": max,
    "min": min,
    "contains": lambda text, part: part in text,
    "concatenate": lambda *texts: "".join(texts),
    "number_to_string": _spelled,
    "string_to_number": Decimal,
}
