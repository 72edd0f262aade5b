"""Connectors, found through the entry-point group `sla_sync.connectors`; nothing is imported until it is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from sla_sync.errors import ConnectorError

if TYPE_CHECKING:
    from sla_sync.connector import Connector
    from sla_sync.connector.syncing import PairPlayer

GROUP = "sla_sync.connectors"
PAIRS = "sla_sync.pairs"


def connector_names() -> tuple[str, ...]:
    """Return the names of all installed connectors, sorted."""
    return tuple(sorted(each.name for each in entry_points(group=GROUP)))


def load_connector(name: str) -> Connector:
    """Return a connector by name. Raises ConnectorError where it is absent, broken, or speaks another contract."""
    found = {each.name: each for each in entry_points(group=GROUP)}
    if name not in found:
        near = get_close_matches(name, found, n=1)
        raise ConnectorError(
            f"No connector '{name}' is installed; installed are: {', '.join(sorted(found)) or 'none'}.",
            hint=f"Write '{near[0]}'." if near else "Install the package that offers it, or correct the name.",
        )
    return checked(name, found[name])


def checked(name: str, entry: EntryPoint) -> Connector:
    """Return the connector that an entry point names. Raises ConnectorError where it names none that fits."""
    from sla_sync.connector import CONTRACT, Connector

    try:
        connector = entry.load()
    except (ImportError, AttributeError) as error:
        raise ConnectorError(
            f"Connector '{name}' ({entry.value}) cannot be loaded: {error}.",
            hint="Install it again; its package is incomplete.",
        ) from error
    if not isinstance(connector, Connector):
        raise ConnectorError(
            f"The entry point '{name}' ({entry.value}) is not a connector.",
            hint="Let it name a value of the class sla_sync.connector.Connector.",
        )
    if connector.contract != CONTRACT:
        raise ConnectorError(
            f"Connector '{name}' was built for contract {connector.contract}; this release speaks {CONTRACT}.",
            hint="Install releases of the connector and of sla-sync that belong together.",
        )
    return connector


def load_pair(name: str) -> PairPlayer:
    """Return what plays a story on two platforms, such as `hubspot+salesforce`. Raises ConnectorError where there is none."""
    found = {each.name: each for each in entry_points(group=PAIRS)}
    if name not in found:
        raise ConnectorError(
            f"Nothing that is installed joins {name.replace('+', ' and ')}.", hint="Install sla-sync again, as a whole."
        )
    player: PairPlayer = found[name].load()
    return player
