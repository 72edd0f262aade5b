"""Queries carried out: conditions checked against the columns, rows filtered, sorted, and written as the platform writes them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sla_sync_salesforce.simulator.data_tables import DATA_TABLES
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.faults import RefusedError
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.schema import VERSION
from sla_sync_salesforce.simulator.soql import Comparison, Condition, Literal, Ordering, Query, parse
from sla_sync_salesforce.simulator.tables import Column, Row, Table, object_table
from sla_sync_salesforce.simulator.tooling_tables import TOOLING_TABLES

_LITERALS = {
    "string": ("string", "null"),
    "id": ("string", "null"),
    "boolean": ("boolean", "null"),
    "datetime": ("datetime", "null"),
    "date": ("date", "null"),
    "number": ("number", "null"),
}
_TYPE_WORDS = {"datetime": "dateTime", "number": "double", "id": "ID"}
_SINGLE_ROW = ("Metadata", "FullName")
_HINT = (
    "If you are attempting to use a custom {what}, be sure to append the '__c' after the {name} name."
    " Please reference your WSDL or the describe call for the appropriate names."
)


@dataclass(frozen=True)
class Books:
    """The tables that a user may query through one API, with their rows by key."""

    desk: Desk
    user: User
    tooling: bool

    def table(self, name: str) -> Table:
        """Return a table by name, in any case. Raises RefusedError with INVALID_TYPE."""
        tables = TOOLING_TABLES if self.tooling else DATA_TABLES
        for known, table in tables.items():
            if known.lower() == name.lower():
                return table
        found = None if self.tooling else object_table(self.desk, self.user, name)
        if found is None:
            hint = _HINT.format(what="object", name="entity")
            raise RefusedError("INVALID_TYPE", f"sObject type '{name}' is not supported. {hint}")
        return found

    def lookup(self, table: Table, key: Any) -> Row | None:
        """Return the row that a reference leads to."""
        return next((row for row in table.rows(self.desk) if row.get(table.key) == key), None)

    def column(self, table: Table, path: str) -> Column:
        """Return the column that a path leads to. Raises RefusedError with INVALID_FIELD."""
        head, _, rest = path.partition(".")
        if rest:
            for column in table.columns.values():
                if column.relationship.lower() == head.lower():
                    return self.column(self.table(column.refers_to), rest)
            text = f"Didn't understand relationship '{head}' in field path. {_HINT.format(what='relationship', name='custom')}"
            raise RefusedError("INVALID_FIELD", text)
        for column in table.columns.values():
            if column.name.lower() == head.lower():
                return column
        hint = _HINT.format(what="field", name="custom field")
        raise RefusedError("INVALID_FIELD", f"No such column '{head}' on entity '{table.name}'. {hint}")

    def value(self, table: Table, row: Row, path: str) -> Any:
        """Return what a row has at a path."""
        head, _, rest = path.partition(".")
        if not rest:
            return row.get(self.column(table, head).name)
        column = next(each for each in table.columns.values() if each.relationship.lower() == head.lower())
        target = self.table(column.refers_to)
        related = self.lookup(target, row.get(column.name))
        return None if related is None else self.value(target, related, rest)


def run_query(desk: Desk, user: User, text: str, *, tooling: bool) -> tuple[int, list[dict[str, Any]]]:
    """Return how many rows a query finds and the records; a COUNT() has no records."""
    query, books = parse(text), Books(desk, user, tooling)
    table = books.table(query.table)
    for path in query.fields or ():
        books.column(table, path)
    matches = _matcher(query.where, table, books)
    rows = [row for row in table.rows(desk) if matches(row)]
    for key in reversed(query.order):
        rows = _sorted(rows, key, table, books)
    rows = rows[query.offset :][: query.limit]
    if query.fields is None:
        return len(rows), []
    _check_single(query, len(rows))
    return len(rows), [_record(row, query.fields, table, books) for row in rows]


def column_metadata(desk: Desk, user: User, text: str, *, tooling: bool) -> dict[str, Any]:
    """Return the columns that a query would answer with.

    Inferred: the platform does not document this; the official CLI asks for it to print its tables.
    """
    query, books = parse(text), Books(desk, user, tooling)
    table = books.table(query.table)
    found: dict[str, dict[str, Any]] = {}
    for path in query.fields or ():
        column, holder = books.column(table, path), found
        *heads, name = path.split(".")
        for head in heads:
            holder = holder.setdefault(head, _column_metadata(head, "string"))["joinColumns"]
        holder[name] = _column_metadata(column.name, column.kind)
    return {
        "columnMetadata": _as_lists(found),
        "entityName": table.name,
        "groupBy": False,
        "idSelected": "Id" in (query.fields or ()),
        "keyPrefix": None,
    }


def _column_metadata(name: str, kind: str) -> dict[str, Any]:
    return {
        "aggregate": False,
        "booleanType": kind == "boolean",
        "columnName": name,
        "custom": name.endswith("__c"),
        "displayName": name,
        "joinColumns": {},
        "numberType": kind == "number",
        "textType": kind in ("string", "id"),
    }


def _as_lists(found: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "joinColumns": _as_lists(each["joinColumns"])} for each in found.values()]


def _check_single(query: Query, count: int) -> None:
    if count > 1 and any(path in _SINGLE_ROW for path in query.fields or ()):
        text = (
            "When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than"
            f" one row for retrieval. Result size: {count}"
        )
        raise RefusedError("MALFORMED_QUERY", text)


def _matcher(condition: Condition | None, table: Table, books: Books) -> Callable[[Row], bool]:
    """Return a condition as a function; what is wrong with it is refused before any row is looked at."""
    if condition is None:
        return lambda _row: True
    if isinstance(condition, Comparison):
        identity = _check_comparison(condition, table, books).kind == "id"
        return lambda row: _compare(books.value(table, row, condition.field), condition, identity=identity)
    parts = [_matcher(each, table, books) for each in condition.parts]
    match condition.operator:
        case "and":
            return lambda row: all(part(row) for part in parts)
        case "or":
            return lambda row: any(part(row) for part in parts)
        case _:
            return lambda row: not parts[0](row)


def _check_comparison(condition: Comparison, table: Table, books: Books) -> Column:
    column = books.column(table, condition.field)
    if not column.filterable:
        raise RefusedError("INVALID_FIELD", f"field '{condition.field}' can not be filtered in a query call")
    for literal in condition.values:
        if literal.kind not in _LITERALS[column.kind]:
            wanted = _TYPE_WORDS.get(column.kind, column.kind)
            quotes = (
                "should be enclosed in quotes"
                if column.kind in ("string", "id")
                else "should not be enclosed in quotes"
            )
            text = f"value of filter criterion for field '{condition.field}' must be of type {wanted} and {quotes}"
            raise RefusedError("INVALID_FIELD", text)
    return column


def _compare(value: Any, condition: Comparison, *, identity: bool) -> bool:
    operator, wanted = condition.operator, [_comparable(each.value, each, identity) for each in condition.values]
    given = _comparable(value, condition.values[0], identity)
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


def _comparable(value: Any, literal: Literal, identity: bool) -> Any:  # noqa: FBT001 - whether both sides are ids
    """Return a value as it is compared: instants in UTC, text without regard to case, ids in their long spelling."""
    if value is None:
        return None
    if literal.kind == "datetime":
        return _instant(value)
    if isinstance(value, str):
        return normal(value) if identity else value.lower()
    return value


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _sorted(rows: list[Row], key: Ordering, table: Table, books: Books) -> list[Row]:
    if not books.column(table, key.field).sortable:
        raise RefusedError("INVALID_FIELD", f"field '{key.field}' can not be sorted in a query call")

    def order(left: Row, right: Row) -> int:
        one, two = (books.value(table, row, key.field) for row in (left, right))
        if one is None or two is None:
            return ((one is not None) - (two is not None)) * (-1 if key.nulls_last else 1)
        return (int(one > two) - int(one < two)) * (-1 if key.descending else 1)

    return sorted(rows, key=functools.cmp_to_key(order))


def _record(row: Row, paths: tuple[str, ...], table: Table, books: Books) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": attributes(table.name, row.get("Id") or row.get(table.key), books.tooling)}
    related: dict[str, list[str]] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        if rest:
            related.setdefault(head.lower(), []).append(rest)
            continue
        column = books.column(table, head)
        record[column.name] = outward(column, row.get(column.name))
    for head, rests in related.items():
        column = next(each for each in table.columns.values() if each.relationship.lower() == head)
        target = books.table(column.refers_to)
        found = books.lookup(target, row.get(column.name))
        record[column.relationship] = None if found is None else _record(found, tuple(rests), target, books)
    return record


def attributes(table: str, identity: Any, tooling: bool) -> dict[str, str]:  # noqa: FBT001 - says which API speaks
    """Return what the platform says of every record."""
    api = "tooling/" if tooling else ""
    return {"type": table, "url": f"/services/data/v{VERSION}/{api}sobjects/{table}/{identity}"}


def outward(column: Column, value: Any) -> Any:
    """Return a value as REST writes it: instants end in +0000."""
    if column.kind == "datetime" and isinstance(value, str):
        return value.replace("Z", "+0000")
    return value
