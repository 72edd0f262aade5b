"""Rates, volumes and the other quantities print as they are read."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement import quantities
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.quantities import (
    UNDECIDED,
    Capacity,
    Frequency,
    Period,
    Rate,
    Times,
    TopShare,
    Unlimited,
    Volume,
    WarnAt,
    WorkPerLead,
)
from tests.haste import examples

MONTHLY = Period.MONTH


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (quantities.parse_rate, "70%", Rate(Decimal(70))),
        (quantities.parse_rate, "12.5%", Rate(Decimal("12.5"))),
        (quantities.parse_rate, "120%", Rate(Decimal(120))),
        (quantities.parse_volume, "110 per month", Volume(Decimal(110), MONTHLY)),
        (quantities.parse_volume, "1500000 per year", Volume(Decimal(1_500_000), Period.YEAR)),
        (
            quantities.parse_volume,
            "100 per member of mid_market per month",
            Volume(Decimal(100), MONTHLY, per_member=True, team="mid_market"),
        ),
        (quantities.parse_volume, "100 per member per month", Volume(Decimal(100), MONTHLY, per_member=True)),
        (
            quantities.parse_capacity,
            "110 hours per member per month",
            Capacity(Duration(110, Unit.HOUR), MONTHLY),
        ),
        (quantities.parse_work_per_lead, "48 minutes per lead", WorkPerLead(Duration(48, Unit.MINUTE))),
        (quantities.parse_threshold, "top 10% of inquiries", TopShare(Rate(Decimal(10)), "inquiries")),
        (quantities.parse_at_most, "1 per day", Frequency(1, Period.DAY)),
        (quantities.parse_at_most, "once", Times(1)),
        (quantities.parse_at_most, "3 times", Times(3)),
        (quantities.parse_at_most, "10%", Rate(Decimal(10))),
        (quantities.parse_at_most, "no limit", Unlimited.NO_LIMIT),
        (quantities.parse_at_most, "every time", Unlimited.EVERY_TIME),
        (quantities.parse_warning, "at 50%", WarnAt(Rate(Decimal(50)))),
        (quantities.parse_warning, "at 10 business minutes", WarnAt(Duration(10, Unit.MINUTE, business=True))),
    ],
)
def test_a_quantity_is_read_and_printed(parse: Callable[[str], object], text: str, value: object) -> None:
    assert parse(text) == value
    assert str(value) == text


@pytest.mark.parametrize(
    ("parse", "text", "hint"),
    [
        (quantities.parse_rate, "70", "Write `70%`."),
        (quantities.parse_rate, "0.7", "Write `70%`, if a share of the whole is meant."),
        (quantities.parse_rate, "12,5%", "Write `12.5%`."),
        (quantities.parse_rate, "-5%", "Write a percentage"),
        (quantities.parse_rate, "most", "Write a percentage"),
        (quantities.parse_rate, "9" * 999 + "%", "Write the quantity alone."),
        (quantities.parse_volume, "110", "such as `110 per month`"),
        (quantities.parse_volume, "1,500 per month", "such as `110 per month`"),
        (quantities.parse_volume, "110 per fortnight", "such as `110 per month`"),
        (quantities.parse_capacity, "110 hours", "such as `110 hours per member per month`"),
        (quantities.parse_capacity, "110h per member per month", "Write `110 hours`."),
        (quantities.parse_work_per_lead, "48 minutes", "such as `48 minutes per lead`"),
        (quantities.parse_threshold, "top 10 of inquiries", "such as `100`"),
        (quantities.parse_points, "1.5", "Write a whole number"),
        (quantities.parse_at_most, "often", "Write `1 per day`"),
        (quantities.parse_warning, "50%", "such as `at 50%`"),
        (quantities.parse_warning, "at half", "Write a whole number and a unit"),
    ],
)
def test_what_is_no_such_quantity_is_refused_with_what_to_write(
    parse: Callable[[str], object], text: str, hint: str
) -> None:
    with pytest.raises(FormatError) as refused:
        parse(text)
    assert hint in refused.value.hint
    assert len(refused.value.message) < 200


def test_points_are_whole_and_may_be_taken_away() -> None:
    assert [quantities.parse_points(each) for each in (35, "-10", "+5")] == [35, -10, 5]
    assert quantities.parse_threshold(100) == 100
    with pytest.raises(FormatError):
        quantities.parse_points(True)


def test_undecided_is_one_value_that_prints_as_it_is_written() -> None:
    assert str(UNDECIDED) == "undecided"


def test_a_rate_is_exact() -> None:
    assert quantities.parse_rate("70%").share == Decimal("0.7")
    assert quantities.parse_rate("70.0%") == quantities.parse_rate("70%")
    assert str(quantities.parse_rate("70.50%")) == "70.5%"


@settings(max_examples=examples(100), deadline=None, derandomize=True)
@given(st.decimals(0, 10**6, places=3), st.sampled_from(Period), st.sampled_from([None, "sdr", "mid-market"]))
def test_a_printed_rate_or_volume_reads_as_the_same(number: Decimal, period: Period, team: str | None) -> None:
    volume = Volume(number, period, per_member=team is not None, team=team)
    assert quantities.parse_volume(str(volume)) == volume
    assert quantities.parse_rate(str(Rate(number))) == Rate(number)
