"""An administrator of the portal who changes settings by hand, through the same API but as a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import requests

from sla_sync.connector.simulation import Running
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN

_TIMEOUT = 30
_CHANGES = 2
_MARKED_PROPERTY = "sla_"
_INTERNAL = ("sla_sync_lock", "sla_sync_manifest")
_MARKED_NAME = "SLA |"
_NOT_SENT_BACK = ("createdAt", "updatedAt", "dataSources")


def administer(running: Running) -> Sequence[str]:
    """Make two changes and say what was done: a workflow of ours switched off, a segment or a property of ours changed.

    They are found by the beginning of their names. Returns fewer sentences where there is less of ours.
    """
    done: list[str] = []
    for step in (_switch_off, _loosen, _relabel):
        sentence = step(running) if len(done) < _CHANGES else ""
        done += [sentence] if sentence else []
    return done


def _ask(running: Running, method: str, path: str, body: Any = None, **query: Any) -> Any:
    answer = requests.request(
        method,
        f"{running.url}{path}",
        json=body,
        params=query,
        headers={"Authorization": f"Bearer {ADMINISTRATOR_TOKEN}"},
        timeout=_TIMEOUT,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def _switch_off(running: Running) -> str:
    listed = _ask(running, "GET", "/automation/v4/flows")["results"]
    ours = sorted(
        (each for each in listed if each.get("name", "").startswith(_MARKED_NAME) and each["isEnabled"]),
        key=lambda each: str(each["name"]),
    )
    if not ours:
        return ""
    flow = _ask(running, "GET", f"/automation/v4/flows/{ours[0]['id']}")
    kept = {key: value for key, value in flow.items() if key not in _NOT_SENT_BACK}
    _ask(running, "PUT", f"/automation/v4/flows/{flow['id']}", kept | {"isEnabled": False})
    return f"Switched off the workflow '{flow['name']}'."


def _loosen(running: Running) -> str:
    """Lower the first number that a segment of ours compares with by ten, or leave everything alone."""
    found = _ask(running, "POST", "/crm/v3/lists/search", {"query": _MARKED_NAME, "count": 500})["lists"]
    for each in sorted(found, key=lambda one: str(one["name"])):
        if not each["name"].startswith(_MARKED_NAME) or each["processingType"] != "DYNAMIC":
            continue
        path = f"/crm/v3/lists/{each['listId']}"
        branch = _ask(running, "GET", path, includeFilters="true")["list"]["filterBranch"]
        for tested in (one for child in branch["filterBranches"] for one in child["filters"]):
            operation = tested.get("operation", {})
            if operation.get("operationType") == "NUMBER":
                before = operation["value"]
                operation["value"] = before - 10
                _ask(running, "PUT", f"{path}/update-list-filters", {"filterBranch": branch})
                return (
                    f"Changed the number that the segment '{each['name']}' compares {tested['property']} with "
                    f"from {before} to {operation['value']}."
                )
    return ""


def _relabel(running: Running) -> str:
    """Give the first property of ours another label."""
    found = _ask(running, "GET", "/crm/v3/properties/contacts")["results"]
    for each in sorted(found, key=lambda one: str(one["name"])):
        name = str(each["name"])
        if name.startswith(_MARKED_PROPERTY) and not name.startswith(_INTERNAL) and not each["hidden"]:
            label = f"{each['label']} (do not use)"
            _ask(running, "PATCH", f"/crm/v3/properties/contacts/{name}", {"label": label})
            return f"Changed the label of the contact property {name} from '{each['label']}' to '{label}'."
    return ""
