"""Which of two values is more, and whether a condition became wider: what directions are told from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit, parse_duration, seconds
from sla_sync.agreement.expressions import parse_expression
from sla_sync.agreement.quantities import parse_at_most, parse_threshold, parse_volume
from sla_sync.agreement.reasoning import Domain
from sla_sync.agreement.sections.amounts import parse_idle, parse_revisit
from sla_sync.review.amendments import Effect
from sla_sync.review.judges.breadth import breadth
from sla_sync.review.judges.magnitudes import compared
from tests.haste import examples

DURATIONS = st.builds(Duration, st.integers(1, 90), st.sampled_from(Unit), st.booleans())


@given(DURATIONS, DURATIONS)
@settings(max_examples=examples(100), deadline=None)
def test_what_is_more_one_way_is_less_the_other_way(one: Duration, other: Duration) -> None:
    there, back = compared(one, other), compared(other, one)
    assert (there is None) == (back is None)
    assert there is None or back is None or there == -back


@given(DURATIONS, DURATIONS)
@settings(max_examples=examples(100), deadline=None)
def test_times_of_one_clock_are_compared_by_their_length(one: Duration, other: Duration) -> None:
    lengths = seconds(one), seconds(other)
    if one.business == other.business and lengths[0] is not None and lengths[1] is not None:
        assert compared(one, other) == (lengths[1] > lengths[0]) - (lengths[1] < lengths[0])


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (parse_duration("120 minutes"), parse_duration("2 hours"), 0),
        (parse_duration("2 business days"), parse_duration("3 business days"), 1),
        (parse_duration("2 business days"), parse_duration("20 hours"), None),
        (parse_duration("1 quarter"), parse_duration("2 months"), -1),
        (parse_at_most("1 per day"), parse_at_most("1 per week"), -1),
        (parse_at_most("1 per month"), parse_at_most("1 per week"), None),
        (parse_at_most("once"), parse_at_most("no limit"), 1),
        (parse_at_most("no limit"), parse_at_most("every time"), 0),
        (parse_volume("110 per month"), parse_volume("300 per quarter"), -1),
        (parse_volume("110 per month"), parse_volume("10 per member per month"), None),
        (parse_threshold("top 10% of inquiries"), parse_threshold("top 5% of inquiries"), -1),
        (parse_threshold("top 10% of inquiries"), 90, None),
        (parse_idle("30 days idle"), parse_idle("60 days"), 1),
        (parse_revisit("30 to 90 days"), parse_revisit("60 to 90 days"), 1),
        (parse_revisit("30 to 90 days"), parse_revisit("20 to 120 days"), None),
        (100, 90, -1),
    ],
    ids=str,
)
def test_values_are_compared_by_what_they_mean(before: object, after: object, more: int | None) -> None:
    assert compared(before, after) == more


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("employees >= 200", "employees >= 100", Effect.LOOSENS),
        ("employees >= 100", "employees >= 200", Effect.TIGHTENS),
        ("employees >= 100", "employees > 99", Effect.NEUTRAL),
        ("source is webinar", "source is webinar or content", Effect.LOOSENS),
        ("source is webinar", "source is content", Effect.UNMEASURABLE),
        ("did visit pricing_page", "did visit pricing_page 2 times in last 7 days", Effect.TIGHTENS),
        ("country is DE and email is known", "email is known and country is DE", Effect.NEUTRAL),
    ],
)
def test_a_condition_that_takes_more_leads_loosens_where_more_is_looser(
    before: str, after: str, effect: Effect
) -> None:
    found = breadth(parse_expression(before), parse_expression(after), Domain())
    assert found.effect(wider=Effect.LOOSENS) is effect
