"""A whole history, table by table, and its place on the disk with its truth beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pyarrow as pa

from sla_sync.errors import SlaSyncError
from sla_sync.files import new_folder, write_atomically
from sla_sync.history.parquet import write
from sla_sync.history.tables import TABLES
from sla_sync.synthetic.course import activities, deals, owners, people, stages
from sla_sync.synthetic.facts import facts
from sla_sync.synthetic.leads import leads, raises
from sla_sync.synthetic.legs import legs
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.truth import Truth, truth_of
from sla_sync.synthetic.world import World, world_of

TRUTH: Final = "truth.json"
_MAKERS: Mapping[str, Callable[[World], pa.Table]] = {
    "leads": leads,
    "raises": raises,
    "facts": facts,
    "stages": stages,
    "owners": owners,
    "activities": activities,
    "deals": deals,
    "users": people,
    "legs": legs,
}


def refuse_to_overwrite(folder: Path) -> None:
    """Raise SlaSyncError where something is in the folder already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SlaSyncError(
            f"{folder} is not empty, and nothing in it is overwritten.", hint="Choose a folder that is new or empty."
        )


def tables(world: World) -> Iterator[tuple[str, pa.Table]]:
    """Yield each table of a history by its name, one after the other, so that not all need room at once."""
    for name in TABLES:
        yield name, _MAKERS[name](world)


def write_history(parameters: Parameters, folder: Path) -> Truth:
    """Write a history into a folder that is new or empty, and what is true of it as truth.json; return that truth.

    Raises SlaSyncError where the folder holds something, or the world cannot be.
    """
    with new_folder(folder) as draft:
        world = world_of(parameters)
        for name, made in tables(world):
            write(draft, TABLES[name], made)
        truth = truth_of(world)
        write_atomically(draft / TRUTH, f"{json.dumps(asdict(truth), indent=2)}\n".encode())
    return truth
