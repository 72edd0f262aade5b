"""What an audit sees in an org beside its settings, part by part: what one part is not told, the others are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sla_sync.connector import Observation, Unseen, Watched, look_part_by_part
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.people import People
from sla_sync_salesforce.watching.behaviour import behaviour
from sla_sync_salesforce.watching.ground import Ground
from sla_sync_salesforce.watching.shadowing import shadowing
from sla_sync_salesforce.watching.staffing import staffing
from sla_sync_salesforce.watching.stale import stale

_LOOKS: Mapping[str, Callable[[Ground], Iterable[Observation | Unseen]]] = {
    "automations of others": shadowing,
    "people": staffing,
    "drafts and failures": stale,
    "what happens to records": behaviour,
}


def ground_of(client: Client, people: Mapping[str, tuple[str, ...]], users: People, asked: Watched) -> Ground:
    """Return what a look needs. Raises TypeError for the binding of another connector."""
    if not isinstance(asked.binding, SalesforceBinding):
        raise TypeError(f"The Salesforce connector was given a {type(asked.binding).__name__}.")
    return Ground(client, asked, asked.binding, people, users)


def watch(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield what is there and what the org does not tell; nothing where the agreement was never applied.

    Raises UnauthorizedError or UnreachableError where nothing can be asked.
    """
    if ground.applied_at is not None:
        yield from look_part_by_part(_LOOKS, ground)
