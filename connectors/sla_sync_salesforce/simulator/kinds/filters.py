"""What a filter may ask, wherever one stands: rules that assign, list views, reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync_salesforce.simulator.documents import Values

_FOR_TEXT = (
    "equals",
    "notEqual",
    "contains",
    "notContain",
    "startsWith",
    "lessThan",
    "greaterThan",
    "lessOrEqual",
    "greaterOrEqual",
)
_FOR_ORDER = ("equals", "notEqual", "lessThan", "greaterThan", "lessOrEqual", "greaterOrEqual")
_OPERATIONS = {
    "Checkbox": ("equals", "notEqual"),
    "Currency": _FOR_ORDER,
    "Date": _FOR_ORDER,
    "DateTime": _FOR_ORDER,
    "MultiselectPicklist": ("equals", "notEqual", "includes", "excludes"),
    "Number": _FOR_ORDER,
    "Percent": _FOR_ORDER,
}
_TRUTHS = ("true", "false", "1", "0", "True", "False")


def check_operation(place: str, type_name: str, item: Values, member: str = "operation") -> Iterator[str]:
    """Yield that an operator or a value does not fit the type of a field. Inferred: the table of operators."""
    operation, value = item.get(member, ""), item.get("value", "")
    if operation not in _OPERATIONS.get(type_name, _FOR_TEXT):
        yield f"{place}: The operator {operation} is not valid for a field of the type {type_name}"
    elif type_name == "Checkbox" and value not in _TRUTHS:
        yield f"{place}: The value '{value}' is not valid for a field of the type Checkbox"
    elif type_name in ("Number", "Currency", "Percent"):
        for each in filter(None, value.split(",")):
            if not each.strip().replace(".", "", 1).lstrip("+-").isdigit():
                yield f"{place}: The value '{each}' is not a number"


def check_logic(condition: str | None, items: Sequence[object]) -> Iterator[str]:
    """Yield what is wrong with the logic that joins filters by their numbers."""
    if condition is None:
        return
    words = condition.replace("(", " ").replace(")", " ").split()
    numbers = {int(each) for each in words if each.isdigit()}
    if numbers != set(range(1, len(items) + 1)):
        yield f"booleanFilter: '{condition}' must name each of the {len(items)} filters by its number"
    if any(not each.isdigit() and each.upper() not in ("AND", "OR", "NOT") for each in words):
        yield f"booleanFilter: '{condition}' may hold only numbers, AND, OR, NOT and parentheses"
    if condition.count("(") != condition.count(")"):
        yield f"booleanFilter: '{condition}' does not close all its parentheses"
