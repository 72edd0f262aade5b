"""Get Records: rows that meet the filters of an element, in its order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.conditions import compare, logic
from sla_sync_salesforce.simulator.running.interview import Held, Interview, Thing
from sla_sync_salesforce.simulator.running.paths import Brought, Viewpoint, computed, field_at
from sla_sync_salesforce.simulator.store import Row, Value

_ROWS_LIMIT = 50_000
_METADATA = "__mdt"


def matching(interview: Interview, values: Values) -> Iterator[Row]:
    """Yield the rows that an element asks for, in its order.

    Inferred: a look-up without an order brings the oldest rows first; the platform promises none.
    """
    object_name = values["object"]
    filters = [_Filter(interview, object_name, each) for each in values.get("filters", [])]
    joined = logic(values.get("filterLogic", "and"), len(filters))
    plain = not filters or values.get("filterLogic", "and").lower() == "and"
    for row in _ordered(interview.view, object_name, values):
        if all(each.holds(row) for each in filters) if plain else joined([each.holds(row) for each in filters]):
            yield row


def look_up(interview: Interview, values: Values) -> None:
    """Carry out one Get Records, and put what it found where the element says."""
    found: Iterable[Row] = matching(interview, values)
    first = values.get("getFirstRecordOnly") == "true"
    limit = interview.plain(values.get("limit")) if "limit" in values else None
    most = 1 if first else int(limit) if isinstance(limit, (int, float)) else _ROWS_LIMIT + 1
    rows = list(itertools.islice(found, most))
    if len(rows) > _ROWS_LIMIT:
        raise RefusedError("LIMIT_EXCEEDED", f"Too many query rows: {len(rows)}")
    held: list[Thing] = [Held(values["object"], _queried(interview.view, row, values)) for row in rows]
    result: Thing = (held[0] if held else None) if first else held
    if values.get("storeOutputAutomatically") == "true":
        interview.things[values["name"]] = result
    elif held or values.get("assignNullValuesIfNoRecordsFound") == "true":
        interview.things[values["outputReference"]] = result


def _queried(view: Viewpoint, row: Row, values: Values) -> Row:
    """Return what a look-up brings of a row: the fields that it names, and all where it names none.

    A formula field that it names brings the result of that moment.
    """
    names = values.get("queriedFields", [])
    if not names:
        return dict(row)
    custom = view.world.custom(values["object"])
    shown = {name: computed(view, values["object"], row, name) for name in names if "formula" in custom.get(name, {})}
    # Paths through lookups start at the lookups' own fields, so that these stay.
    kept = {name: value for name, value in row.items() if name in names or name.endswith("Id")}
    return Brought(kept | shown)


def _ordered(view: Viewpoint, object_name: str, values: Values) -> Iterable[Row]:
    rows = view.world.store.of(object_name).values()
    by = values.get("sortField")
    if by is None:
        return list(rows)
    descending = values.get("sortOrder") == "Desc"
    key = (object_name, by, str(descending))
    known = view.world.sorted_rows.get(key) if object_name.endswith(_METADATA) else None
    if known is not None:
        return known
    read = _reader(view, object_name, by)
    ordered = sorted(rows, key=lambda row: _rank(read(row)), reverse=descending)
    if object_name.endswith(_METADATA):
        view.world.sorted_rows[key] = ordered
    return ordered


def _rank(value: Value) -> tuple[bool, Any]:
    """Return by what a value is sorted: blanks first, texts without case, dates as the instants at which they begin."""
    if isinstance(value, str):
        return True, value.casefold()
    if isinstance(value, date) and not isinstance(value, datetime):
        return True, value.toordinal()
    return value is not None, value if value is not None else 0


def _reader(view: Viewpoint, object_name: str, path: str) -> Any:
    if "." in path or "formula" in view.world.custom(object_name).get(path, {}):
        return lambda row: field_at(view, object_name, row, path)
    return lambda row: row.get(path)


class _Filter:
    """One filter, with the value that it compares with worked out once."""

    def __init__(self, interview: Interview, object_name: str, values: Values) -> None:
        self._read = _reader(interview.view, object_name, values["field"])
        self._asked = values["operator"]
        found = interview.given(values.get("value"))
        self._choices = (
            [each for each in found if not isinstance(each, (Held, list))] if isinstance(found, list) else None
        )
        self._right: Value = None if isinstance(found, (Held, list)) else found

    def holds(self, row: Row) -> bool:
        """Return whether a row meets the filter."""
        value = self._read(row)
        match self._asked:
            case "IsNull":
                return (value is None) == (self._right is True)
            case "In":
                return any(compare(value, "EqualTo", each, fold=True) for each in self._choices or ())
        return compare(value, self._asked, self._right, fold=True)
