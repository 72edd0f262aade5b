"""Where the months go: the line, its error, and a season where there are years enough."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.feasibility.trends import trend_of
from tests.feasibility.months import YEAR
from tests.haste import examples


def test_the_next_quarter_of_a_growing_year() -> None:
    trend = trend_of(YEAR, 1)
    assert trend is not None
    ahead = [trend.ahead(step) for step in (1, 2, 3)]
    assert [round(each.expected) for each in ahead] == [132, 135, 138]
    assert [round(each.error) for each in ahead] == [13, 13, 14]
    assert trend.season == ()


def test_nothing_is_said_of_fewer_than_six_months() -> None:
    assert trend_of(YEAR[:5], 1) is None
    assert trend_of(YEAR[:6], 1) is not None


@given(st.floats(0, 500), st.floats(-20, 20), st.integers(6, 40), st.integers(1, 6))
@settings(max_examples=examples(60), deadline=None)
def test_what_lies_on_a_line_goes_on_along_it(begin: float, slope: float, n: int, step: int) -> None:
    trend = trend_of([begin + slope * place for place in range(n)], 1) if n < 24 else None
    if trend is not None:
        assert trend.slope == pytest.approx(slope, abs=1e-6)
        assert trend.ahead(step).expected == pytest.approx(begin + slope * (n - 1 + step), abs=1e-6)
        assert trend.ahead(step).error == pytest.approx(0, abs=1e-6)


def test_a_season_is_found_in_two_years_and_expected_again() -> None:
    # August is half and December nothing else: two years without growth.
    year = [100.0] * 7 + [40.0] + [100.0] * 4
    trend = trend_of([*year, *year], 1)
    assert trend is not None
    assert len(trend.season) == 12
    assert sum(trend.season) == pytest.approx(12)
    assert min(trend.season) == trend.season[7]
    august, july = trend.ahead(8), trend.ahead(7)
    assert august.expected == pytest.approx(40, abs=4)
    assert july.expected == pytest.approx(100, abs=6)


def test_a_season_begins_with_the_month_that_the_history_begins_with() -> None:
    year = [40.0] + [100.0] * 11
    trend = trend_of([*year, *year], 10)
    assert trend is not None
    assert min(trend.season) == trend.season[9]
    assert trend.ahead(1).expected == pytest.approx(40, abs=4)
