"""Calendars as rows, and as business hours with their holidays."""

from itertools import pairwise
from typing import Any

import pytest

from sla_sync.connector import Desired, Translation
from tests.connectors.salesforce.timing import (
    LONDON,
    OFFICE,
    OFFICE_WEEK,
    SIESTA,
    business,
    clock,
    neutral,
    resources,
    timed,
)


def rows(translated: Translation, calendar: str) -> list[dict[str, object]]:
    found = []
    for each in translated.desired:
        values = each.values.get("values")
        if each.address.key.startswith("SLA_Calendar_Day.") and isinstance(values, list):
            row = {str(value["field"]): value["value"] for value in values}
            if row["Calendar__c"] == calendar:
                found.append(row)
    return found


def found(translated: Translation, address: str) -> Desired:
    return next(each for each in translated.desired if str(each.address) == address)


def with_calendar(**calendars: object) -> Translation:
    made = tuple(neutral(name, each) for name, each in calendars.items())  # type: ignore[arg-type]
    return timed(resources(clock(calendar=next(iter(calendars))), calendars=made, teams=()))


def test_each_opening_is_a_row_that_goes_on_from_the_one_before() -> None:
    made = rows(with_calendar(office=OFFICE), "office")
    assert made[0]["Minutes_Before__c"] == 0
    assert "Previous_Closes_At__c" not in made[0]
    for before, after in pairwise(made):
        assert after["Minutes_Before__c"] == before["Minutes_Through__c"]
        assert after["Previous_Closes_At__c"] == before["Closes_At__c"]
        assert after["Day_Number__c"] == float(str(before["Day_Number__c"])) + 1


@pytest.mark.parametrize("within", ["2 business hours", "3 business days"])
def test_a_date_is_looked_for_only_among_openings_that_close_after_its_clock_starts(within: str) -> None:
    # Rows of an earlier version are left there, and bear the same numbers.
    made = timed(resources(clock(within=within)))
    searched: Any = found(made, "Flow/SLA_Leg_Clocks").values["recordLookups"]
    filters = [
        {part["field"]: part["operator"] for part in each["filters"]}
        for each in searched
        if each["object"] == "SLA_Calendar_Day__mdt"
    ]
    assert len(filters) > 1
    assert {each["Closes_At__c"] for each in filters} == {"GreaterThan"}


def test_two_openings_of_a_day_bear_one_number_and_two_names() -> None:
    translated = with_calendar(madrid=SIESTA)
    first, second, third = rows(translated, "madrid")[:3]
    assert first["Day_Number__c"] == second["Day_Number__c"]
    assert first["Midnight_At__c"] == second["Midnight_At__c"]
    assert third["Day_Number__c"] == 2
    names = [each.address.key for each in translated.desired if each.address.key.startswith("SLA_Calendar_Day.")]
    assert names[:2] == ["SLA_Calendar_Day.Madrid_20260202", "SLA_Calendar_Day.Madrid_20260202b"]


def test_only_calendars_in_which_a_clock_runs_are_written_out() -> None:
    made = timed(resources(clock(calendar="london")))
    assert not rows(made, "office")
    assert rows(made, "london")
    assert rows(timed(resources(clock())), "office")


def test_business_hours_bear_the_local_times_of_each_day() -> None:
    hours = found(with_calendar(london=LONDON), "BusinessHours/SLA london").values
    assert hours["timeZoneId"] == "Europe/London"
    assert (hours["mondayStartTime"], hours["fridayEndTime"]) == ("09:00:00.000Z", "17:30:00.000Z")
    assert "saturdayStartTime" not in hours
    assert hours["default"] is False


def test_hours_around_the_clock_end_at_midnight() -> None:
    always = business("Europe/London", dict.fromkeys(("mon", "sun"), (("00:00", "24:00"),)))
    hours = found(with_calendar(always=always), "BusinessHours/SLA always").values
    assert (hours["sundayStartTime"], hours["sundayEndTime"]) == ("00:00:00.000Z", "00:00:00.000Z")


def test_a_closed_day_is_a_holiday_and_half_a_day_is_one_with_times() -> None:
    calendar = business("America/New_York", OFFICE_WEEK, {"2026-11-26": (), "2026-12-24": (("09:00", "13:00"),)})
    made = with_calendar(office=calendar)
    whole = found(made, "Holiday/SLA office: Closed 2026-11-26").values
    assert whole == {"activityDate": "2026-11-26", "businessHours": ["SLA office"], "isRecurring": False}
    half = found(made, "Holiday/SLA office: Closed 2026-12-24").values
    assert (half["startTime"], half["endTime"]) == ("13:00:00.000Z", "17:00:00.000Z")


def test_a_day_with_longer_hours_than_its_weekday_is_a_gap_of_the_business_hours_alone() -> None:
    calendar = business("America/New_York", OFFICE_WEEK, {"2026-12-05": (("10:00", "12:00"),)})
    made = with_calendar(office=calendar)
    assert any(each.id == "hours:office:2026-12-05" for each in made.gaps)
    assert [each for each in rows(made, "office") if str(each["Opens_At__c"]).startswith("2026-12-05")]


def test_a_calendar_that_opens_twice_a_day_has_rows_and_no_business_hours() -> None:
    made = with_calendar(madrid=SIESTA)
    assert rows(made, "madrid")
    assert not [each for each in made.desired if each.address.type == "BusinessHours"]
    assert "open once a day" in next(each.advice for each in made.gaps if each.id == "hours:madrid")


def test_the_last_day_of_the_rows_is_told() -> None:
    advice = next(each.advice for each in with_calendar(office=OFFICE).gaps if each.id == "horizon:office")
    assert "2027-03-31" in advice


def test_a_team_with_personal_hours_is_a_gap() -> None:
    team = resources().teams[0].__class__("sdr", ("teams", "sdr"), "", "SDR", None, "personal")
    made = timed(resources(clock(), teams=(team,)))
    assert "«office»" in next(each.advice for each in made.gaps if each.id == "calendar:sdr")
