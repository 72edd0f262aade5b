"""Calculated properties: their language, what they come to, and who sees that they change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import (
    CONTACTS,
    FLOWS,
    LISTS,
    OBJECTS,
    Portal,
    branch,
    copied,
    flow,
    furnish,
    held,
    made,
    tested,
)

OPTIONS = [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]
TEXTS = ("sla_turn_owner", "sla_touch_by")


def calculated(formula: str, kind: str = "number", **more: Any) -> dict[str, Any]:
    options = {"options": OPTIONS} if kind == "bool" else {}
    return {
        "name": "sla_calc", "label": "Calculated", "groupName": "sla_sync", "type": kind,
        "fieldType": "calculation_equation", "calculationFormula": formula,
    } | options | more  # fmt: skip


def furnish_for_formulas(portal: Portal) -> None:
    furnish(portal)
    for name in TEXTS:
        body = {"name": name, "label": name, "groupName": "sla_sync", "type": "string", "fieldType": "text"}
        portal.done("POST", CONTACTS, body)
    body = {"name": "sla_end", "label": "End", "groupName": "sla_sync", "type": "datetime", "fieldType": "date"}
    portal.done("POST", CONTACTS, body)


@pytest.fixture
def ready(tmp_path: Path) -> Portal:
    portal, _ = copied(tmp_path, furnish_for_formulas)
    return portal


VALUES = {
    "email": "ada@example.com", "sla_fit": "6.5", "sla_yes": "true", "sla_at": "2026-12-01T08:00:00Z",
    "sla_end": "2026-12-01T09:30:00Z", "sla_turn_owner": "41", "sla_touch_by": "42", "sla_reason": "budget",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "kind", "text"),
    [
        ("sla_fit + 1", "number", "7.5"),
        ("sla_end - sla_at", "number", "5400000"),
        ("(sla_end - sla_at) / 60000", "number", "90"),
        ("2 + 3 * 4 - 6 / 2", "number", "11"),
        ("(2 + 3) * 4", "number", "20"),
        ("10sla_fit", "number", "65"),
        ("-sla_fit + 1", "number", "-5.5"),
        ("sla_fit / 0", "number", None),
        ("max(sla_fit, 3, 9)", "number", "9"),
        ("min(sla_fit, 3, 9)", "number", "3"),
        ("string_to_number('12') + 1", "number", "13"),
        ("string_to_number(string(email))", "number", None),
        ("num_contacted_notes + 1", "number", None),
        ("string(sla_turn_owner) = string(sla_touch_by)", "bool", "false"),
        ("string(sla_turn_owner) != string(sla_touch_by)", "bool", "true"),
        ("string(sla_turn_owner) equals '41'", "bool", "true"),
        ("string(sla_reason) = 'budget'", "bool", "true"),
        ("'a' = 'A'", "bool", "false"),
        ("sla_fit >= 6.5 and sla_fit < 7", "bool", "true"),
        ("sla_fit > 6.5 or not (sla_fit <= 6)", "bool", "true"),
        ("not bool(sla_yes) or sla_fit = 6.5", "bool", "true"),
        ("is_present(sla_at)", "bool", "true"),
        ("is_present(hs_time_to_first_engagement)", "bool", "false"),
        ("is_present(bool(sla_fit))", "bool", "false"),
        ("is_present(num_contacted_notes) and num_contacted_notes >= 1", "bool", "false"),
        ("contains(string(email), 'example')", "bool", "true"),
        ("contains('ello', 'hello')", "bool", "false"),
        ("concatenate('a', string(sla_reason), \"b\")", "string", "abudgetb"),
        ("'Fit: ' + number_to_string(sla_fit)", "string", "Fit: 6.5"),
        ("if sla_fit >= 60 then 'high' elseif sla_fit >= 6 then 'middle' else 'low'", "string", "middle"),
        ("IF sla_fit >= 60 ThEn 'high' endif", "string", None),
        ("if is_present(sla_at) then if sla_fit > 9 then true else false else ''", "bool", "false"),
        ("if is_present(num_contacted_notes) then true else ''", "bool", None),
        ("if sla_fit > 9 then if sla_fit > 10 then 1 endif elseif sla_fit > 1 then 2 else 3 endif", "number", "2"),
    ],
)
def test_a_formula_comes_to(ready: Portal, formula: str, kind: str, text: str | None) -> None:
    ready.done("POST", CONTACTS, calculated(formula, kind))
    contact = made(ready, "contacts", **VALUES)
    assert (held(ready, "contacts", contact, "sla_calc")["sla_calc"] or None) == text


@pytest.mark.parametrize(
    ("formula", "kind", "said"),
    [
        ("sla_fit +", "number", "line 1 and column 10 - the end"),
        ("sla_fit\n+ * 2", "number", "line 2 and column 3 - *"),
        ("if(sla_fit, 1, 2)", "number", "Unable to parse"),
        ("ifnull(sla_fit, 0)", "number", "Unable to parse"),
        ("if is_present(sla_fit) { sla_fit }", "number", "Unable to parse"),
        ("sla_fit ; 2", "number", "Unable to parse"),
        ("1 2", "number", "Unable to parse"),
        ("sla_gone + 1", "number", "Property sla_gone does not exist"),
        ("is_present(sla_fit) * sla_fit", "number",
         "Sub-expression output type: Boolean is not compatible with input type: BigDecimal"),
        ("'Fit: ' + sla_fit", "string", "output type: BigDecimal is not compatible with input type: String"),
        ("sla_turn_owner = sla_touch_by", "bool", "output type: String is not compatible"),
        ("string(sla_fit)", "string", "output type: BigDecimal is not compatible"),
        ("sla_fit", "string", "output type: BigDecimal is not compatible"),
        ("bool(sla_yes) = bool(sla_yes)", "bool", "output type: Boolean is not compatible"),
        ("if sla_fit then 1 else 2", "number", "input type: Boolean"),
        ("if bool(sla_yes) then 1 else 'two'", "number", "is not compatible"),
        ("max(sla_fit)", "number", "between 2 and 100"),
        ("contains('a')", "bool", "between 2 and 2"),
    ],
)  # fmt: skip
def test_a_formula_that_does_not_fit_is_refused(ready: Portal, formula: str, kind: str, said: str) -> None:
    answer = ready.ask("POST", CONTACTS, calculated(formula, kind))
    assert answer.status_code == 400, answer.get_json()
    assert said in answer.get_json()["message"]


def test_a_function_that_only_portals_have_is_refused_by_name(ready: Portal) -> None:
    answer = ready.ask("POST", CONTACTS, calculated("coalesce(sla_fit, 0)"))
    assert (answer.status_code, answer.get_json()["category"]) == (404, "NOT_IMPLEMENTED")
    assert "coalesce" in answer.get_json()["message"]


@pytest.mark.parametrize(
    "wrong", [{"calculationFormula": None}, {"fieldType": "number"}, {"type": "datetime"}, {"type": "date"}]
)
def test_a_formula_and_its_field_type_go_together(ready: Portal, wrong: dict[str, Any]) -> None:
    assert ready.ask("POST", CONTACTS, calculated("sla_fit + 1") | wrong).status_code == 400


def test_a_calculated_property_follows_every_write_and_keeps_its_history(ready: Portal) -> None:
    ready.done("POST", CONTACTS, calculated("string(sla_turn_owner) = string(sla_touch_by)", "bool"))
    contact = made(ready, "contacts", email="ada@example.com")
    assert held(ready, "contacts", contact, "sla_calc") == {"sla_calc": None}
    for owner, toucher in (("1", "2"), ("1", "1"), ("3", "1")):
        body = {"properties": {"sla_turn_owner": owner, "sla_touch_by": toucher}}
        ready.done("PATCH", f"{OBJECTS}/contacts/{contact}", body)
    found = ready.done("GET", f"{OBJECTS}/contacts/{contact}?propertiesWithHistory=sla_calc")
    told = found["propertiesWithHistory"]["sla_calc"]
    assert [(each["value"], each["sourceType"]) for each in told] == [
        ("false", "CALCULATED"), ("true", "CALCULATED"), ("false", "CALCULATED"),
    ]  # fmt: skip


def test_one_calculated_property_may_name_another_and_none_itself(ready: Portal) -> None:
    ready.done("POST", CONTACTS, calculated("sla_fit + 1"))
    ready.done("POST", CONTACTS, calculated("sla_calc * 2", name="sla_twice"))
    contact = made(ready, "contacts", email="ada@example.com", sla_fit="3")
    assert held(ready, "contacts", contact, "sla_twice") == {"sla_twice": "8"}
    answer = ready.ask("PATCH", f"{CONTACTS}/sla_calc", {"calculationFormula": "sla_twice + 1"})
    assert answer.status_code == 400
    assert "its own value" in answer.get_json()["message"]


def test_records_that_are_there_get_the_value_of_a_new_formula_and_of_a_changed_one(ready: Portal) -> None:
    contact = made(ready, "contacts", email="ada@example.com", sla_fit="3")
    ready.done("POST", CONTACTS, calculated("sla_fit + 1"))
    assert held(ready, "contacts", contact, "sla_calc") == {"sla_calc": "4"}
    ready.done("PATCH", f"{CONTACTS}/sla_calc", {"calculationFormula": "sla_fit + 2"})
    assert held(ready, "contacts", contact, "sla_calc") == {"sla_calc": "5"}


def test_nobody_writes_a_calculated_property(ready: Portal) -> None:
    ready.done("POST", CONTACTS, calculated("sla_fit + 1"))
    answer = ready.ask("POST", f"{OBJECTS}/contacts", {"properties": {"email": "a@example.com", "sla_calc": "5"}})
    assert "READ_ONLY_VALUE" in json.dumps(answer.get_json())
    sets = {"property_name": "sla_calc", "value": {"type": "STATIC_VALUE", "staticValue": "5"}}
    action = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5", "fields": sets}
    assert ready.ask("POST", FLOWS, flow("1", actions=[action])).status_code == 400


def test_what_a_formula_names_is_in_use(ready: Portal) -> None:
    ready.done("POST", CONTACTS, calculated("sla_end - sla_at"))
    answer = ready.ask("DELETE", f"{CONTACTS}/sla_end")
    assert answer.get_json()["subCategory"] == "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"
    ready.done("DELETE", f"{CONTACTS}/sla_calc")
    ready.done("DELETE", f"{CONTACTS}/sla_end")


def test_lists_and_workflows_see_that_a_calculated_property_changed(ready: Portal) -> None:
    ready.done("POST", CONTACTS, calculated("sla_fit >= 60", "bool"))
    true = tested("sla_calc", operationType="BOOL", operator="IS_EQUAL_TO", value=True)
    body = {"name": "Calc", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": branch(true)}
    list_id = ready.done("POST", LISTS, body)["list"]["listId"]
    stamp = {"property_name": "sla_at", "value": {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}}
    action = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5", "fields": stamp}
    criteria = {
        "type": "LIST_BASED", "listFilterBranch": branch(true), "shouldReEnroll": False,
        "unEnrollObjectsNotMeetingCriteria": False,
    }  # fmt: skip
    ready.done("POST", FLOWS, flow(list_id, actions=[action], enrollmentCriteria=criteria, isEnabled=True,
                                   timeWindows=[]))  # fmt: skip
    contact = made(ready, "contacts", email="ada@example.com", sla_fit="3")
    assert held(ready, "contacts", contact, "sla_at") == {"sla_at": None}
    ready.done("PATCH", f"{OBJECTS}/contacts/{contact}", {"properties": {"sla_fit": "61"}})
    assert held(ready, "contacts", contact, "sla_at")["sla_at"]
    members = ready.done("GET", f"{LISTS}/{list_id}/memberships")["results"]
    assert [each["recordId"] for each in members] == [contact]


@pytest.mark.parametrize(("tier", "allowed"), [("starter", 0), ("professional", 40)])
def test_a_tier_has_so_many_calculated_properties(ready: Portal, tier: str, allowed: int) -> None:
    (ready.data / "switches.json").write_text(json.dumps({"tier": tier, "burst_limit": 1000}), encoding="utf-8")
    for number in range(allowed):
        ready.done("POST", CONTACTS, calculated("1 + 1", name=f"sla_calc_{number}"))
    answer = ready.ask("POST", CONTACTS, calculated("1 + 1"))
    assert answer.status_code == 400
    assert answer.get_json()["subCategory"] == "PropertyValidationError.CALCULATED_PROPERTY_LIMIT_EXCEEDED"
    limits = ready.done("GET", "/crm/v3/limits/calculated-properties")
    assert (limits["overallLimit"], limits["overallUsage"]) == (allowed, allowed)
