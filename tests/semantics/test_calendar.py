"""Business time: every vector that the parties agreed on, and what no calendar can answer."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla_sync.agreement.durations import Duration, Unit, parse_duration
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.semantics.calendar import BusinessCalendar, calendar_of, wall_clock
from sla_sync.semantics.holidays import CalendarError, days_in

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")


def calendar(zone: str, hours: dict[str, str], holidays: tuple[object, ...] = ()) -> BusinessCalendar:
    section = Calendar.model_validate({"timezone": zone, "open": hours, "holidays": list(holidays)})
    return calendar_of(section, default_zone="UTC")


NY = calendar("America/New_York", {"mon-fri": "09:00-17:00"}, ("2026-07-03", "2026-11-26", "2026-12-25"))
LON = calendar("Europe/London", {"mon-fri": "09:00-17:30"}, ("2026-12-25", "2026-12-28"))
ALWAYS = calendar("America/New_York", {"mon-sun": "00:00-24:00"})
NIGHT = calendar("America/New_York", {"sun": "01:00-04:00"})
MADRID = calendar("Europe/Madrid", {"mon-fri": "09:00-13:00 and 15:00-18:00"})


def local(text: str, zone: ZoneInfo = NEW_YORK, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("used", "start", "limit", "due"),
    [
        pytest.param(NY, local("2026-09-16 10:00"), "2 business hours", "2026-09-16 16:00", id="V1"),
        pytest.param(NY, local("2026-09-16 16:00"), "2 business hours", "2026-09-17 14:00", id="V2"),
        pytest.param(NY, local("2026-09-18 16:50"), "15 business minutes", "2026-09-21 13:05", id="V3"),
        pytest.param(NY, local("2026-09-19 23:30"), "15 business minutes", "2026-09-21 13:15", id="V4"),
        pytest.param(NY, local("2026-09-16 08:59:30"), "15 business minutes", "2026-09-16 13:15", id="V5"),
        pytest.param(NY, local("2026-09-16 17:00"), "15 business minutes", "2026-09-17 13:15", id="V6"),
        pytest.param(NY, local("2026-09-16 15:00"), "2 business hours", "2026-09-16 21:00", id="V7"),
        pytest.param(NY, local("2026-11-25 16:30"), "1 business hour", "2026-11-27 14:30", id="V8"),
        pytest.param(NY, local("2026-03-06 16:00"), "2 business hours", "2026-03-09 14:00", id="V9"),
        pytest.param(NY, local("2026-10-30 16:00"), "2 business hours", "2026-11-02 15:00", id="V10"),
        pytest.param(ALWAYS, local("2026-03-08 01:30"), "1 business hour", "2026-03-08 07:30", id="V11"),
        pytest.param(ALWAYS, local("2026-11-01 01:30"), "1 business hour", "2026-11-01 06:30", id="V12"),
        pytest.param(NIGHT, local("2026-03-08 01:00"), "150 business minutes", "2026-03-15 05:30", id="V13"),
        pytest.param(MADRID, local("2026-09-16 12:30", ZoneInfo("Europe/Madrid")), "1 business hour",
                     "2026-09-16 13:30", id="V14"),
        pytest.param(LON, local("2026-09-16 18:00"), "2 business hours", "2026-09-17 10:00", id="V15"),
        pytest.param(LON, local("2026-12-24 17:00", LONDON), "1 business hour", "2026-12-29 09:30", id="V16"),
    ],
)  # fmt: skip
def test_a_limit_in_open_time_ends_at_the_agreed_instant(
    used: BusinessCalendar, start: datetime, limit: str, due: str
) -> None:
    assert used.add(start, parse_duration(limit)) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("2026-09-16 14:00", "2026-09-17 14:00", id="B1"),
        pytest.param("2026-09-18 14:00", "2026-09-21 14:00", id="B2"),
        pytest.param("2026-09-19 11:00", "2026-09-21 17:00", id="B3"),
        pytest.param("2026-11-25 14:00", "2026-11-27 14:00", id="B4"),
    ],
)
def test_a_business_day_is_the_same_clock_time_on_the_next_open_day(start: str, due: str) -> None:
    assert NY.add(local(start), parse_duration("1 business day")) == local(due)


@pytest.mark.parametrize(
    ("start", "end", "open_time"),
    [
        ("2026-09-18 16:50", "2026-09-21 09:05", timedelta(minutes=15)),
        ("2026-09-19 10:00", "2026-09-19 18:00", timedelta(0)),
        ("2026-09-21 09:05", "2026-09-18 16:50", timedelta(minutes=-15)),
    ],
)
def test_only_open_time_counts_between_two_instants(start: str, end: str, open_time: timedelta) -> None:
    assert NY.between(local(start), local(end)) == open_time


def test_a_day_of_the_wall_clock_has_23_hours_where_clocks_go_forward() -> None:
    noon, next_noon = local("2026-03-07 12:00"), local("2026-03-08 12:00")
    assert ALWAYS.between(noon, next_noon) == timedelta(hours=23)
    assert wall_clock().add(noon, parse_duration("1 day")) == local("2026-03-08 13:00")


def test_a_closing_instant_is_outside_hours_and_an_opening_instant_is_inside() -> None:
    assert NY.is_open(local("2026-09-16 09:00"))
    assert not NY.is_open(local("2026-09-16 17:00"))
    assert NY.next_opening(local("2026-09-16 17:00")) == local("2026-09-17 09:00")
    assert NY.next_opening(local("2026-09-16 09:00")) == local("2026-09-16 09:00")


def test_a_lunch_break_ends_a_business_day_only_where_the_clock_time_falls_into_it() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    one = Duration(1, Unit.DAY, business=True)
    assert MADRID.add(local("2026-09-16 12:00", madrid), one) == local("2026-09-17 12:00", madrid)
    # In the break it counts from 15:00; Thursday 15:00 is an opening, so it is the closing before it.
    assert MADRID.add(local("2026-09-16 14:00", madrid), one) == local("2026-09-17 13:00", madrid)


def test_a_business_day_that_lands_on_a_half_day_ends_when_that_closes() -> None:
    half = calendar("America/New_York", {"mon-fri": "09:00-17:00"}, ({"day": "2026-12-24", "open": "09:00-12:00"},))
    assert half.add(local("2026-12-23 15:00"), parse_duration("1 business day")) == local("2026-12-24 12:00")
    assert half.add(local("2026-12-24 11:30"), parse_duration("1 business hour")) == local("2026-12-25 09:30")


def test_business_weeks_and_months_end_on_the_first_open_day_at_the_same_clock_time() -> None:
    # Thursday 2026-11-26 is a holiday, and 2026-07-03 is a Friday that is one.
    assert NY.add(local("2026-11-19 14:00"), parse_duration("1 business week")) == local("2026-11-27 14:00")
    assert NY.add(local("2026-06-03 14:00"), parse_duration("1 business month")) == local("2026-07-06 14:00")


def test_a_plain_month_ends_at_the_same_local_time_on_the_last_day_of_a_short_month() -> None:
    assert NY.add(local("2026-01-31 10:00"), parse_duration("1 month")) == local("2026-02-28 10:00")
    assert NY.add(local("2026-11-30 10:00"), parse_duration("1 quarter")) == local("2027-02-28 10:00")


def test_no_time_later_is_the_same_instant_even_outside_hours() -> None:
    closed = local("2026-09-19 11:00")
    assert {NY.add(closed, Duration(0, unit, business=True)) for unit in Unit} == {closed}


def test_windows_that_touch_at_midnight_are_one_stretch() -> None:
    late = calendar("America/New_York", {"mon": "20:00-24:00", "tue": "00:00-04:00"})
    # Monday 22:00 + 3 h; a business day later than Monday 22:00 is Tuesday 22:00, so Tuesday's closing.
    assert late.add(local("2026-09-14 22:00"), parse_duration("3 business hours")) == local("2026-09-15 01:00")
    assert late.add(local("2026-09-14 22:00"), parse_duration("1 business day")) == local("2026-09-15 04:00")


def test_a_window_inside_the_hour_that_clocks_leap_over_is_not_open_that_day() -> None:
    gap = calendar("America/New_York", {"sun": "02:15-02:45"})
    assert gap.between(local("2026-03-08 00:00"), local("2026-03-09 00:00")) == timedelta(0)
    assert gap.next_opening(local("2026-03-08 00:00")) == local("2026-03-15 02:15")


def test_a_window_that_begins_in_the_repeated_hour_opens_once() -> None:
    # 01:30 comes twice on 2026-11-01: at 05:30 and at 06:30 UTC; 04:00 is 09:00 UTC.
    fold = calendar("America/New_York", {"sun": "01:30-04:00"})
    assert fold.between(local("2026-11-01 00:00"), local("2026-11-02 00:00")) == timedelta(hours=3, minutes=30)


def test_the_public_holidays_of_a_country_are_closed() -> None:
    us = calendar("America/New_York", {"mon-fri": "09:00-17:00"}, ({"country": "US"},))
    # Independence Day 2026 is a Saturday and observed on Friday 3 July; Christmas is a Friday.
    assert us.add(local("2026-07-02 16:30"), parse_duration("1 business hour")) == local("2026-07-06 09:30")
    assert us.add(local("2026-12-24 16:30"), parse_duration("1 business hour")) == local("2026-12-28 09:30")


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    # San Isidro, 15 May, is closed in Madrid's capital only; 2 May is the day of the region: a Friday in 2025.
    spain = calendar("Europe/Madrid", {"mon-fri": "09:00-17:00"}, ({"country": "ES"},))
    region = calendar("Europe/Madrid", {"mon-fri": "09:00-17:00"}, ({"country": "ES", "region": "MD"},))
    day = local("2025-05-02 10:00", ZoneInfo("Europe/Madrid"))
    assert (spain.is_open(day), region.is_open(day)) == (True, False)


def test_a_named_day_wins_over_the_holidays_of_its_country() -> None:
    both = ({"country": "US"}, {"day": "2026-12-25", "open": "10:00-11:00"})
    assert calendar("America/New_York", {"mon-fri": "09:00-17:00"}, both).is_open(local("2026-12-25 10:30"))


def test_holidays_of_a_file_are_the_days_at_the_start_of_its_lines() -> None:
    section = Calendar.model_validate({"open": {"mon-fri": "09:00-17:00"}, "holidays": [{"file": "closed.txt"}]})
    text = "# closed\n2026-12-24  Christmas Eve\n\n2026-12-25, Christmas Day # both\n"
    used = calendar_of(section, default_zone="America/New_York", files={"closed.txt": text})
    assert used.add(local("2026-12-23 16:30"), parse_duration("1 business hour")) == local("2026-12-28 09:30")
    with pytest.raises(CalendarError, match=r"`closed\.txt`, which was not read"):
        calendar_of(section, default_zone="America/New_York")
    with pytest.raises(FormatError, match="Line 2, `Christmas`, does not begin with a day"):
        days_in("2026-12-24\nChristmas\n")


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(CalendarError, match="never opens"):
        calendar_of(Calendar.model_validate({"open": {"mon-fri": "closed"}}), default_zone="UTC")
    # Only one day ever opens; after it nothing does.
    once = calendar("UTC", {}, ({"day": "2026-12-24", "open": "09:00-12:00"},))
    eve = datetime(2026, 12, 24, 11, tzinfo=UTC)
    assert once.add(eve, parse_duration("1 business hour")) == eve + timedelta(hours=1)
    with pytest.raises(CalendarError, match="never opens"):
        once.add(eve, parse_duration("2 business hours"))
    assert once.between(eve, eve + timedelta(days=900)) == timedelta(hours=1)


def test_a_calendar_that_never_closes_has_no_business_days() -> None:
    for limit in ("1 business day", "1 business week", "1 business quarter"):
        with pytest.raises(CalendarError, match="has no business days"):
            ALWAYS.add(local("2026-09-16 10:00"), parse_duration(limit))


def test_what_is_no_zone_no_country_and_no_instant_is_refused() -> None:
    with pytest.raises(CalendarError, match="`Mars/Olympus` is not a time zone"):
        calendar("Mars/Olympus", {"mon": "09:00-17:00"})
    with pytest.raises(CalendarError, match="public holidays of `XX` are not known"):
        calendar("UTC", {"mon": "09:00-17:00"}, ({"country": "XX"},))
    with pytest.raises(CalendarError, match="public holidays of `US-QQ` are not known"):
        calendar("UTC", {"mon": "09:00-17:00"}, ({"country": "US", "region": "QQ"},))
    with pytest.raises(CalendarError, match="names no zone"):
        NY.is_open(datetime(2026, 9, 16, 10))  # noqa: DTZ001 - the point of the test


def test_open_spans_are_cut_at_both_ends() -> None:
    spans = NY.open_spans(local("2026-09-18 16:00"), local("2026-09-21 10:00"))
    assert [(each.opens, each.closes) for each in spans] == [
        (local("2026-09-18 16:00"), local("2026-09-18 17:00")),
        (local("2026-09-21 09:00"), local("2026-09-21 10:00")),
    ]


def test_windows_of_one_day_that_touch_are_one_stretch() -> None:
    shifts = calendar("America/New_York", {"mon-fri": "09:00-13:00 and 13:00-17:00"})
    # Neither a closing nor an opening lies at 13:00.
    assert shifts.add(local("2026-09-16 13:00"), parse_duration("1 business day")) == local("2026-09-17 13:00")
    assert shifts.is_open(local("2026-09-16 13:00"))


def test_closed_hours_after_a_limit_in_business_time_are_no_time() -> None:
    limit = parse_duration("2 business hours")
    assert NY.is_within(limit, local("2026-09-18 15:00"), local("2026-09-20 12:00"))
    assert not NY.is_within(limit, local("2026-09-18 15:00"), local("2026-09-21 09:00:01"))
    assert not NY.is_within(parse_duration("2 hours"), local("2026-09-18 15:00"), local("2026-09-18 17:00:01"))
