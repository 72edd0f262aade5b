"""What is too old leaves a history, and what is measured of the time that is kept stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sla_sync.attainment.opening import open_past
from sla_sync.attainment.past import Past
from sla_sync.history.leaving import drop_older
from sla_sync.history.parquet import schema_of, write
from sla_sync.history.tables import LEGS, TABLES, Kind
from sla_sync.pipeline.validate import read
from sla_sync.places import Place

CONFIGS = Path(__file__).parents[2] / "configs"
BEGIN = datetime(2026, 11, 1)  # noqa: DTZ001 - as in the tables of a past
NOW = datetime(2027, 1, 10, tzinfo=UTC)


def lived(folder: Path, made: Mapping[str, pa.Table]) -> Path:
    """Write what was made as if it had happened, but for turns, which follow from the rest."""
    for name, rows in made.items():
        table = TABLES[name]
        columns = [
            pc.replace_substring(rows.column(each.name), "SYN", "X") if each.kind is Kind.ID else rows.column(each.name)
            for each in table.columns
        ]
        if table is not LEGS:
            write(folder, table, pa.Table.from_arrays(columns, schema=schema_of(table, synthetic=False)))
    return folder


def kept_time(past: Past) -> dict[str, list[str]]:
    """Return the cycles that opened in the kept time with their turns, the turns that began in it, and stays that ended in it."""
    rows = {name: past.rows(past.tables[name]) for name in ("cycles", "legs", "stays")}
    cycle = ("number", "qualified_at", "raised_at", "source", "priority", "policy")
    return {
        "cycles": _shown(rows["cycles"], "qualified_at"),
        "turns": _shown(rows["legs"], "qualified_at"),
        "begun": _shown(rows["legs"], "assigned_at", *cycle),
        "stays": _shown(rows["stays"], "left_at", "came_from"),
    }


def _shown(rows: list[dict[str, Any]], at: str, *without: str) -> list[str]:
    """Return what rows of the kept time say; cycles are numbered anew, and what came before is not known of the first row."""
    hidden = {"cycle", "leg", *without}
    return sorted(
        str([(key, value) for key, value in row.items() if key not in hidden])
        for row in rows
        if row[at] is not None and row[at] >= BEGIN
    )


@pytest.mark.slow
def test_what_is_measured_of_the_kept_time_is_the_same_after_the_rest_was_dropped(
    tmp_path: Path, quarter_tables: dict[str, pa.Table]
) -> None:
    folder = lived(tmp_path, quarter_tables)
    agreed = read(Place(CONFIGS / "acme" / "agreement.yaml", None, tmp_path)).usable
    before = kept_time(open_past(folder, agreed, NOW))
    dropped = drop_older(folder, BEGIN.replace(tzinfo=UTC))
    assert set(dropped) >= {"leads", "stages", "owners", "facts", "activities"}
    assert min(map(len, before.values())) > 100
    assert kept_time(open_past(folder, agreed, NOW)) == before
