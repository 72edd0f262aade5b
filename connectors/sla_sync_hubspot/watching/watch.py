"""What an audit sees in a portal beside its settings, part by part: what one part is not told, the others are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sla_sync.connector import Observation, Unseen, look_part_by_part
from sla_sync_hubspot.watching.behaviour import behaviour
from sla_sync_hubspot.watching.ground import Ground
from sla_sync_hubspot.watching.shadowing import shadowing
from sla_sync_hubspot.watching.staffing import staffing
from sla_sync_hubspot.watching.stale import stale

_LOOKS: Mapping[str, Callable[[Ground], Iterable[Observation | Unseen]]] = {
    "workflows of others": shadowing,
    "people": staffing,
    "segments and scores": stale,
    "what happens to contacts": behaviour,
}


def watch(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield what is there and what the portal does not tell; nothing where the agreement was never applied.

    Raises UnauthorizedError or UnreachableError where nothing can be asked.
    """
    if ground.applied_at is not None:
        yield from look_part_by_part(_LOOKS, ground)
