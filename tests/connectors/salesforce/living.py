"""An org in which the whole example lives: everything deployed, its members in their places, and leads that are saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sla_sync.connector import Manifest
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.build import build_package
from sla_sync_salesforce.package import zipped
from sla_sync_salesforce.simulator import jobs
from sla_sync_salesforce.simulator.store import Row
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.simulator.live import Live, live

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
    resources, binding, setup = compiled(name)
    resources = replace(resources, **(agreed or {}))
    if bound:
        binding = SalesforceBinding.model_validate({**binding.model_dump(by_alias=True), **bound})
    translation = translate(resources, binding, setup)
    org = live(data)
    tree = build_package(translation, Manifest("digest", {}))
    package = {path.removeprefix("src/"): content for path, content in tree.items() if path.startswith("src/")}
    options = {**jobs.DEFAULTS, "rollbackOnError": True, "singlePackage": True}
    job = jobs.start(org.desk, zipped(package), options, org.admin)
    jobs.finish_all(org.desk)
    report = jobs.report(org.desk, jobs.find(org.desk, job.id), details=True)
    problems = [(each["fullName"], each["problem"]) for each in report["details"]["componentFailures"]]
    assert report["status"] == "Succeeded", problems
    for each in translation.desired:
        if each.address.type == "TeamMember":
            person = org.user(str(each.values["person"])).id
            org.save(
                "SLA_Member__c",
                Person__c=person,
                Team__c=str(each.values["team"]),
                Place__c=int(str(each.values["place"])),
            )
    return Living(org)
