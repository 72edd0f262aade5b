"""One job of Bulk API 2.0, as far as it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class BulkJob:
    """A job that takes records in (`ingest`) or hands them out (`query`)."""

    id: str
    operation: str
    object: str
    user: str
    created_at: str
    settings: dict[str, Any]
    state: str = "Open"
    content: str = ""
    succeeded: list[tuple[str, bool, str]] = field(default_factory=list)
    """Id, whether the record is new, and the line that asked for it."""
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    """Id if there is one, the error, and the line that asked for it."""
    header: str = ""
    names: tuple[str, ...] = ()
    """The columns of a query as it asked for them."""
    rows: list[list[str]] = field(default_factory=list)
    error: str = ""
    polls: int = 0

    @property
    def queries(self) -> bool:
        """Whether it hands records out."""
        return self.operation in ("query", "queryAll")
