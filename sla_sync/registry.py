"""Connectors, found through the entry-point group `sla_sync.connectors`; nothing is imported until it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
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
    return tuple(sorted({each.name for each in _offered(tuple(sys.path))}))


def load_connector(name: str) -> Connector:
    """Return a connector by name. Raises ConnectorError where it is absent, broken, or speaks another contract."""
    return checked(name, chosen(name, _offered(tuple(sys.path))))


@cache
def _offered(path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """Return what is installed on the path of this process; looking through every package takes as long as reading a file."""
    del path
    return tuple(entry_points(group=GROUP))


def chosen(name: str, known: Sequence[EntryPoint]) -> EntryPoint:
    """Return the one entry point of that name. Raises ConnectorError where there is none, or several packages offer one."""
    found = {each.name: each for each in known}
    offered = sorted({each.value for each in known if each.name == name})
    if len(offered) > 1:
        raise ConnectorError(
            f"{len(offered)} packages offer a connector '{name}': {', '.join(offered)}.",
            hint="Remove all but one of them: which one would get the credentials is nobody's guess.",
        )
    if name not in found:
        near = get_close_matches(name, found, n=1)
        raise ConnectorError(
            f"No connector '{name}' is installed; installed are: {', '.join(sorted(found)) or 'none'}.",
            hint=f"Write '{near[0]}'." if near else "Install the package that offers it, or correct the name.",
        )
    return found[name]


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
    except Exception as error:  # a stranger's module may fail in any way while it is imported
        raise ConnectorError(
            f"Connector '{name}' ({entry.value}) fails while it is loaded: {type(error).__name__}: {error}.",
            hint="Tell its authors, or remove its package.",
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
    misnamed = [key for key, each in connector.types.items() if key != each.name]
    if connector.name != name or misnamed:
        said = f"its type '{misnamed[0]}'" if misnamed else "it"
        called = connector.types[misnamed[0]].name if misnamed else connector.name
        raise ConnectorError(
            f"Connector '{name}' ({entry.value}) goes by two names: {said} calls itself '{called}'.",
            hint="Tell its authors: what is registered under a name bears that name.",
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
