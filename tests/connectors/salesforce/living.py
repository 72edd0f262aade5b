"""An org in which the whole example lives: everything deployed, its members in their places, and leads that are saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sla_sync.connector import Desired
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.simulator.store import Row
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce import deploying
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.simulator.live import Live

KNOWN: Mapping[str, Any] = {"Email": "kay@hillside.example", "Company": "Hillside", "Country": "US"}
DEMO: Mapping[str, Any] = {**KNOWN, "LeadSource": "Phone Inquiry"}
"""A lead who asked to be called: what an MQL needs, besides a score."""
FIT: Mapping[str, Any] = {"SLA_Score__c": 120, "SLA_Engagement__c": 30}


@dataclass
class Living:
    """One org, and few words for what becomes of a lead in it."""

    org: Live

    def lead(self, identity: str | None = None, by: str = "pat", **values: Any) -> str:
        """Save a lead as a user; a new one has a name."""
        return self.org.lead(identity, by=self.org.user(by), **values)

    def legs(self, lead: str) -> list[Row]:
        """Return every assignment of a lead, the first first."""
        return [row for row in self.org.rows("SLA_Leg__c") if row.get("Lead__c") == lead]

    def open_leg(self, lead: str) -> Row:
        """Return the one that is open."""
        (found,) = [row for row in self.legs(lead) if row.get("Ended_At__c") is None]
        return found

    def values(self, lead: str) -> Row:
        """Return the lead."""
        return self.org.row("Lead", lead)

    def id_of(self, name: str) -> str:
        """Return the id of a user."""
        return self.org.user(name).id

    def name_of(self, user: object) -> str:
        """Return the short name of a user or queue."""
        for each in self.org.desk.organization.users:
            if each.id == user:
                return each.username.partition("@")[0]
        return next((str(row["DeveloperName"]) for row in self.org.rows("Group") if row["Id"] == user), "")

    def queue(self, name: str) -> str:
        """Return the id of a queue."""
        return next(str(row["Id"]) for row in self.org.rows("Group") if row["DeveloperName"] == name)

    def away(self, name: str, *, away: bool = True) -> None:
        """Say that a member is out of office, or back."""
        for row in self.org.rows("SLA_Member__c"):
            if row["Person__c"] == self.id_of(name):
                self.org.save("SLA_Member__c", str(row["Id"]), Away__c=away)


def living(
    data: Path, agreed: Mapping[str, Any] | None = None, bound: Mapping[str, Any] | None = None, name: str = "acme"
) -> Living:
    """Return an org in which the example was deployed, with these parts of it or of its binding changed."""
    return Living(deploying.copied(data, _deployed, agreed or {}, bound or {}, name))


def _deployed(data: Path, agreed: Mapping[str, Any], bound: Mapping[str, Any], name: str) -> Live:
    resources, binding, setup = compiled(name)
    if bound:
        binding = SalesforceBinding.model_validate({**binding.model_dump(by_alias=True), **bound})
    return deploying.deployed(data, translate(replace(resources, **agreed), binding, setup), _join)


def _join(org: Live, setting: Desired) -> None:
    if setting.address.type == "TeamMember":
        org.save(
            "SLA_Member__c",
            Person__c=org.user(str(setting.values["person"])).id,
            Team__c=str(setting.values["team"]),
            Place__c=int(str(setting.values["place"])),
        )
