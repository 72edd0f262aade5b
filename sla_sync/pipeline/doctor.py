"""Everything that a connector relies on at a target, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sla_sync.connector import Checkup, ExaminesFor
from sla_sync.pipeline.look import Say, converse, say_nothing
from sla_sync.pipeline.pulse import checkups
from sla_sync.places import Place


def doctor(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    to_apply: bool = False,
    say: Say = say_nothing,
) -> tuple[Checkup, ...]:
    """Return every checkup of a target, in the order in which its connector looks.

    `to_apply` examines the identity that applies, where the target has another one for reading.
    """
    with converse(place, name, environ=environ, today=today, reading=not to_apply, say=say) as opened:
        found = tuple(opened.reader.examine())
        if isinstance(opened.reader, ExaminesFor):
            prepared = opened.prepared
            found = (*found, *opened.reader.examine_for(prepared.resources, prepared.binding))
        return (*found, *checkups(opened.prepared, opened.reader, opened.target.connection.now()))
