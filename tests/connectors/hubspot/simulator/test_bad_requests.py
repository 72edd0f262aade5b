"""Requests that are right but for one change, and what the portal says to each."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from sla_sync_hubspot.simulator.stock import PORTAL_ID
from tests.connectors.hubspot.simulator.portal import (
    CHOICE,
    CONTACTS,
    FITS,
    FLOWS,
    GROUP,
    LIST,
    LISTS,
    OBJECTS,
    STAGES,
    Portal,
    branch,
    flow,
    made,
    settled_flow,
    tested,
)

VALIDATION = "VALIDATION_ERROR"
GONE = object()
A_STAGE = {"label": "Handover", "displayOrder": 3, "metadata": {"probability": "0.5"}}
FORMULA = {
    "name": "sla_calc", "label": "Calculated", "groupName": "sla_sync", "type": "number",
    "fieldType": "calculation_equation", "calculationFormula": "sla_fit + 1",
}  # fmt: skip
ADA = {"email": "ada@example.com", "sla_fit": "6", "sla_reason": "need", "sla_at": "2026-12-01T10:00:00Z",
       "sla_yes": "true", "hubspot_owner_id": "41000005"}  # fmt: skip
TOUCH = {
    "type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5",
    "fields": {"property_name": "sla_at", "value": {"type": "OBJECT_PROPERTY", "propertyName": "hs_timestamp"},
               "association": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}},
}  # fmt: skip
KNOWN = {
    "type": "LIST_BASED", "shouldReEnroll": False, "unEnrollObjectsNotMeetingCriteria": False,
    "listFilterBranch": branch(tested("hs_timestamp", operationType="ALL_PROPERTY", operator="IS_KNOWN")),
}  # fmt: skip


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
        "create formula": ("POST", CONTACTS, FORMULA),
        "create contact": ("POST", f"{OBJECTS}/contacts", {"properties": dict(ADA)}),
        "change contacts": ("POST", f"{OBJECTS}/contacts/batch/update", {"inputs": [
            {"id": made(portal, "contacts", email="a@example.com"), "properties": {"sla_at": "2026-12-01T10:00:00Z"}},
            {"id": made(portal, "contacts", email="b@example.com"), "properties": {"sla_fit": "7"}},
        ]}),
        "read contacts": ("POST", f"{OBJECTS}/contacts/batch/read", {"inputs": [{"id": "101"}], "properties": ["email"]}),
        "search contacts": ("POST", f"{OBJECTS}/contacts/search", {
            "filterGroups": [{"filters": [{"propertyName": "sla_reason", "operator": "EQ", "value": "need"}]}],
            "properties": ["email"], "sorts": [{"propertyName": "createdate", "direction": "ASCENDING"}], "limit": 100,
        }),
        "log call": ("POST", f"{OBJECTS}/calls", {
            "properties": {"hs_timestamp": "2026-12-01T08:00:00Z", "hubspot_owner_id": "41000005"},
            "associations": [{"to": {"id": made(portal, "contacts", email="c@example.com")}, "types": [
                {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]}],
        }),
        "set rule": ("PUT", "/crm/v3/property-validations/0-1/sla_fit/rule-type/MAX_NUMBER", {"ruleArguments": ["100"]}),
        "submit form": ("POST", f"/submissions/v3/integration/submit/{PORTAL_ID}/7b2f3c7e-0d3e-4a5e-9a58-3a3f5d1c2b10",
                        {"fields": [{"objectTypeId": "0-1", "name": "email", "value": "ada@example.com"}]}),
        "touch": ("POST", FLOWS, flow(list_id, type="PLATFORM_FLOW", objectTypeId="0-48", actions=[TOUCH],
                                      enrollmentCriteria=KNOWN)),
    }[name]  # fmt: skip


FILTER = ("filterBranch", "filterBranches", 0, "filters", 0)
OPERATION = (*FILTER, "operation")
ENROLMENT = ("enrollmentCriteria",)
ENUM = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["budget"]}

PUBLISHED, GUIDE, RECORDED = "published description", "guide", "recorded"
INFERRED, OURS = "inferred", "not built here"
"""How it is known that a request is refused so: HubSpot's description of the API, its guides and knowledge base, answers of
portals in public repositories and issues, our own guess, or that only this simulator refuses it (by name)."""

BAD: tuple[tuple[str, tuple[Any, ...], Any, int, str | None, str | None, str], ...] = (
    ("create property", ("label",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create property", ("groupName",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create property", ("groupName",), "nowhere", 400, VALIDATION, None, INFERRED),
    ("create property", ("colour",), "red", 400, VALIDATION, None, PUBLISHED),
    ("create property", ("name",), "sla_reason", 409, VALIDATION, "PropertyValidationError.PROPERTY_EXISTS", RECORDED),
    ("create property", ("name",), "SLA_Reason", 409, VALIDATION, "PropertyValidationError.PROPERTY_EXISTS", RECORDED),
    ("create property", ("name",), "sla reason", 400, VALIDATION, None, RECORDED),
    ("create property", ("name",), "s" * 100, 400, VALIDATION, None, RECORDED),
    ("create property", ("type",), "picklist", 400, VALIDATION, None, PUBLISHED),
    ("create property", ("fieldType",), "date", 400, VALIDATION, None, PUBLISHED),
    ("create property", ("hidden",), "false", 400, VALIDATION, None, PUBLISHED),
    ("create property", ("options",), [], 400, VALIDATION, None, INFERRED),
    ("create property", ("options", 0, "label"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create property", ("options", 0, "colour"), "red", 400, VALIDATION, None, PUBLISHED),
    ("create property", ("options", 0, "displayOrder"), "0", 400, VALIDATION, None, PUBLISHED),
    ("create property", ("options", 0, "label"), "No need", 400, VALIDATION,
     "PropertyValidationError.NON_UNIQUE_PROPERTY_LABEL", RECORDED),
    ("create property", ("options", 0, "value"), "need", 400, VALIDATION,
     "PropertyValidationError.NON_UNIQUE_PROPERTY_VALUE", RECORDED),
    ("create property", ("externalOptions",), True, 400, VALIDATION, None, GUIDE),
    ("create property", ("calculationFormula",), "1 + 1", 400, VALIDATION, None, GUIDE),
    ("create property", ("dataSensitivity",), "sensitive", 403, "MISSING_SCOPES", None, GUIDE),
    ("create property", ("currencyPropertyName",), "amount", 400, VALIDATION, None, INFERRED),
    ("create flag", ("options", 0, "value"), "yes", 400, VALIDATION, "PropertyValidationError.INVALID_BOOLEAN_OPTION", RECORDED),
    ("create flag", ("options",), GONE, 400, VALIDATION, "PropertyValidationError.INVALID_BOOLEAN_OPTION", RECORDED),
    ("change property", ("name",), "sla_renamed", 400, VALIDATION, None, PUBLISHED),
    ("change property", ("fieldType",), "text", 400, VALIDATION, None, PUBLISHED),
    ("change property", ("options",), [], 400, VALIDATION, None, INFERRED),
    ("change stock", ("label",), "Status", 400, VALIDATION, "PropertyValidationError.READ_ONLY_DEFINITION", INFERRED),
    ("create group", ("name",), "sla_sync", 409, VALIDATION, "PropertyGroupError.GROUP_ALREADY_EXISTS", RECORDED),
    ("create group", ("label",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create list", ("name",), "SLA | Hot", 400, VALIDATION, "ILS.DUPLICATE_LIST_NAMES", RECORDED),
    ("create list", ("objectTypeId",), "contacts", 400, VALIDATION, None, PUBLISHED),
    ("create list", ("processingType",), "ACTIVE", 400, VALIDATION, None, PUBLISHED),
    ("create list", ("filterBranch",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create list", ("listFolderId",), 7, 404, "NOT_IMPLEMENTED", None, OURS),
    ("create list", ("filterBranch", "filterBranchType"), "AND", 400, VALIDATION, None, GUIDE),
    ("create list", ("filterBranch", "filters"), [FITS], 400, VALIDATION, None, GUIDE),
    ("create list", ("filterBranch", "filterBranches"), [], 400, VALIDATION, None, GUIDE),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranchType"), "OR", 400, VALIDATION, None, GUIDE),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranchOperator"), "OR", 400, VALIDATION, None, GUIDE),
    ("create list", ("filterBranch", "filterBranches", 0, "filters"), [], 400, VALIDATION, None, INFERRED),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranches"),
     [{"filterBranchType": "AND", "filters": [FITS]}], 400, VALIDATION, None, INFERRED),
    ("create list", ("filterBranch", "filterBranches", 0, "filterBranches"),
     [{"filterBranchType": "ASSOCIATION"}], 404, "NOT_IMPLEMENTED", None, OURS),
    ("create list", (*FILTER, "filterType"), "FORM_SUBMISSION", 404, "NOT_IMPLEMENTED", None, OURS),
    ("create list", (*FILTER, "property"), "sla_absent", 400, VALIDATION, "ListError.PROPERTY_NOT_FOUND", RECORDED),
    ("create list", (*FILTER, "negated"), True, 400, VALIDATION, None, PUBLISHED),
    ("create list", (*FILTER, "property"), "sla_reason", 400, VALIDATION,
     "ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE", RECORDED),
    ("create list", (*FILTER, "property"), "email", 400, VALIDATION, "ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE", RECORDED),
    ("create list", OPERATION, ENUM, 400, VALIDATION, "ListError.INVALID_OPERATION_FOR_PROPERTY_TYPE", RECORDED),
    ("create list", OPERATION, {"operationType": "ALL_PROPERTY", "operator": "IS_NOT_KNOWN"}, 400, VALIDATION,
     "ListError.ENUM_CONVERSION", RECORDED),
    ("create list", (*OPERATION, "operator"), "IS_ANY_OF", 400, VALIDATION, "ListError.ENUM_CONVERSION", RECORDED),
    ("create list", (*OPERATION, "value"), "sixty", 400, VALIDATION, None, PUBLISHED),
    ("create list", (*OPERATION, "value"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create list", (*OPERATION, "includeObjectsWithNoValueSet"), "yes", 400, VALIDATION, None, PUBLISHED),
    ("create list", (*OPERATION, "operationType"), "FUZZY", 400, VALIDATION, None, PUBLISHED),
    ("search lists", ("count",), 501, 400, VALIDATION, None, PUBLISHED),
    ("change filters", (*FILTER, "property"), "sla_absent", 400, VALIDATION, "ListError.PROPERTY_NOT_FOUND", RECORDED),
    ("create flow", ("isEnabled",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("type",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("type",), "PLATFORM_FLOW", 400, VALIDATION, None, RECORDED),
    ("create flow", ("objectTypeId",), "0-2", 400, VALIDATION, None, RECORDED),
    ("create flow", ("triggers",), [], 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("startActionId",), "9", 400, VALIDATION, None, INFERRED),
    ("create flow", ("startActionId",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("goalFilterBranch",), {}, 404, "NOT_IMPLEMENTED", None, OURS),
    ("create flow", ("actions", 0, "defaultBranch"), {}, 500, None, None, RECORDED),
    ("create flow", ("actions", 0, "listBranches", 0, "filterBranch"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("actions", 1, "actionId"), "1", 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 1, "connection"), {}, 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 1, "connection", "nextActionId"), "7", 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 1, "actionTypeId"), "0-13", 500, None, None, RECORDED),
    ("create flow", ("actions", 1, "actionTypeId"), "0-99", 404, "NOT_IMPLEMENTED", None, OURS),
    ("create flow", ("actions", 1, "fields", "property_name"), "sla_absent", 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 1, "fields", "property_name"), "createdate", 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 1, "fields", "value"), {"type": "NOW"}, 500, None, None, RECORDED),
    ("create flow", ("actions", 1, "fields", "value", "timestampType"), "NOW", 500, None, None, RECORDED),
    ("create flow", ("actions", 2, "fields", "delta"), 240, 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 2, "fields", "time_unit"), "FORTNIGHTS", 400, VALIDATION, None, INFERRED),
    ("create flow", ("actions", 2, "fields", "unit"), "DAYS", 400, VALIDATION, None, PUBLISHED),
    ("create flow", (*ENROLMENT, "shouldReEnroll"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create flow", (*ENROLMENT, "type"), "DATASET", 404, "NOT_IMPLEMENTED", None, OURS),
    ("create flow", (*ENROLMENT, "listFilterBranch", *FILTER[1:], "listId"), "999", 400, VALIDATION, None, INFERRED),
    ("create flow", (*ENROLMENT, "listFilterBranch", *FILTER[1:], "operator"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create flow", (*ENROLMENT, "reEnrollmentTriggersFilterBranches"),
     [{"filterBranchType": "AND", "filters": [FITS]}], 400, VALIDATION, None, INFERRED),
    ("create flow", ("timeWindows", 0, "day"), "Monday", 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("timeWindows", 0, "endTime", "hour"), 8, 400, VALIDATION, None, INFERRED),
    ("create flow", ("blockedDates", 0, "dayOfMonth"), 32, 400, VALIDATION, None, PUBLISHED),
    ("create flow", ("suppressionListIds",), [999], 400, VALIDATION, None, INFERRED),
    ("replace flow", ("revisionId",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("replace flow", ("revisionId",), "7", 409, "CONFLICT", None, INFERRED),
    ("replace flow", ("type",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("replace flow", ("objectTypeId",), "0-3", 400, VALIDATION, None, PUBLISHED),
    ("replace flow", ("createdAt",), "2026-12-01T09:00:00.000Z", 400, VALIDATION, None, GUIDE),
    ("replace flow", ("dataSources",), [], 400, VALIDATION, None, GUIDE),
    ("create stage", ("metadata",), {}, 400, VALIDATION, None, GUIDE),
    ("create stage", ("metadata", "probability"), "0.55", 400, VALIDATION, None, GUIDE),
    ("create stage", ("label",), "Closed Won", 400, VALIDATION, None, INFERRED),
    ("create stage", ("stageId",), "closedwon", 409, VALIDATION, "PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE", RECORDED),
    ("create formula", ("calculationFormula",), "sla_fit +", 400, VALIDATION, None, RECORDED),
    ("create formula", ("calculationFormula",), "ifnull(sla_fit, 0)", 400, VALIDATION, None, RECORDED),
    ("create formula", ("calculationFormula",), "is_present(sla_fit) * sla_fit", 400, VALIDATION, None, RECORDED),
    ("create formula", ("calculationFormula",), "'a' + sla_fit", 400, VALIDATION, None, GUIDE),
    ("create formula", ("calculationFormula",), "sla_gone + 1", 400, VALIDATION, None, INFERRED),
    ("create formula", ("calculationFormula",), GONE, 400, VALIDATION, None, INFERRED),
    ("create formula", ("type",), "datetime", 400, VALIDATION, None, GUIDE),
    ("create contact", ("properties",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("create contact", ("email",), "ada@example.com", 400, VALIDATION, None, PUBLISHED),
    ("create contact", ("properties", "email"), "nowhere", 400, VALIDATION, None, RECORDED),
    ("create contact", ("properties", "shoe_size"), "44", 400, VALIDATION, None, RECORDED),
    ("create contact", ("properties", "sla_reason"), "weather", 400, VALIDATION, None, RECORDED),
    ("create contact", ("properties", "sla_fit"), "six", 400, VALIDATION, None, INFERRED),
    ("create contact", ("properties", "sla_fit"), 6, 400, VALIDATION, None, INFERRED),
    ("create contact", ("properties", "sla_at"), "2026-12-01", 400, VALIDATION, None, INFERRED),
    ("create contact", ("properties", "sla_yes"), "yes", 400, VALIDATION, None, RECORDED),
    ("create contact", ("properties", "hubspot_owner_id"), "ana", 400, VALIDATION, None, RECORDED),
    ("create contact", ("properties", "hubspot_owner_id"), "7", 400, VALIDATION, None, INFERRED),
    ("create contact", ("properties", "createdate"), "2026-12-01T10:00:00Z", 400, VALIDATION, None, RECORDED),
    ("change contacts", ("inputs",), [], 400, VALIDATION, None, INFERRED),
    ("change contacts", ("inputs",), [{"id": str(each), "properties": {}} for each in range(101)], 400, VALIDATION, None,
     GUIDE),
    ("change contacts", ("inputs", 0, "id"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("change contacts", ("inputs", 0, "properties"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("change contacts", ("inputs", 1, "properties", "sla_fit"), "seven", 400, VALIDATION, None, INFERRED),
    ("change contacts", ("inputs", 1, "idProperty"), "sla_fit", 400, VALIDATION, None, GUIDE),
    ("read contacts", ("inputs",), [{"id": str(each)} for each in range(101)], 400, VALIDATION, None, GUIDE),
    ("read contacts", ("inputs", 0, "email"), "a@example.com", 400, VALIDATION, None, PUBLISHED),
    ("search contacts", ("filterGroups", 0, "filters", 0, "propertyName"), "sla_gone", 400, VALIDATION, None, INFERRED),
    ("search contacts", ("filterGroups", 0, "filters", 0, "operator"), "EQUALS", 400, VALIDATION, None, PUBLISHED),
    ("search contacts", ("filterGroups", 0, "filters", 0, "value"), GONE, 400, VALIDATION, None, GUIDE),
    ("search contacts", ("filterGroups",), [{"filters": []}] * 6, 400, VALIDATION, None, GUIDE),
    ("search contacts", ("limit",), 201, 400, VALIDATION, None, GUIDE),
    ("search contacts", ("after",), "9999", 400, VALIDATION, None, GUIDE),
    ("search contacts", ("sorts",), ["email", "createdate"], 400, VALIDATION, None, GUIDE),
    ("log call", ("properties", "hs_timestamp"), GONE, 400, VALIDATION, None, GUIDE),
    ("log call", ("associations", 0, "types", 0, "associationTypeId"), 204, 400, VALIDATION, None, INFERRED),
    ("log call", ("associations", 0, "types", 0, "associationCategory"), "HUBSPOT", 400, VALIDATION, None, PUBLISHED),
    ("log call", ("associations", 0, "to"), GONE, 400, VALIDATION, None, PUBLISHED),
    ("log call", ("associations", 0, "to", "id"), "999", 404, "OBJECT_NOT_FOUND", None, INFERRED),
    ("set rule", ("ruleArguments",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("set rule", ("ruleArguments",), ["a hundred"], 400, VALIDATION, None, INFERRED),
    ("set rule", ("ruleType",), "MAX_NUMBER", 400, VALIDATION, None, PUBLISHED),
    ("submit form", ("fields", 0, "value"), "nowhere", 400, None, None, GUIDE),
    ("submit form", ("fields",), GONE, 400, VALIDATION, None, PUBLISHED),
    ("touch", ("actions", 0, "fields", "association", "associationTypeId"), 204, 400, VALIDATION, None, INFERRED),
    ("touch", ("actions", 0, "fields", "property_name"), "hs_timestamp", 400, VALIDATION, None, INFERRED),
    ("touch", ("actions", 0, "fields", "value", "propertyName"), "sla_at", 400, VALIDATION, None, INFERRED),
    ("touch", ("type",), "CONTACT_FLOW", 400, VALIDATION, None, RECORDED),
)  # fmt: skip


def settings(portal: Portal) -> str:
    """Return what the portal holds in memory, without what it counts of requests."""
    state = portal.application.portal.state
    return json.dumps({key: value for key, value in state.items() if key not in ("requests", "today")})


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
    assert answer.status_code in (200, 201, 204), answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "path", "value", "status", "category", "sub_category", "source"),
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
    source: str,
    furnished: tuple[Portal, str],
) -> None:
    portal, list_id = furnished
    method, where, body = request(name, portal, list_id)
    before = portal.application.state_changes
    kept, held = (portal.data / "state.json").read_bytes(), settings(portal)
    answer = portal.ask(method, where, changed(body, path, value))
    said = answer.get_json()
    assert (answer.status_code, said.get("category"), said.get("subCategory")) == (status, category, sub_category), said
    assert said["status"] == "error"
    assert said["message"]
    assert len(said["correlationId"]) == 36
    assert portal.application.state_changes == before
    assert (portal.data / "state.json").read_bytes() == kept
    assert settings(portal) == held


def test_the_table_holds_sixty_kinds_and_more_that_are_not_only_ours() -> None:
    kinds = {(name, path, repr(value)) for name, path, value, *_, source in BAD if source != OURS}
    assert len(kinds) >= 60
    assert {row[-1] for row in BAD} == {PUBLISHED, GUIDE, RECORDED, INFERRED, OURS}
