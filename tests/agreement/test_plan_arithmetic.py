"""The backward plan gives the figures that people get with paper and pencil."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sla_sync.agreement.plan_arithmetic import NoPlanError, backward_plan, months_between, work_backward
from sla_sync.agreement.sections.goal import Goal
from sla_sync.agreement.sections.header import Effective

QUARTER = Effective.model_validate({"from": "2026-10-01", "until": "2026-12-31"})
RATES = {
    "inquiry to mql": "12%",
    "mql to sal": "70%",
    "sal to sql": "60%",
    "sql to opportunity": "80%",
    "opportunity to won": "25%",
}
PLAN = {
    "revenue": 10_000_000,
    "expected_anyway": "50%",
    "sources": {"marketing": "30%", "outbound": "50%", "partner": "20%"},
    "average_deal": 40_000,
    "mql_to_close": "60 days",
    "rates": RATES,
}


def goal(**changes: object) -> Goal:
    return Goal.model_validate({"by": "2026-12-31", "plan": {**PLAN, **changes}})


def test_ten_million_need_453_mqls_or_151_a_month() -> None:
    plan = work_backward(goal(), QUARTER)
    assert [plan.anyway, plan.new, plan.required] == [5_000_000, 5_000_000, 1_500_000]
    assert [(each.stage, each.count) for each in plan.levels] == [
        ("won", 38),
        ("opportunity", 152),
        ("sql", 190),
        ("sal", 317),
        ("mql", 453),
        ("inquiry", 3_775),
    ]
    assert plan.months == 3
    assert plan.each_month("mql") == 151
    # 3,775 ÷ 3 = 1,258.33
    assert round(plan.each_month("inquiry") or 0) == 1_258
    assert plan.each_month("lost") is None
    assert plan.others == (
        ("outbound", plan.others[0][1], Decimal(2_500_000)),
        ("partner", plan.others[1][1], Decimal(1_000_000)),
    )


def test_each_step_is_rounded_up_before_the_next() -> None:
    sources = {"marketing": "40%", "outbound": "40%", "partner": "20%"}
    plan = work_backward(goal(sources=sources), QUARTER)
    # Rounded only at the end it would be 50 ÷ .25 ÷ .8 ÷ .6 ÷ .7 = 595.2; step by step 416.7 becomes 417, and 596.
    assert [each.count for each in plan.levels][:5] == [50, 200, 250, 417, 596]
    assert round(plan.each_month("mql") or 0) == 199


def test_the_other_way_round_a_volume_gives_its_revenue() -> None:
    plan = work_backward(goal(), QUARTER)
    # 330 × .7 × .6 × .8 × .25 = 27.72 wins of 40,000 each
    assert plan.revenue_of("mql", Decimal(330)) == Decimal("27.72") * 40_000
    assert plan.revenue_of("won", Decimal(2)) == 80_000
    assert plan.revenue_of("recycled", Decimal(2)) is None


@pytest.mark.parametrize(
    ("lag", "due"),
    [
        ("60 days", date(2026, 11, 1)),
        ("2 weeks", date(2026, 12, 17)),
        ("1 month", date(2026, 11, 30)),
        ("1 quarter", date(2026, 9, 30)),
        # 31 December 2026 is a Thursday: Wednesday, Tuesday, Monday, Friday the 25th
        ("4 business days", date(2026, 12, 25)),
    ],
)
def test_leads_are_due_so_long_before_the_day_of_the_goal(lag: str, due: date) -> None:
    assert work_backward(goal(mql_to_close=lag), QUARTER).due == due


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), Decimal(3)),
        (date(2026, 10, 15), date(2026, 11, 14), Decimal(1)),
        (date(2026, 2, 1), date(2026, 2, 14), Decimal("0.5")),
        (date(2026, 1, 31), date(2026, 2, 27), Decimal(1)),
        (date(2026, 10, 1), date(2026, 9, 30), None),
        (date(2026, 10, 1), None, None),
    ],
)
def test_months_count_both_days(first: date, last: date | None, months: Decimal | None) -> None:
    assert months_between(first, last) == months


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"revenue": None}, "The plan has no `revenue`."),
        ({"average_deal": "undecided"}, "The plan's `average_deal` is undecided."),
        ({"average_deal": 0}, "The plan's `average_deal` is zero."),
        ({"expected_anyway": "undecided"}, "The plan's `expected_anyway` is undecided."),
        ({"sources": {"outbound": "100%"}}, "The plan does not say which share 'marketing' brings."),
        ({"rates": "from history"}, "The plan takes its rates from history, which is not here."),
        ({"rates": {}}, "The plan has no rates from one stage to the next."),
        ({"rates": {"mql to sal": "0%"}}, "The plan's rate `mql to sal` is zero, so nobody comes through."),
        ({"rates": {"mql to sal": "undecided"}}, "The plan's rate `mql to sal` is undecided."),
        ({"rates": {"mql to sal": "7%", "sal to mql": "7%"}}, "The rates of the plan go round in a circle."),
        ({"rates": {"mql to sal": "7%", "sql to won": "7%"}}, "The rates of the plan end in 'sal' and 'won'."),
        (
            {"rates": {"mql to sal": "7%", "pql to sal": "7%"}},
            "Two rates of the plan lead to 'sal', and nobody says how many leads take which way.",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_plan_is_said(changes: dict[str, object], why: str) -> None:
    with pytest.raises(NoPlanError) as error:
        work_backward(goal(**changes), QUARTER)
    assert str(error.value) == why
    assert backward_plan(goal(**changes), QUARTER) is None
