"""Both platforms in one process, with an agreement applied to each, joined by the integration and copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from sla_sync.connector.syncing import Sync
from sla_sync.pipeline.apply import apply
from sla_sync.places import Place
from sla_sync_hubspot.simulator.application import HubSpotApplication
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN
from sla_sync_native_sync import Joint, Pair, Wire, first_look, read_settings, refusal
from sla_sync_salesforce.simulator.application import open_application
from tests.behaviour.salesforce.orgs import LIVING, Org

CONFIGS = Path(__file__).parents[2] / "configs"
OURS = Path(__file__).parent / "living"
TARGETS = ("hubspot-simulator", "salesforce-simulator")
_CONTACTS = "/crm/v3/objects/contacts"
_KNOWN_TO_SALES = {
    "filterType": "PROPERTY",
    "property": "hs_lead_status",
    "operation": {
        "operationType": "ENUMERATION",
        "operator": "HAS_EVER_BEEN_ANY_OF",
        "values": ["MQL"],
        "includeObjectsWithNoValueSet": False,
    },
}


@dataclass
class Joined:
    """Two platforms on one clock, and few words for what people do on either."""

    pair: Pair
    org: Org
    hubspot: Wire
    """HubSpot in the name of its administrator."""

    def at(self, instant: datetime) -> None:
        """Let time run."""
        self.pair.run_until(instant)

    def contact(self, email: str, **values: str) -> str:
        """Let somebody become known to HubSpot, and return the id."""
        properties = {"email": email, "firstname": "Kay", "lastname": "Hill", "company": "Hillside", "country": "US"}
        return str(self.hubspot("POST", _CONTACTS, {"properties": {**properties, **values}})["id"])

    def change(self, contact: str, **values: str) -> None:
        """Change a contact as a person does."""
        self.hubspot("PATCH", f"{_CONTACTS}/{contact}", {"properties": values})

    def of_contact(self, contact: str, *names: str) -> Mapping[str, str | None]:
        """Return properties of a contact."""
        found: Mapping[str, str | None] = self.hubspot("GET", f"{_CONTACTS}/{contact}?properties={','.join(names)}")[
            "properties"
        ]
        return {name: found.get(name) for name in names}

    def history(self, contact: str, name: str) -> list[Any]:
        """Return what a property of a contact held, the latest first, with who wrote it."""
        found = self.hubspot("GET", f"{_CONTACTS}/{contact}?propertiesWithHistory={name}")
        return list(found.get("propertiesWithHistory", {}).get(name, ()))

    def owner(self, name: str) -> str:
        """Return the id of an owner in HubSpot by the part of the address before the @."""
        owners = self.hubspot("GET", "/crm/v3/owners")["results"]
        return next(str(each["id"]) for each in owners if each["email"].startswith(f"{name}@"))

    def lead(self, contact: str) -> dict[str, Any]:
        """Return the lead or contact in Salesforce that a contact is linked to."""
        link = self.pair.memory.links[contact]
        return self.org.row(link.object, link.id)

    def save(self, contact: str, by: str = "admin", **values: object) -> None:
        """Change the lead of a contact as a person does."""
        link = self.pair.memory.links[contact]
        assert self.org.update(link.object, link.id, values, by=by) is None


def applied(folder: Path, agreement: str) -> Path:
    """Apply an agreement to both platforms, let HubSpot have the inclusion segment, and return the folder of it all."""
    configs = folder / "configs"
    if agreement == "acme":
        shutil.copytree(CONFIGS, configs)
        place = Place(configs / "acme/agreement.yaml", configs / "targets.yaml", folder / "state")
        shutil.copy(configs / "acme/sync.yaml", folder / "sync.yaml")
    else:
        shutil.copytree(LIVING, configs)
        shutil.copy(OURS / "hubspot.yaml", configs / "bindings" / "hubspot.yaml")
        shutil.copy(OURS / "sync.yaml", folder / "sync.yaml")
        targets = (configs / "targets.yaml").read_text("utf-8")
        own = targets[targets.index("  salesforce-simulator:") :].replace("salesforce", "hubspot")
        (configs / "targets.yaml").write_text(targets + own, "utf-8")
        place = Place(configs / "agreement.yaml", configs / "targets.yaml", folder / "state")
    for each in TARGETS:
        result = apply(place, each, environ={}, today=None).result
        assert result is not None
        assert not [each.detail for each in result.outcomes if each.detail]
    return folder


def joined(kept: Path, folder: Path, *, at: datetime, settings: Mapping[str, object] | None = None) -> Joined:
    """Return copies of both platforms, joined, with the clock at an instant and these settings changed."""
    state = folder / "state"
    shutil.copytree(kept / "state", state, ignore=shutil.ignore_patterns("deploys", "lock", "*.pem"))
    hubspot = HubSpotApplication(state / TARGETS[0] / "simulator", at)
    salesforce = open_application(state / TARGETS[1] / "simulator", at)
    said = read_settings(kept / "sync.yaml", root=kept)
    if settings:
        said = Sync.model_validate({**said.model_dump(mode="json"), **settings})
    people = in_process(Client(hubspot), ADMINISTRATOR_TOKEN)
    branch = {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filterBranches": [],
        "filters": [_KNOWN_TO_SALES],
    }
    root = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [branch]}
    segment = {"name": said.inclusion, "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": root}
    people("POST", "/crm/v3/lists", segment)
    for each in (hubspot, salesforce):
        each.run_until(at)
    joint = Joint(
        said,
        in_process(Client(hubspot), hubspot.token),
        in_process(Client(salesforce), salesforce.token_of(said.user)),
    )
    pair = Pair(hubspot, salesforce, joint, first_look(said, at))
    return Joined(pair, Org(salesforce, Client(salesforce)), people)


def in_process(client: Client, token: str) -> Wire:
    """Return a way to an application of this process: that both speak HTTP is proven elsewhere."""

    def call(method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Any:
        sent: dict[str, Any] = {} if body is None else {"json": body}
        said = {"Authorization": f"Bearer {token}", **(headers or {})}
        answer = client.open(path, method=method, headers=said, **sent)
        content = answer.get_json() if answer.get_data() else None
        if answer.status_code >= 400:
            raise refusal(answer.status_code, content)
        return content

    return call
