"""The plain week against the calendar of the executable model, in a zone without changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.hours import TimeOfDay, Weekday, Window
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.lint.plain_week import WEEK, plain_week
from sla_sync.semantics.calendar import calendar_of
from tests.haste import examples

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
OFFICE = Calendar.model_validate({"open": {"mon-fri": "09:00-17:00"}})


def windows(edges: list[int]) -> tuple[Window, ...]:
    ordered = sorted(set(edges))
    pairs = zip(ordered[::2], ordered[1::2], strict=False)
    return tuple(Window(TimeOfDay(30 * opens), TimeOfDay(30 * closes)) for opens, closes in pairs)


DAYS = st.lists(st.integers(0, 48), max_size=4).map(windows)
WEEKS = st.fixed_dictionaries(dict.fromkeys(Weekday, DAYS)).filter(lambda week: any(week.values()))
DURATIONS = st.one_of(
    st.builds(Duration, st.integers(0, 4_000), st.just(Unit.MINUTE), st.booleans()),
    st.builds(Duration, st.integers(0, 12), st.just(Unit.DAY), st.booleans()),
    st.builds(Duration, st.integers(0, 3), st.just(Unit.WEEK), st.booleans()),
)


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(WEEKS, DURATIONS, st.integers(0, WEEK - 1))
def test_a_plain_week_gives_the_same_deadlines_as_the_model(
    week: dict[Weekday, tuple[Window, ...]], duration: Duration, start: int
) -> None:
    hours = {day.value: " and ".join(map(str, each)) or "closed" for day, each in week.items()}
    calendar = calendar_of(Calendar.model_validate({"open": hours}), default_zone="UTC")
    if calendar.never_closes:
        return
    due = calendar.add(MONDAY + timedelta(minutes=start), duration)
    assert MONDAY + timedelta(minutes=plain_week(week).due(start, duration)) == due


def test_an_office_is_closed_for_64_hours_at_a_weekend() -> None:
    # Friday 17:00 to Monday 09:00
    assert plain_week(OFFICE.week).longest_gap == 64 * 60
    assert plain_week(OFFICE.week).open_minutes == 40 * 60
    assert plain_week({}).longest_gap == WEEK


def test_a_calendar_that_never_closes_has_no_gap() -> None:
    always = Calendar.model_validate({"open": {"mon-sun": "00:00-24:00"}})
    assert plain_week(always.week).never_closes
    assert plain_week(always.week).longest_gap == 0
