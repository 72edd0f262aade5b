"""What would be lost with a setting of ours: contacts that hold a value, and what others put into something that we made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sla_sync.connector import Address, ForbiddenError, Live, RejectedError, Snapshot
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import split_key, split_option
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PIPELINE, PROPERTY, PROPERTY_GROUP, PROPERTY_OPTION

Properties = Callable[[str], Mapping[str, Mapping[str, Any]]]
"""Object → its properties by name."""


def holdings_of(
    client: HubSpotClient, snapshot: Snapshot, properties: Properties, addresses: Iterable[Address]
) -> Mapping[Address, int]:
    """Return for each setting how many records or things of others hold something in it; the rest is not known.

    A search does not see what was written in the last second (HubSpot, "CRM search").
    """
    telling = _Telling(client, snapshot.settings, properties)
    told = ((each, telling.held(each)) for each in addresses)
    return {address: held for address, held in told if held is not None}


@dataclass(frozen=True)
class _Telling:
    client: HubSpotClient
    found: Mapping[Address, Live]
    properties: Properties

    def held(self, address: Address) -> int | None:
        if address.type == PROPERTY:
            owner, name = split_key(address.key)
            if self.found[address].values.get("calculationFormula"):
                return 0
            return self._counted(owner, {"propertyName": name, "operator": "HAS_PROPERTY"})
        if address.type == PROPERTY_OPTION:
            container, value = split_option(address.key)
            owner, name = split_key(container)
            return self._counted(owner, {"propertyName": name, "operator": "EQ", "value": value})
        if address.type == PIPELINE:
            owner, identifier = split_key(address.key)
            return self._counted(owner, {"propertyName": "hs_pipeline", "operator": "EQ", "value": identifier})
        return self._strangers(address) if address.type == PROPERTY_GROUP else None

    def _strangers(self, group: Address) -> int:
        """Return how many properties stand in a group that are not ours."""
        owner, name = split_key(group.key)
        members = (each for each, raw in self.properties(owner).items() if raw.get("groupName") == name)
        return sum(not self._is_ours(Address(PROPERTY, f"{owner}/{each}")) for each in members)

    def _is_ours(self, address: Address) -> bool:
        live = self.found.get(address)
        return live is not None and live.managed is True

    def _counted(self, owner: str, test: Mapping[str, str]) -> int | None:
        """Return how many records meet a test, or None where this token may not ask."""
        body = {"filterGroups": [{"filters": [dict(test)]}], "properties": [], "limit": 1}
        try:
            return int(self.client.call("POST", Api.OBJECTS, f"/{owner}/search", body=body)["total"])
        except (ForbiddenError, RejectedError):
            return None
