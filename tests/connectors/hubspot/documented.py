"""Every request that the connector sends, as HubSpot documents it: one table, read against the published descriptions.

The source names a schema of a published description (see `documented_shapes.py`) or a page. Where a description
requires what HubSpot's own pages and clients leave out, the row says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.connectors.hubspot.documented_shapes import (
    ACTION,
    BLOCKED,
    CHANGED_PROPERTY,
    ENROLMENT,
    ROOT,
    WINDOW,
    Check,
    among,
    digits,
    every,
    members,
    new_property,
    number,
    text,
    yes_no,
)

BATCH = 100
"""Page "Usage guidelines": how many inputs a batch holds."""


@dataclass(frozen=True)
class Documented:
    """One operation: its path with names in braces, its source, its body, and the highest value of each query parameter."""

    method: str
    path: str
    source: str
    body: Check | None = None
    query: Mapping[str, int | None] = field(default_factory=dict)


_WORKFLOW: Mapping[str, Check] = {
    "type": among("CONTACT_FLOW", "PLATFORM_FLOW"), "isEnabled": yes_no, "actions": every(ACTION, least=1),
}  # fmt: skip
_KIND: Mapping[str, Check] = {"flowType": among("WORKFLOW"), "objectTypeId": text}
_SPOKEN: Mapping[str, Check] = {
    "name": text, "description": text, "startActionId": digits, "enrollmentCriteria": ENROLMENT,
}  # fmt: skip
_HOURS: Mapping[str, Check] = {
    "timeWindows": every(WINDOW), "blockedDates": every(BLOCKED), "customProperties": members({}),
}  # fmt: skip
_OF_CONTACTS: Mapping[str, Check] = {"canEnrollFromSalesforce": yes_no, "suppressionListIds": every(number)}
_PAGE = "page api-reference/automation-automation-v4-v4/guide"


def _new_workflow(value: Any, where: str) -> Iterator[str]:
    yield from members({**_WORKFLOW, **_KIND, **_SPOKEN}, {**_HOURS, **_OF_CONTACTS})(value, where)
    if value.get("isEnabled") is not False:
        yield f"{where} is switched on before it was read back"
    yield from _linked(value, where)


def _whole_workflow(value: Any, where: str) -> Iterator[str]:
    needed = {**_WORKFLOW, **_KIND, **_SPOKEN, **_HOURS, "revisionId": digits, "id": digits}
    contacts = value.get("type") == "CONTACT_FLOW"
    yield from members({**needed, **(_OF_CONTACTS if contacts else {})})(value, where)
    yield from _linked(value, where)


def _linked(value: Any, where: str) -> Iterator[str]:
    """Tell of links that lead to no action, and of two actions with one id."""
    ids = [each.get("actionId") for each in value.get("actions", ())]
    if len(set(ids)) < len(ids):
        yield f"{where} has two actions with one id"
    targets = set(re.findall(r'"nextActionId": "(\d+)"', json.dumps(value))) | {value.get("startActionId")}
    yield from (f"{where} leads to the action {each}, which is not there" for each in sorted(targets - set(ids)))


def _inputs(one: Check) -> Check:
    return every(one, least=1, most=BATCH)


def _texts(value: Any, where: str) -> Iterator[str]:
    for name, each in value.items():
        yield from text(each, f"{where}.{name}")


_HISTORIES = 50
"""Page "Contacts": how many records a batch tells the histories of."""


def _read(value: Any, where: str) -> Iterator[str]:
    most = _HISTORIES if value.get("propertiesWithHistory") else BATCH
    inputs = every(members({"id": digits}), least=1, most=most)
    yield from members({"inputs": inputs, "properties": every(text)}, {"propertiesWithHistory": every(text)})(
        value, where
    )


_TESTED: Mapping[str, Mapping[str, Check]] = {
    **{each: {"value": text} for each in ("EQ", "GT", "GTE", "LT")}, "BETWEEN": {"value": text, "highValue": text},
    "IN": {"values": every(text, least=1)}, "NOT_HAS_PROPERTY": {},
}  # fmt: skip
_ALL_TESTS = 18
"""Page "Search the CRM": tests in one search, whatever their groups."""


def _tested(value: Any, where: str) -> Iterator[str]:
    yield from among(*_TESTED)(value.get("operator"), f"{where}.operator")
    needed = {"propertyName": text, "operator": text, **_TESTED.get(str(value.get("operator")), {})}
    yield from members(needed)(value, where)


def _groups(value: Any, where: str) -> Iterator[str]:
    yield from every(members({"filters": every(_tested, least=1, most=6)}), least=1, most=5)(value, where)
    number = sum(len(each["filters"]) for each in value)
    if number > _ALL_TESTS:
        yield f"{where} has {number} tests, and at most {_ALL_TESTS} are taken"


_SEARCHED = members({
    "filterGroups": _groups,
    "sorts": every(members({"propertyName": text, "direction": among("ASCENDING", "DESCENDING")}), most=1),
    "properties": every(text),
    "limit": among(*range(1, 201)),
})  # fmt: skip
_LOOKS: Mapping[str, int | None] = {"validateReferencesBeforeDelete": None}
_STAGE: Mapping[str, Check] = {"label": text, "displayOrder": number}
# pipelines.json PipelineStageInput; which metadata a stage of leads has is documented nowhere, so none is sent.
_NEW_STAGE = members({**_STAGE, "metadata": members({}, {"isClosed": text, "state": text})}, {"stageId": text})
_RULES = ("MIN_NUMBER", "MAX_NUMBER")

TABLE: tuple[Documented, ...] = (
    Documented("GET", "/crm/v3/properties/{object}", "properties.json GET /{objectType}"),
    Documented("GET", "/crm/v3/properties/{object}/{name}", "properties.json GET /{objectType}/{propertyName}"),
    Documented("POST", "/crm/v3/properties/{object}", "properties.json PropertyCreate", new_property),
    Documented(
        "POST",
        "/crm/v3/properties/{object}/batch/create",
        "properties.json BatchInputPropertyCreate",
        members({"inputs": _inputs(new_property)}),
    ),
    Documented("PATCH", "/crm/v3/properties/{object}/{name}", "properties.json PropertyUpdate", CHANGED_PROPERTY),
    Documented("DELETE", "/crm/v3/properties/{object}/{name}", "properties.json DELETE /{objectType}/{propertyName}"),
    Documented("GET", "/crm/v3/properties/{object}/groups", "properties.json GET /{objectType}/groups"),
    Documented(
        "POST",
        "/crm/v3/properties/{object}/groups",
        "properties.json PropertyGroupCreate",
        members({"name": text, "label": text}, {"displayOrder": number}),
    ),
    Documented(
        "GET", "/crm/v3/property-validations/{object}", "propertyValidations.json GET /{objectTypeId}"
    ),
    Documented(
        "PUT",
        f"/crm/v3/property-validations/{{object}}/{{name}}/rule-type/({'|'.join(_RULES)})",
        "propertyValidations.json PublicPropertyValidationRuleUpdate",
        members({"ruleArguments": every(text, least=1, most=1)}, {"shouldApplyNormalization": yes_no}),
    ),
    Documented(
        "POST",
        "/crm/v3/lists",
        "lists.json ListCreateRequest",
        members({"name": text, "objectTypeId": text, "processingType": among("DYNAMIC"), "filterBranch": ROOT}),
    ),
    Documented(
        "POST",
        "/crm/v3/lists/search",
        "lists.json ListSearchRequest; count at most 500",
        members({"offset": number, "additionalProperties": every(text)}, {"query": text, "count": among(*range(1, 501))}),
    ),
    Documented(
        "GET", "/crm/v3/lists", "lists.json GET /crm/v3/lists", query={"listIds": None, "includeFilters": None}
    ),
    Documented(
        "GET", "/crm/v3/lists/{id}", "lists.json GET /crm/v3/lists/{listId}", query={"includeFilters": None}
    ),
    Documented(
        "PUT",
        "/crm/v3/lists/{id}/update-list-filters",
        "lists.json ListFilterUpdateRequest",
        members({"filterBranch": ROOT}),
    ),
    Documented("DELETE", "/crm/v3/lists/{id}", "lists.json DELETE /crm/v3/lists/{listId}"),
    Documented("GET", "/automation/v4/flows", "automationV4.json GET /automation/v4/flows", query={"limit": 100, "after": None}),
    Documented("GET", "/automation/v4/flows/{id}", "automationV4.json GET /automation/v4/flows/{flowId}"),
    Documented(
        "POST",
        "/automation/v4/flows/batch/read",
        "automationV4.json ApiFlowBatchFetchFlowIdCoordinate",
        members({"inputs": _inputs(members({"flowId": digits, "type": among("FLOW_ID")}))}),
    ),
    # The description also requires members that HubSpot's own examples leave out: timeWindows, blockedDates and such.
    Documented("POST", "/automation/v4/flows", "automationV4.json Api…FlowCreateRequest", _new_workflow),
    # The description does not name id, flowType and objectTypeId; the page sends back what was read, but for three members.
    Documented("PUT", "/automation/v4/flows/{id}", f"automationV4.json Api…FlowPutRequest; {_PAGE}", _whole_workflow),
    Documented("DELETE", "/automation/v4/flows/{id}", "automationV4.json DELETE /automation/v4/flows/{flowId}"),
    Documented("GET", "/crm/v3/pipelines/{object}/{id}", "pipelines.json GET /{objectType}/{pipelineId}"),
    Documented(
        "POST",
        "/crm/v3/pipelines/{object}",
        "pipelines.json PipelineInput",
        members({"label": text, "displayOrder": number, "stages": every(_NEW_STAGE, most=30)}, {"pipelineId": text}),
    ),
    Documented(
        "PATCH", "/crm/v3/pipelines/{object}/{id}", "pipelines.json PipelinePatchInput", members({}, {"label": text})
    ),
    Documented("DELETE", "/crm/v3/pipelines/{object}/{id}", "pipelines.json DELETE /{objectType}/{pipelineId}", query=_LOOKS),
    Documented("POST", "/crm/v3/pipelines/{object}/{id}/stages", "pipelines.json PipelineStageInput", _NEW_STAGE),
    # The description also requires metadata, which a stage of leads has none of.
    Documented(
        "PATCH", "/crm/v3/pipelines/{object}/{id}/stages/{stage}", "pipelines.json PipelineStagePatchInput",
        members({}, _STAGE),
    ),
    Documented(
        "GET", "/crm/v3/owners", "crmOwners.json GET /crm/v3/owners",
        query={"limit": 500, "after": None, "archived": None},
    ),
    Documented("GET", "/settings/v3/users/teams", "userProvisioning.json GET /settings/v3/users/teams"),
    Documented("GET", "/account-info/v3/details", "accountInfo.json GET /account-info/v3/details"),
    Documented(
        "GET", "/account-info/v3/api-usage/daily/private-apps", "accountInfo.json GET …/daily/private-apps"
    ),
    Documented(
        "GET",
        "/account-info/v3/activity/audit-logs",
        'page "Account activity"; accountInfo.json does not have it',
        query={"limit": 100, "after": None, "occurredAfter": None},
    ),
    Documented(
        "POST", "/oauth/v2/private-apps/get/access-token-info", 'page "Private apps"', members({"tokenKey": text})
    ),
    Documented("GET", "/crm/v3/limits/custom-properties", "limitsTracking.json GET /crm/v3/limits/custom-properties"),
    Documented(
        "GET", "/crm/v3/limits/calculated-properties", "limitsTracking.json GET /crm/v3/limits/calculated-properties"
    ),
    Documented("GET", "/crm/v3/limits/pipelines", "limitsTracking.json GET /crm/v3/limits/pipelines"),
    # The description also requires `after`, which the page "Search the CRM" leaves out of a first page.
    Documented("POST", "/crm/v3/objects/{object}/search", "objects.json PublicObjectSearchRequest", _SEARCHED),
    # The description also requires propertiesWithHistory, which the page leaves out where nobody asks for histories.
    Documented(
        "POST",
        "/crm/v3/objects/{object}/batch/read",
        "objects.json BatchReadInputSimplePublicObjectId",
        _read,
        query={"archived": None},
    ),
    Documented(
        "GET", "/crm/v3/objects/{object}", "objects.json GET /crm/v3/objects/{objectType}",
        query={"limit": 100, "after": None, "archived": None, "properties": None},
    ),
    Documented("GET", "/crm/v3/pipelines/{object}", "pipelines.json GET /crm/v3/pipelines/{objectType}"),
    # The page "Associations v4" names the most inputs of a batch.
    Documented(
        "POST",
        "/crm/v4/associations/{object}/{object}/batch/read",
        "associationsV4.json BatchInputPublicFetchAssociationsBatchRequest",
        members({"inputs": every(members({"id": digits}, {"after": text}), least=1, most=1_000)}),
    ),
    Documented(
        "POST",
        "/crm/v3/objects/{object}/batch/update",
        "objects.json SimplePublicObjectBatchInput",
        members(
            {"inputs": _inputs(members({"id": digits, "properties": _texts},
                                       {"objectWriteTraceId": text}))}
        ),
    ),
)  # fmt: skip


def row_of(method: str, path: str) -> Documented | None:
    """Return the row of a request; the one with the fewest names in braces where several fit."""
    fit = [each for each in TABLE if each.method == method and re.fullmatch(_pattern(each.path), path)]
    return min(fit, key=lambda each: each.path.count("{"), default=None)


def _pattern(path: str) -> str:
    return re.sub(r"\{\w+\}", "[^/]+", path)


def undocumented(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of a recorded request does not stand in the table."""
    row = row_of(line["method"], line["path"])
    if row is None:
        yield f"{line['method']} {line['path']} is not in the table"
        return
    for name, value in line["query"].items():
        if name not in row.query:
            yield f"the query parameter {name} of {row.method} {row.path} is not documented"
        elif (most := row.query[name]) is not None and int(value) > most:
            yield f"the query parameter {name} of {row.method} {row.path} is {value}, and at most {most}"
    body = json.loads(line["body"]) if line["body"] else None
    if (body is None) is not (row.body is None):
        yield f"{row.method} {row.path} has {'no' if body is None else 'a'} body, and the table says otherwise"
    elif row.body is not None:
        yield from row.body(body, "body")
