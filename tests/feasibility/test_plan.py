"""The plan both ways, and which leads still count for the goal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.quantities import Rate
from sla_sync.attainment.shares import Share
from sla_sync.errors import SlaSyncError
from sla_sync.feasibility.plan import Asked, Planned, planned, stage_named
from sla_sync.feasibility.rates import SeenRate, from_history, takes_rates_from_history
from tests.feasibility.months import BASIS
from tests.lint.cases import acme_with

RATES = ("inquiry to mql", "mql to sal", "sal to sql", "sql to opportunity", "opportunity to won")


def rates(*seen: tuple[int, int]) -> tuple[SeenRate, ...]:
    within = Duration(30, Unit.DAY)
    return tuple(SeenRate(key, None, Share(*each), within, BASIS) for key, each in zip(RATES, seen, strict=True))


def plan_of(text: str = "", asked: Asked | None = None) -> Planned:
    agreement = acme_with(text)
    found = planned(agreement, agreement.goal, asked)
    assert isinstance(found, Planned)
    return found


def test_the_promise_of_the_example_brings_less_than_the_goal_and_outbound_covers_the_rest() -> None:
    found = plan_of()
    assert [found.backward.count(each) for each in ("won", "mql", "inquiry")] == [38, 453, 3775]
    forward = found.forward
    assert forward is not None
    assert [forward.monthly, forward.months, forward.total] == [Decimal(each) for each in (110, 3, 330)]
    assert float(forward.wins) == pytest.approx(27.72)
    assert (float(forward.revenue), float(forward.short)) == pytest.approx((1_108_800, 391_200))
    assert forward.covered_by == "outbound"


def test_forward_from_any_stage_and_any_number() -> None:
    more = plan_of(asked=Asked("mql", Decimal(151))).forward
    assert more is not None
    assert more.short == Decimal(1_500_000) - Decimal(151) * 3 * Decimal("0.084") * 40_000
    inquiries = plan_of(asked=Asked("inquiry", Decimal(1000))).forward
    assert inquiries is not None
    # Three thousand, of which 12%, 70%, 60%, 80% and 25% go on.
    assert float(inquiries.wins) == pytest.approx(30.24)


def test_only_some_months_of_leads_can_be_signed_in_time() -> None:
    lag = plan_of().lag
    assert lag is not None
    # Sixty days before 1 October and before 31 December: of the months of the agreement, October and a day.
    assert (lag.first, lag.last) == (date(2026, 8, 2), date(2026, 11, 1))
    assert round(float(lag.own), 2) == 1.03
    assert round(float(lag.before), 2) == 1.97


def test_a_stage_is_named_in_the_singular_or_the_plural() -> None:
    agreement = acme_with()
    assert [stage_named(agreement, each) for each in ("mql", "mqls", "opportunity")] == ["mql", "mql", "opportunity"]
    with pytest.raises(SlaSyncError, match="«mqlz» is no stage"):
        stage_named(agreement, "mqlz")


def test_what_is_not_in_the_plan_cannot_be_reckoned_forward() -> None:
    with pytest.raises(SlaSyncError, match="no rate from recycled on"):
        plan_of(asked=Asked("recycled", Decimal(5)))
    with pytest.raises(SlaSyncError, match="promises no number of sal"):
        plan_of(asked=Asked("sal"))


def test_without_a_plan_the_reason_is_said() -> None:
    agreement = acme_with()
    assert planned(agreement, None, None) == "The goal has no plan."


def test_rates_that_a_plan_takes_from_history_are_those_of_mature_cohorts() -> None:
    agreement = acme_with()
    assert agreement.goal is not None
    assert agreement.goal.plan is not None
    plan = agreement.goal.plan.model_copy(update={"rates": "from history"})
    goal = agreement.goal.model_copy(update={"plan": plan})
    assert takes_rates_from_history(goal)
    assert not takes_rates_from_history(agreement.goal)
    found = from_history(goal, rates((120, 1000), (70, 100), (66, 100), (80, 100), (20, 100)))
    assert not isinstance(found, str)
    assert found.plan is not None
    assert found.plan.rates == dict(zip(RATES, map(Rate, map(Decimal, (12, 70, 66, 80, 20))), strict=True))
    made = planned(agreement, found, None, rates_from_history=True)
    assert isinstance(made, Planned)
    # 38 wins are 190, 238, 361, 516 and 4,300 leads, each rounded up.
    assert [made.backward.count(each) for each in ("opportunity", "sql", "sal", "mql")] == [190, 238, 361, 516]
    few = from_history(goal, rates((120, 1000), (70, 100), (66, 100), (80, 100), (2, 10)))
    assert few == "Too few leads have had their time for `opportunity to won`, so its rate cannot come from history."
