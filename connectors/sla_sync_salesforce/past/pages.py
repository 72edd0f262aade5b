"""Queries of Bulk API 2.0, page after page: begun once, taken up again where a run was cut off, never held in memory whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sla_sync.connector import onward
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.past.marks import Mark
from sla_sync_salesforce.soql import one_of, select

ROWS = 10_000
"""Rows of one page: all that is held of an answer at once."""
_IDS = 300
"""Ids in one query; the address of a query must not be much longer than 16,000 characters."""
_JOB = "all"


@dataclass(frozen=True, slots=True)
class Bulk:
    """One query: its columns, its object, and conditions; `dated` is the column by which what is new is found."""

    columns: tuple[str, ...]
    kind: str
    where: str = ""
    dated: str = "SystemModstamp"
    always: str = ""
    """Of what is asked for again however long ago it was changed."""

    def soql(self, begin: datetime | None) -> str:
        """Return the query for what is dated from an instant on. It asks for no order, which would make a big query slow."""
        conditions = [f"({self.where})" if self.where and begin else self.where]
        if begin:
            new = f"{self.dated} >= {moment(begin)}"
            conditions.append(f"({new} OR {self.always})" if self.always else new)
        return select(", ".join(dict.fromkeys(self.columns)), self.kind, " AND ".join(filter(None, conditions)))


def moment(at: datetime) -> str:
    """Return an instant as SOQL writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def pages(
    client: Client, asked: Bulk, mark: Mark, begin: datetime | None, rows: int = ROWS
) -> Iterator[tuple[list[dict[str, str]], Mark]]:
    """Yield each page with the mark that stands when it is kept; a job that the org forgot is begun anew.

    Deleted records are among them, and activities that were archived.
    """
    job, place = mark.jobs.get(_JOB, ""), mark.place
    if not job or not client.await_query(job):
        job, place = begun(client, asked, begin), ""
    seen: set[str] = set()
    while True:
        onward(seen, place)
        found, place = client.query_page(job, place, rows)
        yield found, replace(mark, jobs={_JOB: job}, place=place) if place else mark.ended()
        if not place:
            return


def begun(client: Client, asked: Bulk, begin: datetime | None) -> str:
    """Begin a query, wait until its rows are found, and return its job."""
    job = client.start_query(asked.soql(begin), deleted=True)
    client.await_query(job)
    return job


def rows_of(client: Client, job: str, rows: int = ROWS) -> Iterator[dict[str, str]]:
    """Yield every row that a job found, a page at a time."""
    place = ""
    seen: set[str] = set()
    while True:
        onward(seen, place)
        found, place = client.query_page(job, place, rows)
        yield from found
        if not place:
            return


def looked_up(
    client: Client, columns: str, kind: str, field: str, ids: Sequence[str], *, deleted: bool = False
) -> Iterator[dict[str, str]]:
    """Yield the records of which a field is one of these ids, as text like the rows of a bulk query, by small queries."""
    known = sorted(set(ids))
    for start in range(0, len(known), _IDS):
        for row in client.query(select(columns, kind, one_of(field, known[start : start + _IDS])), deleted=deleted):
            yield {name: _text(value) for name, value in row.items() if name != "attributes"}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
