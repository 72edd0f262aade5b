"""What a workflow as a whole must look like, on creation and on replacement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.flows.actions import check_actions
from sla_sync_hubspot.simulator.flows.events import check_event
from sla_sync_hubspot.simulator.flows.values import TIME_OF_DAY
from sla_sync_hubspot.simulator.lists.filters import check_root, check_trigger
from sla_sync_hubspot.simulator.object_types import CONTACT, OBJECT_TYPES
from sla_sync_hubspot.simulator.refusals import Json, invalid, not_built
from sla_sync_hubspot.simulator.running.windows import DAYS, MONTHS

_TYPES = ("CONTACT_FLOW", "PLATFORM_FLOW")
_FLOW_TYPES = ("WORKFLOW", "ACTION_SET", "UNKNOWN")

# Inferred: that these may be left out. The published description asks for most of them; HubSpot's own examples, and
# the bodies that its tests send, do without.
_PARTS: Mapping[str, shapes.Check] = {
    "name": shapes.text,
    "description": shapes.text,
    "uuid": shapes.text,
    "startActionId": shapes.digits,
    "actions": shapes.list_of(shapes.anything),
    "enrollmentCriteria": shapes.anything,
    "timeWindows": shapes.list_of(
        shapes.record({"day": shapes.one_of(DAYS)}, {"startTime": TIME_OF_DAY, "endTime": TIME_OF_DAY})
    ),
    "blockedDates": shapes.list_of(
        shapes.record(
            {"month": shapes.one_of(MONTHS), "dayOfMonth": shapes.between(1, 31)}, {"year": shapes.between(1, 9999)}
        )
    ),
    "customProperties": shapes.map_of(shapes.text),
}
_CONTACT_PARTS: Mapping[str, shapes.Check] = {
    "canEnrollFromSalesforce": shapes.boolean,
    "suppressionListIds": shapes.list_of(shapes.integer),
}
_NOT_BUILT: Mapping[str, shapes.Check] = dict.fromkeys(
    ("enrollmentSchedule", "goalFilterBranch", "unEnrollmentSetting", "eventAnchor", "suppressionFilterBranch"),
    shapes.anything,
)
# A client that sends back what it read carries these along; HubSpot looks past them.
_TOLERATED: Mapping[str, shapes.Check] = {
    "id": shapes.text,
    "nextAvailableActionId": shapes.text,
    "crmObjectCreationStatus": shapes.text,
}
_CREATION = shapes.record(
    {
        "type": shapes.one_of(_TYPES),
        "flowType": shapes.one_of(_FLOW_TYPES),
        "isEnabled": shapes.boolean,
        "objectTypeId": shapes.one_of(OBJECT_TYPES),
    },
    dict(_PARTS)
    | dict(_CONTACT_PARTS)
    | dict(_NOT_BUILT)
    | dict(_TOLERATED)
    | {"dataSources": shapes.list_of(shapes.anything)},
)
_REPLACEMENT = shapes.record(
    {"type": shapes.one_of(_TYPES), "revisionId": shapes.digits},
    dict(_PARTS)
    | dict(_CONTACT_PARTS)
    | dict(_NOT_BUILT)
    | dict(_TOLERATED)
    | {
        "isEnabled": shapes.boolean,
        "flowType": shapes.one_of(_FLOW_TYPES),
        "objectTypeId": shapes.one_of(OBJECT_TYPES),
    },
)
_LIST_BASED = shapes.record(
    {
        "type": shapes.text,
        "listFilterBranch": shapes.anything,
        "shouldReEnroll": shapes.boolean,
        "unEnrollObjectsNotMeetingCriteria": shapes.boolean,
    },
    {"reEnrollmentTriggersFilterBranches": shapes.list_of(shapes.anything)},
)
_MANUAL = shapes.record({"type": shapes.text, "shouldReEnroll": shapes.boolean})
_EVENT_BASED = shapes.record(
    {"type": shapes.text, "eventFilterBranches": shapes.list_of(shapes.anything), "shouldReEnroll": shapes.boolean},
    {"listMembershipFilterBranches": shapes.list_of(shapes.anything), "refinementCriteria": shapes.anything},
)
_CRITERIA = ("LIST_BASED", "MANUAL", "EVENT_BASED", "DATASET")


def created_flow(state: Json, body: Any) -> Json:
    """Return the members that a creation gives, checked and with the defaults; raises RefusalError for a wrong body."""
    _CREATION(body, "")
    if body.get("dataSources"):
        raise not_built("the member dataSources of a workflow")
    _check_type(body["type"], body["objectTypeId"])
    fixed = {"flowType": body["flowType"], "objectTypeId": body["objectTypeId"]}
    return fixed | _parts(state, body, body["objectTypeId"])


def replaced_flow(state: Json, body: Any, found: Json) -> Json:
    """Return the members that a replacement leaves: what the body does not name is cleared, as on the platform.

    `createdAt`, `updatedAt` and `dataSources` must not be sent, says the guide. Inferred: that `isEnabled` left out
    means off, and `actions` left out means none.
    """
    _REPLACEMENT(body, "")
    for member in ("flowType", "objectTypeId", "id"):
        if body.get(member) not in (None, found[member]):
            raise invalid(f"The {member} of a workflow cannot change", where=member)
    _check_type(body["type"], found["objectTypeId"])
    fixed = {"flowType": found["flowType"], "objectTypeId": found["objectTypeId"]}
    return fixed | _parts(state, body, found["objectTypeId"])


def _check_type(kind: str, object_id: str) -> None:
    if kind == "CONTACT_FLOW" and object_id != CONTACT.identifier:
        raise invalid(f'Expected an object type of "{CONTACT.identifier}" for a CONTACT_FLOW', where="objectTypeId")
    if kind == "PLATFORM_FLOW" and object_id == CONTACT.identifier:
        raise invalid(f'Expected an object type other than "{CONTACT.identifier}"', where="objectTypeId")


def _parts(state: Json, body: Json, object_id: str) -> Json:
    for member in _NOT_BUILT:
        if body.get(member) is not None:
            raise not_built(f"the member {member} of a workflow")
    kept: Json = {
        "type": body["type"],
        "isEnabled": body.get("isEnabled") or False,
        "actions": check_actions(state, object_id, body.get("actions") or [], body.get("startActionId")),
        "timeWindows": body.get("timeWindows") or [],
        "blockedDates": body.get("blockedDates") or [],
        "customProperties": body.get("customProperties") or {},
        "dataSources": [],
    }
    kept |= {key: body[key] for key in ("name", "description", "uuid", "startActionId") if body.get(key) is not None}
    if object_id == CONTACT.identifier:
        kept["canEnrollFromSalesforce"] = body.get("canEnrollFromSalesforce") or False
        kept["suppressionListIds"] = body.get("suppressionListIds") or []
    elif any(body.get(member) is not None for member in _CONTACT_PARTS):
        raise invalid(f"Only a CONTACT_FLOW has: {', '.join(_CONTACT_PARTS)}", where="type")
    for identifier in kept.get("suppressionListIds", ()):
        if str(identifier) not in state["lists"] or "deletedAt" in state["lists"][str(identifier)]:
            raise invalid(f"List {identifier} does not exist", where="suppressionListIds")
    for window in kept["timeWindows"]:
        _check_window(window)
    if body.get("enrollmentCriteria") is not None:
        kept["enrollmentCriteria"] = _enrollment(state, object_id, body["enrollmentCriteria"])
    return kept


def _check_window(window: Json) -> None:
    start, end = window.get("startTime"), window.get("endTime")
    if start and end and (start["hour"], start["minute"]) >= (end["hour"], end["minute"]):
        raise invalid(f"The time window on {window['day']} ends before it starts", where="timeWindows")


def _enrollment(state: Json, object_id: str, criteria: Any) -> Json:
    kind = criteria.get("type") if isinstance(criteria, dict) else None
    shapes.one_of(_CRITERIA)(kind, "enrollmentCriteria.type")
    if kind == "MANUAL":
        _MANUAL(criteria, "enrollmentCriteria")
        return dict(criteria)
    if kind == "EVENT_BASED":
        return _by_events(state, object_id, criteria)
    if kind != "LIST_BASED":
        raise not_built(f"enrolment of type {kind}")
    _LIST_BASED(criteria, "enrollmentCriteria")
    where = "enrollmentCriteria.listFilterBranch"
    root = check_root(state, object_id, criteria["listFilterBranch"], where)
    triggers = [
        check_trigger(state, object_id, each, f"enrollmentCriteria.reEnrollmentTriggersFilterBranches[{place}]")
        for place, each in enumerate(criteria.get("reEnrollmentTriggersFilterBranches") or [])
    ]
    return dict(criteria) | {"listFilterBranch": root, "reEnrollmentTriggersFilterBranches": triggers}


def _by_events(state: Json, object_id: str, criteria: Any) -> Json:
    _EVENT_BASED(criteria, "enrollmentCriteria")
    for member in ("listMembershipFilterBranches", "refinementCriteria"):
        if criteria.get(member):
            raise not_built(f"the member {member} of an enrolment")
    events = [
        check_event(state, object_id, each, f"enrollmentCriteria.eventFilterBranches[{place}]")
        for place, each in enumerate(criteria["eventFilterBranches"])
    ]
    return dict(criteria) | {"eventFilterBranches": events, "listMembershipFilterBranches": []}
