"""What others do in a portal beside our settings, through the platform's own API: workflows of theirs, people who leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sla_sync.connector.simulation import Running
from sla_sync_hubspot.simulator.actors.edits import Hand

_FLOWS, _OWNERS, _USERS = "/automation/v4/flows", "/crm/v3/owners", "/settings/v3/users"
_NOBODY = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [
    {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [
        {"filterType": "PROPERTY", "property": "email", "operation": {
            "operationType": "ALL_PROPERTY", "operator": "IS_UNKNOWN", "includeObjectsWithNoValueSet": True}}]}]}  # fmt: skip


def trespass(running: Running, name: str) -> str:
    """Do one thing of the table by name and return a sentence about it. Raises LookupError where nothing fits."""
    return f"The administrator {TRESPASSES[name](Hand(running))}."


def _flow(name: str, *actions: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "objectTypeId": "0-1", "isEnabled": True,
        "startActionId": "1", "actions": list(actions), "timeWindows": [], "blockedDates": [], "customProperties": {},
        "enrollmentCriteria": {
            "type": "LIST_BASED", "shouldReEnroll": False, "unEnrollObjectsNotMeetingCriteria": False,
            "reEnrollmentTriggersFilterBranches": [], "listFilterBranch": _NOBODY,
        },
    }  # fmt: skip


def _sets(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "actionId": "1", "actionTypeId": "0-5", "actionTypeVersion": 0, "type": "SINGLE_CONNECTION",
        "fields": {"property_name": name, "value": dict(value)},
    }  # fmt: skip


def _static(value: str) -> dict[str, str]:
    return {"type": "STATIC_VALUE", "staticValue": value}


def _other(label: str, *actions: Mapping[str, Any]) -> Callable[[Hand], str]:
    """Return the trespass that puts a workflow in force."""

    def edit(hand: Hand) -> str:
        hand.ask("POST", _FLOWS, _flow(label, *actions))
        return f"put the workflow {label} in force"

    return edit


def _router(hand: Hand) -> str:
    owner = _owner(hand, "ana@acme.example")
    hand.ask("POST", _FLOWS, _flow("Old lead router", _sets("hubspot_owner_id", _static(str(owner["id"])))))
    return "put the workflow Old lead router in force"


def _owner(hand: Hand, email: str) -> dict[str, Any]:
    found: dict[str, Any] = hand.ask("GET", _OWNERS, email=email)["results"][0]
    return found


def _left(hand: Hand) -> str:
    owner = _owner(hand, "pat@acme.example")
    hand.ask("DELETE", f"{_USERS}/{owner['userId']}")
    return f"removed the user {owner['email']}"


def _team_left(hand: Hand) -> str:
    """Remove everybody of one team."""
    for email in ("morgan@acme.example", "ana@acme.example"):
        hand.ask("DELETE", f"{_USERS}/{_owner(hand, email)['userId']}")
    return "removed all users of the team reps"


_NOW = {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}
TRESPASSES: Mapping[str, Callable[[Hand], str]] = {
    "other workflow routes": _router,
    "other workflow moves": _other("Nurse", _sets("hs_lead_status", _static("OPEN_DEAL"))),
    "other workflow writes": _other("Due right now", _sets("sla_due_at", _NOW)),
    "other workflow is harmless": _other("Greets", _sets("jobtitle", _static("Friend"))),
    "user left": _left,
    "team left": _team_left,
}  # fmt: skip
"""What others may do: name → what is done, said in words."""
