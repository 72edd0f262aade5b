"""Business time against a clock that steps minute by minute and shares no code with it, and the laws that it keeps."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.hours import TimeOfDay, Weekday, Window
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.holidays import Holidays
from tests.haste import examples

# A week or so around a change of clocks in each zone: to both sides of the equator, by half an hour on Lord Howe,
# at midnight in Havana, and none in Kolkata.
WEEKENDS = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Madrid": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/Santiago": [date(2026, 4, 5), date(2026, 9, 6)],
    "Asia/Kolkata": [date(2026, 3, 8)],
}
DAYS = 10
MINUTE = timedelta(minutes=1)
Hours = Mapping[int, list[tuple[int, int]]]
LAWS = settings(max_examples=examples(60), deadline=None, derandomize=True)


@cache
def local_clock(zone: str, middle: date) -> tuple[tuple[datetime, datetime], ...]:
    """Return every minute around a day, in UTC and as the local clock shows it."""
    first = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) - timedelta(days=DAYS)
    minutes = (first + step * MINUTE for step in range(2 * DAYS * 1440))
    return tuple((at, at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for at in minutes)


def open_minutes(zone: str, middle: date, hours: Hours, closed: date) -> list[bool]:
    """Return for every minute whether it is open, by watching the local clock reach each edge of each window."""
    clock = local_clock(zone, middle)
    opened = [False] * len(clock)
    for number in range(-DAYS, DAYS):
        day = middle + timedelta(days=number)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - as a local clock shows it
        for first, last in hours.get(day.weekday(), []) if day != closed else []:
            for position in range(reached(clock, midnight + first * MINUTE), reached(clock, midnight + last * MINUTE)):
                opened[position] = True
    return opened


def reached(clock: tuple[tuple[datetime, datetime], ...], shown: datetime) -> int:
    near = range(max(0, guess(clock, shown) - 240), len(clock))
    return next((position for position in near if clock[position][1] >= shown), len(clock))


def guess(clock: tuple[tuple[datetime, datetime], ...], shown: datetime) -> int:
    return int((shown - clock[0][1]) / MINUTE)


@st.composite
def day_hours(draw: st.DrawFn) -> list[tuple[int, int]]:
    edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [(15 * first, 15 * last) for first, last in pairs]


@st.composite
def settings_of_a_calendar(draw: st.DrawFn) -> tuple[str, date, Hours, date]:
    zone = draw(st.sampled_from(sorted(WEEKENDS)))
    middle = draw(st.sampled_from(WEEKENDS[zone]))
    days = draw(st.sets(st.integers(0, 6), min_size=2, max_size=7))
    hours = {day: draw(day_hours()) for day in sorted(days)}
    return zone, middle, hours, middle + timedelta(days=draw(st.integers(-4, 4)))


def built(zone: str, hours: Hours, closed: date) -> BusinessCalendar:
    week = {
        tuple(Weekday)[day]: tuple(Window(TimeOfDay(first), TimeOfDay(last)) for first, last in windows)
        for day, windows in hours.items()
    }
    return BusinessCalendar(ZoneInfo(zone), week, Holidays({closed: ()}))


@LAWS
@given(settings_of_a_calendar(), st.integers(0, 6 * 1440), st.integers(0, 4 * 1440), st.integers(1, 900))
def test_sums_and_differences_are_those_of_a_clock_that_steps_by_minutes(
    used: tuple[str, date, Hours, date], start: int, length: int, limit: int
) -> None:
    zone, middle, hours, closed = used
    opened, clock = open_minutes(zone, middle, hours, closed), local_clock(zone, middle)
    first = (DAYS - 3) * 1440 + start
    calendar = built(zone, hours, closed)
    at = clock[first][0]
    assert calendar.between(at, at + length * MINUTE) == sum(opened[first : first + length]) * MINUTE
    assert calendar.is_open(at) is opened[first]
    counted = 0
    for position in range(first, len(clock)):
        counted += opened[position]
        if counted == limit:
            assert calendar.add(at, Duration(limit, Unit.MINUTE, business=True)) == clock[position][0] + MINUTE
            break


@LAWS
@given(settings_of_a_calendar(), st.integers(0, 6 * 86_400), st.integers(0, 500_000))
def test_what_was_added_is_what_lies_between(used: tuple[str, date, Hours, date], start: int, limit: int) -> None:
    zone, middle, hours, closed = used
    calendar = built(zone, hours, closed)
    at = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) + timedelta(seconds=start)
    due = calendar.add(at, Duration(limit, Unit.SECOND, business=True))
    assert calendar.between(at, due) == timedelta(seconds=limit)
    if limit:
        # It is the first such instant: a second earlier one second is missing.
        assert calendar.between(at, due - timedelta(seconds=1)) == timedelta(seconds=limit - 1)


@LAWS
@given(
    settings_of_a_calendar(),
    st.lists(st.integers(0, 6 * 86_400), min_size=2, max_size=2),
    st.lists(st.integers(0, 20), min_size=2, max_size=2),
    st.sampled_from([Unit.SECOND, Unit.MINUTE, Unit.HOUR, Unit.DAY]),
)
def test_a_later_start_and_a_longer_limit_never_end_sooner(
    used: tuple[str, date, Hours, date], starts: list[int], counts: list[int], unit: Unit
) -> None:
    zone, middle, hours, closed = used
    calendar = built(zone, hours, closed)
    if unit is Unit.DAY and calendar.never_closes:
        return
    # After the change of clocks: the two passes of a repeated hour are one time of day, in whatever order they come.
    noon = datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)
    first, second = (noon + timedelta(seconds=each) for each in sorted(starts))
    less, more = (Duration(each, unit, business=True) for each in sorted(counts))
    assert calendar.add(first, less) <= calendar.add(first, more)
    assert calendar.add(first, less) <= calendar.add(second, less)


@LAWS
@given(settings_of_a_calendar(), st.integers(0, 6 * 86_400), st.integers(1, 9))
def test_a_business_day_ends_inside_hours_or_at_a_closing_and_after_so_many_open_days(
    used: tuple[str, date, Hours, date], start: int, count: int
) -> None:
    zone, middle, hours, closed = used
    calendar = built(zone, hours, closed)
    if calendar.never_closes:
        return
    at = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) + timedelta(seconds=start)
    due = calendar.add(at, Duration(count, Unit.DAY, business=True))
    assert due > at
    # Just before it, it is open; the result is never the opening itself.
    assert calendar.is_open(due - timedelta(microseconds=1))
    days = {each.opens.astimezone(ZoneInfo(zone)).date() for each in calendar.open_spans(at, due)}
    assert len(days) in {count, count + 1}
