"""A past under an agreement: its tables as expressions in an engine, with the cycles, stays and turns that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.answering import answered
from sla_sync.attainment.engines import local_engine, prepared
from sla_sync.attainment.kept import first_told, kept_in
from sla_sync.history.manifest import read_manifest


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

    def rows(self, asked: Table) -> list[dict[str, Any]]:
        """Return what an expression comes to, row by row."""
        found: list[dict[str, Any]] = answered(self.engine, asked).to_pylist()
        return found


def open_past(
    folder: Path,
    agreement: Agreement,
    as_of: datetime,
    *,
    agreements: Mapping[str, Agreement] | None = None,
    files: Mapping[str, str] | None = None,
    engine: Any = None,
) -> Past:
    """Return the past that a folder keeps; raises SlaSyncError where it holds none.

    Without other versions the agreement itself is the one by which all is judged.
    """
    synthetic = read_manifest(folder).synthetic
    used = local_engine() if engine is None else prepared(engine)
    versions = agreements or {agreement.metadata.version_in_force: agreement}
    tables, since = kept_in(used, folder, as_of), first_told(used, folder)
    plain = Past(used, tables, agreement, versions, as_of, synthetic, files or {}, since)
    return with_derived(plain)


def with_derived(plain: Past) -> Past:
    """Return a past of kept tables, cut at its instant, with its stays, cycles and turns as they follow under the agreement.

    The tables may be expressions of any engine, with instants in UTC without a zone.
    """
    # What derives them asks conditions of the past, which it must know first.
    from sla_sync.attainment.derived import derived

    return derived(plain)
