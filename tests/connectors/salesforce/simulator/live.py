"""An org in memory whose settings a test writes down, and whose records it saves: for tests of what runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sla_sync_salesforce.simulator import saving, scheduling, stock
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import Component, FlowVersion, Switches, User
from sla_sync_salesforce.simulator.outbox import Sent, sent
from sla_sync_salesforce.simulator.projection import project
from sla_sync_salesforce.simulator.save_options import PLAIN, SaveOptions
from sla_sync_salesforce.simulator.store import Row, Value

_ID_OF = {"Queue": "Group", "Group": "Group", "Flow": "FlowDefinition"}
MONDAY = datetime(2026, 10, 5, 14, tzinfo=UTC)
"""Ten in the morning in New York."""


@dataclass
class Live:
    """One org, with few words for what a test does to it."""

    desk: Desk

    @property
    def admin(self) -> User:
        """Who saves where nobody else is named."""
        return self.desk.organization.users[0]

    def user(self, name: str) -> User:
        """Return a user by the first part of the address."""
        return next(each for each in self.desk.organization.users if each.username.startswith(f"{name}@"))

    def keep(self, type_name: str, full_name: str, values: Mapping[str, Any]) -> Component:
        """Put a component into the org as a deploy would leave it."""
        organization = self.desk.organization
        now, by = organization.instant, self.admin.id
        component = Component(organization.new_id(_ID_OF.get(type_name, "CustomField")), dict(values), by, now, by, now)
        organization.of(type_name)[full_name] = component
        self.settled()
        return component

    def settled(self) -> None:
        """Let what was put into the org count from now on."""
        self.desk.world = None
        project(self.desk.organization)

    def field(self, full_name: str, type_name: str = "Text", **values: str) -> None:
        """Add a custom field."""
        needs = {"Text": {"length": "255"}, "Number": {"precision": "18", "scale": "4"}}.get(type_name, {})
        label = full_name.partition(".")[2].removesuffix("__c").replace("_", " ")
        given = needs if "formula" not in values else {}
        self.keep("CustomField", full_name, {"type": type_name, "label": label, **given, **values})

    def rule(self, full_name: str, formula: str, message: str, **values: str) -> None:
        """Add an active validation rule."""
        kept = {"active": "true", "errorConditionFormula": formula, "errorMessage": message, **values}
        self.keep("ValidationRule", full_name, kept)

    def flow(self, name: str, start: Mapping[str, Any], *, order: int | None = None, **members: list[Any]) -> None:
        """Add an active flow; one of the name that is there gets a new version."""
        values: dict[str, Any] = {
            "label": name.replace("_", " "),
            "processType": "AutoLaunchedFlow",
            "start": dict(start),
            "status": "Active",
            **members,
        }
        if order is not None:
            values["triggerOrder"] = str(order)
        component = self.desk.organization.of("Flow").get(name) or self.keep("Flow", name, values)
        number = len(component.versions) + 1
        component.versions.append(FlowVersion(number, f"{component.id[:14]}{number}", values, self.admin.id, ""))
        component.active = number
        self.settled()

    def save(
        self,
        object_name: str,
        identity: str | None = None,
        by: User | None = None,
        options: SaveOptions = PLAIN,
        **values: Value,
    ) -> str:
        """Save one record and return its id."""
        return saving.save(self.desk, by or self.admin, object_name, identity, values, options=options)

    def lead(self, identity: str | None = None, by: User | None = None, **values: Value) -> str:
        """Save a lead; a new one has what a lead requires."""
        needs: Row = {} if identity else {"LastName": "Shaw", "Company": "Hillside"}
        return saving.save(self.desk, by or self.admin, "Lead", identity, {**needs, **values})

    def row(self, object_name: str, identity: str) -> Row:
        """Return a record."""
        row = self.desk.organization.store.get(object_name, identity)
        assert row is not None, f"There is no {object_name} {identity}."
        return row

    def rows(self, object_name: str) -> list[Row]:
        """Return every record of an object, oldest first."""
        return list(self.desk.organization.store.of(object_name).values())

    def until(self, instant: datetime) -> None:
        """Let the clock run."""
        scheduling.run_until(self.desk, instant)

    @property
    def now(self) -> datetime:
        """The clock."""
        return self.desk.organization.now

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What was sent, oldest first."""
        return sent(self.desk.organization.store)


def live(data: Path, **switches: Any) -> Live:
    """Return a new org at ten o'clock on a Monday."""
    return Live(Desk(stock.new_organization(MONDAY), data, Switches(**switches)))


def ref(name: str) -> dict[str, Any]:
    """Return a value that is another element's."""
    return {"elementReference": name}


def value(given: Any) -> dict[str, Any]:
    """Return a value as the XML would hold it."""
    if isinstance(given, dict):
        return given
    if isinstance(given, bool):
        return {"booleanValue": "true" if given else "false"}
    return {"stringValue": given} if isinstance(given, str) else {"numberValue": str(given)}


def to(name: str | None, member: str = "connector") -> dict[str, Any]:
    """Return a connector."""
    return {} if name is None else {member: {"targetReference": name}}


def filters(*asked: tuple[str, str, Any]) -> dict[str, Any]:
    """Return filters that must all hold."""
    given = [{"field": name, "operator": operator, "value": value(right)} for name, operator, right in asked]
    return {"filterLogic": "and", "filters": given} if given else {}


def begin(
    first: str | None,
    *asked: tuple[str, str, Any],
    on: str = "CreateAndUpdate",
    before: bool = False,
    of: str = "Lead",
    newly: bool = False,
    paths: tuple[dict[str, Any], ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return the start of a flow."""
    return {
        "object": of,
        "recordTriggerType": on,
        "triggerType": "RecordBeforeSave" if before else "RecordAfterSave",
        **to(first),
        **filters(*asked),
        **({"doesRequireRecordChangedToMeetCriteria": "true"} if newly else {}),
        **({"scheduledPaths": list(paths)} if paths else {}),
        **more,
    }


def path(name: str, first: str, field: str | None, *, number: int = 0, unit: str = "Minutes") -> dict[str, Any]:
    """Return a scheduled path."""
    source = {"recordField": field, "timeSource": "RecordField"} if field else {"timeSource": "RecordTriggerEvent"}
    return {"name": name, "label": name, **to(first), "offsetNumber": str(number), "offsetUnit": unit, **source}


def assign(name: str, *items: tuple[str, str, Any], then: str | None = None) -> dict[str, Any]:
    """Return an assignment."""
    given = [
        {"assignToReference": target, "operator": operator, "value": value(right)} for target, operator, right in items
    ]
    return {"name": name, "label": name, "assignmentItems": given, **to(then)}


def decide(
    name: str, *asked: tuple[str, str, Any], yes: str | None, no: str | None = None, **rule: Any
) -> dict[str, Any]:
    """Return a decision between two ways."""
    conditions = [
        {"leftValueReference": left, "operator": operator, "rightValue": value(right)}
        for left, operator, right in asked
    ]
    outcome = {"name": f"{name}_Yes", "label": "Yes", "conditionLogic": "and", "conditions": conditions, **rule}
    return {"name": name, "label": name, "rules": [{**outcome, **to(yes)}], **to(no, "defaultConnector")}


def look_up(
    name: str, of: str, *asked: tuple[str, str, Any], then: str | None = None, first: bool = True, **more: Any
) -> dict[str, Any]:
    """Return a look-up whose result is kept under its name."""
    return {
        "name": name,
        "label": name,
        "object": of,
        "getFirstRecordOnly": "true" if first else "false",
        "storeOutputAutomatically": "true",
        **filters(*asked),
        **to(then),
        **more,
    }


def update(
    name: str, items: Mapping[str, Any], *asked: tuple[str, str, Any], of: str = "", then: str | None = None
) -> dict[str, Any]:
    """Return an update of records of an object, or of the record itself where none is named."""
    aim = {"object": of, **filters(*asked)} if of else {"inputReference": "$Record"}
    return {"name": name, "label": name, "inputAssignments": _inputs(items), **aim, **to(then)}


def create(name: str, of: str, items: Mapping[str, Any], *, then: str | None = None) -> dict[str, Any]:
    """Return the creation of a record."""
    kept = {"storeOutputAutomatically": "true"}
    return {"name": name, "label": name, "object": of, "inputAssignments": _inputs(items), **kept, **to(then)}


def call(name: str, kind: str, inputs: Mapping[str, Any], *, then: str | None = None, **more: Any) -> dict[str, Any]:
    """Return the call of an action."""
    given = [{"name": each, "value": value(right)} for each, right in inputs.items()]
    return {"name": name, "label": name, "actionType": kind, "inputParameters": given, **to(then), **more}


def formula(name: str, data: str, expression: str, scale: int | None = None) -> dict[str, Any]:
    """Return a formula."""
    return {
        "name": name,
        "dataType": data,
        "expression": expression,
        **({"scale": str(scale)} if scale is not None else {}),
    }


def _inputs(items: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"field": name, "value": value(given)} for name, given in items.items()]
