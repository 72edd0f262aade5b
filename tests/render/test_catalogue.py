"""The rules as people read them: none without a meaning, and the page of the documentation is theirs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sla_sync.lint import RULES
from sla_sync.lint.remarks import Rule
from sla_sync.render import catalogue
from tests.render.found import RULES as FEW

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
KNOWN = catalogue.in_order(RULES)


def test_the_page_of_the_documentation_is_that_of_the_rules() -> None:
    expected = catalogue.rules_as_markdown(KNOWN) + "\n"
    assert PAGE.read_text(encoding="utf-8") == expected, "run: sla-sync rules --format markdown > docs/rules.md"


@pytest.mark.parametrize("rule", KNOWN, ids=lambda rule: rule.code)
def test_every_rule_has_a_meaning_a_reason_and_two_examples(rule: Rule) -> None:
    assert rule.meaning.endswith(".")
    assert rule.because.endswith(".")
    assert rule.bad
    assert rule.good
    assert rule.bad != rule.good


def test_every_rule_has_a_chapter() -> None:
    assert "\nOthers\n" not in f"\n{catalogue.rules_as_text(KNOWN)}"


def test_a_code_with_several_checks_is_listed_once_and_in_order() -> None:
    twice = (*reversed(FEW), Rule("SLA102", FEW[1].severity, "Another check."))
    listed = catalogue.in_order(twice)
    assert [each.code for each in listed] == ["SLA100", "SLA102", "SLA203", "SLA503", "SLA801"]
    assert listed[1].meaning == "Every word is defined."


def test_one_rule_is_explained_with_reason_and_examples() -> None:
    assert catalogue.rule_as_text(FEW[1]) == (
        "SLA102 (error): Every word is defined.\n"
        "Found by looking across the documents.\n\n"
        "Because: Else nobody knows.\n\n"
        "Bad:\n    by: x\n\n"
        "Good:\n    by: y"
    )


def test_json_has_every_member_of_a_rule() -> None:
    made = json.loads(catalogue.rules_as_json(FEW))
    assert made["format_version"] == 1
    assert made["rules"][3] == {
        "code": "SLA503",
        "severity": "error",
        "meaning": "Every team has somebody.",
        "because": "",
        "bad": "",
        "good": "",
        "needs": "live",
    }
