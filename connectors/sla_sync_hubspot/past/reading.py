"""Reading many records at once: the histories of their properties, and whom they are associated with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sla_sync.connector import onward
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.paths import Api

TOGETHER: Final = 50
"""How many records a batch tells the histories of (page "Contacts": half of what it reads without)."""
_LINKED_TOGETHER: Final = 1_000


def with_histories(
    client: HubSpotClient,
    owner: str,
    records: Sequence[str],
    present: Sequence[str],
    told: Sequence[str],
    *,
    archived: bool = False,
) -> Iterator[Mapping[str, Any]]:
    """Yield records with what they hold and the histories of the properties in `told`; those that are gone are absent."""
    query = [("archived", "true")] if archived else []
    for start in range(0, len(records), TOGETHER):
        inputs = [{"id": each} for each in records[start : start + TOGETHER]]
        body = {"inputs": inputs, "properties": list(present), "propertiesWithHistory": list(told)}
        yield from client.call("POST", Api.OBJECTS, f"/{owner}/batch/read", query=query, body=body)["results"]


def contacts_of(client: HubSpotClient, owner: str, records: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the contacts that each record is associated with, the lowest id first; records with none are absent."""
    found: dict[str, list[str]] = {}
    asked: list[dict[str, str]] = [{"id": each} for each in records]
    seen: set[str] = set()
    while asked:
        now, asked = asked[:_LINKED_TOGETHER], asked[_LINKED_TOGETHER:]
        answer = client.call("POST", Api.ASSOCIATIONS, f"/{owner}/{CONTACTS}/batch/read", body={"inputs": now})
        for each in answer.get("results", ()):
            record = str(each["from"]["id"])
            found.setdefault(record, []).extend(str(to["toObjectId"]) for to in each.get("to", ()))
            # Documented: more than 500 associations of one record come in pages.
            after = ((each.get("paging") or {}).get("next") or {}).get("after")
            if after:
                onward(seen, f"{record} {after}")
                asked.append({"id": record, "after": str(after)})
    return {record: tuple(sorted(set(linked), key=int)) for record, linked in found.items()}
