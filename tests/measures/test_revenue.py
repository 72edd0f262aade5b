"""What marketing's leads brought, by hand-made deals under the agreement of the example (1.5 million by 31 December)."""

from __future__ import annotations

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.attainment.shares import Share
from sla_sync.measures.revenue import NO_AMOUNT, NO_CYCLE, NO_SOURCE, OTHERS, Revenue, revenue
from tests.measures.pasts import acme, past_of
from tests.semantics.leads import TEXT, agreement

Row = dict[str, object]


def cycle(lead: str, qualified_at: str = "2026-10-05 14:00", source: str | None = "webinar", **said: object) -> Row:
    return {"lead": lead, "qualified_at": qualified_at, "source": source, **said}


def won(deal: str, lead: str, amount: float | None, closed_at: str = "2026-11-20 15:30", **said: object) -> Row:
    return {
        "deal": deal, "lead": lead, "opened_at": "2026-10-20 14:00", "amount": amount, "closed_at": closed_at,
        "won": True, **said,
    }  # fmt: skip


def opened(deal: str, lead: str, amount: float | None, opened_at: str = "2026-11-20 14:00") -> Row:
    return {"deal": deal, "lead": lead, "opened_at": opened_at, "amount": amount}


def told(*deals: Row, cycles: tuple[Row, ...] = (), under: Agreement | None = None, **rows: list[Row]) -> Revenue:
    found = revenue(
        past_of(under or acme(), "2026-12-16 05:00", deals=deals, cycles=cycles, leads=rows.get("leads", ()))
    )
    assert found is not None
    return found


def test_what_was_won_is_summed_by_the_source_of_the_first_cycle() -> None:
    found = told(
        won("D1", "L1", 40_000),
        won("D2", "L2", 10_000),
        won("D3", "L2", 5_000) | {"won": False},
        cycles=(cycle("L1"), cycle("L2", source="content"), cycle("L2", "2026-10-18 14:00", cycle=2)),
    )
    assert (found.goal.value, found.won.value, found.won.n) == (1_500_000, 50_000, 2)
    assert found.by_source == {"webinar": 40_000, "content": 10_000}
    # Nothing is expected for 60 days, and then it grows evenly: on 16 December 16 of the last 32 days are over.
    assert found.to_date.value == pytest.approx(16 / 32, abs=0.01)


def test_a_deal_counts_by_the_day_on_which_it_was_signed() -> None:
    instants = {
        "2026-10-01 03:59": 0,  # September in New York.
        "2026-10-01 04:00": 1,
        "2026-10-01 00:00": 10,  # Only the day is known, and it is the first of October.
        "2026-09-30 00:00": 0,
        "2026-12-31 00:00": 100,
        "2027-01-01 04:59": 1_000,
        "2027-01-01 00:00": 0,
    }
    deals = [
        won(f"D{closed_at}", "L1", counts or 1_000_000, closed_at, opened_at="2026-09-10 00:00")
        for closed_at, counts in instants.items()
    ]
    assert told(*deals, cycles=(cycle("L1", "2026-09-05 14:00"),)).won.value == 1_111


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    found = told(
        won("D1", "L1", 1_000),
        won("D2", "L2", 2_000),
        won("D3", "L3", 3_000),
        won("D4", "L4", 4_000),
        won("D5", "L5", None),
        cycles=(
            cycle("L2", void="test"),
            cycle("L3", source=None),
            cycle("L4", "2026-10-21 14:00"),  # It qualified after the deal.
            cycle("L5"),
        ),
    )
    assert (found.won.value, found.basis.n) == (0, 1)
    assert found.basis.left_out == {"test": 1, NO_CYCLE: 2, NO_SOURCE: 1}
    assert found.basis.unusable == {NO_AMOUNT: 1}


def test_a_source_that_the_plan_counts_for_others_is_not_marketings() -> None:
    sources = {"partner": {"means": "A partner sent them."}, "webinar": {"means": "They came."}}
    under = agreement(sources=sources, goal=goal(sources={"marketing": "60%", "partner": "40%"}))
    found = told(won("D1", "L1", 1_000), cycles=(cycle("L1", source="partner"),), under=under)
    assert (found.won.value, found.basis.left_out) == (0, {OTHERS: 1})
    assert "it is not partner" in found.basis.definition


def test_a_deal_of_a_merged_record_is_that_of_the_one_that_took_it_over() -> None:
    gone = {"created_at": "2026-10-01 10:00", "gone_at": "2026-10-02 10:00"}
    leads: list[Row] = [
        {"lead": "L1", "created_at": "2026-10-01 10:00"},
        {"lead": "L3", "merged_into": "L1", **gone},
        {"lead": "L2", "merged_into": "L3", **gone},
    ]
    cycles = (cycle("L1"), cycle("L1", "2026-10-06 14:00", cycle=2, void="deleted"), cycle("L2", void="merged"))
    found = told(won("D1", "L2", 7_000), cycles=cycles, leads=leads)
    assert found.won.value == 7_000


def test_open_deals_are_weighed_by_how_often_old_ones_are_won() -> None:
    old = [
        won(f"D{n}", f"L{n}", 1, "2026-03-01 10:00", opened_at="2026-02-01 10:00") | {"won": n < 6} for n in range(24)
    ]
    cycles = tuple(cycle(f"L{n}", "2026-01-05 14:00") for n in range(30))
    found = told(*old, opened("D25", "L25", 40_000), opened("D26", "L26", 60_000), cycles=cycles).pipeline
    assert found.value == pytest.approx(100_000 * 6 / 24)
    assert found.n == 2
    low, high = Share(6, 24).interval or (0, 0)
    assert found.interval == pytest.approx((100_000 * low, 100_000 * high))


def test_with_few_old_deals_the_plans_own_rate_is_taken_and_said() -> None:
    found = told(opened("D1", "L1", 40_000), cycles=(cycle("L1"),)).pipeline
    assert found.value == 10_000
    assert found.interval is None
    assert "the plan's own 25% is taken" in found.note


def test_with_neither_the_pipeline_is_not_known() -> None:
    found = told(opened("D1", "L1", 40_000), cycles=(cycle("L1"),), under=agreement(goal=goal())).pipeline
    assert (found.value, found.n) == (None, 1)
    assert "0 deals" in found.note


def test_an_agreement_without_a_goal_has_no_revenue() -> None:
    assert "goal" not in (read_text_source(TEXT).data or {})
    assert revenue(past_of(agreement(), "2026-12-16 05:00")) is None


def goal(**plan: object) -> Row:
    return {"metric": "revenue", "target": 1_000_000, "by": "2026-12-31", "plan": {"revenue": 1_000_000, **plan}}
