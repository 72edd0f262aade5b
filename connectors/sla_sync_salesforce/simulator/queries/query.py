"""Queries carried out: rows filtered, sorted, grouped, and written as the platform writes them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.queries.aggregates import aggregated
from sla_sync_salesforce.simulator.queries.books import Books, relationships
from sla_sync_salesforce.simulator.queries.matching import matcher
from sla_sync_salesforce.simulator.queries.soql import (
    Aggregate,
    Comparison,
    Condition,
    Joined,
    Literal,
    Ordering,
    Query,
    parse,
)
from sla_sync_salesforce.simulator.queries.tables import Column, Row, Table
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.schema import VERSION

_SINGLE_ROW = ("Metadata", "FullName")
_OFFSET_LIMIT = 2000


def run_query(
    desk: Desk, user: User, text: str, *, tooling: bool, everything: bool = False
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many rows a query finds and the records; a COUNT() has no records. `everything`: deleted ones too."""
    return run_parsed(parse(text), Books(desk, user, tooling, everything))


def run_parsed(query: Query, books: Books) -> tuple[int, list[dict[str, Any]]]:
    """Return how many rows a parsed query finds and the records."""
    table = books.table(query.table)
    if query.aggregates or query.group:
        records = aggregated(query, _matching(query, table, books), table, books)
        page = records[query.offset :][: query.limit]
        return len(page), [{name: outward_plain(value) for name, value in each.items()} for each in page]
    children = _children(query, table, books)
    rows = _found(query, table, books)
    if query.fields is None:
        return len(rows), []
    _check_single(query, len(rows))
    return len(rows), [_with_children(row, query, children, table, books) for row in rows]


def cells(query: Query, books: Books) -> Iterator[list[Any]]:
    """Yield the values of each row that a query without groups and inner queries finds, as REST writes them."""
    table = books.table(query.table)
    read = [_reader(table, path, books) for path in query.fields or ()]
    for row in _found(query, table, books):
        yield [each(row) for each in read]


def _reader(table: Table, path: str, books: Books) -> Callable[[Row], Any]:
    """Return what reads one column of a row; it is looked up once, for there may be a million rows."""
    column = books.column(table, path)
    if "." in path or column.formula:
        return lambda row: outward(column, books.value(table, row, path))
    absent = False if column.kind == "boolean" else None
    name = column.name
    return lambda row: outward(column, absent if (value := row.get(name)) is None else value)


def _matching(query: Query, table: Table, books: Books) -> list[Row]:
    if query.offset > _OFFSET_LIMIT:
        raise RefusedError("NUMBER_OUTSIDE_VALID_RANGE", f"SOQL offset is greater than maximum of {_OFFSET_LIMIT}")

    def answers(inner: Query) -> tuple[str, list[Any]]:
        (path,) = inner.fields or ("Id",)
        of = books.table(inner.table)
        books.column(of, path)
        return path, [books.value(of, row, path) for row in _found(inner, of, books)]

    for path in (*(query.fields or ()), *query.group):
        books.column(table, path)
    matches = matcher(query.where, table, books, answers)
    return [row for row in books.rows(table) if matches(row)]


def _found(query: Query, table: Table, books: Books) -> list[Row]:
    rows = _matching(query, table, books)
    for key in reversed(query.order):
        rows = _sorted(rows, key, table, books)
    return rows[query.offset :][: query.limit]


def _children(query: Query, table: Table, books: Books) -> list[tuple[Query, str, str]]:
    """Return the inner queries of a query, each with the object and the field that refer to its rows."""
    known = relationships(books, table)
    for inner in query.children:
        if inner.table.lower() not in known:
            text = f"Didn't understand relationship '{inner.table}' in FROM part of query call."
            raise RefusedError("INVALID_TYPE", text)
    return [(inner, *known[inner.table.lower()]) for inner in query.children]


def _with_children(
    row: Row, query: Query, children: list[tuple[Query, str, str]], table: Table, books: Books
) -> dict[str, Any]:
    record = _record(row, query.fields or (), table, books)
    for inner, child, reference in children:
        own = Comparison(reference, "=", (Literal("string", row["Id"]),))
        where: Condition = own if inner.where is None else Joined("and", (own, inner.where))
        narrowed = Query(child, inner.fields, where, inner.order, inner.limit, inner.offset)
        count, found = run_parsed(narrowed, books)
        record[inner.table] = {"totalSize": count, "done": True, "records": found} if found else None
    return record


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


def _sorted(rows: list[Row], key: Ordering, table: Table, books: Books) -> list[Row]:
    path = key.field
    if isinstance(path, Aggregate):
        raise RefusedError("MALFORMED_QUERY", f"Ordered field must be grouped or aggregated: {path.field}")
    if not books.column(table, path).sortable:
        raise RefusedError("INVALID_FIELD", f"field '{path}' can not be sorted in a query call")
    ranked = [(_folded(books.value(table, row, path)), row) for row in rows]

    def order(left: tuple[Any, Row], right: tuple[Any, Row]) -> int:
        one, two = left[0], right[0]
        if one is None or two is None:
            return ((one is not None) - (two is not None)) * (-1 if key.nulls_last else 1)
        return (int(one > two) - int(one < two)) * (-1 if key.descending else 1)

    return [row for _, row in sorted(ranked, key=functools.cmp_to_key(order))]


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _record(row: Row, paths: tuple[str, ...], table: Table, books: Books) -> dict[str, Any]:
    record: dict[str, Any] = {"attributes": attributes(table.name, row.get("Id") or row.get(table.key), books.tooling)}
    related: dict[str, list[str]] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        if rest:
            related.setdefault(head.lower(), []).append(rest)
            continue
        column = books.column(table, head)
        record[column.name] = outward(column, books.value(table, row, column.name))
    for head, rests in related.items():
        reference = books.reference(table, head)
        found = books.parent(reference, row.get(reference.name))
        record[reference.relationship] = None if found is None else _parent_record(found, rests, reference, books)
    return record


def _parent_record(found: tuple[Table, Row], paths: list[str], reference: Column, books: Books) -> dict[str, Any]:
    target, row = found
    several = len(reference.targets) > 1
    known = {each.name.lower() for each in target.columns.values()} | {
        each.relationship.lower() for each in target.columns.values()
    }
    own = tuple(path for path in paths if not several or path.partition(".")[0].lower() in known)
    record = _record(row, tuple(path for path in own if not (several and path.lower() == "type")), target, books)
    if several:
        # Documented: a reference that may lead to several objects is answered as a Name, with the object as its type.
        record |= {path: None for path in paths if path not in own}
        if any(path.lower() == "type" for path in paths):
            record["Type"] = target.name
    return record


def attributes(table: str, identity: Any, tooling: bool) -> dict[str, str]:  # noqa: FBT001 - says which API speaks
    """Return what the platform says of every record."""
    api = "tooling/" if tooling else ""
    return {"type": table, "url": f"/services/data/v{VERSION}/{api}sobjects/{table}/{identity}"}


def outward(column: Column, value: Any) -> Any:
    """Return a value as REST writes it: instants end in +0000, numbers of custom fields have a decimal point."""
    if column.kind == "datetime" and isinstance(value, str):
        return value.replace("Z", "+0000")
    if column.kind == "number" and column.name.endswith("__c") and isinstance(value, int):
        return float(value)
    return outward_plain(value)


def outward_plain(value: Any) -> Any:
    """Return a typed value as REST writes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return value.isoformat() if isinstance(value, date) else value
