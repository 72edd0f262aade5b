"""A portal without requests, in which tests let workflows run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sla_sync_hubspot.simulator.call import spell_time
from sla_sync_hubspot.simulator.flows.rules import created_flow, replaced_flow
from sla_sync_hubspot.simulator.limits import TIERS
from sla_sync_hubspot.simulator.pace import Pace
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import API, Records, Source, Value
from sla_sync_hubspot.simulator.running.enrolments import Line, history, sent
from sla_sync_hubspot.simulator.running.outbox import Sent
from sla_sync_hubspot.simulator.running.scheduling import follow, run_until
from sla_sync_hubspot.simulator.saving import archive_record, change_record, create_record
from sla_sync_hubspot.simulator.stock import new_state
from sla_sync_hubspot.simulator.stock_properties import Stock, spell_stock
from sla_sync_hubspot.simulator.switches import Switches
from tests.connectors.hubspot.simulator.portal import branch, tested

CONTACT = "0-1"
MONDAY = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
"""Ten in the morning on the portal's clock."""
_OWN = (
    Stock("sla_fit", "Fit", "number", "number", "sla"),
    Stock("sla_ticks", "Ticks", "number", "number", "sla"),
    Stock("sla_at", "At", "datetime", "date", "sla"),
    Stock("sla_day", "Day", "date", "date", "sla"),
    Stock("sla_reason", "Reason", "enumeration", "select", "sla", (("budget", "Budget"), ("need", "Need"))),
    Stock("sla_note", "Note", "string", "text", "sla"),
    Stock("sla_owner", "Second owner", "enumeration", "select", "sla", owner=True),
)
FITS = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN_OR_EQUAL_TO", value=60,
              includeObjectsWithNoValueSet=False)  # fmt: skip
WEEK = tuple(
    {"day": day, "startTime": {"hour": 9, "minute": 0}, "endTime": {"hour": 17, "minute": 0}}
    for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
)


@dataclass
class Workshop:
    """One portal and its clock."""

    portal: Portal

    def put(self, *actions: dict[str, Any], **more: Any) -> str:
        """Create a workflow that is on, as the API accepts it, and return its id."""
        identifier = str(len(self.portal.state["flows"]) + 1)
        given = created_flow(self.portal.state, body(*actions, **more))
        self.portal.state["flows"][identifier] = {"id": identifier, "revisionId": "1"} | given
        self._follow()
        return identifier

    def replace(self, identifier: str, *actions: dict[str, Any], **more: Any) -> None:
        """Replace a workflow."""
        found = self.portal.state["flows"][identifier]
        given = replaced_flow(self.portal.state, body(*actions, **more) | {"revisionId": found["revisionId"]}, found)
        self.portal.state["flows"][identifier] = {"id": identifier, "revisionId": "2"} | given
        self._follow()

    def remove(self, identifier: str) -> None:
        """Delete a workflow."""
        del self.portal.state["flows"][identifier]
        self._follow()

    def contact(self, **values: str) -> str:
        """Create a contact and return its id."""
        identifier = create_record(self.portal, CONTACT, values, Source(API))
        self._follow()
        return identifier

    def change(self, record: str, **values: str) -> None:
        """Change values of a contact."""
        change_record(self.portal, CONTACT, record, values, Source(API))
        self._follow()

    def archive(self, record: str) -> None:
        """Archive a contact."""
        archive_record(self.portal, CONTACT, record, Source(API))
        self._follow()

    def run(self, **length: float) -> None:
        """Let the clock run for so many minutes, hours or days."""
        self.run_to(self.portal.now + timedelta(**length))

    def run_to(self, moment: datetime) -> None:
        """Let the clock run to an instant."""
        self.portal.memory.forget()
        run_until(self.portal, moment)
        self.portal.records.kept()

    def _follow(self) -> None:
        """Do what ends a request."""
        self.portal.memory.forget()  # tests change settings as they like
        follow(self.portal, settings=True)
        self.portal.records.kept()

    def value(self, record: str, name: str) -> str | None:
        """Return what a property of a contact holds."""
        found = self.portal.records.get(CONTACT, record)
        return found.get(name) if found else None

    def told(self, record: str, name: str) -> tuple[Value, ...]:
        """Return the history of a property, newest first."""
        found = self.portal.records.get(CONTACT, record)
        return found.history.get(name, ()) if found else ()

    def lines(self, flow: str | None = None) -> list[tuple[str, str]]:
        """Return the history of workflows as pairs of event and action."""
        return [(each.event, each.action) for each in self.log(flow)]

    def log(self, flow: str | None = None) -> tuple[Line, ...]:
        """Return the history of workflows."""
        return history(self.portal.records, flow)

    def outbox(self) -> tuple[Sent, ...]:
        """Return what was sent."""
        return sent(self.portal.records)

    def make_list(self, kind: str = "MANUAL", **more: Any) -> str:
        """Put a list there and return its id."""
        identifier = str(len(self.portal.state["lists"]) + 1)
        self.portal.state["lists"][identifier] = {
            "listId": identifier, "name": identifier, "objectTypeId": CONTACT, "processingType": kind,
        } | more  # fmt: skip
        return identifier


def open_workshop(clock: datetime = MONDAY, *, zone: str = "US/Eastern", **pace: Any) -> Workshop:
    """Return an empty portal."""
    stamp = spell_time(clock)
    state = new_state(stamp)
    state["portal"]["timeZone"] = zone
    state["properties"][CONTACT] |= {each.name: spell_stock(each, 0, stamp) for each in _OWN}
    switches = replace(Switches(TIERS["professional"]), workflows=Pace(**pace))
    return Workshop(Portal(state, Records(), switches, clock))


def action(number: int, kind: str, *, to: int | None = None, **fields: Any) -> dict[str, Any]:
    """Return an action with its fields; `to` is the next one."""
    link = {} if to is None else {"connection": _link(to)}
    return {
        "type": "SINGLE_CONNECTION", "actionId": str(number), "actionTypeId": kind, "fields": fields,
    } | link  # fmt: skip


def delay(number: int, minutes: int, *, to: int | None = None) -> dict[str, Any]:
    """Return a delay for a set amount of time."""
    return action(number, "0-1", to=to, delta=str(minutes), time_unit="MINUTES")


def put(number: int, name: str, text: str, *, to: int | None = None) -> dict[str, Any]:
    """Return an action that sets a property to a static value."""
    return action(number, "0-5", to=to, property_name=name, value={"type": "STATIC_VALUE", "staticValue": text})


def stamp(number: int, name: str = "sla_at", *, to: int | None = None) -> dict[str, Any]:
    """Return an action that sets a property to now."""
    value = {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}
    return action(number, "0-5", to=to, property_name=name, value=value)


def tick(number: int, *, to: int | None = None) -> dict[str, Any]:
    """Return an action that counts."""
    return action(number, "0-5", to=to, property_name="sla_ticks", value={"type": "INCREMENT", "incrementAmount": 1})


def split(number: int, *tests: dict[str, Any], to: int, other: int | None = None) -> dict[str, Any]:
    """Return a branch for the records that pass these tests."""
    found = {"branchName": "yes", "filterBranch": branch(*tests), "connection": _link(to)}
    default = {} if other is None else {"defaultBranch": _link(other)}
    return {"type": "LIST_BRANCH", "actionId": str(number), "listBranches": [found]} | default


def switch(number: int, said: dict[str, Any], *, other: int | None = None, **to: int) -> dict[str, Any]:
    """Return a branch on values."""
    branches = [{"branchValue": value, "connection": _link(target)} for value, target in to.items()]
    default = {} if other is None else {"defaultBranch": _link(other)}
    return {"type": "STATIC_BRANCH", "actionId": str(number), "inputValue": said, "staticBranches": branches} | default


def by_list(*tests: dict[str, Any], again: bool = False, leaves: bool = False, triggers: Any = ()) -> dict[str, Any]:
    """Return criteria that enrol who comes to pass these tests."""
    return {
        "type": "LIST_BASED", "listFilterBranch": branch(*tests), "shouldReEnroll": again,
        "unEnrollObjectsNotMeetingCriteria": leaves, "reEnrollmentTriggersFilterBranches": list(triggers),
    }  # fmt: skip


def trigger(name: str, **operation: Any) -> dict[str, Any]:
    """Return a re-enrolment trigger: a property and the test of its new value."""
    named = tested("hs_name", operationType="STRING", operator="IS_EQUAL_TO", value=name)
    return {"filterBranchType": "AND", "filters": [named, tested("hs_value", **operation)]}


def body(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the body of a workflow that is on and enrols who fits."""
    return {
        "name": "SLA | Test", "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "isEnabled": True,
        "objectTypeId": CONTACT, "actions": list(actions), "enrollmentCriteria": by_list(FITS),
    } | ({"startActionId": actions[0]["actionId"]} if actions else {}) | more  # fmt: skip


def _link(to: int) -> dict[str, str]:
    return {"edgeType": "STANDARD", "nextActionId": str(to)}
