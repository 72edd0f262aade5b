"""What HubSpot answers, as live settings: members that change by themselves are left out, spellings are made one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sla_sync.connector import Address, Live, Value, Values, bears_mark
from sla_sync_hubspot.names import is_group_of_ours
from sla_sync_hubspot.types import PROPERTY, PROPERTY_GROUP, PROPERTY_OPTION, SEGMENT, VALIDATION, WORKFLOW

_PROPERTY_MEMBERS = (
    "label", "description", "groupName", "type", "fieldType", "calculationFormula", "options", "hidden", "formField",
    "hasUniqueValue",
)  # fmt: skip
_OPTION_MEMBERS = ("label", "description", "hidden")
_VOLATILE_FLOW_MEMBERS = frozenset(
    {
        "id",
        "revisionId",
        "createdAt",
        "updatedAt",
        "dataSources",
        "crmObjectCreationStatus",
        "uuid",
        "nextAvailableActionId",
    }
)
"""Members of a workflow that HubSpot counts up or fills in by itself."""

Who = Callable[[object], str | None]
"""Turns the id of a user into the name that people know."""


def group(owner: str, found: Mapping[str, Any]) -> Live:
    """Return a property group."""
    name = str(found["name"])
    return Live(
        Address(PROPERTY_GROUP, f"{owner}/{name}"),
        _pick(found, ("label",)),
        handle=name,
        managed=is_group_of_ours(name),
    )


def property_(owner: str, found: Mapping[str, Any], agreement: str, who: Who) -> Live:
    """Return a property with its options."""
    name = str(found["name"])
    return Live(
        Address(PROPERTY, f"{owner}/{name}"),
        property_values(found),
        handle=name,
        managed=bears_mark(found.get("description"), agreement),
        changed_by=who(found.get("updatedUserId")),
        changed_at=instant(found.get("updatedAt")),
    )


def property_values(found: Mapping[str, Any]) -> Values:
    """Return what a property says, without what HubSpot keeps for itself."""
    return _pick(found, _PROPERTY_MEMBERS)


def options(owner: str, found: Mapping[str, Any], agreement: str, who: Who) -> Iterator[Live]:
    """Yield the options of a property as settings of their own."""
    for each in found.get("options", ()):
        value = str(each["value"])
        yield Live(
            Address(PROPERTY_OPTION, f"{owner}/{found['name']}/{value}"),
            _pick(each, _OPTION_MEMBERS),
            handle=value,
            managed=bears_mark(each.get("description"), agreement),
            changed_by=who(found.get("updatedUserId")),
            changed_at=instant(found.get("updatedAt")),
        )


def option_container(owner: str, found: Mapping[str, Any]) -> Live:
    """Return the whole in which the options of a property are written."""
    return Live(Address(PROPERTY, f"{owner}/{found['name']}"), _pick(found, ("options",)), handle=str(found["name"]))


def lifecycle_stage(found: Mapping[str, Any], address: Address) -> Live:
    """Return a stage of the lifecycle, which HubSpot shows as an option; it bears no mark."""
    return Live(address, _pick(found, ("label",)), handle=str(found["value"]))


def pipeline(found: Mapping[str, Any], address: Address) -> Live:
    """Return a pipeline of ours with its stages; only we give such an id."""
    stages: list[Value] = [
        {"stageId": str(each["id"]), "label": each.get("label"), "displayOrder": each.get("displayOrder")}
        for each in found.get("stages", ())
        if not each.get("archived")
    ]
    values: Values = {"label": found.get("label"), "stages": stages}
    return Live(address, values, handle=str(found["id"]), managed=True, changed_at=instant(found.get("updatedAt")))


def validation(owner: str, found: Mapping[str, Any]) -> Live:
    """Return a validation rule; it bears no mark, so that the manifest alone tells whose it is."""
    rule = str(found["ruleType"])
    return Live(
        Address(VALIDATION, f"{owner}/{found['propertyName']}/{rule}"),
        _pick(found, ("ruleArguments",)),
        handle=rule,
    )


def segment(found: Mapping[str, Any], who: Who, address: Address | None = None) -> Live:
    """Return a list of ours with its filters; `address` is where we know it from, should somebody have renamed it."""
    return Live(
        address or Address(SEGMENT, f"{found['objectTypeId']}/{found['name']}"),
        segment_values(found),
        handle=str(found["listId"]),
        managed=True,
        changed_by=who(found.get("updatedById")),
        changed_at=instant(found.get("filtersUpdatedAt") or found.get("updatedAt")),
    )


def segment_values(found: Mapping[str, Any]) -> Values:
    """Return what a list says, without its members and its counters."""
    values: dict[str, Value] = _pick(found, ("name", "processingType"))
    branch = found.get("filterBranch")
    return values if branch is None else {**values, "filterBranch": branch_values(branch)}


def workflow(found: Mapping[str, Any], address: Address | None = None) -> Live:
    """Return a workflow of ours; HubSpot does not tell who changed it. `address` as in `segment`."""
    return Live(
        address or Address(WORKFLOW, str(found["name"])),
        flow_values(found),
        handle=str(found["id"]),
        revision=str(found.get("revisionId", "")),
        managed=True,
        changed_at=instant(found.get("updatedAt")),
    )


def flow_values(found: Mapping[str, Any]) -> Values:
    """Return what a workflow says, without what HubSpot counts up by itself."""
    values = {key: value for key, value in found.items() if key not in _VOLATILE_FLOW_MEMBERS}
    enrolment = values.get("enrollmentCriteria")
    if isinstance(enrolment, Mapping):
        values["enrollmentCriteria"] = _enrolment_values(enrolment)
    if "actions" in values:
        values["actions"] = [_action_values(each) for each in values["actions"]]
    return values


def _enrolment_values(found: Mapping[str, Any]) -> Values:
    values = dict(found)
    if isinstance(values.get("listFilterBranch"), Mapping):
        values["listFilterBranch"] = branch_values(values["listFilterBranch"])
    triggers = values.get("reEnrollmentTriggersFilterBranches")
    if triggers:
        values["reEnrollmentTriggersFilterBranches"] = [_trigger_values(each) for each in triggers]
    return values


def _trigger_values(found: Mapping[str, Any]) -> Values:
    """Return what enrols again; recorded workflows name its property as one text, so that is its spelling here."""
    filters = [_named(each) if each.get("property") == _TRIGGER else _filter_values(each) for each in found["filters"]]
    return {**found, "filters": filters}


_TRIGGER = "hs_name"


def _named(found: Mapping[str, Any]) -> dict[str, Value]:
    operation = found.get("operation", {})
    texts = operation.get("values", ())
    if operation.get("operationType") != "MULTISTRING" or len(texts) != 1:
        return dict(found)
    one = {key: value for key, value in operation.items() if key != "values"}
    return {**found, "operation": {**one, "operationType": "STRING", "value": texts[0]}}


def _action_values(found: Mapping[str, Any]) -> Values:
    if not found.get("listBranches"):
        return found
    ways = [
        {**each, "filterBranch": branch_values(each["filterBranch"])} if "filterBranch" in each else each
        for each in found["listBranches"]
    ]
    return {**found, "listBranches": ways}


def branch_values(found: Mapping[str, Any]) -> dict[str, Value]:
    """Return a filter branch in one spelling: HubSpot answers a test of one text as STRING or as MULTISTRING."""
    return {
        **found,
        "filterBranches": [branch_values(each) for each in found.get("filterBranches", ())],
        "filters": [_filter_values(each) for each in found.get("filters", ())],
    }


def _filter_values(found: Mapping[str, Any]) -> dict[str, Value]:
    operation = found.get("operation")
    if not isinstance(operation, Mapping) or operation.get("operationType") != "STRING" or "value" not in operation:
        return dict(found)
    several = {key: value for key, value in operation.items() if key != "value"}
    return {**found, "operation": {**several, "operationType": "MULTISTRING", "values": [operation["value"]]}}


def instant(text: object) -> datetime | None:
    """Return an instant of HubSpot's, in UTC, or None where there is none that can be read."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _pick(found: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Value]:
    return {key: found[key] for key in members if found.get(key) is not None}
