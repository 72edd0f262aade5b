"""Business time for many rows at once: tables of open hours and deadlines, and expressions that look into them.

An expression finds its row by calendar, or limit, and UTC day, and then reckons with one addition: an equality that every
engine joins fast. Instants are timestamps in UTC without a zone, because engines convert those with one; lengths are
whole microseconds. It is what `sla_sync.semantics` means; a law holds both against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from sla_sync.attainment.deadlines import Limit, Piece, horizon, pieces
from sla_sync.attainment.open_hours import OpenHours, instant, micros, open_hours
from sla_sync.semantics.calendar import BusinessCalendar

_DAY = 86_400_000_000
_STAMP = pa.timestamp("us")
_NO_TIME = timedelta(0)

_PASSED = pa.schema(
    [
        ("of_calendar", pa.string()),
        ("on_day", pa.date32()),
        ("since", _STAMP),
        ("until", _STAMP),
        ("before", pa.int64()),
        ("counts", pa.int64()),
    ]
)
_DEADLINES = pa.schema(
    [
        ("of_limit", pa.int32()),
        ("on_day", pa.date32()),
        ("since", _STAMP),
        ("until", _STAMP),
        ("shift", pa.int64()),
        ("fixed", _STAMP),
        ("opening", _STAMP),
    ]
)


def open_time(calendars: Mapping[str, BusinessCalendar], first: datetime, last: datetime) -> pa.Table:
    """Return how much open time each instant between two has before it, in some calendars; raises CalendarError."""
    hours = {name: open_hours(calendar, first, last) for name, calendar in calendars.items()}
    passed = (row for name, each in hours.items() for row in _passed_rows(name, each))
    return _table(_PASSED, passed)


def deadlines(limits: Mapping[int, tuple[BusinessCalendar, Limit]], first: datetime, last: datetime) -> pa.Table:
    """Return where each limit, by its number, leads from every start between two instants; raises CalendarError."""
    found: list[tuple[object, ...]] = []
    start, end = micros(first), micros(last)
    for calendar in {id(each): each for each, _ in limits.values()}.values():
        own = {number: limit for number, (each, limit) in limits.items() if each is calendar}
        hours = open_hours(calendar, first, horizon(calendar, own.values(), last))
        for number, limit in own.items():
            found += (row for piece in pieces(hours, limit, start, end) for row in _deadline_rows(number, piece))
    return _table(_DEADLINES, found)


def with_open_time(table: Table, hours: pa.Table, name: str, *, calendar: str, start: str, end: str) -> Table:
    """Return the table with the open time between two of its instants; below zero where `end` comes first.

    It is empty where an instant is, or lies outside the years of the hours, or nobody knows the calendar.
    """
    both = _with_passed(_with_passed(table, hours, "_start", calendar, start), hours, "_end", calendar, end)
    return both.mutate(**{name: both["_end"] - both["_start"]}).drop("_start", "_end")


def with_wall_time(table: Table, name: str, *, start: str, end: str) -> Table:
    """Return the table with all the time between two of its instants."""
    return table.mutate(**{name: table[end].delta(table[start], unit="microsecond")})


def with_deadline(table: Table, found: pa.Table, *, limit: str, start: str) -> Table:
    """Return the table with `due_at`, and with `begins_at`: the start, or the opening for which it waits.

    Both are empty where nothing is given, or the start lies outside the years of the deadlines.
    """
    rows = ibis.memtable(found)
    day = table[start].date()
    joined = table.left_join(
        rows,
        [
            table[limit] == rows["of_limit"],
            day == rows["on_day"],
            table[start] >= rows["since"],
            table[start] < rows["until"],
        ],
    )
    return joined.select(
        *table.columns,
        due_at=ibis.coalesce(joined["fixed"], joined[start] + joined["shift"].as_interval("us")),
        begins_at=ibis.coalesce(joined["opening"], joined[start]),
    )


def in_utc(table: Table) -> Table:
    """Return the table with its instants in UTC without a zone."""
    zoned = [name for name, kind in table.schema().items() if kind.is_timestamp() and kind.timezone is not None]
    return table.mutate(**{name: table[name].cast("timestamp(6)") for name in zoned}) if zoned else table


def stamp(at: datetime) -> Value:
    """Return an instant as the expressions write it: in UTC, without a zone."""
    return ibis.literal(naive(at), type="timestamp(6)")


def naive(at: datetime) -> datetime:
    """Return an instant in UTC, without a zone."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _with_passed(table: Table, hours: pa.Table, name: str, calendar: str, at: str) -> Table:
    rows = ibis.memtable(hours)
    day = table[at].date()
    joined = table.left_join(
        rows,
        [
            table[calendar] == rows["of_calendar"],
            day == rows["on_day"],
            table[at] >= rows["since"],
            table[at] < rows["until"],
        ],
    )
    within = joined[at].delta(joined["since"], unit="microsecond") * joined["counts"]
    return joined.select(*table.columns, **{name: joined["before"] + within})


def _passed_rows(name: str, hours: OpenHours) -> Iterator[tuple[object, ...]]:
    edges = sorted({hours.first, hours.last, *hours.opens, *hours.closes})
    for since, until in pairwise(edges):
        counts = int(hours.is_open(since))
        for day, begin, end in _by_day(since, until):
            yield name, day, _utc(begin), _utc(end), hours.passed(begin), counts


def _deadline_rows(number: int, piece: Piece) -> Iterator[tuple[object, ...]]:
    fixed = _utc(piece.due) if piece.shift is None else None
    opening = None if piece.opens is None else _utc(piece.opens)
    for day, since, until in _by_day(piece.since, piece.until):
        yield number, day, _utc(since), _utc(until), piece.shift, fixed, opening


def _by_day(since: int, until: int) -> Iterator[tuple[date, int, int]]:
    for day in range(since // _DAY, (until - 1) // _DAY + 1):
        yield _utc(day * _DAY).date(), max(since, day * _DAY), min(until, (day + 1) * _DAY)


def _utc(microseconds: int) -> datetime:
    return naive(instant(microseconds))


def _table(schema: pa.Schema, rows: Iterable[tuple[object, ...]]) -> pa.Table:
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table(
        [pa.array(values, type=each.type) for each, values in zip(schema, columns, strict=True)], schema=schema
    )
