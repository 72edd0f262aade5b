from __future__ import annotations

import re

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.findings import keys_of
from sla_sync.agreement.sections.goal import Goal
from sla_sync.agreement.sections.header import Metadata
from sla_sync.feasibility.rules import CHECKS as BY_HISTORY
from sla_sync.lint.rules import RULES
from tests.explain.stories import ROOT

TEXT = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
ROWS = [re.split(r"\s*\|\s*", line.strip("| ")) for line in TEXT.splitlines() if re.match(r"\| [0-9]+ \|", line)]
LATER = ("platforms", "not yet")


def test_every_requirement_has_one_row_in_its_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 103))


def test_every_row_says_whether_it_is_served_and_what_is_not_says_when() -> None:
    for number, _, state, where in ROWS:
        assert state in {"served", "partly", "later"}, number
        if state != "served":
            assert any(part in where.lower() for part in LATER) or number == "94", number


def test_every_rule_that_a_row_names_exists() -> None:
    named = set(re.findall(r"SLA[0-9]{3}", TEXT))
    assert named <= {rule.code for rule in RULES}


JUDGED_ELSEWHERE = {"SLA607", "SLA702", "SLA703", "SLA706", "SLA709", "SLA811", *BY_HISTORY}
"""Rules that `review`, `apply`, `drift` and `forecast` judge, for they need two revisions, a target or a history."""


def test_a_row_that_is_served_names_no_rule_that_waits_for_a_later_part() -> None:
    waiting = {rule.code for rule in RULES if rule.check is None and rule.needs in {"live", "history", "change"}}
    waiting -= JUDGED_ELSEWHERE
    for number, _, state, where in ROWS:
        if state == "served":
            assert not waiting & set(re.findall(r"SLA[0-9]{3}", where)), number


def test_the_sections_that_rows_name_exist() -> None:
    sections = set(re.findall(r"`([a-z]+)(?:\.[a-z_*]+)+`", TEXT))
    assert sections <= {*keys_of(Agreement), *keys_of(Metadata), *keys_of(Goal)}
