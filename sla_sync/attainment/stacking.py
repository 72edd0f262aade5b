"""Tables one below another, in every engine: the same columns, whose kinds an engine may have called by other names."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

_MICROSECONDS = 6


def stacked(*tables: Table) -> Table:
    """Return the rows of all tables, which have the same columns; at least one is given."""
    first, *rest = (of_one_kind(each) for each in tables)
    return ibis.union(first, *rest) if rest else first


def of_one_kind(table: Table) -> Table:
    """Return a table whose instants without a zone count microseconds and whose whole numbers have 64 bits."""
    kinds = {}
    for name, kind in table.schema().items():
        if kind.is_timestamp() and kind.timezone is None and kind.scale != _MICROSECONDS:
            kinds[name] = "timestamp(6)"
        if kind.is_integer() and not kind.is_int64():
            kinds[name] = "int64"
    return table.cast(kinds) if kinds else table
