"""Validation rules of properties: set, read, and kept in every write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import CONTACTS, OBJECTS, Portal, copied, furnish, held, made

RULES = "/crm/v3/property-validations/0-1"
NOTE = {"name": "sla_note", "label": "Note", "groupName": "sla_sync", "type": "string", "fieldType": "text"}


def rule(portal: Portal, name: str, kind: str, *arguments: str) -> Any:
    return portal.ask("PUT", f"{RULES}/{name}/rule-type/{kind}", {"ruleArguments": list(arguments)})


def furnish_with_text(portal: Portal) -> None:
    furnish(portal)
    portal.done("POST", CONTACTS, NOTE)


@pytest.fixture
def ready(tmp_path: Path) -> Portal:
    portal, _ = copied(tmp_path, furnish_with_text)
    return portal


@pytest.mark.parametrize(
    ("name", "kind", "argument", "good", "bad"),
    [
        ("sla_fit", "MIN_NUMBER", "0", "0", "-1"),
        ("sla_fit", "MAX_NUMBER", "100", "100", "100.5"),
        ("sla_fit", "DECIMAL", "1", "3.5", "3.55"),
        ("sla_note", "MIN_LENGTH", "3", "abc", "ab"),
        ("sla_note", "MAX_LENGTH", "3", "abc", "abcd"),
        ("sla_note", "REGEX", "[a-z]+", "abc", "ABC"),
    ],
)
def test_a_rule_is_kept_in_every_write(ready: Portal, name: str, kind: str, argument: str, good: str, bad: str) -> None:
    contact = made(ready, "contacts", email="ada@example.com", **{name: bad})
    assert rule(ready, name, kind, argument).status_code == 204
    assert held(ready, "contacts", contact, name) == {name: bad}
    path = f"{OBJECTS}/contacts/{contact}"
    assert ready.ask("PATCH", path, {"properties": {name: good}}).status_code == 200
    answer = ready.ask("PATCH", path, {"properties": {name: bad}})
    assert answer.status_code == 400
    assert kind in answer.get_json()["message"]
    assert ready.ask("PATCH", path, {"properties": {name: ""}}).status_code == 200


def test_rules_are_read_by_kind_by_property_and_by_object(ready: Portal) -> None:
    rule(ready, "sla_fit", "MIN_NUMBER", "0")
    rule(ready, "sla_fit", "MAX_NUMBER", "90")
    rule(ready, "sla_fit", "MAX_NUMBER", "100")
    found = ready.done("GET", f"{RULES}/sla_fit")["results"]
    assert [(each["ruleType"], each["ruleArguments"]) for each in found] == [
        ("MIN_NUMBER", ["0"]),
        ("MAX_NUMBER", ["100"]),
    ]
    assert ready.done("GET", f"{RULES}/sla_fit/rule-type/MAX_NUMBER")["ruleArguments"] == ["100"]
    (row,) = ready.done("GET", RULES)["results"]
    assert (row["propertyName"], len(row["propertyValidationRules"])) == ("sla_fit", 2)
    assert ready.done("GET", f"{RULES}/sla_reason")["results"] == []
    assert ready.ask("GET", f"{RULES}/sla_reason/rule-type/REGEX").status_code == 404


@pytest.mark.parametrize(
    ("name", "kind", "arguments", "status"),
    [
        ("sla_gone", "MIN_NUMBER", ("0",), 404),
        ("sla_fit", "REQUIRED", (), 400),
        ("sla_fit", "MIN_NUMBER", (), 400),
        ("sla_fit", "MIN_NUMBER", ("0", "1"), 400),
        ("sla_fit", "MIN_NUMBER", ("low",), 400),
        ("sla_fit", "REGEX", ("a",), 400),
        ("sla_note", "REGEX", ("(",), 400),
        ("sla_note", "MIN_NUMBER", ("0",), 400),
        ("sla_note", "ALPHANUMERIC", ("NUMERIC_ONLY",), 404),
    ],
)
def test_a_wrong_rule_is_refused(ready: Portal, name: str, kind: str, arguments: tuple[str, ...], status: int) -> None:
    assert rule(ready, name, kind, *arguments).status_code == status
    assert ready.done("GET", RULES)["results"] == []
