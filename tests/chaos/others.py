"""What others have on a platform before us, and what is there afterwards: theirs to the last member, ours by name and value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sla_sync.connector.simulation import Running
from sla_sync_salesforce.simulator.application import Application
from tests.connectors.salesforce.simulator.live import Live

LEADS = 12
_PAGE = 100
_PASSING = "Passing by"
"""What somebody makes and deletes while we read, as a fault of the simulators."""
_OURS = re.compile(r"^(?:\w+\.)?(?:SLA_|sla_|SLA \|)")
_MOMENTS = frozenset(
    {"id", "listId", "createdAt", "updatedAt", "revisionId", "listVersion", "filtersUpdatedAt", "created_at", "changed_at",
     "created_by", "changed_by", "versions", "active", "content", "createdById", "updatedById", "displayOrder", "size"}
)  # fmt: skip
"""Members that say when and as what something was made, which two runs need not share."""
_STATE = ("sla_sync_", "SLA_Sync_")
"""The manifest and the lock: not the same in two runs, and judged by what they do."""


@dataclass(frozen=True)
class Inventory:
    """What stands on a platform: kind and name → what it says, as JSON with sorted keys."""

    theirs: Mapping[str, str]
    ours: Mapping[str, str]
    twice: tuple[str, ...]
    """Kind and name of what is ours and there more than once."""
    versions: Mapping[str, int]
    """Flows of Salesforce → how many versions there are."""
    silences: tuple[str, ...] = ()
    """By what the agreement is silenced."""

    def moved(self, later: Inventory) -> list[str]:
        """Return the names of what is others' and is not as it was."""
        return _different(self.theirs, later.theirs)

    def unlike(self, other: Inventory) -> list[str]:
        """Return the names of what is ours and is not the same in both."""
        return _different(self.ours, other.ours)

    def not_as(self, stood: Inventory) -> list[str]:
        """Return the names of what stood here before under a name of ours and is not as it stood."""
        return sorted(each for each, said in stood.ours.items() if self.ours.get(each) != said)


def _different(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return sorted(each for each in one.keys() | other.keys() if one.get(each) != other.get(each))


def settle_others(platform: str, running: Running) -> None:
    """Let others live on a platform: fields, a rule, a list, a workflow, permissions, leads."""
    if platform == "hubspot":
        for each in ("their_score", "their_note"):
            ask(running, "POST", "/crm/v3/properties/contacts", {
                "name": each, "label": each, "type": "string", "fieldType": "text", "groupName": "contactinformation",
            })  # fmt: skip
        flow = {
            "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "actions": [], "objectTypeId": "0-1", "isEnabled": False,
            "timeWindows": [], "blockedDates": [], "customProperties": {},
            "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
        }  # fmt: skip
        for name in ("Their workflow", f"{_PASSING} 1", f"{_PASSING} 2"):
            ask(running, "POST", "/automation/v4/flows", {**flow, "name": name})
        ask(running, "POST", "/crm/v3/lists", {"name": "Their list", "objectTypeId": "0-1", "processingType": "MANUAL"})
        contacts = [
            {
                "properties": {
                    "email": f"lead{number}@example.com",
                    "lastname": f"Lead {number}",
                    "their_score": str(number),
                }
            }
            for number in range(LEADS)
        ]
        # More than a page of them, so that a page can shift while it is read.
        passing = [{"properties": {"lastname": f"{_PASSING} {number}"}} for number in range(_PAGE)]
        for some in (contacts, passing):
            ask(running, "POST", "/crm/v3/objects/contacts/batch/create", {"inputs": some})
        return
    application = running.application
    assert isinstance(application, Application)
    org = Live(application.desk)
    org.field("Lead.Their_Score__c", "Number")
    org.rule("Lead.Their_Rule", "ISBLANK(LastName)", "Somebody else asks for a name.")
    org.keep("PermissionSet", "Theirs", {"label": "Theirs", "description": "Not yours."})
    application.desk.keep()
    for number in range(LEADS):
        lead = {"LastName": f"Lead {number}", "Company": "Acme", "Title": f"Number {number}"}
        ask(running, "POST", "/services/data/v63.0/sobjects/Lead", lead)


def inventory(platform: str, running: Running, folder: Path) -> Inventory:
    """Return what stands on a platform that keeps its state in a folder."""
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    found = list(_READ[platform](state))
    ids = {str(each[key]): name for _, name, each in found for key in ("id", "listId") if each.get(key)}
    counted = [f"{kind}/{name}" for kind, name, _ in found]
    return Inventory(
        theirs={
            **{f"{kind}/{name}": _text(each) for kind, name, each in found if not _is_ours(kind, name)},
            **_leads(platform, running),
        },
        ours={
            f"{kind}/{name}": _without_ids(_text(_lasting(each)), ids)
            for kind, name, each in found
            if _is_ours(kind, name) and not name.startswith(_STATE)
        },
        twice=tuple(
            sorted(
                {
                    each
                    for kind, name, _ in found
                    if _is_ours(kind, name) and counted.count(each := f"{kind}/{name}") > 1
                }
            )
        ),
        versions={name: len(each.get("versions") or ()) for kind, name, each in found if kind == "Flow"},
        silences=_silences(platform, running, found),
    )


def _hubspot(state: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kind in ("properties", "groups"):
        for owner, entries in state[kind].items():
            for name, each in entries.items():
                # What we add to an option list of theirs is ours, and moves the day on which the property changed.
                theirs = [option for option in each.get("options", ()) if option.get("value") not in _ADDED]
                kept = (
                    each if _is_ours(kind, name) else {**each, "updatedAt": "", "options": theirs, "updatedUserId": ""}
                )
                yield f"{kind}/{owner}", name, kept
                for option in each.get("options", ()) if kept is not each else ():
                    if option.get("value") in _ADDED:
                        yield _ADDED_TO, f"{owner}/{name}/{option['value']}", option
    for kind in ("lists", "flows"):
        for each in state[kind].values():
            if not str(each["name"]).startswith(_PASSING) and not each.get("deletedAt"):
                yield kind, str(each["name"]), each
    for owner, pipelines in state["pipelines"].items():
        for each in pipelines:
            yield f"pipelines/{owner}", str(each["id"]), each


_ADDED = frozenset({"MQL"})
"""The one option that the binding lets us add to a property of theirs."""
_ADDED_TO = "added to"
"""The kind of what we add to something of theirs."""


def _salesforce(state: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kind, entries in state["metadata"].items():
        for name, each in entries.items():
            if kind == "StandardValueSet":
                values = [one for one in each["values"]["standardValue"] if one["fullName"] not in _ADDED]
                yield kind, name, {"standardValue": sorted(values, key=str)}
                for one in each["values"]["standardValue"]:
                    if one["fullName"] in _ADDED:
                        yield _ADDED_TO, f"{name}/{one['fullName']}", one
            elif kind != "Settings":
                yield kind, name, each


_READ: Mapping[str, Callable[[Mapping[str, Any]], Iterator[tuple[str, str, dict[str, Any]]]]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
}


def _leads(platform: str, running: Running) -> dict[str, str]:
    """Return what others know of their leads, as they wrote it."""
    if platform == "hubspot":
        found = ask(
            running, "GET", "/crm/v3/objects/contacts?limit=100&properties=email,lastname,their_score,hs_lead_status"
        )
        rows = [{"id": each["id"], **each["properties"]} for each in found["results"]]
    else:
        query = "SELECT Id, LastName, Company, Status, Title FROM Lead"
        rows = ask(running, "GET", f"/services/data/v63.0/query?q={query.replace(' ', '+')}")["records"]
    theirs = ("Lead ", "Acme")
    kept = [each for each in rows if str(each.get("lastname") or each.get("LastName")).startswith(theirs)]
    shown = ("email", "lastname", "their_score", "hs_lead_status", "LastName", "Company", "Status", "Title")
    return {f"lead/{each.get('id') or each.get('Id')}": _text({key: each.get(key) for key in shown}) for each in kept}


def ask(running: Running, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    answer = requests.request(
        method,
        running.url + path,
        json=body,
        headers={"Authorization": f"Bearer {running.token}"},
        verify=str(running.ca) if running.ca else True,
        timeout=60,
    )
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def _is_ours(kind: str, name: str) -> bool:
    return kind == _ADDED_TO or bool(_OURS.match(name)) or "/SLA_" in name


def _silences(platform: str, running: Running, found: Iterable[tuple[str, str, Mapping[str, Any]]]) -> tuple[str, ...]:
    """Return the workflows of ours that are switched off; of an org, for whom its switch is silent."""
    if platform == "hubspot":
        return tuple(
            sorted(
                name for kind, name, each in found if kind == "flows" and _is_ours(kind, name) and not each["isEnabled"]
            )
        )
    if not any(kind == "CustomObject" and name == "SLA_Switch__c" for kind, name, _ in found):
        return ()
    application = running.application
    assert isinstance(application, Application)
    rows = application.desk.organization.store.of("SLA_Switch__c").values()
    return tuple(sorted(str(each["SetupOwnerId"]) for each in rows if each.get("Silent__c")))


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(each) for key, each in value.items() if key not in _MOMENTS}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


def _without_ids(text: str, ids: Mapping[str, str]) -> str:
    return re.sub(r'"(\w+)"', lambda found: f'"<{ids[found[1]]}>"' if found[1] in ids else found[0], text)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
