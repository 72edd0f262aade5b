"""What can go wrong with a request, as the simulators know it, and what the clients are tried to make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.connector.simulation.trouble import TRANSPORT, Fault
from sla_sync_hubspot.simulator.troubles import FAULTS as HUBSPOT
from sla_sync_salesforce.simulator.troubles import FAULTS as SALESFORCE
from tests.connectors.hubspot import test_faults as hubspot
from tests.connectors.salesforce import test_faults as salesforce

HEAD = ("fault", "what happens", "a read of ours", "a write of ours")


def transport_rows() -> Iterator[tuple[str, ...]]:
    """Yield the faults of the way, of which both clients make the same. Raises ValueError where they do not."""
    rows = tuple(_rows(TRANSPORT, hubspot.FATES))
    if rows != tuple(_rows(TRANSPORT, salesforce.FATES)):
        message = "the clients differ in what they make of the way, so that one table cannot tell it of both"
        raise ValueError(message)
    yield from rows


def salesforce_rows() -> Iterator[tuple[str, ...]]:
    """Yield the faults that an org says in its own words."""
    yield from _rows(SALESFORCE, salesforce.FATES)


def hubspot_rows() -> Iterator[tuple[str, ...]]:
    """Yield the faults that a portal says in its own words."""
    yield from _rows(HUBSPOT, hubspot.FATES)


def _rows(
    faults: Mapping[str, Fault], fates: Mapping[str, hubspot.Fate | salesforce.Fate]
) -> Iterator[tuple[str, ...]]:
    for name, fault in faults.items():
        fate = fates.get(name)
        told = ("answered", "-") if fate is None else (_told(fate, fate.read), _told(fate, fate.write))
        yield (f"`{name}`", fault.sentence, "-" if name in salesforce.OF_WRITES else told[0], told[1])


def _told(fate: hubspot.Fate | salesforce.Fate, repeated: object) -> str:
    error = f"`{fate.error.__name__}`"
    return f"sent again; {error} where it stays so" if repeated else f"{error} at once"
