"""How often a target was met, and what that says of the next month: figures that were reckoned by hand, and laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.attainment.shares import Share
from sla_sync.feasibility.chances import met, percentile, upper_bound
from sla_sync.feasibility.volumes import judged_by
from tests.feasibility.months import YEAR
from tests.haste import examples


@pytest.mark.parametrize(
    ("target", "share", "bound"), [(150, Share(0, 12), 0.22), (120, Share(4, 12), 0.61), (110, Share(7, 12), 0.82)]
)
def test_a_target_is_held_against_the_months_that_are_over(target: float, share: Share, bound: float) -> None:
    assert met(YEAR, target) == share
    assert upper_bound(share) == pytest.approx(bound, abs=0.005)


def test_the_middle_month_and_the_number_to_commit_to() -> None:
    assert percentile(YEAR, 0.5) == pytest.approx(114.5)
    assert percentile(YEAR, 0.4) == pytest.approx(110.2)
    assert [percentile([3, 1, 2], each) for each in (0, 0.5, 1)] == [1, 2, 3]
    with pytest.raises(ValueError, match="no percentile"):
        percentile([], 0.5)


def test_a_reason_to_expect_more_lifts_every_month() -> None:
    # Nine of twelve months are 120 or more once each is a sixth higher: 104 becomes 121.3.
    assert [judged_by(YEAR, 120, each).part for each in (0, 1 / 6)] == [4, 9]


@given(st.integers(1, 40), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_above_the_bound_so_few_would_be_seen_once_in_twenty(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole - 1))
    bound = upper_bound(Share(part, whole))
    assert bound is not None
    below = sum(math.comb(whole, k) * bound**k * (1 - bound) ** (whole - k) for k in range(part + 1))
    assert below == pytest.approx(0.05, abs=1e-6)


def test_of_nothing_there_is_no_bound_and_of_all_met_no_lower_one_than_all() -> None:
    assert upper_bound(Share(0, 0)) is None
    assert upper_bound(Share(6, 6)) == 1
