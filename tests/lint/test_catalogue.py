"""The catalogue of rules: what each says of itself is true."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from sla_sync.diagnostics import Severity
from sla_sync.lint import RULES
from sla_sync.lint.remarks import Needs, Rule
from tests.lint.cases import acme_bound, acme_with, excerpt, found

ROOT = Path(__file__).parents[2]
IN_A_BINDING = "# in a binding\n"

NOT_IN_ONE_EXCERPT = {
    "SLA104": "it needs the quotes, and has tests of its own",
    "SLA110": "it counts more than an excerpt can show",
    "SLA112": "it needs a second agreement",
    "SLA501": "it needs what the routing leaves out",
    "SLA509": "it needs what the routing leaves out",
    "SLA603": "it is about every commitment",
    "SLA801": "it needs what a binding leaves out",
    "SLA806": "it needs a second binding",
    "SLA815": "it needs a document of attestations",
}
JUDGED = [rule for rule in RULES if rule.check and rule.code not in NOT_IN_ONE_EXCERPT]


def finds(rule: Rule, text: str) -> bool:
    in_a_binding = text.startswith(IN_A_BINDING)
    agreement = acme_with("" if in_a_binding else text)
    found_here = found(rule.code, agreement, acme_bound(text if in_a_binding else ""))
    return any(each.severity is not Severity.INFORMATION for each in found_here)


def test_every_code_stands_for_one_rule() -> None:
    assert [code for code, count in Counter(rule.code for rule in RULES).items() if count > 1] == []


def test_the_rules_are_in_the_order_of_their_codes() -> None:
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


def test_every_code_that_any_part_of_the_product_gives_is_in_the_catalogue() -> None:
    given = {
        code
        for folder in ("sla_sync", "connectors")
        for module in (ROOT / folder).rglob("*.py")
        for code in re.findall(r"\"(SLA\d{3})\"", module.read_text(encoding="utf-8"))
    }
    assert len(given) > 100
    assert given <= {rule.code for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_in_one_sentence_what_it_means_and_why(rule: Rule) -> None:
    assert rule.meaning.endswith(".")
    assert rule.meaning.count(". ") == 0
    assert rule.because.endswith(".")
    assert rule.bad
    assert rule.good
    assert rule.bad != rule.good


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_check_exactly_where_the_documents_are_enough(rule: Rule) -> None:
    assert (rule.check is not None) == (rule.needs is Needs.DOCUMENT)


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.code)
def test_the_bad_example_of_a_rule_breaks_it(rule: Rule) -> None:
    assert finds(rule, rule.bad)


@pytest.mark.parametrize("rule", JUDGED, ids=lambda rule: rule.code)
def test_the_good_example_of_a_rule_keeps_it(rule: Rule) -> None:
    assert not finds(rule, rule.good)


@pytest.mark.parametrize("rule", [each for each in RULES if each.check], ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_can_be_read(rule: Rule) -> None:
    assert excerpt(rule.bad)
    assert excerpt(rule.good)
