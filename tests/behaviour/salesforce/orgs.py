"""Orgs in which the agreement «living» was applied, one for each engine of deadlines, copied for every story.

The application is called in this process: that it speaks HTTP is proven elsewhere, and a story has hundreds of calls.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from sla_sync.agreement.document import Agreement
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync_salesforce.simulator.application import Application, open_application
from sla_sync_salesforce.simulator.organization import SWITCHES_FILE
from sla_sync_salesforce.simulator.store import Store

LIVING = Path(__file__).parent / "living"
TARGET = "salesforce-simulator"
_DATA = "/services/data/v63.0"


@dataclass(frozen=True)
class Refused:
    """What the org answered to a save that it did not make."""

    code: str
    message: str


@dataclass
class Org:
    """An org that people work in."""

    application: Application
    client: Client

    @property
    def store(self) -> Store:
        """The rows and their history."""
        return self.application.desk.organization.store

    def row(self, object_name: str, identity: object) -> dict[str, Any]:
        """Return a row that is there."""
        found = self.store.get(object_name, str(identity))
        assert found is not None, f"{object_name} {identity}"
        return found

    def rows(self, object_name: str) -> tuple[dict[str, Any], ...]:
        """Return the rows of an object, the oldest first."""
        return tuple(self.store.of(object_name).values())

    def user(self, name: str) -> str:
        """Return the id of a person by the part of the user name before the @."""
        return next(
            str(row["Id"]) for row in self.store.of("User").values() if str(row["Username"]).startswith(f"{name}@")
        )

    def queue(self, name: str) -> str:
        """Return the id of a queue by its developer name."""
        return next(str(row["Id"]) for row in self.store.of("Group").values() if row["DeveloperName"] == name)

    def run_until(self, instant: datetime) -> None:
        """Let the clock run."""
        self.application.run_until(instant)

    def create(self, object_name: str, values: Mapping[str, object], *, by: str = "admin") -> str | Refused:
        """Save a new record as a person would, and return its id."""
        answer = self.client.post(f"{_DATA}/sobjects/{object_name}", json=dict(values), headers=self._as(by))
        content: Any = answer.get_json()
        return str(content["id"]) if answer.status_code < 300 else _refused(content)

    def update(self, object_name: str, identity: str, values: Mapping[str, object], *, by: str) -> Refused | None:
        """Change a record as a person would."""
        path = f"{_DATA}/sobjects/{object_name}/{identity}"
        answer = self.client.patch(path, json=dict(values), headers=self._as(by))
        return None if answer.status_code < 300 else _refused(answer.get_json())

    def delete(self, object_name: str, identity: str) -> bool:
        """Delete a record as the administrator, and return whether the org did it."""
        path = f"{_DATA}/sobjects/{object_name}/{identity}"
        return self.client.delete(path, headers=self._as("admin")).status_code < 300

    def convert(self, lead: str, status: str, *, owner: str) -> bool:
        """Convert a lead as the administrator, and return whether the org did it."""
        inside = f"<leadId>{lead}</leadId><convertedStatus>{status}</convertedStatus><ownerId>{owner}</ownerId>"
        return self._soap(f"<convertLead><leadConverts>{inside}</leadConverts></convertLead>")

    def merge(self, winner: str, loser: str) -> bool:
        """Merge a lead into another as the administrator, and return whether the org did it."""
        master = f"<masterRecord><sf:type>Lead</sf:type><sf:Id>{winner}</sf:Id></masterRecord>"
        return self._soap(f"<merge><request>{master}<recordToMergeIds>{loser}</recordToMergeIds></request></merge>")

    def _soap(self, operation: str) -> bool:
        token = self.application.administrator_token
        body = (
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:sobject.partner.soap.sforce.com"><soapenv:Header>'
            f"<SessionHeader><sessionId>{token}</sessionId></SessionHeader></soapenv:Header>"
            f"<soapenv:Body>{operation}</soapenv:Body></soapenv:Envelope>"
        )
        answer = self.client.post(
            "/services/Soap/u/63.0", data=body.encode(), content_type="text/xml", headers={"SOAPAction": '""'}
        )
        return "<success>true</success>" in answer.get_data(as_text=True)

    def shown(self, object_name: str, identity: str, field: str) -> str:
        """Return what the org shows of a field, computed where it is a formula."""
        path = f"{_DATA}/sobjects/{object_name}/{identity}?fields={field}"
        content: Any = self.client.get(path, headers=self._as("integration")).get_json()
        return str(content[field])

    def _as(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.application.token_of(f'{name}@acme.example')}"}


def _refused(content: Any) -> Refused:
    first = content[0] if isinstance(content, list) else content
    return Refused(str(first.get("errorCode")), str(first.get("message")))


def applied(folder: Path, *, deadlines: str) -> Path:
    """Apply the agreement to a new org with one engine, and return the folder that keeps the org."""
    home = folder / "configs"
    shutil.copytree(LIVING, home)
    binding = home / "bindings" / "salesforce.yaml"
    binding.write_text(binding.read_text("utf-8").replace("deadlines: calendar", f"deadlines: {deadlines}"), "utf-8")
    place = Place(home / "agreement.yaml", home / "targets.yaml", folder / "state")
    result = apply(place, TARGET, environ={}, today=None).result
    assert result is not None
    failed = [str(each.detail) for each in result.outcomes if each.detail]
    assert not failed, failed
    return place.state / TARGET / "simulator"


def agreed() -> Agreement:
    """Return the agreement that the orgs live."""
    return read(Place(LIVING / "agreement.yaml", LIVING / "targets.yaml", LIVING / "state")).usable


def opened(kept: Path, folder: Path, *, at: datetime, switches: Mapping[str, object] | None = None) -> Org:
    """Return a copy of an org whose clock stands at an instant, with its behaviours that the platform leaves open."""
    shutil.copytree(kept, folder, ignore=shutil.ignore_patterns("deploys", "lock", "*.pem"))
    if switches:
        (folder / SWITCHES_FILE).write_text(json.dumps(switches), "utf-8")
    application = open_application(folder, at)
    if application.now < at:
        application.run_until(at.astimezone(UTC))
    return Org(application, Client(application))
