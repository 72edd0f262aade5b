"""A past under an agreement: its tables as expressions in an engine, with the cycles, stays and turns that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.answering import answered


@dataclass(frozen=True)
class Past:
    """What happened by `as_of`, under the versions of the agreement by which it is judged.

    `tables` holds every table of `history.tables`, `legs`, `cycles` and `stays` included, by name; instants are in UTC without a
    zone, and nothing later than `as_of` is in them. `agreement` is the version that is asked about; `agreements` holds each
    version by the name that `policy` of a turn pins.
    """

    engine: Any
    tables: Mapping[str, Table]
    agreement: Agreement
    agreements: Mapping[str, Agreement]
    as_of: datetime
    synthetic: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    """The texts of files of holidays by name."""
    since: datetime | None = None
    """From when on it tells what happened, where that is known."""
    aside: Mapping[str, int] = field(default_factory=dict)
    """How many rows of which tables are not among them, for they bear an instant that none can bear."""

    def rows(self, asked: Table) -> list[dict[str, Any]]:
        """Return what an expression comes to, row by row."""
        found: list[dict[str, Any]] = answered(self.engine, asked).to_pylist()
        return found
