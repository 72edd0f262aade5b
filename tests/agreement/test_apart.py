"""What is left out of a search because two conditions ask one field for different values: nothing that a lead could meet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.expressions import parse_expression
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning import Domain, example, overlap
from sla_sync.agreement.reasoning.apart import apart, asked_by, near, row_of, together
from tests.agreement.test_reasoning_laws import CHOICES, DOMAINS, NAMED, expressions
from tests.haste import examples

DIVIDED = st.lists(expressions(st.one_of(CHOICES, NAMED)), min_size=2, max_size=5)


@settings(max_examples=examples(200), deadline=None)
@given(DIVIDED, DOMAINS)
def test_whatever_a_lead_may_meet_too_is_near(conditions: list[Expression], domain: Domain) -> None:
    row = row_of(conditions, domain)
    for condition, asked in zip(conditions, row.asked, strict=True):
        met = {place for place, each in enumerate(conditions) if overlap(condition, each, domain) is not None}
        assert met <= set(near(row, asked))


@settings(max_examples=examples(100), deadline=None)
@given(DIVIDED, DOMAINS)
def test_what_two_conditions_ask_together_keeps_away_no_third_that_all_meet(
    conditions: list[Expression], domain: Domain
) -> None:
    one, other, *rest = conditions
    both = together(asked_by(one, domain), asked_by(other, domain))
    for each in rest:
        if apart(both, asked_by(each, domain)):
            assert example(domain, holds=(one, other, each)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("country is de", "country is fr"),
        ("stage is mql and country is de", "country is fr and employees > 5"),
        ("grade is 1", "grade is 2"),
        ("agreed is yes", "agreed is no"),
    ],
)
def test_different_values_of_one_field_are_apart(one: str, other: str) -> None:
    asked = [asked_by(parse_expression(each), Domain()) for each in (one, other)]
    assert apart(*asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("grade is 1", "grade is 1.0"),
        ("agreed is yes", "agreed is true"),
        ("country is de or fr", "country is fr or es"),
        ("country is de", "country is not fr"),
        ("(country is de) or (employees > 5)", "country is fr"),
    ],
)
def test_what_one_lead_can_meet_is_not_apart(one: str, other: str) -> None:
    asked = [asked_by(parse_expression(each), Domain()) for each in (one, other)]
    assert not apart(*asked)


def test_a_list_by_country_is_looked_through_once_however_long_it_is() -> None:
    def compared(length: int) -> int:
        lines = [parse_expression(f"stage is mql and country is land_{each}") for each in range(length)]
        row = row_of([*lines, parse_expression("stage is mql")], Domain())
        return sum(len(near(row, asked)) for asked in row.asked[:length])

    assert compared(200) == 2 * 200
    assert compared(400) == 2 * 400
