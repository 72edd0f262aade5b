"""A history whose truth is known: the funnel is measured as it was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import ibis
import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.past import Past
from sla_sync.attainment.stays import GONE
from sla_sync.measures.conversion import Conversion, conversions
from sla_sync.measures.rejections import MISSING, rejections
from sla_sync.measures.revenue import revenue
from sla_sync.measures.waterfall import waterfall
from sla_sync.synthetic.history import tables
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.truth import Truth, truth_of
from sla_sync.synthetic.world import World, world_of
from tests.measures.pasts import acme, past_of_tables

pytestmark = pytest.mark.slow

QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(Parameters(leads=6_000, seed=3))


@pytest.fixture(scope="module")
def truth(world: World) -> Truth:
    return truth_of(world)


@pytest.fixture(scope="module")
def past(world: World, truth: Truth) -> Past:
    plain = past_of_tables(acme(), datetime.fromisoformat(truth.as_of), dict(tables(world)))
    return with_derived(plain)


@pytest.fixture(scope="module")
def found(past: Past) -> tuple[Conversion, ...]:
    return conversions(past, QUARTER)


def test_conversions_of_mature_cohorts_are_exactly_those_that_were_made(
    found: tuple[Conversion, ...], truth: Truth
) -> None:
    assert [(each.start, each.goal, each.days, each.whole.whole, each.whole.part) for each in found] == [
        (each.start, each.goal, each.days, each.mature, each.reached) for each in truth.conversions
    ]


def test_the_population_lies_in_the_intervals_and_not_in_that_of_the_naive_figure(
    found: tuple[Conversion, ...], truth: Truth
) -> None:
    for each, made in zip(found[1:3], truth.conversions[1:3], strict=True):
        low, high = each.whole.interval or (1.0, 0.0)
        assert low <= (made.expected or 0) <= high
        assert (each.naive.interval or (0, 1))[1] < (made.expected or 0)
        for cohort in each.cohorts:
            if cohort.estimate is not None and cohort.estimate.interval is not None:
                low, high = cohort.estimate.interval
                assert low <= (made.expected or 0) <= high


def test_first_and_later_cycles_are_those_that_qualified(found: tuple[Conversion, ...], truth: Truth) -> None:
    qualified = sum(each["first"] + each["again"] for each in truth.volume.values())
    assert found[0].naive.whole + found[0].basis.left_out["deleted"] == qualified
    assert found[0].basis.left_out["import"] == sum(each["imported"] for each in truth.volume.values())


def test_the_stock_is_what_is_in_each_stage_in_the_end(past: Past, truth: Truth) -> None:
    stays = past.tables["stays"]
    # The truth counts tests as well, and those that are gone in none.
    everybody = replace(past, tables={**past.tables, "stays": stays.mutate(void=ibis.null("string"))})
    told = waterfall(everybody, QUARTER)
    assert {each.stage: each.closing for each in told.levels if each.stage != GONE} == truth.stock
    assert all(each.left_over == 0 and each.opening == 0 for each in told.levels)
    gone = past.rows(past.tables["leads"].agg(n=past.tables["leads"]["gone_at"].count()))[0]["n"]
    assert told.levels[-1].closing == gone


def test_exits_without_a_reason_are_a_bar(past: Past) -> None:
    told = rejections(past, QUARTER)
    missing = [each for each in told.bars if each.reason == MISSING]
    assert sum(each.share.value or 0 for each in told.bars) == pytest.approx(1)
    assert 0.02 < sum(each.count for each in missing) / told.basis.n < 0.08
    assert {each.stage for each in told.bars} == {"recycled", "disqualified", "lost"}


def test_what_was_won_is_the_sum_of_the_deals_of_people_who_count(past: Past, world: World) -> None:
    told = revenue(past)
    assert told is not None
    deals = past.rows(past.tables["deals"])
    won = sum(each["amount"] for each in deals if each["won"])
    lost_to_nobody = sum(told.basis.left_out.values())
    assert 0 < (told.won.value or 0) < won
    assert (told.won.n or 0) + lost_to_nobody == sum(bool(each["won"]) for each in deals)
    assert sum(told.by_source.values()) == pytest.approx(told.won.value)
