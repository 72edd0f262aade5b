"""A made-up history under the version of an agreement that is at hand, so that reports over it have something to judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.synthetic.history import write_history
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.truth import Truth


def made_up(
    place: Place, folder: Path, *, seed: int, since: date | None, until: date | None, leads: int | None
) -> Truth:
    """Write a history into a folder that is new or empty and return what is true of it. Raises SlaSyncError.

    Its people, sources, limits and hours are those of the example; turns are pinned to the version of this agreement.
    """
    metadata = read(place).usable.metadata
    usual = Parameters(seed=seed)
    first = since or usual.since
    policy = replace(usual.policies[-1], name=metadata.version_in_force, since=min(first, metadata.effective.start))
    asked = replace(usual, since=first, until=until or usual.until, leads=leads, policies=(policy,))
    return write_history(asked, folder)
