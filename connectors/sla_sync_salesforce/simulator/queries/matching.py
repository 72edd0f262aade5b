"""The conditions of a query, checked against the columns and made into functions that say which rows match."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.queries.books import Books
from sla_sync_salesforce.simulator.queries.date_literals import day_of, midnight, span
from sla_sync_salesforce.simulator.queries.soql import Comparison, Condition, Literal, Query
from sla_sync_salesforce.simulator.queries.tables import Column, Row, Table
from sla_sync_salesforce.simulator.refusals import RefusedError

Answers: TypeAlias = Callable[[Query], tuple[str, list[Any]]]
"""An inner query → the column that it asks for and what it finds there."""

_LITERALS = {
    "string": ("string", "null"),
    "id": ("string", "null"),
    "boolean": ("boolean", "null"),
    "datetime": ("datetime", "span", "null"),
    "date": ("date", "span", "null"),
    "number": ("number", "null"),
}
_TYPE_WORDS = {"datetime": "dateTime", "number": "double", "id": "ID"}


def matcher(condition: Condition | None, table: Table, books: Books, answers: Answers) -> Callable[[Row], bool]:
    """Return a condition as a function; what is wrong with it is refused before any row is looked at."""
    if condition is None:
        return lambda _row: True
    if isinstance(condition, Comparison):
        return _comparison(condition, table, books, answers)
    parts = [matcher(each, table, books, answers) for each in condition.parts]
    match condition.operator:
        case "and":
            return lambda row: all(part(row) for part in parts)
        case "or":
            return lambda row: any(part(row) for part in parts)
        case _:
            return lambda row: not parts[0](row)


def _comparison(condition: Comparison, table: Table, books: Books, answers: Answers) -> Callable[[Row], bool]:
    column = books.column(table, condition.field)
    if not column.filterable:
        raise RefusedError("INVALID_FIELD", f"field '{condition.field}' can not be filtered in a query call")
    if condition.among is not None:
        return _semijoin(condition, column, table, books, answers)
    for literal in condition.values:
        _check_literal(condition, column, literal)
    if any(literal.kind == "span" for literal in condition.values):
        return _spanned(condition, column, table, books)
    identity = column.kind == "id"
    operator = condition.operator
    wanted = [_comparable(each.value, each.kind, identity=identity) for each in condition.values]
    kind = condition.values[0].kind

    def holds(row: Row) -> bool:
        given = _comparable(books.value(table, row, condition.field), kind, identity=identity)
        return _compare(given, operator, wanted)

    return holds


def _check_literal(condition: Comparison, column: Column, literal: Literal) -> None:
    if literal.kind in _LITERALS[column.kind]:
        return
    wanted = _TYPE_WORDS.get(column.kind, column.kind)
    quoted = column.kind in ("string", "id")
    quotes = "should be enclosed in quotes" if quoted else "should not be enclosed in quotes"
    text = f"value of filter criterion for field '{condition.field}' must be of type {wanted} and {quotes}"
    raise RefusedError("INVALID_FIELD", text)


def _semijoin(
    condition: Comparison, column: Column, table: Table, books: Books, answers: Answers
) -> Callable[[Row], bool]:
    inner = condition.among
    if inner is None or column.kind != "id":
        text = f"semi join sub-selects can only query id fields, and {condition.field} is none"
        raise RefusedError("MALFORMED_QUERY", text)
    _, found = answers(inner)
    ids = {normal(str(each)) for each in found if each is not None}
    outside = condition.operator == "not in"
    return lambda row: (books.value(table, row, condition.field) in ids) != outside


def _spanned(condition: Comparison, column: Column, table: Table, books: Books) -> Callable[[Row], bool]:
    """Return a comparison with date literals as a function: a span begins with its first day and ends before the next."""
    now = books.desk.organization.now
    spans = [span(each.value[0], each.value[1], now) for each in condition.values if each.kind == "span"]
    signs: Mapping[str, Callable[[date, date, date], bool]] = {
        "=": lambda day, begin, end: begin <= day < end,
        "in": lambda day, begin, end: begin <= day < end,
        "!=": lambda day, begin, end: not begin <= day < end,
        "not in": lambda day, begin, end: not begin <= day < end,
        "<": lambda day, begin, _end: day < begin,
        ">": lambda day, _begin, end: day >= end,
        "<=": lambda day, _begin, end: day < end,
        ">=": lambda day, begin, _end: day >= begin,
    }
    sign, every = signs[condition.operator], condition.operator in ("!=", "not in")

    def holds(row: Row) -> bool:
        value = books.value(table, row, condition.field)
        if value is None:
            return every
        day = day_of(_instant(value)) if column.kind == "datetime" else _day(value)
        found = [sign(day, begin, end) for begin, end in spans]
        return all(found) if every else any(found)

    return holds


def _compare(given: Any, operator: str, wanted: list[Any]) -> bool:
    if operator == "in":
        return given in wanted
    if operator == "not in":
        return given not in wanted
    if operator == "like":
        pattern = re.escape(str(wanted[0])).replace("%", ".*").replace("_", ".")
        return given is not None and re.fullmatch(pattern, str(given), re.DOTALL) is not None
    if operator == "=":
        return bool(given == wanted[0])
    if operator == "!=":
        return bool(given != wanted[0])
    if given is None or wanted[0] is None:
        return False
    signs: Mapping[str, Callable[[Any, Any], bool]] = {
        "<": lambda left, right: left < right,
        ">": lambda left, right: left > right,
        "<=": lambda left, right: left <= right,
        ">=": lambda left, right: left >= right,
    }
    return signs[operator](given, wanted[0])


def _comparable(value: Any, kind: str, *, identity: bool) -> Any:
    """Return a value as it is compared: instants in UTC, text without regard to case, ids in their long spelling."""
    if value is None:
        return None
    if kind == "datetime":
        return _instant(value)
    if kind == "date":
        return _day(value)
    if isinstance(value, str):
        return normal(value) if identity else value.lower()
    return value


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return midnight(value)
    return datetime.fromisoformat(str(value)).astimezone(UTC)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
