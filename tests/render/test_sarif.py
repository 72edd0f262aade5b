"""SARIF as its schema wants it, with everything that a code host shows."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from sla_sync.diagnostics import Diagnostic, Location
from sla_sync.lint import RULES as EVERY_RULE
from sla_sync.render.catalogue import in_order
from sla_sync.render.sarif import findings_as_sarif
from tests.render.found import AGREEMENT, ERROR, FOLDER, FOUND, NOTE, RULES

SCHEMA = json.loads((FOLDER / "sarif" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


def log(found: tuple[Diagnostic, ...] = FOUND) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(findings_as_sarif(found, RULES, version="1.2.3"))
    return made


def result(found: Diagnostic) -> dict[str, Any]:
    (only,) = log((found,))["runs"][0]["results"]
    return dict(only)


@pytest.mark.parametrize("found", [FOUND, ()], ids=["findings", "none"])
def test_it_satisfies_the_schema(found: tuple[Diagnostic, ...]) -> None:
    assert list(Draft4Validator(SCHEMA).iter_errors(log(found))) == []


def test_it_satisfies_the_schema_with_every_rule_that_there_is() -> None:
    made = json.loads(findings_as_sarif(FOUND, in_order(EVERY_RULE), version="1.2.3"))
    assert list(Draft4Validator(SCHEMA).iter_errors(made)) == []


def test_the_schema_would_notice_a_fault() -> None:
    made = log()
    made["runs"][0]["results"][0]["level"] = "fatal"
    assert list(Draft4Validator(SCHEMA).iter_errors(made)) != []


def test_a_result_names_rule_level_message_and_place() -> None:
    found = result(ERROR)
    assert (found["ruleId"], found["ruleIndex"], found["level"]) == ("SLA102", 1, "error")
    assert found["message"]["text"] == f"{ERROR.message} {ERROR.hint}"
    (place,) = found["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": AGREEMENT, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12, "startColumn": 5},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": "stages.mql.accountable"}]


def test_severities_become_levels() -> None:
    assert [each["level"] for each in log()["runs"][0]["results"]] == ["error", "warning", "note", "error"]


def test_a_rule_says_why_and_shows_examples() -> None:
    driver = log()["runs"][0]["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("sla-sync", "1.2.3")
    assert driver["rules"][1] == {
        "id": "SLA102",
        "shortDescription": {"text": "Every word is defined."},
        "defaultConfiguration": {"level": "error"},
        "fullDescription": {"text": "Else nobody knows."},
        "help": {"text": "Bad:\nby: x\n\nGood:\nby: y"},
    }


def test_a_code_without_a_rule_has_no_index() -> None:
    assert "ruleIndex" not in result(NOTE)


def test_paths_are_uris_and_control_characters_are_gone() -> None:
    found = result(NOTE)
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "two%20words/%C3%A9.yaml"
    assert "\x1b" not in found["message"]["text"]
    outside = result(replace(NOTE, location=Location("/elsewhere/a.yaml", 1, 1)))
    assert outside["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///elsewhere/a.yaml"}


def test_a_finding_keeps_its_fingerprint_when_lines_move() -> None:
    moved = replace(ERROR, location=Location(AGREEMENT, 99, 5))
    other = replace(ERROR, path=("stages", "sal", "accountable"))
    prints = [result(each)["partialFingerprints"]["slaSync/v1"] for each in (ERROR, moved, other)]
    assert prints[0] == prints[1] != prints[2]


def test_foreign_text_makes_no_link() -> None:
    assert "](" not in result(replace(ERROR, message="See [this](1)."))["message"]["text"]
