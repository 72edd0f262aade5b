"""A month to date against its target: what it should be by now, where it ends, and what is left of it without bad data."""

import random
from datetime import timedelta

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.past import Past
from sla_sync.measures.figures import Unit
from sla_sync.measures.foresight import forecast_count, forecast_sum
from sla_sync.measures.owed import Days, month_of
from sla_sync.measures.pacing import EARLY, bad_data_reasons, closed_months, elapsed, pacing
from sla_sync.semantics.calendars import calendars_of
from tests.measures.pasts import past_of
from tests.semantics.leads import agreement, at

Row = dict[str, object]
REASONS = {
    "recycle": {"no_response": {"means": "No answer."}},
    "disqualify": {
        "bad_data": {"means": "Cannot be reached."},
        "twice": {"means": "We have them.", "category": "duplicate"},
        "bad_fit": {"means": "Not ours."},
    },
}


def promising(**commitments: object) -> Agreement:
    said = commitments or {"volume": {"by": "vp_marketing", "measure": "count of mql", "target": "40 per month"}}
    return agreement(reasons=REASONS, commitments=said)


def qualified(
    lead: str, day: str, source: str = "demo_request", *, cycle: int = 1, exit_by: str | None = None, later: int = 2
) -> Row:
    return {
        "lead": lead,
        "day": day,
        "source": source,
        "cycle": cycle,
        "reason": exit_by,
        "later": timedelta(days=later),
    }


def seen(as_of: str, *rows: Row, under: Agreement | None = None) -> Past:
    cycles, stays = [], []
    for row in rows:
        opened = at(f"{row['day']} 10:00")
        cycles.append({"lead": row["lead"], "cycle": row["cycle"], "qualified_at": opened, "source": row["source"]})
        stay: Row = {"lead": row["lead"], "cycle": row["cycle"], "stage": "mql", "entered_at": opened}
        stays.append(stay)
        if row["reason"]:
            gone = {"stage": "disqualified", "entered_at": opened + row["later"], "reason": row["reason"]}  # type: ignore[operator]
            stays.append({**stay, **gone})
    return past_of(under or promising(), at(as_of), cycles=cycles, stays=stays)


def test_a_month_to_date_stands_beside_what_it_should_be_by_now() -> None:
    october = qualified("L0", "10-30", exit_by="bad_fit")
    rows = [qualified(f"L{number}", f"11-{3 + number % 2:02}") for number in range(1, 7)]
    again = qualified("L0", "11-05", "webinar", cycle=2)
    # The mornings of 16 November: ten of twenty business days are over, the weekend before it counts for nothing.
    (pace,) = pacing(seen("11-16 08:00", october, *rows, again))
    assert (pace.month, pace.actual.value, pace.target, pace.expected) == ("2026-11", 7, 40, 20)
    assert pace.forecast.value == 14
    assert pace.needed == pytest.approx(33 / 10)
    assert (pace.first.value, pace.again.value) == (6, 1)
    assert pace.by_source == {"demo_request": 6, "webinar": 1}
    assert pace.by_day == {"2026-11-03": 3, "2026-11-04": 3, "2026-11-05": 1}
    assert sum(pace.by_day.values()) == pace.actual.value
    assert pace.restated == {}
    assert pace.forecast.interval is not None
    low, high = pace.forecast.interval
    assert 7 <= low < 14 < high


def test_a_month_that_the_agreement_shares_with_another_time_is_paced_by_its_own_days() -> None:
    said = {"name": "inbound", "effective": {"from": "2026-11-16"}, "timezone": "America/New_York"}
    commitments = {"volume": {"by": "vp_marketing", "measure": "count of mql", "target": "40 per month"}}
    under = agreement(reasons=REASONS, commitments=commitments, metadata=said)
    rows = [qualified(f"L{number}", "11-17") for number in range(6)]
    # From the 16th there are ten of twenty business days, and on the morning of the 23rd five of them are over.
    (pace,) = pacing(seen("11-23 08:00", qualified("L9", "11-03"), *rows, under=under))
    assert (pace.actual.value, pace.target, pace.expected, pace.forecast.value) == (6, 20, 10, 12)
    over = {**said, "effective": {"from": "2026-09-01", "until": "2026-10-31"}}
    assert pacing(seen("11-23 08:00", *rows, under=agreement(commitments=commitments, metadata=over))) == ()


def test_the_net_number_is_without_bad_data_and_duplicates_of_the_first_two_weeks() -> None:
    rows = (
        qualified("L1", "11-02", exit_by="bad_data"),
        qualified("L2", "11-02", exit_by="twice", later=14),
        qualified("L3", "11-02", exit_by="bad_data", later=15),
        qualified("L4", "11-02", exit_by="bad_fit"),
        qualified("L5", "11-02"),
    )
    (pace,) = pacing(seen("11-30 12:00", *rows))
    assert (pace.actual.value, pace.net.value, pace.net.n) == (5, 3, 3)
    assert pace.net.note == "Without 2 rejected as bad_data, twice within 14 days."
    assert bad_data_reasons(promising()) == ("bad_data", "twice")


def test_a_closed_month_that_has_changed_is_told_as_it_was_and_as_it_is() -> None:
    rows = (qualified("L1", "10-05"), qualified("L2", "10-06"), qualified("L3", "11-02"))
    past = seen("11-12 12:00", *rows)
    frozen = {"volume": {"2026-10": 3.0, "2026-09": 0.0}}
    (pace,) = pacing(past, frozen=frozen)
    assert pace.restated == {"2026-10": (3.0, 2.0)}
    assert pace.actual.value == 1


def test_a_month_is_closed_ten_days_after_its_end() -> None:
    rows = (qualified("L1", "10-05"), qualified("L2", "11-02"))
    assert closed_months(seen("11-10 12:00", *rows), at("10-01 00:00").date()) == {}
    assert closed_months(seen("11-11 12:00", *rows), at("10-01 00:00").date()) == {"volume": {"2026-10": 1.0}}


@pytest.mark.slow
def test_sums_are_paced_like_counts() -> None:
    under = promising(pipeline={"by": "vp_marketing", "measure": "sum of amount of mql", "target": "1000 per month"})
    plain = seen(
        "11-16 08:00", qualified("L1", "11-02"), qualified("L2", "11-03"), qualified("L3", "11-03"), under=under
    )
    deals = [
        {"deal": f"D{number}", "lead": f"L{number}", "opened_at": at("11-10 10:00"), "amount": 100.0 * number}
        for number in (1, 2)
    ]
    told = past_of(under, plain.as_of, deals=deals)
    (pace,) = pacing(
        type(plain)(plain.engine, {**plain.tables, "deals": told.tables["deals"]}, under, plain.agreements, plain.as_of)
    )
    assert (pace.actual.value, pace.actual.unit, pace.expected) == (300, Unit.MONEY, 500)
    assert pace.forecast.value == 600
    assert pace.basis.unusable == {"no `amount` is recorded": 1}


def test_nothing_is_foreseen_before_a_business_day_is_over() -> None:
    # 1 November is a Sunday.
    (pace,) = pacing(seen("11-01 12:00"))
    assert (pace.expected, pace.forecast.value, pace.forecast.note) == (0, None, EARLY)
    assert pace.needed == 2


def test_today_counts_as_much_as_is_over_of_its_open_time() -> None:
    office = calendars_of(agreement()).main
    november = month_of(at("11-01 00:00").date())
    assert elapsed(office, november, at("11-02 09:00")) == 0
    assert elapsed(office, november, at("11-02 13:00")) == pytest.approx(0.5)
    assert elapsed(office, november, at("11-07 13:00")) == 5
    assert elapsed(office, november, at("11-30 23:00")) == 20
    assert elapsed(office, Days(november.first, november.first), at("11-30 23:00")) == 0


def test_the_forecast_of_a_count_holds_the_end_in_ninety_five_of_a_hundred_months() -> None:
    dice = random.Random(5)
    held = 0
    for _ in range(600):
        rate = dice.choice((3, 12, 90))
        begun, rest = poisson(dice, rate * 0.4), poisson(dice, rate * 0.6)
        found = forecast_count(begun, 0.4)
        assert found is not None
        held += found[1][0] <= begun + rest <= found[1][1]
    assert held / 600 >= 0.93


def poisson(dice: random.Random, mean: float) -> int:
    count, left = 0, dice.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + dice.expovariate(1.0)
    return count


def test_at_the_end_of_a_month_nothing_is_left_to_foresee() -> None:
    assert forecast_count(7, 1.0) == (7.0, (7.0, 7.0))
    assert forecast_sum(70.0, 900.0, 1.0) == (70.0, (70.0, 70.0))
    assert forecast_count(7, 0.0) is None
    assert forecast_sum(0.0, 0.0, 0.0) is None
