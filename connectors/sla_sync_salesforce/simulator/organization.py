"""The state of one org: users, components, records, audit trail and deployments, kept as readable JSON in one folder."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sla_sync.connector.simulation import write_atomically
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.identifiers import identifier
from sla_sync_salesforce.simulator.records_file import load_records
from sla_sync_salesforce.simulator.store import Store

STATE_FILE = "state.json"
SWITCHES_FILE = "switches.json"
_FORMAT = 1


@dataclass(frozen=True)
class Switches:
    """Behaviours of the platform that its documentation leaves open. A file switches.json in the data folder sets them."""

    omitted_status_values: str = "deactivate"
    """What happens to a value of LeadStatus that a deployed list leaves out: `deactivate` or `keep`."""
    merge_permissions: bool = True
    """Whether a deployed permission set is merged into the one that is there; otherwise it replaces it."""
    activate_flows: bool = True
    """Whether a flow deployed as Active becomes active at once, as in an org that is not production or allows it."""
    retrieve_active_flow: bool = True
    """Whether a retrieved flow is its active version where it has one; otherwise it is the latest."""
    reschedule_paths: str = "reschedule"
    """What a change of its date makes of a path that waits: `reschedule` moves it, `keep` leaves it where it was."""
    path_delay_minutes: int = 0
    """How late scheduled paths run; the platform is minutes late."""
    after_save_record: str = "saved"
    """The record with which a flow after the save begins: as this save wrote it (`saved`), or as it stands (`fresh`)."""
    omitted_queue_members: str = "keep"
    """What happens to the members of a queue that is deployed without `queueMembers`: `keep` or `clear`."""
    omitted_business_hours: str = "keep"
    """What happens to holidays that a deployed file of business hours leaves out: `keep` or `remove`."""
    omitted_lead_mappings: str = "remove"
    """What happens to pairs that a deployed mapping of lead fields leaves out: `remove` or `keep`."""
    address_picklists: bool = False
    """Whether the org has switched on state and country picklists, so that the Lead has `CountryCode` and `StateCode`."""
    lead_history: bool = True
    """Whether an administrator has chosen to keep the history of the status, the owner and the source of leads."""


@dataclass
class User:
    """A person or an integration that may sign in."""

    id: str
    username: str
    name: str
    profile: str
    active: bool = True
    administrator: bool = False
    auditor: bool = False
    """Whether the user sees everything and changes nothing: Modify Metadata Through Metadata API Functions, View Setup,
    View All Data and View All Fields, without Customize Application or any other right to change what is set up."""
    frozen: bool = False
    """Whether an administrator stopped the person from logging in; such a user stays active."""
    frozen_by: str = ""
    """Who last changed that, by id."""
    frozen_at: str = ""


@dataclass
class FlowVersion:
    """One version of a flow; versions count from 1."""

    number: int
    id: str
    values: Values
    changed_by: str
    changed_at: str


@dataclass
class Component:
    """One metadata component as the org holds it. `content` is base64; only flows have versions."""

    id: str
    values: Values
    created_by: str
    created_at: str
    changed_by: str
    changed_at: str
    content: str | None = None
    versions: list[FlowVersion] = field(default_factory=list)
    active: int = 0
    """The number of the active version of a flow, 0 where none is."""


@dataclass
class Assignment:
    """A permission set that a user holds."""

    id: str
    permission_set: str
    assignee: str
    changed_at: str


@dataclass
class AuditLine:
    """One line of the setup audit trail."""

    id: str
    action: str
    section: str
    display: str
    user: str
    at: str


@dataclass
class Deploy:
    """One request to deploy. The zip stands beside the state as long as it may still be needed."""

    id: str
    user: str
    created_at: str
    options: dict[str, Any]
    sequence: int
    """How many deployments had changed the org when this one was validated or carried out."""
    status: str = "Pending"
    polls: int = 0
    completed_at: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    canceled_by: str = ""
    tests: bool = False
    """Whether tests ran, which a quick deploy asks for."""

    @property
    def is_over(self) -> bool:
        """Whether it was carried out or cancelled: from then on nothing of it changes."""
        return self.completed_at is not None

    def spelled(self) -> str:
        """Return it as JSON: of one that is over always the same text, since an org keeps many, each with its report."""
        return self._last_text if self.is_over else self._text()

    @cached_property
    def _last_text(self) -> str:
        return self._text()

    def _text(self) -> str:
        return _encoded({each.name: getattr(self, each.name) for each in dataclasses.fields(self)})


@dataclass
class Organization:
    """Everything that a request may read or change."""

    id: str
    clock: str
    next_number: int = 1
    api_calls: dict[str, int] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)
    metadata: dict[str, dict[str, Component]] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    audit: list[AuditLine] = field(default_factory=list)
    deploys: dict[str, Deploy] = field(default_factory=dict)
    deployments: int = 0
    """How many deployments have changed the org."""
    state_changes: int = 0
    address_picklists: bool = False
    """Whether state and country picklists are switched on."""
    store: Store = field(default_factory=Store, repr=False)
    """The rows of the org, kept in a file of their own."""

    def __post_init__(self) -> None:
        self.store.numbering = self._auto_numbers

    @property
    def now(self) -> datetime:
        """The virtual clock, in UTC."""
        return datetime.fromisoformat(self.clock)

    @property
    def instant(self) -> str:
        """The virtual clock as the platform writes an instant."""
        return spell_instant(self.now)

    def tick(self) -> None:
        """Count one change of state and let one second pass."""
        self.state_changes += 1
        self.clock = (self.now + timedelta(seconds=1)).isoformat()

    def new_id(self, kind: str) -> str:
        """Return an id that no other record has."""
        number = self.next_number
        self.next_number += 1
        return identifier(kind, number)

    def of(self, type_name: str) -> dict[str, Component]:
        """Return the components of a type by full name."""
        return self.metadata.setdefault(type_name, {})

    def user(self, identity: str) -> User:
        """Return the user with this id."""
        return next(each for each in self.users if each.id == identity)

    def _auto_numbers(self, object_name: str) -> Mapping[str, str]:
        """Return the display formats of the auto-number fields of an object."""
        formats = {
            full_name.partition(".")[2]: str(component.values.get("displayFormat", "{0}"))
            for full_name, component in self.of("CustomField").items()
            if full_name.startswith(f"{object_name}.") and component.values.get("type") == "AutoNumber"
        }
        own = self.of("CustomObject").get(object_name)
        name_field = own.values.get("nameField", {}) if own else {}
        if name_field.get("type") == "AutoNumber":
            formats["Name"] = str(name_field.get("displayFormat", "{0}"))
        return formats

    def note(self, action: str, section: str, display: str, user: str) -> None:
        """Write a line of the setup audit trail."""
        line = AuditLine(self.new_id("SetupAuditTrail"), action, section, display, user, self.instant)
        self.audit.append(line)


def spell_instant(instant: datetime) -> str:
    """Return an instant as `2026-10-01T00:00:00.000Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def load_switches(data: Path) -> Switches:
    """Return the behaviours set in the data folder, defaults where nothing is said."""
    path = data / SWITCHES_FILE
    return Switches(**json.loads(path.read_text("utf-8"))) if path.exists() else Switches()


def save(organization: Organization, data: Path) -> None:
    """Write the state so that a reader sees the old one or the new one, never a part."""
    write_atomically(data / STATE_FILE, "".join(_document(organization)).encode(), lasting=False)


def _document(organization: Organization) -> Iterator[str]:
    """Yield the state as JSON: a line for each component, so that a difference can be read, and no indent inside.

    The encoder written in C knows no indent, and is more than ten times as fast as the other.
    """
    yield f'{{"format": {_FORMAT}'
    for each in dataclasses.fields(organization):
        if each.name not in ("store", "metadata", "deploys"):
            yield f',\n"{each.name}": {_encoded(getattr(organization, each.name))}'
    deploys = (f" {_encoded(identity)}: {each.spelled()}" for identity, each in organization.deploys.items())
    yield ',\n"deploys": {\n' + ",\n".join(deploys) + "}"
    yield ',\n"metadata": {'
    for place, (type_name, components) in enumerate(organization.metadata.items()):
        yield f"{',' if place else ''}\n {_encoded(type_name)}: {{"
        lines = (f"  {_encoded(name)}: {_encoded(each)}" for name, each in components.items())
        yield "\n" + ",\n".join(lines) if components else ""
        yield "}"
    yield "}\n}\n"


def _encoded(value: object) -> str:
    return _ENCODER.encode(value)


# The members of a dataclass one by one: those in it that are dataclasses come back here, and nothing is copied.
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=vars)


def load(data: Path) -> Organization | None:
    """Return the state kept in the folder, or None where there is none yet."""
    path = data / STATE_FILE
    if not path.exists():
        return None
    document = json.loads(path.read_text("utf-8"))
    document.pop("format")
    document["users"] = [User(**each) for each in document["users"]]
    document["assignments"] = [Assignment(**each) for each in document["assignments"]]
    document["audit"] = [AuditLine(**each) for each in document["audit"]]
    document["deploys"] = {identity: Deploy(**each) for identity, each in document["deploys"].items()}
    document["metadata"] = {
        type_name: {name: _component(each) for name, each in components.items()}
        for type_name, components in document["metadata"].items()
    }
    organization = Organization(**document)
    kept_at = load_records(organization.store, data)
    if kept_at is not None and kept_at > organization.now:
        organization.clock = kept_at.isoformat()
    return organization


def _component(document: dict[str, Any]) -> Component:
    versions = [FlowVersion(**each) for each in document.pop("versions")]
    return Component(**document, versions=versions)
