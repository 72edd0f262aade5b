"""Tables that Fivetran or Airbyte copied of a platform, in a folder or a warehouse: under which names, and as which texts.

Documented: Fivetran's `salesforce` schema has the tables lead, lead_history, task, event, user and group, with columns such as
created_by_id; its packages for dbt and the streams of Airbyte's connector name the tables of HubSpot. Inferred: that every
name is made from that of the platform as those are, SLA_Score__c as sla_score_c; that Airbyte keeps names as they are, but
for capitals and hyphens, which warehouses change.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sla_sync.errors import SlaSyncError
from sla_sync.history.elsewhere import plain

_DELETED: Final = "_fivetran_deleted"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def as_fivetran(name: str) -> str:
    """Return the name that Fivetran gives to a table or a column."""
    return re.sub(r"_+", "_", _HUMP.sub("_", name)).lower()


def as_airbyte(name: str) -> str:
    """Return the name that Airbyte gives to a table or a column; warehouses differ in capitals and hyphens only."""
    return name.lower().replace("-", "_")


@dataclass(frozen=True, slots=True)
class Shape:
    """Whose tables of which platform: how names were changed, and the tables that are looked for, in the platform's names."""

    platform: str
    spelled: Callable[[str], str]
    tables: tuple[str, ...]


_SALESFORCE: Final = ("Lead", "LeadHistory", "Task", "Event", "User", "Group")
_FIVETRAN_HUBSPOT: Final = (
    "contact", "contact_property_history", "owner", "owner_team", "team", "engagement_contact", "engagement_call",
    "engagement_email", "engagement_meeting", "engagement_communication", "deal", "deal_property_history", "deal_contact",
    "deal_pipeline_stage",
)  # fmt: skip
_AIRBYTE_HUBSPOT: Final = (
    "contacts", "contacts_archived", "contacts_property_history", "owners", "owners_archived", "engagements_calls",
    "engagements_emails", "engagements_meetings", "deals", "deals_property_history", "deal_pipelines",
)  # fmt: skip
SHAPES: Final[Mapping[str, Shape]] = {
    "fivetran-salesforce": Shape("salesforce", as_fivetran, _SALESFORCE),
    "airbyte-salesforce": Shape("salesforce", as_airbyte, _SALESFORCE),
    "fivetran-hubspot": Shape("hubspot", as_fivetran, _FIVETRAN_HUBSPOT),
    "airbyte-hubspot": Shape("hubspot", as_airbyte, _AIRBYTE_HUBSPOT),
}


@dataclass(frozen=True)
class CopiedTables:
    """Tables by their names in the copy, each with what opens it; `spelled` makes these names of those of the platform."""

    opens: Mapping[str, Callable[[], Iterator[pa.RecordBatch]]]
    spelled: Callable[[str], str]

    @cached_property
    def _columns(self) -> Mapping[str, Mapping[str, str]]:
        found = {}
        for table, opened in self.opens.items():
            first = next(iter(opened()), None)
            found[table] = {} if first is None else {as_airbyte(each): each for each in first.schema.names}
        return found

    def has(self, table: str, column: str) -> bool:
        """Return whether a table with this column was copied; an empty table counts as none."""
        return self.spelled(column) in self._columns.get(self.spelled(table), {})

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table, as they are spelled in the copy."""
        return tuple(self._columns.get(self.spelled(table), {}))

    def rows(
        self, table: str, columns: Sequence[str], by: str = "", among: tuple[str, Collection[str]] | None = None
    ) -> Iterator[dict[str, str]]:
        """Yield the rows of a table, each with a text for every column; what was deleted there is marked so where it can be.

        They come in the order of the column `by`, as text, where one is named, and are not held to be sorted. With `among`, a
        column and texts, only rows come that hold one of these texts there.
        """
        found = self._rows(table, columns, among)
        return _in_order(found, by) if by else found

    def _rows(
        self, table: str, columns: Sequence[str], among: tuple[str, Collection[str]] | None
    ) -> Iterator[dict[str, str]]:
        own = self._columns.get(self.spelled(table), {})
        named = {each: own.get(self.spelled(each)) for each in dict.fromkeys(columns)}
        opened = self.opens.get(self.spelled(table))
        for batch in opened() if opened else ():
            some = _only(batch, own.get(self.spelled(among[0])), among[1], self.spelled(table)) if among else batch
            for row in plain(some, self.spelled(table)):
                found = {each: _text(row[name]) if name else "" for each, name in named.items()}
                if "IsDeleted" in found and row.get(own.get(_DELETED, "")):
                    found["IsDeleted"] = "true"
                yield found


def _only(batch: pa.RecordBatch, column: str | None, texts: Collection[str], table: str) -> pa.RecordBatch:
    """Return the rows of a batch that hold one of these texts in a column. Raises SlaSyncError where it holds no texts."""
    if not column:
        return batch
    values = batch.column(batch.schema.names.index(column))
    try:
        return batch.filter(pc.is_in(values.cast(pa.string()), pa.array(sorted(texts), pa.string())))
    except pa.ArrowException as error:
        raise SlaSyncError(
            f"{table}: {column} is {values.type}, and must be text.", hint="Copy that table again."
        ) from error


def _in_order(rows: Iterable[dict[str, str]], by: str) -> Iterator[dict[str, str]]:
    """Yield rows in the order of a column, the first first where it is the same, sorted on the disk."""
    with (
        TemporaryDirectory(prefix="sla-sync-") as folder,
        closing(sqlite3.connect(Path(folder) / "rows", isolation_level=None)) as shelf,
    ):
        shelf.execute("PRAGMA journal_mode = OFF")
        shelf.execute("PRAGMA synchronous = OFF")
        shelf.execute("CREATE TABLE kept (key TEXT NOT NULL, row TEXT NOT NULL)")
        shelf.execute("BEGIN")
        shelf.executemany("INSERT INTO kept VALUES (?, ?)", ((row[by], json.dumps(row)) for row in rows))
        shelf.execute("COMMIT")
        for (row,) in shelf.execute("SELECT row FROM kept ORDER BY key, rowid"):
            yield json.loads(row)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            # A tool that met an empty place reads ids and counts as such numbers.
            return str(int(value))
        case list() | dict():
            return json.dumps(value, default=str)
        case "True" | "TRUE" | "False" | "FALSE":
            return value.lower()
        case _:
            return str(value)
