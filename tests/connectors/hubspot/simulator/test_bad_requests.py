"""Requests that are right but for one change, and what the portal says to each."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import (
    CHOICE,
    CONTACTS,
    FITS,
    FLOWS,
    GROUP,
    LIST,
    LISTS,
    STAGES,
    Portal,
    flow,
    settled_flow,
)

VALIDATION = "VALIDATION_ERROR"
GONE = object()
A_STAGE = {"label": "Handover", "displayOrder": 3, "metadata": {"probability": "0.5"}}


def request(name: str, portal: Portal, list_id: str) -> tuple[str, str, Any]:
    """Return method, path and body of a request that succeeds."""
    if name == "replace flow":
        found = settled_flow(portal, list_id)
        return "PUT", f"{FLOWS}/{found['id']}", flow(list_id, revisionId=found["revisionId"])
    return {
        "create property": ("POST", CONTACTS, {**CHOICE, "name": "sla_other"}),
        "create flag": (
            "POST", CONTACTS,
            {"name": "sla_flag", "label": "Flag", "groupName": "sla_sync", "type": "bool",
             "fieldType": "booleancheckbox",
             "options": [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]},
        ),
        "change property": ("PATCH", f"{CONTACTS}/sla_reason", {"label": "Why", "options": CHOICE["options"]}),
        "change stock": (
            "PATCH", f"{CONTACTS}/hs_lead_status", {"options": [{"label": "New", "value": "NEW"}]},
        ),
        "create group": ("POST", f"{CONTACTS}/groups", {**GROUP, "name": "sla_more"}),
        "create list": ("POST", LISTS, {**LIST, "name": "SLA | Other"}),
        "search lists": ("POST", f"{LISTS}/search", {"query": "SLA", "count": 10, "offset": 0}),
        "change filters": (
            "PUT", f"{LISTS}/{list_id}/update-list-filters", {"filterBranch": LIST["filterBranch"]},
        ),
        "create flow": ("POST", FLOWS, flow(list_id)),
        "create stage": ("POST", STAGES, A_STAGE),
    }[name]  # fmt: skip


FILTER = ("filterBranch", "filterBranches", 0, "filters", 0)
OPERATION = (*FILTER, "operation")
ENROLMENT = ("enrollmentCriteria",)
ENUM = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["budget"]}

BAD: tuple[tuple[str, tuple[Any, ...], Any, int, str | None, str | None], ...] = (
    ("create property", ("label",), GONE, 400, VALIDATION, None),
    ("create property", ("groupName",), GONE, 400, VALIDATION, None),
    ("create property", ("groupName",), "nowhere", 400, VALIDATION, None),
    ("create property", ("colour",), "red", 400, VALIDATION, None),
    ("create property", ("name",), "sla_reason", 409, VALIDATION, "PropertyValidationError.PROPERTY_EXISTS"),
    ("create property", ("name",), "SLA_Reason", 409, VALIDATION, "PropertyValidationError.PROPERTY_EXISTS"),
    ("create property", ("name",), "sla reason", 400, VALIDATION, None),
    ("create property", ("name",), "s" * 100, 400, VALIDATION, None),
    ("create property", ("type",), "picklist", 400, VALIDATION, None),
    ("create property", ("fieldType",), "date", 400, VALIDATION, None),
    ("create property", ("hidden",), "false", 400, VALIDATION, None),
    ("create property", ("options",), [], 400, VALIDATION, None),
    ("create property", ("options", 0, "label"), GONE, 400, VALIDATION, None),
    ("create property", ("options", 0, "colour"), "red", 400, VALIDATION, None),
    ("create property", ("options", 0, "displayOrder"), "0", 400, VALIDATION, None),
    ("create property", ("options", 0, "label"), "No need", 400, VALIDATION,
     "PropertyValidationError.NON_UNIQUE_PROPERTY_LABEL"),
    ("create property", ("options", 0, "value"), "need", 400, VALIDATION,
     "PropertyValidationError.NON_UNIQUE_PROPERTY_VALUE"),
    ("create property", ("externalOptions",), True, 400, VALIDATION, None),
    ("create property", ("calculationFormula",), "1 + 1", 404, "NOT_IMPLEMENTED", None),
    ("create property", ("dataSensitivity",), "sensitive", 403, "MISSING_SCOPES", None),
    ("create property", ("currencyPropertyName",), "amount", 400, VALIDATION, None),
    ("create flag", ("options", 0, "value"), "yes", 400, VALIDATION, "PropertyValidationError.INVALID_BOOLEAN_OPTION"),
    ("create flag", ("options",), GONE, 400, VALIDATION, "PropertyValidationError.INVALID_BOOLEAN_OPTION"),
    ("change property", ("name",), "sla_renamed", 400, VALIDATION, None),
    ("change property", ("fieldType",), "text", 400, VALIDATION, None),
    ("change property", ("options",), [], 400, VALIDATION, None),
    ("change stock", ("label",), "Status", 400, VALIDATION, "PropertyValidationError.READ_ONLY_DEFINITION"),
    ("create group", ("name",), "sla_sync", 409, VALIDATION, "PropertyGroupError.GROUP_ALREADY_EXISTS"),
    ("create group", ("label",), GONE, 400, VALIDATION, None),
    ("create list", ("name",), "SLA | Hot", 400, VALIDATION, "ILS.DUPLICATE_LIST_NAMES"),
    ("create list", ("objectTypeId",), "contacts", 400, VALIDATION, None),
    ("create list", ("processingType",), "ACTIVE", 400, VALIDATION, None),
    ("create list", ("filterBranch",), GONE, 400, VALIDATION, None),
    ("create list", ("listFolderId",), 7, 404, "NOT_IMPLEMENTED", None),
    ("create list", ("filterBranch", "filterBranchType"), "AND", 400, VALIDATION, None),
    ("create list", ("filterBranch", "filters"), [FITS], 400, VALIDATION, None),
    ("create list", ("filterBranch", "filterBranches"), [], 400, VALIDATION, None),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranchType"), "OR", 400, VALIDATION, None),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranchOperator"), "OR", 400, VALIDATION, None),
    ("create list", ("filterBranch", "filterBranches", 0, "filters"), [], 400, VALIDATION, None),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranches"),
     [{"filterBranchType": "AND", "filters": [FITS]}], 400, VALIDATION, None),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranches"),
     [{"filterBranchType": "ASSOCIATION"}], 404, "NOT_IMPLEMENTED", None),
    ("create list", (*FILTER, "filterType"), "FORM_SUBMISSION", 404, "NOT_IMPLEMENTED", None),
    ("create list", (*FILTER, "property"), "sla_absent", 400, VALIDATION, "ListError.PROPERTY_NOT_FOUND"),
    ("create list", (*FILTER, "negated"), True, 400, VALIDATION, None),
    ("create list", (*FILTER, "property"), "sla_reason", 400, VALIDATION,
     "ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE"),
    ("create list", (*FILTER, "property"), "email", 400, VALIDATION, "ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE"),
    ("create list", OPERATION, ENUM, 400, VALIDATION, "ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE"),
    ("create list", OPERATION, {"operationType": "ALL_PROPERTY", "operator": "IS_NOT_KNOWN"}, 400, VALIDATION,
     "ListError.ENUM_CONVERSION"),
    ("create list", (*OPERATION, "operator"), "IS_ANY_OF", 400, VALIDATION, "ListError.ENUM_CONVERSION"),
    ("create list", (*OPERATION, "value"), "sixty", 400, VALIDATION, None),
    ("create list", (*OPERATION, "value"), GONE, 400, VALIDATION, None),
    ("create list", (*OPERATION, "includeObjectsWithNoValueSet"), "yes", 400, VALIDATION, None),
    ("create list", (*OPERATION, "operationType"), "FUZZY", 400, VALIDATION, None),
    ("search lists", ("count",), 501, 400, VALIDATION, None),
    ("change filters", (*FILTER, "property"), "sla_absent", 400, VALIDATION, "ListError.PROPERTY_NOT_FOUND"),
    ("create flow", ("isEnabled",), GONE, 400, VALIDATION, None),
    ("create flow", ("type",), GONE, 400, VALIDATION, None),
    ("create flow", ("type",), "PLATFORM_FLOW", 400, VALIDATION, None),
    ("create flow", ("objectTypeId",), "0-2", 400, VALIDATION, None),
    ("create flow", ("triggers",), [], 400, VALIDATION, None),
    ("create flow", ("startActionId",), "9", 400, VALIDATION, None),
    ("create flow", ("startActionId",), GONE, 400, VALIDATION, None),
    ("create flow", ("goalFilterBranch",), {}, 404, "NOT_IMPLEMENTED", None),
    ("create flow", ("actions", 0, "defaultBranch"), {}, 500, None, None),
    ("create flow", ("actions", 0, "listBranches", 0, "filterBranch"), GONE, 400, VALIDATION, None),
    ("create flow", ("actions", 1, "actionId"), "1", 400, VALIDATION, None),
    ("create flow", ("actions", 1, "connection"), {}, 400, VALIDATION, None),
    ("create flow", ("actions", 1, "connection", "nextActionId"), "7", 400, VALIDATION, None),
    ("create flow", ("actions", 1, "actionTypeId"), "0-13", 500, None, None),
    ("create flow", ("actions", 1, "actionTypeId"), "0-99", 404, "NOT_IMPLEMENTED", None),
    ("create flow", ("actions", 1, "fields", "property_name"), "sla_absent", 400, VALIDATION, None),
    ("create flow", ("actions", 1, "fields", "property_name"), "createdate", 400, VALIDATION, None),
    ("create flow", ("actions", 1, "fields", "value"), {"type": "NOW"}, 500, None, None),
    ("create flow", ("actions", 1, "fields", "value", "timestampType"), "NOW", 500, None, None),
    ("create flow", ("actions", 2, "fields", "delta"), 240, 400, VALIDATION, None),
    ("create flow", ("actions", 2, "fields", "time_unit"), "FORTNIGHTS", 400, VALIDATION, None),
    ("create flow", ("actions", 2, "fields", "unit"), "DAYS", 400, VALIDATION, None),
    ("create flow", (*ENROLMENT, "shouldReEnroll"), GONE, 400, VALIDATION, None),
    ("create flow", (*ENROLMENT, "type"), "DATASET", 404, "NOT_IMPLEMENTED", None),
    ("create flow", (*ENROLMENT, "listFilterBranch", *FILTER[1:], "listId"), "999", 400, VALIDATION, None),
    ("create flow", (*ENROLMENT, "listFilterBranch", *FILTER[1:], "operator"), GONE, 400, VALIDATION, None),
    ("create flow", (*ENROLMENT, "reEnrollmentTriggersFilterBranches"),
     [{"filterBranchType": "AND", "filters": [FITS]}], 400, VALIDATION, None),
    ("create flow", ("timeWindows", 0, "day"), "Monday", 400, VALIDATION, None),
    ("create flow", ("timeWindows", 0, "endTime", "hour"), 8, 400, VALIDATION, None),
    ("create flow", ("blockedDates", 0, "dayOfMonth"), 32, 400, VALIDATION, None),
    ("create flow", ("suppressionListIds",), [999], 400, VALIDATION, None),
    ("replace flow", ("revisionId",), GONE, 400, VALIDATION, None),
    ("replace flow", ("revisionId",), "7", 409, "CONFLICT", None),
    ("replace flow", ("type",), GONE, 400, VALIDATION, None),
    ("replace flow", ("objectTypeId",), "0-3", 400, VALIDATION, None),
    ("replace flow", ("createdAt",), "2026-12-01T09:00:00.000Z", 400, VALIDATION, None),
    ("replace flow", ("dataSources",), [], 400, VALIDATION, None),
    ("create stage", ("metadata",), {}, 400, VALIDATION, None),
    ("create stage", ("metadata", "probability"), "0.55", 400, VALIDATION, None),
    ("create stage", ("label",), "Closed Won", 400, VALIDATION, None),
    ("create stage", ("stageId",), "closedwon", 409, VALIDATION, "PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE"),
)  # fmt: skip


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return the body with one member set, or taken out."""
    body = copy.deepcopy(body)
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return body


@pytest.mark.parametrize("name", sorted({row[0] for row in BAD}))
def test_the_request_without_a_change_is_accepted(name: str, furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    method, path, body = request(name, portal, list_id)
    answer = portal.ask(method, path, body)
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "path", "value", "status", "category", "sub_category"),
    BAD,
    ids=[f"{row[0]}: {'.'.join(map(str, row[1]))} {number}" for number, row in enumerate(BAD)],
)
def test_one_wrong_member_is_refused_and_changes_nothing(
    name: str,
    path: tuple[Any, ...],
    value: Any,
    status: int,
    category: str | None,
    sub_category: str | None,
    furnished: tuple[Portal, str],
) -> None:
    portal, list_id = furnished
    method, where, body = request(name, portal, list_id)
    before = portal.application.state_changes
    kept = (portal.data / "state.json").read_bytes()
    answer = portal.ask(method, where, changed(body, path, value))
    said = answer.get_json()
    assert (answer.status_code, said.get("category"), said.get("subCategory")) == (status, category, sub_category), said
    assert said["status"] == "error"
    assert said["message"]
    assert len(said["correlationId"]) == 36
    assert portal.application.state_changes == before
    assert (portal.data / "state.json").read_bytes() == kept
