"""From numbers to columns: ids that begin with SYN, words, instants; as rows of a table of the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sla_sync.history.parquet import SYNTHETIC_PREFIX, schema_of
from sla_sync.history.tables import Table
from sla_sync.synthetic.chance import Bools, Ints

_MICROSECONDS = 1_000


def ids(letter: str, numbers: Ints, width: int = 8) -> pa.Array:
    """Return ids such as SYN-L00000007; empty where the number is below zero."""
    text = pc.utf8_lpad(pa.array(numbers, mask=numbers < 0).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(f"{SYNTHETIC_PREFIX}-{letter}", text, "")


def words(vocabulary: Sequence[str], places: Ints) -> pa.Array:
    """Return the word at each place of the vocabulary; empty where the place is below zero."""
    codes = pa.array(places.astype(np.int32), mask=places < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(vocabulary, pa.string())).cast(pa.string())


def same(word: str | None, size: int) -> pa.Array:
    """Return the same word in every row."""
    return pa.repeat(pa.scalar(word, pa.string()), size)


def instants(milliseconds: Ints, before: int) -> pa.Array:
    """Return instants; empty where they do not lie before one, in milliseconds."""
    unseen = milliseconds >= before
    stamps = np.where(unseen, 0, milliseconds) * _MICROSECONDS
    return pa.array(stamps, mask=unseen).cast(pa.timestamp("us", tz="UTC"))


def yes(values: Bools, unknown: Bools | None = None) -> pa.Array:
    """Return yes or no; empty where unknown."""
    return pa.array(values, mask=unknown)


def rows(table: Table, columns: Mapping[str, pa.Array | Ints]) -> pa.Table:
    """Return the rows of a table, marked as generated; each column must be there."""
    schema = schema_of(table, synthetic=True)
    made = [columns[each.name] for each in table.columns]
    arrays = [each if isinstance(each, pa.Array) else pa.array(each) for each in made]
    return pa.Table.from_arrays(
        [each.cast(field.type) for each, field in zip(arrays, schema, strict=True)], schema=schema
    )
