"""The page about trouble has every error, every code and every refusal that is known, as the code would tell them."""

from __future__ import annotations

import re

import pytest

from sla_sync.lint import RULES
from sla_sync_hubspot import failures as of_hubspot
from sla_sync_salesforce import failures as of_salesforce
from sla_sync_salesforce.problems import PROBLEMS, Problem, known
from tests.docs.refusals import problem_rows, spoken
from tests.docs.staging import DOCS, PROJECT

PAGE = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
CODE = re.compile(r"\bSLA[1-9]\d{2}\b")


def test_every_code_that_the_program_can_say_leads_to_its_rule() -> None:
    folders = (PROJECT / "sla_sync", PROJECT / "connectors")
    said = {code for each in folders for path in each.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))}
    led = set(re.findall(r"\[(SLA\d+)\]\(rules\.md#sla\d+\)", PAGE))
    assert led == {each.code for each in RULES}
    assert sorted(said - led) == []


def test_every_refusal_that_is_known_by_its_code_is_on_the_page() -> None:
    for code in of_salesforce._SESSION_CODES | of_salesforce._ACCESS_CODES | {of_salesforce._LIMIT_CODE}:
        assert f"`{code}`" in PAGE, code
    for hint in (*of_salesforce._HINTS.values(), *(hint for _, hint in of_hubspot._ERRORS.values())):
        assert hint in PAGE, hint
    for status in of_hubspot._ERRORS:
        assert re.search(rf"[|,] {int(status)}\b", PAGE), status


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda each: each.pattern[:40])
def test_what_an_org_is_shown_to_say_is_recognised_as_that_problem(problem: Problem) -> None:
    sentence = re.sub(r" \([A-Z_]+\)$", "", spoken(problem.pattern))
    assert re.search(problem.pattern, sentence.replace("…", "x"), re.IGNORECASE), sentence


def test_each_problem_is_one_row() -> None:
    rows = list(problem_rows())
    assert len(rows) == len(PROBLEMS)
    assert known("UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record") is not None
