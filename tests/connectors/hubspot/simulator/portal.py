"""A portal to ask in the same process, and the settings that most tests begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

from werkzeug.test import Client, TestResponse

from sla_sync_hubspot.simulator.application import HubSpotApplication
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN, APP_TOKEN

CLOCK = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
CONTACTS = "/crm/v3/properties/contacts"
LISTS = "/crm/v3/lists"
FLOWS = "/automation/v4/flows"
OBJECTS = "/crm/v3/objects"
STAGES = "/crm/v3/pipelines/deals/default/stages"

Told = TypeVar("Told")


@dataclass
class Portal:
    """A simulator without a socket."""

    application: HubSpotApplication
    data: Path

    def ask(self, method: str, path: str, body: Any = None, *, token: str = APP_TOKEN, **options: Any) -> TestResponse:
        """Send one request with a JSON body."""
        headers = {"Authorization": f"Bearer {token}"}
        if body is not None:
            options["json"] = body
        return Client(self.application).open(path, method=method, headers=headers, **options)

    def done(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Send a request that must succeed, and return the JSON of its answer."""
        answer = self.ask(method, path, body, **options)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json() if answer.get_data() else None

    def as_administrator(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed, with the token of a person."""
        return self.done(method, path, body, token=ADMINISTRATOR_TOKEN)


def open_portal(data: Path) -> Portal:
    """Return a portal whose state stands in this folder."""
    return Portal(HubSpotApplication(data, CLOCK), data)


def copied(data: Path, make: Callable[[Portal], Told]) -> tuple[Portal, Told]:
    """Return a portal that nobody else has, as `make` leaves an empty one, and what `make` returned.

    The first caller waits for its requests, all others for a copy of the files. `make` is a function of a module.
    """
    files, told = _kept(make)
    for name, content in files.items():
        (data / name).write_bytes(content)
    return open_portal(data), cast("Told", told)


@cache
def _kept(make: Callable[[Portal], object]) -> tuple[Mapping[str, bytes], object]:
    with TemporaryDirectory() as folder:
        told = make(open_portal(Path(folder)))
        return {each.name: each.read_bytes() for each in Path(folder).iterdir()}, told


GROUP = {"name": "sla_sync", "label": "SLA"}
NUMBER = {"name": "sla_fit", "label": "Fit", "groupName": "sla_sync", "type": "number", "fieldType": "number"}
CHOICE = {
    "name": "sla_reason", "label": "Reason", "groupName": "sla_sync", "type": "enumeration", "fieldType": "select",
    "options": [
        {"label": "No budget", "value": "budget", "displayOrder": 0, "hidden": False},
        {"label": "No need", "value": "need", "displayOrder": 1, "hidden": False},
    ],
}  # fmt: skip
STAMP = {"name": "sla_at", "label": "Qualified at", "groupName": "sla_sync", "type": "datetime", "fieldType": "date"}
BOOLEAN = {
    "name": "sla_yes", "label": "Yes", "groupName": "sla_sync", "type": "bool", "fieldType": "booleancheckbox",
    "options": [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}],
}  # fmt: skip


def tested(name: str, **operation: Any) -> dict[str, Any]:
    """Return a property filter."""
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def branch(*filters: dict[str, Any]) -> dict[str, Any]:
    """Return a root branch with one AND branch of these filters."""
    return {
        "filterBranchType": "OR", "filters": [],
        "filterBranches": [{"filterBranchType": "AND", "filterBranches": [], "filters": list(filters)}],
    }  # fmt: skip


FITS = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN_OR_EQUAL_TO", value=60)
LIST = {"name": "SLA | Hot", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": branch(FITS)}


def event(name: str, *values: str) -> dict[str, Any]:
    """Return the event that a property of options gets one of these values."""
    return {
        "filterBranchType": "UNIFIED_EVENTS", "filterBranchOperator": "AND", "filterBranches": [],
        "eventTypeId": "4-655002", "operator": "HAS_COMPLETED",
        "filters": [
            tested("hs_name", operationType="STRING", operator="IS_EQUAL_TO", value=name),
            tested("hs_value", operationType="ENUMERATION", operator="IS_ANY_OF", values=list(values)),
        ],
    }  # fmt: skip


def in_list(list_id: str) -> dict[str, Any]:
    """Return a filter on membership of a list."""
    return {"filterType": "IN_LIST", "listId": list_id, "operator": "IN_LIST"}


def flow(list_id: str, **more: Any) -> dict[str, Any]:
    """Return a workflow that stamps a date on whoever enters a list."""
    stamp = {"property_name": "sla_at", "value": {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}}
    unstamped = tested("sla_at", operationType="ALL_PROPERTY", operator="IS_UNKNOWN")
    return {
        "name": "SLA | Stamp", "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "isEnabled": False,
        "objectTypeId": "0-1", "startActionId": "1",
        "actions": [
            {
                "type": "LIST_BRANCH", "actionId": "1",
                "listBranches": [
                    {"branchName": "new", "filterBranch": branch(unstamped),
                     "connection": {"edgeType": "STANDARD", "nextActionId": "2"}}
                ],
            },
            {
                "type": "SINGLE_CONNECTION", "actionId": "2", "actionTypeId": "0-5", "fields": stamp,
                "connection": {"edgeType": "STANDARD", "nextActionId": "3"},
            },
            {
                "type": "SINGLE_CONNECTION", "actionId": "3", "actionTypeId": "0-1",
                "fields": {"delta": "240", "time_unit": "MINUTES"},
            },
        ],
        "enrollmentCriteria": {
            "type": "LIST_BASED", "listFilterBranch": branch(in_list(list_id)), "shouldReEnroll": False,
            "unEnrollObjectsNotMeetingCriteria": False,
        },
        "timeWindows": [{"day": "MONDAY", "startTime": {"hour": 9, "minute": 0}, "endTime": {"hour": 17, "minute": 0}}],
        "blockedDates": [{"month": "DECEMBER", "dayOfMonth": 25, "year": 2026}],
    } | more  # fmt: skip


def furnish(portal: Portal) -> str:
    """Create a group, four properties and a list; return the id of the list."""
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    for definition in (NUMBER, CHOICE, STAMP, BOOLEAN):
        portal.done("POST", CONTACTS, definition)
    return str(portal.done("POST", LISTS, LIST)["list"]["listId"])


def settled_flow(portal: Portal, list_id: str, **more: Any) -> Any:
    """Create a workflow and return it as soon as it can be replaced."""
    identifier = portal.done("POST", FLOWS, flow(list_id, **more))["id"]
    portal.done("GET", f"{FLOWS}/{identifier}")
    return portal.done("GET", f"{FLOWS}/{identifier}")


def sendable(found: dict[str, Any]) -> dict[str, Any]:
    """Return what was read of a workflow without the members that must not be sent back."""
    return {key: value for key, value in found.items() if key not in ("createdAt", "updatedAt", "dataSources")}


def made(portal: Portal, kind: str, **properties: str) -> str:
    """Create a record and return its id."""
    return str(portal.done("POST", f"{OBJECTS}/{kind}", {"properties": properties})["id"])


def held(portal: Portal, kind: str, identifier: str, *names: str) -> dict[str, str | None]:
    """Return what properties of a record hold."""
    answer = portal.done("GET", f"{OBJECTS}/{kind}/{identifier}?properties={','.join(names)}")
    return {name: answer["properties"][name] for name in names}
