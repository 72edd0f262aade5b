"""Looking ahead: what HubSpot would refuse, as far as reading can tell, because it offers no dry run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import Action, Change, Diagnostic, Severity, Snapshot, Value
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS, NAME_LIMIT, OBJECT_TYPE_IDS, split_key, split_option
from sla_sync_hubspot.people import PEOPLE
from sla_sync_hubspot.types import PROPERTY, PROPERTY_OPTION, SEGMENT, WORKFLOW

_CONTACT = OBJECT_TYPE_IDS[CONTACTS]
_TRIGGER = frozenset({"hs_name", "hs_value"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FITS: Mapping[str, frozenset[str]] = {
    "ENUMERATION": frozenset({"enumeration"}),
    "MULTISTRING": frozenset({"string"}),
    "NUMBER": frozenset({"number"}),
    "BOOL": frozenset({"bool"}),
}
"""Operation of a filter → types of property that it takes (HubSpot, "List filters"); others take any."""


def rehearse(client: HubSpotClient, changes: Sequence[Change], snapshot: Snapshot) -> Iterator[Diagnostic]:
    """Yield an error for every change that cannot succeed."""
    live = catalogue.properties_of(client, CONTACTS)
    types = {name: str(each.get("type")) for name, each in live.items()}
    for change in changes:
        if change.address.type == PROPERTY and change.action is Action.CREATE and change.desired:
            types[split_key(change.address.key)[1]] = str(change.desired.values.get("type"))
    for change in changes:
        if change.action in {Action.DELETE, Action.RELEASE}:
            continue
        yield from _name(change)
        yield from _option(change, live)
        yield from _tests(change, types)
    for address, unreadable in sorted(snapshot.unreadable.items()):
        if address.type in PEOPLE:
            continue  # the plan itself refuses a setting that refers to them
        yield _finding(
            "SLA810",
            Severity.WARNING,
            f"{address} cannot be read, so nothing is known of it: {unreadable.because}",
            "Grant the token access to workflows, or use a token of a private app.",
        )


def _name(change: Change) -> Iterator[Diagnostic]:
    if change.address.type != PROPERTY:
        return
    name = split_key(change.address.key)[1]
    if len(name) > NAME_LIMIT or not _NAME.fullmatch(name):
        yield _finding(
            "SLA807",
            Severity.ERROR,
            f"'{name}' is no name that HubSpot gives a property: lower case letters, digits and _, at most {NAME_LIMIT}.",
            "Choose another name in the binding.",
        )


def _option(change: Change, live: Mapping[str, Mapping[str, Any]]) -> Iterator[Diagnostic]:
    if change.address.type != PROPERTY_OPTION:
        return
    container, value = split_option(change.address.key)
    found = live.get(split_key(container)[1])
    if found is None:
        problem = f"The property {container} does not exist, so it cannot offer '{value}'."
    elif found.get("modificationMetadata", {}).get("readOnlyOptions"):
        problem = f"HubSpot does not let anybody change the options of {container}, so '{value}' cannot be added."
    else:
        return
    yield _finding("SLA802", Severity.ERROR, problem, "Bind the stage to values that the portal offers already.")


def _tests(change: Change, types: Mapping[str, str]) -> Iterator[Diagnostic]:
    if change.address.type not in {SEGMENT, WORKFLOW} or change.desired is None:
        return
    if change.desired.values.get("objectTypeId", _CONTACT) != _CONTACT:
        return  # a workflow of activities or deals tests their properties, which HubSpot itself defines
    for name, operation in _tested(dict(change.desired.values)):
        if name not in types:
            yield _finding(
                "SLA802",
                Severity.ERROR,
                f"{change.address} tests the contact property '{name}', which does not exist.",
                "Create it, or let the binding add it (add: …).",
            )
        elif types[name] not in _FITS.get(operation, frozenset({types[name]})):
            yield _finding(
                "SLA802",
                Severity.ERROR,
                f"{change.address} tests the contact property '{name}' as {operation}, and it is of type {types[name]}.",
                "Say what the property holds under holds in the binding.",
            )


def _tested(value: Value) -> Iterator[tuple[str, str]]:
    """Yield property and operation of every filter below a value."""
    if isinstance(value, Mapping):
        operation = value.get("operation")
        # A trigger names its property in a value; whoever enrols tests that one too.
        if isinstance(operation, Mapping) and value.get("property") not in _TRIGGER:
            yield str(value.get("property")), str(operation.get("operationType"))
        for each in value.values():
            yield from _tested(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _tested(each)


def _finding(code: str, severity: Severity, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, severity, message, hint=hint)
