"""Opening hours, weekdays and weekly times."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.hours import (
    TimeOfDay,
    Weekday,
    WeeklyTime,
    parse_time,
    parse_weekdays,
    parse_weekly_time,
    parse_windows,
)
from tests.haste import examples


def spelled(value: str | list[str]) -> list[str]:
    return [str(each) for each in parse_windows(value)]


def test_a_lunch_break_makes_two_windows() -> None:
    assert spelled("09:00-13:00 and 15:00-18:00") == ["09:00-13:00", "15:00-18:00"]
    assert spelled(["15:00-18:00", "9:00 - 13:00"]) == ["09:00-13:00", "15:00-18:00"]


def test_a_day_may_be_closed_or_open_around_the_clock() -> None:
    assert spelled("closed") == []
    assert spelled("00:00-24:00") == ["00:00-24:00"]


def test_windows_may_touch() -> None:
    assert spelled(["09:00-12:00", "12:00-17:00"]) == ["09:00-12:00", "12:00-17:00"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("17:00-09:00", "closes before it opens"),
        ("09:00-09:00", "closes before it opens"),
        ("09:00", "is not a window"),
        ("9-17", "is not a time of day"),
        ("09:00-24:01", "is not on a 24-hour clock"),
        ("09:60-10:00", "is not on a 24-hour clock"),
        ("", "is not a window"),
        (["09:00-12:00", "11:59-13:00"], "overlap"),
        (["09:00-12:00", "closed"], "is not a window"),
    ],
)
def test_what_are_no_windows_is_refused(value: str | list[str], said: str) -> None:
    with pytest.raises(FormatError) as refused:
        parse_windows(value)
    assert said in refused.value.message
    assert refused.value.hint


@settings(max_examples=examples(100), deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True))
def test_printed_windows_read_as_the_same(minutes: list[int]) -> None:
    edges = [str(TimeOfDay(minute)) for minute in sorted(minutes)]
    windows = [f"{opens}-{closes}" for opens, closes in zip(edges[::2], edges[1::2], strict=False)]
    assert spelled(" and ".join(windows)) == windows
    assert [str(parse_time(edge)) for edge in edges] == edges


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", list(Weekday)[:5]),
        ("mon-sun", list(Weekday)),
        ("sat", [Weekday.SATURDAY]),
        ("Monday and friday", [Weekday.MONDAY, Weekday.FRIDAY]),
        ("fri-mon", [Weekday.FRIDAY, Weekday.SATURDAY, Weekday.SUNDAY, Weekday.MONDAY]),
    ],
)
def test_weekdays_are_read(text: str, days: list[Weekday]) -> None:
    assert list(parse_weekdays(text)) == days


@pytest.mark.parametrize("text", ["", "weekdays", "mon-", "mon-tue-wed", "mon and mon", "mon-wed and tue", "1"])
def test_what_are_no_weekdays_is_refused(text: str) -> None:
    with pytest.raises(FormatError) as refused:
        parse_weekdays(text)
    assert refused.value.hint


def test_a_weekly_time_is_a_day_and_perhaps_a_time() -> None:
    assert parse_weekly_time("Tuesday 10:00") == WeeklyTime(Weekday.TUESDAY, TimeOfDay(600))
    assert str(parse_weekly_time("tue 9:30")) == "Tuesday 09:30"
    assert str(parse_weekly_time("Tuesday")) == "Tuesday"
    with pytest.raises(FormatError):
        parse_weekly_time("Tuesday morning")
