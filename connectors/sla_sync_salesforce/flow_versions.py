"""Versions of flows: which one is in force, waking the one that was deployed, and sweeping up those that are of no more use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from sla_sync.connector import RejectedError
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.soql import one_of, select

KEPT = 2
"""Inactive versions that stay, to go back to. A flow holds fifty versions at most (Salesforce Help, "Flow Limits")."""


def flow_definitions(client: Client, names: Collection[str]) -> list[Mapping[str, Any]]:
    """Return which version of each flow is in force, and which is the latest."""
    told = (
        "Id, DeveloperName, ActiveVersionId, ActiveVersion.VersionNumber, LatestVersionId, LatestVersion.VersionNumber"
    )
    return client.tooling(select(told, "FlowDefinition", one_of("DeveloperName", names)))


def asleep(definitions: Collection[Mapping[str, Any]], names: Collection[str]) -> frozenset[str]:
    """Return the flows of which the latest version is not in force, or of which nothing is known."""
    awake = {
        str(each["DeveloperName"])
        for each in definitions
        if each.get("ActiveVersionId") and each.get("ActiveVersionId") == each.get("LatestVersionId")
    }
    return frozenset(names) - awake


def wake(client: Client, definitions: Collection[Mapping[str, Any]], names: Collection[str]) -> bool:
    """Put the latest version of these flows in force, and return whether the org took any of it.

    Production orgs deploy flows inactive unless «Deploy processes and flows as active» is on (Salesforce Help).
    """
    taken = False
    for each in definitions:
        number = _number(each)
        if each.get("DeveloperName") in names and each.get("Id") and number:
            # What it refuses shows when we look again: such a flow is still asleep.
            with suppress(RejectedError):
                client.activate_flow(str(each["Id"]), number)
                taken = True
    return taken


def version_names(client: Client, names: Collection[str]) -> list[str]:
    """Return every version of these flows by the name under which a deployment takes it away, such as `SLA_Entry-3`.

    Inferred: a flow goes with its last version, and none of them may be in force.
    """
    if not names:
        return []
    told = select("VersionNumber, Definition.DeveloperName", "Flow", one_of("Definition.DeveloperName", names))
    found = [(str((each.get("Definition") or {}).get("DeveloperName")), each) for each in client.tooling(told)]
    return [f"{name}-{each['VersionNumber']}" for name, each in found]


def sweep(client: Client, definitions: Collection[Mapping[str, Any]]) -> None:
    """Delete inactive versions of these flows, all but the last two; one that the org holds on to stays."""
    full = {str(each["DeveloperName"]) for each in definitions if _number(each) > KEPT + 1}
    if not full:
        return
    versions = client.tooling(
        select(
            "Id, VersionNumber, Status, Definition.DeveloperName",
            "Flow",
            one_of("Definition.DeveloperName", full),
            "ORDER BY VersionNumber DESC",
        )
    )
    seen: dict[str, int] = {}
    for each in versions:
        name = str((each.get("Definition") or {}).get("DeveloperName"))
        if each.get("Status") == "Active" or name not in full:
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > KEPT:
            # An interview that waits in it holds it; it goes another time.
            with suppress(RejectedError):
                client.delete_flow_version(str(each["Id"]))


def _number(definition: Mapping[str, Any]) -> int:
    latest = definition.get("LatestVersion")
    return int(latest["VersionNumber"]) if isinstance(latest, Mapping) and latest.get("VersionNumber") else 0
