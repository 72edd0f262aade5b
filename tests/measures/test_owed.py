"""How much of a promised number belongs to some days, and when the numbers of a month are closed."""

from datetime import date

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.measures.freezing import is_frozen, open_since, open_until
from sla_sync.measures.owed import A_SHARE, NO_MEMBERS, OTHER_MONTHS, UNDECIDED, Days, months_in, owed, share_promised
from sla_sync.semantics.calendars import calendars_of
from tests.semantics.leads import agreement

# The office is closed at weekends, on 26 November and on 25 December: October has 22 business days, November 20.
NOVEMBER = Days(date(2026, 11, 1), date(2026, 11, 30))
FIRST_WEEK = Days(date(2026, 11, 2), date(2026, 11, 8))
QUARTER = Days(date(2026, 10, 1), date(2026, 12, 31))
MONTHS = {"2026-10": "100 per month", "2026-11": "130 per month"}


def promised(target: object, **sections: object) -> Agreement:
    return agreement(
        commitments={"volume": {"by": "vp_marketing", "measure": "count of mql", "target": target}}, **sections
    )


def due(target: object, days: Days, **sections: object) -> float | str:
    under = promised(target, **sections)
    return owed(under, under.commitments["volume"], calendars_of(under).main, days)


@pytest.mark.parametrize(
    ("target", "days", "number"),
    [
        ("110 per month", NOVEMBER, 110),
        ("110 per month", QUARTER, 330),
        ("100 per month", FIRST_WEEK, 100 * 5 / 20),
        # Thanksgiving is a day less, and a Saturday is none.
        ("100 per month", Days(date(2026, 11, 26), date(2026, 11, 28)), 100 / 20),
        ("10 per week", FIRST_WEEK, 10),
        ("10 per week", Days(date(2026, 11, 4), date(2026, 11, 10)), 10 * 3 / 5 + 10 * 2 / 5),
        ("4 per day", FIRST_WEEK, 20),
        ("330 per quarter", QUARTER, 330),
        ("64 per quarter", NOVEMBER, 64 * 20 / 64),
        ("100 per member of sdr per month", NOVEMBER, 200),
        (MONTHS, NOVEMBER, 130),
        (MONTHS, Days(date(2026, 10, 1), date(2026, 11, 30)), 230),
        (MONTHS, Days(date(2026, 10, 30), date(2026, 11, 2)), 100 / 22 + 130 / 20),
        ({"2026-10": 22}, Days(date(2026, 10, 1), date(2026, 10, 1)), 1),
    ],
)
def test_a_number_counts_by_the_business_days_of_its_month(target: object, days: Days, number: float) -> None:
    teams = {"sdr": {"calendar": "office", "members": 2}}
    assert due(target, days, teams=teams) == pytest.approx(number)


def test_a_quarter_is_that_of_the_fiscal_year() -> None:
    fiscal = {
        "name": "inbound",
        "effective": {"from": "2026-10-01"},
        "timezone": "America/New_York",
        "fiscal_year_start": "02-01",
    }
    # From November to January there are 62 business days, and 20 of them are in November.
    holidays = {"office": {"open": {"mon-fri": "09:00-17:00"}, "holidays": ["2026-11-26", "2026-12-25", "2027-01-01"]}}
    found = due("62 per quarter", NOVEMBER, metadata=fiscal, calendars=holidays)
    assert found == pytest.approx(20)


@pytest.mark.parametrize(
    ("target", "days", "because"),
    [
        ("undecided", NOVEMBER, UNDECIDED),
        ("70%", NOVEMBER, A_SHARE),
        ("100 per member of sdr per month", NOVEMBER, NO_MEMBERS),
        (MONTHS, Days(date(2026, 12, 1), date(2026, 12, 31)), OTHER_MONTHS),
    ],
)
def test_where_no_number_is_promised_it_is_said_why(target: object, days: Days, because: str) -> None:
    assert due(target, days) == because


def test_one_number_for_all_time_is_spread_over_the_days_of_the_agreement() -> None:
    # 64 business days from October to December.
    assert due(640, NOVEMBER) == pytest.approx(200)


def test_the_share_of_the_last_month_counts_where_months_differ() -> None:
    targets = promised({"2026-10": "60%", "2026-11": "70%"}).commitments["volume"].target
    assert share_promised(targets, QUARTER) == pytest.approx(0.7)
    assert share_promised(targets, Days(date(2026, 10, 1), date(2026, 10, 31))) == pytest.approx(0.6)


def test_months_are_counted_by_their_business_days() -> None:
    main = calendars_of(agreement()).main
    assert months_in(main, QUARTER) == pytest.approx(3)
    assert months_in(main, FIRST_WEEK) == pytest.approx(0.25)


def test_a_month_is_open_for_ten_days_after_its_end() -> None:
    assert open_until(date(2026, 10, 5)) == date(2026, 11, 10)
    assert not is_frozen(date(2026, 10, 5), date(2026, 11, 10))
    assert is_frozen(date(2026, 10, 5), date(2026, 11, 11))
    assert (open_since(date(2026, 11, 10)), open_since(date(2026, 11, 11))) == (date(2026, 10, 1), date(2026, 11, 1))
