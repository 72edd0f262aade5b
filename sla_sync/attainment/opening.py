"""Opening the past that a folder keeps, with all that follows from it under an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.engines import local_engine, prepared
from sla_sync.attainment.kept import aside_in, first_told, kept_in
from sla_sync.attainment.past import Past
from sla_sync.history.manifest import read_manifest


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
    return with_derived(Past(used, tables, agreement, versions, as_of, synthetic, files or {}, since, aside_in(folder)))
