"""The history of a contact's properties: what each held from when on, asked for in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sla_sync_hubspot import wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.paths import Api


class Version(NamedTuple):
    """What a property held from an instant on; an empty text where it was cleared. The rest says who wrote it."""

    at: datetime
    text: str
    source: str = ""
    """The kind of writer, in HubSpot's words: CRM_UI, IMPORT, AUTOMATION_PLATFORM …"""
    source_id: str = ""
    user: str = ""
    """The id of the user; empty where no person wrote it."""


@dataclass(frozen=True)
class History:
    """A contact with the versions of its properties, the first first."""

    record: str
    present: Mapping[str, str]
    versions: Mapping[str, tuple[Version, ...]]

    def of(self, name: str, since: datetime | None = None, until: datetime | None = None) -> tuple[Version, ...]:
        """Return the versions that began in a stretch: `since` belongs to it, `until` does not."""
        return tuple(
            each
            for each in self.versions.get(name, ())
            if (since is None or each.at >= since) and (until is None or each.at < until)
        )

    def held(self, name: str, until: datetime | None = None) -> str:
        """Return what a property held right before an instant, or holds now."""
        found = self.of(name, until=until)
        return found[-1].text if found else ""

    def instants(self, name: str, since: datetime | None = None, until: datetime | None = None) -> Iterator[datetime]:
        """Yield the instants that a property was given in a stretch."""
        for each in self.of(name, since, until):
            found = wire.instant(each.text)
            if found is not None:
                yield found


def history_of(client: HubSpotClient, record: str, properties: Sequence[str], told: Sequence[str]) -> History | None:
    """Return a contact with its properties, and the whole history of those in `told`; None where there is no such contact."""
    # By POST, for so many names need not fit into an address.
    body = {"inputs": [{"id": record}], "properties": [*properties], "propertiesWithHistory": [*told]}
    found = client.call("POST", Api.OBJECTS, f"/{CONTACTS}/batch/read", body=body)["results"]
    if not found:
        return None
    return history_in(found[0])


def history_in(found: Mapping[str, Any]) -> History:
    """Return a record as HubSpot tells it, with the versions that it tells."""
    # Inferred: how many versions HubSpot keeps of a property is not documented; what it has forgotten is not told.
    past = found.get("propertiesWithHistory") or {}
    return History(
        str(found["id"]),
        {name: str(text) for name, text in found["properties"].items() if text},
        {name: tuple(_versions(past[name])) for name in past},
    )


def _versions(found: Sequence[Mapping[str, Any]]) -> Iterator[Version]:
    """Yield versions, the first first; HubSpot tells the newest first."""
    for each in reversed(found):
        at = wire.instant(each.get("timestamp"))
        if at is not None:
            who = (str(each.get(key) or "") for key in ("sourceType", "sourceId", "updatedByUserId"))
            yield Version(at, str(each.get("value") or ""), *who)
