"""A small history on disk, from rows written by hand, beside a copy of the example."""

from __future__ import annotations

import shutil
from pathlib import Path

from sla_sync.history.parquet import schema_of, write
from sla_sync.history.tables import TABLES
from sla_sync.places import Place
from tests.measures.pasts import Rows, arrow
from tests.semantics.leads import at

CONFIGS = Path(__file__).parents[2] / "configs"


def copied(folder: Path) -> Place:
    """Return the place of a copy of the example."""
    shutil.copytree(CONFIGS / "acme", folder / "configs" / "acme")
    shutil.copy(CONFIGS / "targets.yaml", folder / "configs" / "targets.yaml")
    configs = folder / "configs"
    return Place(configs / "acme" / "agreement.yaml", configs / "targets.yaml", folder / ".sla-sync")


def exported(folder: Path, **rows: Rows) -> Path:
    """Write rows by table as a history that really happened, and return its folder."""
    for name, each in rows.items():
        table = TABLES[name]
        write(folder, table, arrow(name, each).cast(schema_of(table, synthetic=False)))
    return folder


def worked(month: str, leads: int, *, touched: int, accepted: int, calls: bool = True) -> dict[str, Rows]:
    """Return what happened to some leads that asked for a demonstration at ten on the 8th of a month and got to ann at once.

    So many were called after ten minutes, the others after an hour; so many were accepted the next day.
    """
    names = [f"L{number}" for number in range(leads)]
    asked, day = at(f"{month}-08 10:00"), at(f"{month}-09 10:00")
    found: dict[str, Rows] = {
        "leads": [{"lead": each, "created_at": asked} for each in names],
        "raises": [{"lead": each, "at": asked, "source": "demo_request"} for each in names],
        "stages": [
            *({"lead": each, "at": at(f"{month}-08 10:01"), "stage": "mql"} for each in names),
            *({"lead": each, "at": day, "stage": "sal"} for each in names[:accepted]),
        ],
        "owners": [{"lead": each, "at": at(f"{month}-08 10:01"), "owner": "ann"} for each in names],
        "users": [{"user": "ann", "since": at("01-01 00:00"), "team": "sdr"}],
    }
    if calls:
        found["activities"] = [
            {
                "lead": each,
                "activity": f"A{place}",
                "by": "ann",
                "at": at(f"{month}-08 {'10:11' if place < touched else '11:01'}"),
            }
            for place, each in enumerate(names)
        ]
    return found
