"""Portals in which the agreement «living» was applied, one for each source of deadlines, copied for every story.

The portal is called in this process; only `sla-sync clock` speaks HTTP with it, as it does at work.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from sla_sync.agreement.document import Agreement
from sla_sync.connector.simulation import Running, serve
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.application import HubSpotApplication
from sla_sync_hubspot.simulator.records import Record
from sla_sync_hubspot.simulator.stock import APP_TOKEN

HERE = Path(__file__).parent / "living"
AGREEMENT = Path(__file__).parents[1] / "salesforce" / "living" / "agreement.yaml"
TARGET = "hubspot-simulator"
CONTACT = "0-1"
_LINKS = {"calls": 194, "emails": 198, "meetings": 200}
"""How each activity is associated with a contact (HubSpot, "Associations v4")."""


@dataclass
class Crm:
    """A portal that people work in."""

    application: HubSpotApplication
    client: Client
    owners: Mapping[str, str]
    """The ids of owners by their names."""

    @property
    def now(self) -> datetime:
        """The virtual clock."""
        return self.application.now

    def contact(self, identifier: str) -> Record:
        """Return a contact, in the archive too."""
        return self.application.portal.records.rows[CONTACT][identifier]

    def name_of(self, owner_id: str) -> str:
        """Return the name behind the id of an owner."""
        return next(name for name, each in self.owners.items() if each == owner_id)

    def create(self, values: Mapping[str, str]) -> str:
        """Create a contact, and return its id."""
        return str(self._call("POST", "/crm/v3/objects/contacts", {"properties": dict(values)})["id"])

    def change(self, identifier: str, values: Mapping[str, str]) -> None:
        """Change a contact."""
        self._call("PATCH", f"/crm/v3/objects/contacts/{identifier}", {"properties": dict(values)})

    def archive(self, identifier: str) -> None:
        """Delete a contact."""
        self._call("DELETE", f"/crm/v3/objects/contacts/{identifier}")

    def log(self, kind: str, contact: str, values: Mapping[str, str]) -> None:
        """Log an activity on a contact."""
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _LINKS[kind]}]
        body = {"properties": dict(values), "associations": [{"to": {"id": contact}, "types": types}]}
        self._call("POST", f"/crm/v3/objects/{kind}", body)

    def _call(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {APP_TOKEN}"}
        answer = self.client.open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.get_data(as_text=True)}"
        return answer.get_json() if answer.data else None


def applied(folder: Path, *, deadlines: str = "computed") -> Path:
    """Apply the agreement to a new portal, and return the folder with the configuration and the state of the portal."""
    home = folder / "configs"
    shutil.copytree(HERE, home)
    agreement, binding = AGREEMENT.read_text("utf-8"), (home / "bindings" / "hubspot.yaml").read_text("utf-8")
    if deadlines == "custom_code":
        # Code in a workflow has the hours of one calendar for each clock.
        agreement = agreement.replace("runs_in: owner calendar", "runs_in: new_york")
        binding = binding.replace("deadlines: computed", "deadlines: custom_code\ncode_secret: SLA_TOKEN")
    (home / "agreement.yaml").write_text(agreement, "utf-8")
    (home / "bindings" / "hubspot.yaml").write_text(binding, "utf-8")
    result = apply(place_in(folder), TARGET, environ={}, today=None).result
    assert result is not None
    failed = [str(each.detail) for each in result.outcomes if each.detail]
    assert not failed, failed
    return folder


def place_in(folder: Path) -> Place:
    """Return where the agreement, its targets and the state of its portal are."""
    home = folder / "configs"
    return Place(home / "agreement.yaml", home / "targets.yaml", folder / "state")


def agreed(folder: Path) -> Agreement:
    """Return the agreement that the portals live."""
    return read(place_in(folder)).usable


@contextmanager
def opened(kept: Path, folder: Path, *, at: datetime) -> Iterator[tuple[Crm, Running]]:
    """Open a copy of a portal whose clock stands at an instant, and serve it."""
    shutil.copytree(kept, folder, ignore=shutil.ignore_patterns("lock", "*.pem"))
    data = folder / "state" / TARGET / "simulator"
    with serve(simulator, data, clock=at) as running:
        application = running.application
        assert isinstance(application, HubSpotApplication)
        if application.now < at:
            running.run_until(at.astimezone(UTC))
        crm = Crm(application, Client(application), {})
        found = crm._call("GET", "/crm/v3/owners")["results"]
        crm.owners = {str(each["email"]).partition("@")[0]: str(each["id"]) for each in found}
        yield crm, running
