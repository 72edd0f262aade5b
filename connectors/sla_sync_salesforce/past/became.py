"""Which lead a contact or an opportunity was once: one query of all that were converted, looked up on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sla_sync_salesforce.client import Client
from sla_sync_salesforce.past.pages import ROWS, Bulk, begun, rows_of

_SCHEMA = (
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE became (record TEXT PRIMARY KEY, lead TEXT);"
)
# Of several leads that became one contact the first counts; ids grow with time.
_PUT = "INSERT INTO became VALUES (?, ?) ON CONFLICT (record) DO UPDATE SET lead = min(lead, excluded.lead)"
_LEAD, _AT_ONCE = "00Q", 500


class Became:
    """Leads by the id of what they became."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path)
        self._file.executescript(_SCHEMA)

    def put(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Keep what leads became."""
        told = ((row[name], row["Id"]) for row in rows for name in _COLUMNS[1:] if row[name])
        self._file.executemany(_PUT, told)

    def leads_of(self, records: Sequence[str]) -> Mapping[str, str]:
        """Return for each id of a lead, a contact or an opportunity the lead that it is or was; others are left out."""
        found = {each: each for each in records if each.startswith(_LEAD)}
        others = sorted({each for each in records if each and each not in found})
        for start in range(0, len(others), _AT_ONCE):
            some = others[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found.update(self._file.execute(f"SELECT record, lead FROM became WHERE record IN ({marks})", some))  # noqa: S608
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


_COLUMNS = ("Id", "ConvertedContactId", "ConvertedOpportunityId")


@contextmanager
def became(client: Client, rows: int = ROWS) -> Iterator[Became]:
    """Ask once what leads became, and keep it until the end in a file that is gone then."""
    with TemporaryDirectory(prefix="sla-sync-") as folder:
        opened = Became(Path(folder) / "became")
        try:
            opened.put(rows_of(client, begun(client, Bulk(_COLUMNS, "Lead", "IsConverted = true"), None), rows))
            yield opened
        finally:
            opened.close()
