"""What a connector hands over, held against the contract where it arrives: a mistake of its authors is told by name."""

from __future__ import annotations

from typing import TypeVar

from sla_sync.connector import Connector, Snapshot, Translation
from sla_sync.errors import ConnectorError

T = TypeVar("T")
_HINT = "Tell its authors: the kit in sla_sync.testing judges a connector by its contract."


def whole_translation(found: Translation, connector: Connector) -> Translation:
    """Return a translation whose settings are all of types that the connector has. Raises ConnectorError."""
    _expect(found, Translation, "The function translate", connector)
    strange = next((each.address for each in found.desired if each.address.type not in connector.types), None)
    if strange is not None:
        raise ConnectorError(
            f"Connector '{connector.name}' translates to {strange}, and its types know no '{strange.type}': "
            f"{', '.join(sorted(connector.types))}.",
            hint=_HINT,
        )
    return found


def whole_snapshot(found: Snapshot, connector: Connector) -> Snapshot:
    """Return what was read. Raises ConnectorError where it is no snapshot."""
    return _expect(found, Snapshot, "The method read of the reader", connector)


def whole_conversation(opened: T, part: type, connector: Connector) -> T:
    """Return a reader or a writer that has every method of the contract. Raises ConnectorError."""
    asked = (name for name in vars(part) if not name.startswith("_"))
    lacking = [name for name in asked if not callable(getattr(opened, name, None))]
    if lacking:
        raise ConnectorError(
            f"The {part.__name__.lower()} of connector '{connector.name}' has no method {' and no '.join(lacking)}.",
            hint=_HINT,
        )
    return opened


def _expect(found: T, kind: type, giver: str, connector: Connector) -> T:
    if not isinstance(found, kind):
        given = "nothing" if found is None else f"a value of the type {type(found).__name__}"
        raise ConnectorError(
            f"{giver} of connector '{connector.name}' returns {given}, where a {kind.__name__} is expected.", hint=_HINT
        )
    return found
