"""What running needs to know of an org's settings, looked up once for each state that the settings have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import ACTIVITY, fields_of
from sla_sync_salesforce.simulator.organization import Component, Organization
from sla_sync_salesforce.simulator.running.program import Program, program_of
from sla_sync_salesforce.simulator.standard_fields import FieldShape
from sla_sync_salesforce.simulator.store import Row, Store

_ACTIVITIES = ("Task", "Event")
_DEFAULT_ORDER = 1000


@dataclass(frozen=True)
class Rule:
    """A validation rule that is active."""

    name: str
    formula: str
    message: str
    shown_at: str | None


@dataclass
class World:
    """The settings of an org as saves and flows ask for them."""

    organization: Organization
    state: int
    _fields: dict[str, dict[str, FieldShape]] = field(default_factory=dict)
    _relationships: dict[str, dict[str, FieldShape]] = field(default_factory=dict)
    _values: dict[str, dict[str, Values]] = field(default_factory=dict)
    _rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The rows of the org."""
        return self.organization.store

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of every user of the simulated org."""
        return ZoneInfo(stock.TIME_ZONE)

    def fields(self, object_name: str) -> dict[str, FieldShape]:
        """Return the fields of an object by name; nothing for an object that does not exist."""
        if object_name not in self._fields:
            self._fields[object_name] = fields_of(self.organization, object_name)
        return self._fields[object_name]

    def relationships(self, object_name: str) -> dict[str, FieldShape]:
        """Return the lookups of an object by the name that paths give them."""
        if object_name not in self._relationships:
            shapes = self.fields(object_name).values()
            self._relationships[object_name] = {each.relationship: each for each in shapes if each.relationship}
        return self._relationships[object_name]

    def custom(self, object_name: str) -> dict[str, Values]:
        """Return what is kept of an object's custom fields, by name."""
        if object_name not in self._values:
            holder = ACTIVITY if object_name in _ACTIVITIES else object_name
            self._values[object_name] = {
                full_name.partition(".")[2]: component.values
                for full_name, component in self.organization.of("CustomField").items()
                if full_name.startswith(f"{holder}.")
            }
        return self._values[object_name]

    def rules(self, object_name: str) -> tuple[Rule, ...]:
        """Return the active validation rules of an object, in the order of their names."""
        if object_name not in self._rules:
            holder = ACTIVITY if object_name in _ACTIVITIES else object_name
            found = sorted(
                (full_name, component.values)
                for full_name, component in self.organization.of("ValidationRule").items()
                if full_name.startswith(f"{holder}.") and component.values.get("active") == "true"
            )
            self._rules[object_name] = tuple(
                Rule(
                    full_name.partition(".")[2],
                    values["errorConditionFormula"],
                    values.get("errorMessage", ""),
                    values.get("errorDisplayField"),
                )
                for full_name, values in found
            )
        return self._rules[object_name]

    @cached_property
    def programs(self) -> Mapping[str, Program]:
        """The active version of every flow, by name."""
        found = {}
        for name, component in sorted(self.organization.of("Flow").items()):
            version = _active(component)
            if version is not None:
                found[name] = program_of(name, version)
        return found

    @cached_property
    def _triggered(self) -> Mapping[tuple[str, str], tuple[Program, ...]]:
        found: dict[tuple[str, str], list[Program]] = {}
        for each in self.programs.values():
            found.setdefault((each.object_name, each.trigger), []).append(each)
        # Documented: flows with an order of 1 to 1,000 run first, then those without one, then those above.
        # Inferred: those without one run in the order of their names; the platform's is that of their creation.
        return {
            key: tuple(sorted(programs, key=lambda each: (each.order or _DEFAULT_ORDER + 0.5, each.name)))
            for key, programs in found.items()
        }

    def triggered(self, object_name: str, trigger: str) -> tuple[Program, ...]:
        """Return the active flows of an object for a moment of its saves, in the order in which they run."""
        return self._triggered.get((object_name, trigger), ())

    @cached_property
    def thresholds(self) -> Mapping[str, Row]:
        """The rows of custom metadata by `Type__mdt.Row`."""
        return {
            f"{object_name}.{row['DeveloperName']}": row
            for object_name, rows in self.store.rows.items()
            if object_name.endswith("__mdt")
            for row in rows.values()
        }

    @cached_property
    def sorted_rows(self) -> dict[tuple[str, ...], list[Row]]:
        """Rows of custom metadata in an order that was asked for before; they change with the settings only."""
        return {}

    @cached_property
    def permission_sets(self) -> Mapping[str, Values]:
        """The permission sets of the org by id."""
        return {each.id: each.values for each in self.organization.of("PermissionSet").values()}

    def permitted(self, user: str, permission: str) -> bool:
        """Return whether a user holds a custom permission by one of the permission sets that he holds."""
        held = {each.permission_set for each in self.organization.assignments if each.assignee == user}
        return any(
            entry.get("name") == permission and entry.get("enabled") == "true"
            for identity in held
            for entry in self.permission_sets.get(identity, {}).get("customPermissions", [])
        )

    def object_of(self, identity: object) -> str:
        """Return the object to which an id leads by its prefix, or nothing."""
        return (self.store.object_of(identity) or "") if isinstance(identity, str) else ""


def _active(component: Component) -> Values | None:
    found = next((each for each in component.versions if each.number == component.active), None)
    return None if found is None else found.values


def world_of(desk: Desk) -> World:
    """Return what is known of the settings as they are now."""
    organization = desk.organization
    known = desk.world
    if isinstance(known, World) and known.organization is organization and known.state == organization.state_changes:
        return known
    desk.world = World(organization, organization.state_changes)
    return desk.world
