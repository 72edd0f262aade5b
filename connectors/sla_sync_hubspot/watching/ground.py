"""What every look of an audit at a portal needs: the conversation, what is asked, and the time that it looks back upon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sla_sync.connector import Watched, Witness
from sla_sync_hubspot import wire
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS, manifest_property, property_name
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.translate.clocks import runs_here
from sla_sync_hubspot.translate.properties import property_address
from sla_sync_hubspot.translate.vocabulary import Vocabulary

LOOKS_BACK = timedelta(days=30)
"""How far an audit looks back on records, and no further than to the first apply."""
GRACE = timedelta(minutes=15)
"""What happened later than this may still be under way, and the search may not have seen it yet."""
SHOWN = 200
"""How many records a look names, which is one page of a search; of more it tells the number."""
GROUPS = 4
"""Alternatives in one search: HubSpot takes five, and eighteen tests in all (page "Search the CRM")."""

Test = Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """One look at a portal. `people` are the agreed roles and teams; what a callable gives was mostly asked already."""

    client: HubSpotClient
    asked: Watched
    binding: HubSpotBinding
    people: Mapping[str, tuple[str, ...]]
    properties: Callable[[], Mapping[str, Mapping[str, Any]]]
    owners: Callable[[], Sequence[Mapping[str, Any]]]
    headings: Callable[[], Sequence[Mapping[str, Any]]]

    @property
    def applied_at(self) -> datetime | None:
        """When the agreement was first applied; None where it never was."""
        kept = self.properties().get(manifest_property(self.asked.translation.agreement))
        return wire.instant(kept.get("createdAt")) if kept else None

    @property
    def since(self) -> datetime:
        """From when on records are looked at; nothing is older than the agreement in this portal."""
        return max(self.applied_at or self.asked.now, self.asked.now - LOOKS_BACK)

    @property
    def vocabulary(self) -> Vocabulary:
        """The agreed words on this portal."""
        return Vocabulary(self.asked.resources, self.binding, self.people)

    @property
    def runs_clocks(self) -> bool:
        """Whether the clocks of the agreement run here: otherwise the other platform is asked what happens to leads."""
        return runs_here(self.vocabulary)

    def named(self, name: str) -> str:
        """Return the property that keeps something of ours."""
        return property_name(self.binding.prefix, name)

    def keeps(self, *names: str) -> bool:
        """Return whether the portal has these properties of ours, named without the prefix."""
        return all(property_address(self.named(each)) in self.asked.snapshot.settings for each in names)

    def search(
        self, alternatives: Iterable[Sequence[Test]], dated: str, *, newest: bool = True, limit: int = SHOWN
    ) -> tuple[list[Mapping[str, Any]], int]:
        """Return contacts for which all tests of one alternative hold, the newest first, and how many there are."""
        body = {
            "filterGroups": [{"filters": list(tests)} for tests in alternatives],
            "sorts": [{"propertyName": dated, "direction": "DESCENDING" if newest else "ASCENDING"}],
            "properties": [dated],
            "limit": limit,
        }
        found = self.client.call("POST", Api.OBJECTS, f"/{CONTACTS}/search", body=body)
        return found["results"], int(found.get("total") or 0)

    def count(self, *tests: Test, dated: str) -> int:
        """Return how many contacts there are for which all of these tests hold."""
        return self.search([tests], dated, limit=1)[1]


def between(name: str, since: datetime, until: datetime) -> Test:
    """Return the test that an instant lies between two others, both included."""
    return {"propertyName": name, "operator": "BETWEEN", "value": spell(since), "highValue": spell(until)}


def after(name: str, instant: datetime) -> Test:
    """Return the test that an instant comes later than another."""
    return {"propertyName": name, "operator": "GT", "value": spell(instant)}


def one_of(name: str, values: Iterable[str]) -> Test:
    """Return the test that a property has one of these values; a search compares them in lower case."""
    return {"propertyName": name, "operator": "IN", "values": sorted({each.lower() for each in values})}


def empty(name: str) -> Test:
    """Return the test that a property has no value."""
    return {"propertyName": name, "operator": "NOT_HAS_PROPERTY"}


def spell(instant: datetime) -> str:
    """Return an instant as a search takes it: milliseconds since 1970 in UTC."""
    return str(round(instant.astimezone(UTC).timestamp() * 1000))


def witnesses(rows: Iterable[Mapping[str, Any]], dated: str) -> tuple[Witness, ...]:
    """Return the ids of contacts, each with the instant that counts for it, and nothing else of them."""
    return tuple(Witness(str(row["id"]), wire.instant((row.get("properties") or {}).get(dated))) for row in rows)
