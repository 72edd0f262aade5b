"""What an administrator of the portal may do to settings of ours, one thing at a time, through the platform's own API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from sla_sync.connector.simulation import Running
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN, LIFECYCLE_PIPELINE

_TIMEOUT = 30
_MARKED = "SLA |"
_MARK = "managed by sla-sync"
_PREFIX = "sla_"
_INTERNAL = ("sla_sync_", "sla_sync")
NOT_SENT_BACK = ("createdAt", "updatedAt", "dataSources", "crmObjectCreationStatus", "nextAvailableActionId")
_PROPERTIES, _LISTS, _FLOWS = "/crm/v3/properties/contacts", "/crm/v3/lists", "/automation/v4/flows"
_RULES = "/crm/v3/property-validations/0-1"
_LEADS = "/crm/v3/pipelines/leads"
_LIFECYCLE = f"/crm/v3/pipelines/contacts/{LIFECYCLE_PIPELINE}/stages"
_SET, _DELAY = "0-5", "0-1"


@dataclass(frozen=True)
class Hand:
    """A person with the administrator's token."""

    running: Running

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Return the JSON of an answer. Raises requests.HTTPError where the portal refuses."""
        headers = {"Authorization": f"Bearer {ADMINISTRATOR_TOKEN}"}
        url = f"{self.running.url}{path}"
        answer = requests.request(method, url, json=body, params=query, headers=headers, timeout=_TIMEOUT)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def properties(self) -> Iterator[dict[str, Any]]:
        """Yield our properties of contacts that people see, by name."""
        for each in sorted(self.ask("GET", _PROPERTIES)["results"], key=lambda one: str(one["name"])):
            name = str(each["name"])
            if name.startswith(_PREFIX) and not name.startswith(_INTERNAL) and _MARK in str(each.get("description")):
                yield each

    def flows(self) -> Iterator[dict[str, Any]]:
        """Yield our workflows, whole, by name."""
        listed = self.ask("GET", _FLOWS)["results"]
        for each in sorted(listed, key=lambda one: str(one["name"])):
            if str(each["name"]).startswith(_MARKED):
                yield self.ask("GET", f"{_FLOWS}/{each['id']}")

    def replace(self, flow: Mapping[str, Any], **changed: Any) -> None:
        """Put a workflow in the place of what it was."""
        kept = {key: value for key, value in flow.items() if key not in NOT_SENT_BACK}
        self.ask("PUT", f"{_FLOWS}/{flow['id']}", kept | changed)

    def lists(self) -> Iterator[dict[str, Any]]:
        """Yield our segments with their filters, by name."""
        found = self.ask("POST", f"{_LISTS}/search", {"query": _MARKED, "count": 500})["lists"]
        for each in sorted(found, key=lambda one: str(one["name"])):
            if str(each["name"]).startswith(_MARKED):
                yield self.ask("GET", f"{_LISTS}/{each['listId']}", includeFilters="true")["list"]


Edit = Callable[[Hand], str]


def edit(running: Running, name: str) -> str:
    """Make one edit of the table by name and return a sentence about it. Raises LookupError where nothing fits."""
    return f"The administrator {EDITS[name](Hand(running))}."


def _first(found: Iterator[dict[str, Any]], fits: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
    for each in found:
        if fits(each):
            return each
    raise LookupError("The portal has nothing of ours that can be edited so.")


def _of_property(done: str, change: Callable[[dict[str, Any]], dict[str, Any]], kind: str = "") -> Edit:
    """Return the edit of the first property of ours, of a type where one is named."""

    def edit(hand: Hand) -> str:
        found = _first(hand.properties(), lambda each: kind in ("", str(each["type"])))
        hand.ask("PATCH", f"{_PROPERTIES}/{found['name']}", change(found))
        return f"{done} the property {found['name']}"

    return edit


def _option_in(found: dict[str, Any]) -> dict[str, Any]:
    more = {"value": "theirs", "label": "Theirs", "displayOrder": 99, "hidden": False}
    return {"options": [*found["options"], more]}


def _options(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return the change of the first option of a property."""
    return lambda found: {"options": [change(found["options"][0]), *found["options"][1:]]}


def _property_out(hand: Hand) -> str:
    """Archive a property that nothing uses."""
    for each in hand.properties():
        try:
            hand.ask("DELETE", f"{_PROPERTIES}/{each['name']}")
        except requests.HTTPError:
            continue
        return f"archived the property {each['name']}"
    raise LookupError("Every property of ours is used.")


def _group(hand: Hand) -> str:
    found = _first(iter(hand.ask("GET", f"{_PROPERTIES}/groups")["results"]), lambda each: each["name"] == "sla_sync")
    hand.ask("PATCH", f"{_PROPERTIES}/groups/{found['name']}", {"label": "Theirs"})
    return f"renamed the group {found['name']}"


def _of_status(done: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Edit:
    """Return the edit of the first value of Lead Status that bears our mark."""

    def edit(hand: Hand) -> str:
        found = hand.ask("GET", f"{_PROPERTIES}/hs_lead_status")
        own = _first(iter(found["options"]), lambda each: _MARK in str(each.get("description")))
        options = [change(each) if each is own else each for each in found["options"]]
        hand.ask("PATCH", f"{_PROPERTIES}/hs_lead_status", {"options": options})
        return f"{done} the value {own['value']} of Lead Status"

    return edit


def _rule(hand: Hand) -> str:
    for each in hand.ask("GET", _RULES)["results"]:
        for rule in each["propertyValidationRules"]:
            bound = str(float(rule["ruleArguments"][0]) + 1)
            hand.ask("PUT", f"{_RULES}/{each['propertyName']}/rule-type/{rule['ruleType']}", {"ruleArguments": [bound]})
            return f"changed the rule of {each['propertyName']} to {bound}"
    raise LookupError("The portal has no validation rule.")


def _lifecycle(hand: Hand) -> str:
    found = _first(iter(reversed(hand.ask("GET", _LIFECYCLE)["results"])))
    hand.ask("PATCH", f"{_LIFECYCLE}/{found['id']}", {"label": f"{found['label']} (new)"})
    return f"renamed the lifecycle stage {found['label']}"


def _pipeline(hand: Hand) -> dict[str, Any]:
    return _first(iter(reversed(hand.ask("GET", _LEADS)["results"])))


def _pipeline_renamed(hand: Hand) -> str:
    found = _pipeline(hand)
    hand.ask("PATCH", f"{_LEADS}/{found['id']}", {"label": "Theirs"})
    return f"renamed the pipeline {found['label']}"


def _pipeline_stage_out(hand: Hand) -> str:
    found = _pipeline(hand)
    hand.ask("DELETE", f"{_LEADS}/{found['id']}/stages/{found['stages'][0]['id']}")
    return f"deleted a stage of the pipeline {found['label']}"


def _list_renamed(hand: Hand) -> str:
    found = _first(hand.lists())
    hand.ask("PUT", f"{_LISTS}/{found['listId']}/update-list-name", listName="Theirs")
    return f"renamed the segment {found['name']}"


def _list_out(hand: Hand) -> str:
    """Delete a segment that nothing uses."""
    for each in hand.lists():
        try:
            hand.ask("DELETE", f"{_LISTS}/{each['listId']}")
        except requests.HTTPError:
            continue
        return f"deleted the segment {each['name']}"
    raise LookupError("Every segment of ours is used.")


def _list_filters(hand: Hand) -> str:
    """Take the last filter out of the first branch that has several."""
    for found in hand.lists():
        branch = found["filterBranch"]
        child = next((each for each in branch["filterBranches"] if len(each["filters"]) > 1), None)
        if child is not None:
            child["filters"].pop()
            hand.ask("PUT", f"{_LISTS}/{found['listId']}/update-list-filters", {"filterBranch": branch})
            return f"took a filter out of the segment {found['name']}"
    raise LookupError("No segment of ours has several filters.")


def _flow_off(hand: Hand) -> str:
    found = _first(hand.flows(), lambda each: bool(each["isEnabled"]))
    hand.replace(found, isEnabled=False)
    return f"switched off the workflow {found['name']}"


def _flow_renamed(hand: Hand) -> str:
    found = _first(hand.flows())
    hand.replace(found, name="Theirs")
    return f"renamed the workflow {found['name']}"


def _flow_told(hand: Hand) -> str:
    found = _first(hand.flows())
    hand.replace(found, description="Theirs")
    return f"described the workflow {found['name']} otherwise"


def _flow_edited(hand: Hand) -> str:
    """Let the first workflow that sets a property to a fixed value set it to the time of the step."""
    for found in hand.flows():
        for each in found["actions"]:
            value = (each.get("fields") or {}).get("value") or {}
            if each.get("actionTypeId") == _SET and value.get("type") == "TIMESTAMP":
                each["fields"]["value"] = {"type": "STATIC_VALUE", "staticValue": "1790000000000"}
                hand.replace(found)
                return f"edited the workflow {found['name']}"
    raise LookupError("No workflow of ours stamps a property.")


def _flow_enrols(hand: Hand) -> str:
    found = _first(hand.flows(), lambda each: bool(each["enrollmentCriteria"]["shouldReEnroll"]))
    once = {"shouldReEnroll": False, "reEnrollmentTriggersFilterBranches": []}
    hand.replace(found, enrollmentCriteria={**found["enrollmentCriteria"], **once})
    return f"let nobody enter the workflow {found['name']} again"


def _flow_out(hand: Hand) -> str:
    found = _first(hand.flows())
    hand.ask("DELETE", f"{_FLOWS}/{found['id']}")
    return f"deleted the workflow {found['name']}"


EDITS: Mapping[str, Edit] = {
    "group label": _group,
    "property label": _of_property("renamed", lambda each: {"label": f"{each['label']} (new)"}),
    "property hidden": _of_property("hid", lambda _: {"hidden": True}),
    "property option in": _of_property("added an option to", _option_in, "enumeration"),
    "property option hidden": _of_property(
        "hid an option of", _options(lambda each: each | {"hidden": True}), "enumeration"
    ),
    "property option label": _of_property(
        "renamed an option of", _options(lambda each: each | {"label": f"{each['label']} (new)"}), "enumeration"
    ),
    "property out": _property_out,
    "status value label": _of_status("renamed", lambda each: each | {"label": "Theirs"}),
    "status value hidden": _of_status("hid", lambda each: each | {"hidden": True}),
    "validation rule": _rule,
    "lifecycle stage": _lifecycle,
    "pipeline label": _pipeline_renamed,
    "pipeline stage out": _pipeline_stage_out,
    "segment renamed": _list_renamed,
    "segment filters": _list_filters,
    "segment out": _list_out,
    "workflow off": _flow_off,
    "workflow renamed": _flow_renamed,
    "workflow description": _flow_told,
    "workflow edited": _flow_edited,
    "workflow enrolment": _flow_enrols,
    "workflow out": _flow_out,
}
"""What an administrator may do: name → what is done to the first thing of ours that it fits, said in words."""
