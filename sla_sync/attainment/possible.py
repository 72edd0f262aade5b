"""Instants that no record of a CRM can bear, such as the year 1 or seconds taken for milliseconds: their rows are set aside.

They are looked for where a history is read, so that nothing that is reckoned later meets one. Bounds of each column stand at the
end of its file, so that it costs nothing where all are possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Final

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ibis.expr.types import Table

from sla_sync.history.parquet import rows_in
from sla_sync.history.tables import DEALS, LEADS, LEGS, USERS, Kind
from sla_sync.history.tables import Table as Shape

EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""What is older was not written by a CRM: 1970, 1904, 1899 and the year 1 are where counting days and seconds begins."""
END: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""What is not before it was never meant as an instant: 9999 says for ever."""

LATER: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    LEADS.name: {"gone_at": ("merged_into",), "converted_at": ()},
    DEALS.name: {"closed_at": ("won",)},
    USERS.name: {"until": ()},
    LEGS.name: {"ended_at": ("ended_by",), "touched_at": (), "replied_at": (), "decided_at": ()},
}
"""Columns that tell what came after the row itself, with what is known by them only: for ever is not yet."""
_ALWAYS: Final = {USERS.name: "since"}
"""Columns in which what is older than anything means always."""
_KIND: Final = "timestamp('UTC', 6)"


def are_possible(path: Path, shape: Shape) -> bool:
    """Return whether the end of a file says that each of its instants is one that a record can bear."""
    columns = set(_instants(shape))
    try:
        with pq.ParquetFile(path) as file:
            groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
            parts = [each.column(place) for each in groups for place in range(each.num_columns)]
        return all(_is_bounded(each) for each in parts if each.path_in_schema in columns)
    except (OSError, ValueError, pa.ArrowException):
        return False  # What its end does not say is looked for in its rows, where a damaged file is named.


def possible(read: Table, shape: Shape) -> Table:
    """Return the rows of a table as it was read whose instants are possible; later than anything is not yet."""
    first, end = (ibis.literal(each, type=_KIND) for each in (EARLIEST, END))
    later, always = LATER.get(shape.name, {}), _ALWAYS.get(shape.name)
    rules = [
        read[each].isnull()
        | reduce(
            and_,
            [
                *([] if each == always else [read[each] >= first]),
                *([] if each in later else [read[each] < end]),
            ],
        )
        for each in _instants(shape)
    ]
    kept = read.filter(*rules)
    told = {each: ibis.ifelse(kept[each] < end, kept[each], ibis.null(kept[each].type())) for each in later}
    if always is not None:
        told[always] = ibis.ifelse(kept[always] < first, first, kept[always])
    return kept.mutate(**told) if told else kept


def set_aside(paths: Sequence[Path], shape: Shape) -> int:
    """Return how many rows of some files bear an instant that none can bear, and are read by nobody."""
    return sum(_impossible_rows(path, shape) for path in paths if not are_possible(path, shape))


def told_aside(aside: Mapping[str, int]) -> Iterator[str]:
    """Yield how many rows of which tables were set aside, in sentences."""
    for name, number in sorted(aside.items()):
        if number:
            yield (
                f"{number:,} {'row' if number == 1 else 'rows'} of {name} {'is' if number == 1 else 'are'} left out: an "
                f"instant there lies before {EARLIEST.year} or after {END.year - 1}."
            )


def _impossible_rows(path: Path, shape: Shape) -> int:
    columns = _instants(shape)
    rows = rows_in(path, columns)
    first, end = (int(each.timestamp()) * 1_000_000 for each in (EARLIEST, END))
    later, always = LATER.get(shape.name, {}), _ALWAYS.get(shape.name)
    wrong = pa.array([False] * len(rows))
    for each in columns:
        at = rows.column(each).cast(pa.int64()).combine_chunks()
        early = pc.less(at, first) if each != always else None
        late = pc.greater_equal(at, end) if each not in later else None
        for found in filter(None, (early, late)):
            wrong = pc.or_(wrong, pc.fill_null(found, fill_value=False))
    return int(pc.sum(wrong).as_py() or 0)


def _instants(shape: Shape) -> list[str]:
    return [each.name for each in shape.columns if each.kind is Kind.INSTANT]


def _is_bounded(part: pq.ColumnChunkMetaData) -> bool:
    said = part.statistics
    if said is None or not said.has_min_max:
        return bool(said is not None and said.num_values == 0)
    first, end = (int(each.timestamp()) * 1_000_000 for each in (EARLIEST, END))
    return bool(first <= said.min_raw and said.max_raw < end)
