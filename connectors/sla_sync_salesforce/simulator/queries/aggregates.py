"""Rows counted and summed: the functions of a query over all rows that it finds, or over groups of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sla_sync_salesforce.simulator.queries.books import Books
from sla_sync_salesforce.simulator.queries.soql import Aggregate, Query
from sla_sync_salesforce.simulator.queries.tables import Row, Table
from sla_sync_salesforce.simulator.refusals import RefusedError

_RESULT = {"type": "AggregateResult"}
_NUMBERS_ONLY = ("SUM", "AVG")


def aggregated(query: Query, rows: Sequence[Row], table: Table, books: Books) -> list[dict[str, Any]]:
    """Return one record for each group, with its functions under their alias or `expr0`, `expr1`…. Raises RefusedError."""
    for path in query.fields or ():
        if path not in query.group:
            raise RefusedError("MALFORMED_QUERY", f"Field must be grouped or aggregated: {path}")
    for each in query.aggregates:
        _check(each, table, books)
    groups: dict[tuple[Any, ...], list[Row]] = {} if query.group else {(): list(rows)}
    for row in rows if query.group else ():
        key = tuple(books.value(table, row, path) for path in query.group)
        groups.setdefault(key, []).append(row)
    names = _names(query.aggregates)
    found: dict[tuple[Any, ...], tuple[list[Row], dict[str, Any]]] = {}
    for key, members in groups.items():
        record: dict[str, Any] = {"attributes": _RESULT}
        shown = dict(zip(query.group, key, strict=True))
        record |= {path.rpartition(".")[2]: shown[path] for path in query.fields or ()}
        record |= {
            name: value_of(each, members, table, books) for name, each in zip(names, query.aggregates, strict=True)
        }
        found[key] = (members, record)
    for ordering in reversed(query.order):
        asked = ordering.field
        ranks = {
            key: _rank(
                value_of(asked, members, table, books)
                if isinstance(asked, Aggregate)
                else dict(zip(query.group, key, strict=True)).get(asked)
            )
            for key, (members, _) in found.items()
        }
        ordered = sorted(ranks, key=ranks.__getitem__, reverse=ordering.descending)
        found = {key: found[key] for key in ordered}
    return [record for _, record in found.values()]


def value_of(asked: Aggregate, rows: Sequence[Row], table: Table, books: Books) -> Any:
    """Return what a function makes of a group of rows; values that are empty do not count."""
    if asked.field is None:
        return len(rows)
    values = [value for row in rows if (value := books.value(table, row, asked.field)) is not None]
    functions: Mapping[str, Callable[[list[Any]], Any]] = {
        "COUNT": len,
        "COUNT_DISTINCT": lambda each: len(set(each)),
        "SUM": lambda each: sum(each) if each else None,
        "AVG": lambda each: sum(each) / len(each) if each else None,
        "MIN": lambda each: min(each) if each else None,
        "MAX": lambda each: max(each) if each else None,
    }
    return functions[asked.function](values)


def _check(asked: Aggregate, table: Table, books: Books) -> None:
    column = books.column(table, asked.field or "Id")
    if asked.function in _NUMBERS_ONLY and column.kind != "number":
        text = f"field {asked.field} does not support aggregate operator {asked.function}"
        raise RefusedError("MALFORMED_QUERY", text)


def _names(aggregates: Sequence[Aggregate]) -> list[str]:
    unnamed = iter(range(len(aggregates)))
    return [each.alias or f"expr{next(unnamed)}" for each in aggregates]


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)
