"""Calendars as resources: the week, the days that differ, and every opening up to the horizon."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.compiler import compile_agreement
from sla_sync.resources import Calendar
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.holidays import CalendarError
from tests.agreement.documents import SMALL

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def agreement(effective: dict[str, str] | None = None, **office: object) -> Agreement:
    data: dict[str, Any] = dict(read_text_source(SMALL).data or {})
    metadata = {"name": "small", "timezone": "America/New_York", "effective": effective or {"from": "2026-10-01"}}
    return Agreement.model_validate({**data, "metadata": metadata, "calendars": {"office": office}})


def compiled(
    effective: dict[str, str] | None = None, files: dict[str, str] | None = None, **office: object
) -> Calendar:
    (calendar,) = compile_agreement(agreement(effective, **office), {}, files).calendars
    return calendar


@pytest.mark.parametrize(
    ("effective", "horizon"),
    [
        ({"from": "2026-10-01"}, date(2028, 10, 1)),
        ({"from": "2026-10-01", "until": "2026-12-31"}, date(2028, 10, 1)),
        ({"from": "2026-10-01", "until": "2029-09-30"}, date(2029, 12, 30)),
    ],
)
def test_openings_reach_two_years_ahead_or_three_months_beyond_the_last_day(
    effective: dict[str, str], horizon: date
) -> None:
    calendar = compiled(effective, open={"mon-sun": "09:00-17:00"})
    assert calendar.horizon == horizon
    assert (calendar.openings[0].day, calendar.openings[-1].day) == (date(2026, 10, 1), horizon)


def test_a_first_day_in_the_same_quarter_moves_no_opening() -> None:
    week = {"open": {"mon-fri": "09:00-17:00"}}
    assert compiled({"from": "2026-11-16"}, **week) == compiled({"from": "2026-10-01"}, **week)
    assert compiled({"from": "2027-01-04"}, **week).openings[0].day == date(2027, 1, 1)


def test_an_opening_knows_the_clock_time_also_on_the_day_on_which_clocks_change() -> None:
    calendar = compiled(open={"mon-sun": "09:00-17:00"})
    assert {each.opens - each.midnight for each in calendar.openings} == {timedelta(hours=9)}
    (changed,) = [each for each in calendar.openings if each.day == date(2026, 11, 1)]
    assert changed.opens == datetime(2026, 11, 1, 14, tzinfo=UTC)


def test_a_window_until_midnight_ends_at_the_last_moment_of_the_day() -> None:
    assert compiled(open={"mon": "18:00-24:00"}).week == {"mon": ((time(18), time.max),)}


def test_only_days_with_other_hours_than_their_weekday_are_listed_with_their_names() -> None:
    holidays = [
        "2026-12-26",  # a Saturday, closed anyway
        {"day": "2026-12-24", "name": "Christmas Eve", "open": "09:00-12:00"},
        {"day": "2026-12-23", "open": "09:00-17:00"},
        {"file": "days.txt"},
    ]
    files = {"days.txt": "# ours\n2026-12-31 Stocktaking\n2027-01-04  # moved\n"}
    calendar = compiled(files=files, open={"mon-fri": "09:00-17:00"}, holidays=holidays)
    assert [(each.day.isoformat(), each.name, each.windows) for each in calendar.closed_days] == [
        ("2026-12-24", "Christmas Eve", ((time(9), time(12)),)),
        ("2026-12-31", "Stocktaking", ()),
        ("2027-01-04", "moved", ()),
    ]


def test_public_holidays_are_called_by_their_country() -> None:
    calendar = compiled(
        open={"mon-fri": "09:00-17:00"}, holidays=[{"country": "US"}, {"country": "ES", "region": "MD"}]
    )
    names = {each.day: each.name for each in calendar.closed_days}
    assert names[date(2026, 11, 26)] == "Public holiday of US or ES-MD"


def test_a_file_of_holidays_that_nobody_read_is_not_passed_over() -> None:
    with pytest.raises(CalendarError, match="was not read"):
        compiled(open={"mon": "09:00-17:00"}, holidays=[{"file": "days.txt"}])


def test_a_calendar_that_opens_for_the_last_time_has_its_openings_until_then() -> None:
    calendar = compiled(holidays=[{"day": "2026-10-05", "open": "09:00-12:00"}])
    assert [each.day for each in calendar.openings] == [date(2026, 10, 5)]


@pytest.mark.slow
@given(
    st.dictionaries(
        st.sampled_from(DAYS), st.sampled_from(["09:00-17:00", "00:00-24:00", "09:00-12:00 and 13:00-18:00"])
    ).filter(bool),
    st.sampled_from(["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "UTC"]),
    st.integers(0, 700 * 24 * 60),
)
def test_an_instant_is_within_an_opening_exactly_when_the_calendar_is_open(
    week: dict[str, str], zone: str, minutes: int
) -> None:
    agreed = agreement(timezone=zone, open=week)
    (calendar,) = compile_agreement(agreed, {}).calendars
    at = datetime(2026, 10, 2, tzinfo=UTC) + timedelta(minutes=minutes)
    inside = any(each.opens <= at < each.closes for each in calendar.openings)
    assert inside is calendars_of(agreed).main.is_open(at)
