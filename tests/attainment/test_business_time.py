"""Business time for many rows at once: the same as the model, for every calendar, zone, change of clocks and limit."""

import os
import random
from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit, parse_duration
from sla_sync.attainment.business_time import (
    deadlines,
    in_utc,
    naive,
    open_time,
    with_deadline,
    with_open_time,
    with_wall_time,
)
from sla_sync.attainment.deadlines import Limit, horizon, pieces
from sla_sync.attainment.open_hours import instant, micros, open_hours
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.holidays import CalendarError
from tests.haste import examples
from tests.semantics.test_calendar import ALWAYS, LON, MADRID, NIGHT, NY, calendar, local
from tests.semantics.test_calendar_laws import Hours, built, settings_of_a_calendar

HOUR = 3_600_000_000
FIRST, LAST = datetime(2025, 12, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
HAVANA = calendar("America/Havana", {"mon-sun": "00:00-03:00 and 22:00-24:00"}, ("2026-03-09",))
LORD_HOWE = calendar("Australia/Lord_Howe", {"sun": "01:30-02:15", "mon-sat": "08:00-16:45"})
CALENDARS = {
    "ny": NY, "lon": LON, "madrid": MADRID, "night": NIGHT, "always": ALWAYS, "havana": HAVANA, "lord_howe": LORD_HOWE,
}  # fmt: skip
LIMITS = tuple(
    map(
        parse_duration,
        (
            "15 business minutes", "2 business hours", "37 business hours", "1 business day", "2 business days",
            "11 business days", "2 business weeks", "1 business month", "90 minutes", "3 days", "1 month", "1 quarter",
        ),
    )
)  # fmt: skip


def made(used: Duration, calendar: BusinessCalendar) -> bool:
    """Return whether the calendar has such a length: one that never closes has no business days."""
    return not (calendar.never_closes and used.business and used.unit not in {Unit.SECOND, Unit.MINUTE, Unit.HOUR})


@settings(max_examples=examples(25), deadline=None, derandomize=True)
@given(
    settings_of_a_calendar(),
    st.sampled_from(LIMITS),
    st.sampled_from(LIMITS),
    st.lists(st.integers(0, 12 * 86_400_000_000), min_size=1, max_size=6),
)
def test_every_piece_of_a_limit_is_what_the_model_says(
    used: tuple[str, date, Hours, date], inside: Duration, outside: Duration, starts: list[int]
) -> None:
    zone, middle, hours, closed = used
    calendar = built(zone, hours, closed)
    if not (made(inside, calendar) and made(outside, calendar)):
        return
    limit = Limit(inside, outside)
    first = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) - timedelta(days=6)
    last = first + timedelta(days=12)
    known = open_hours(calendar, first, horizon(calendar, [limit], last))
    found = pieces(known, limit, micros(first), micros(last))
    assert found[0].since == micros(first)
    assert found[-1].until == micros(last) + 1
    assert all(one.until == other.since for one, other in pairwise(found))
    corners = random.Random(len(found)).sample(found, min(8, len(found)))
    near = [each.since + step for each in corners for step in (-1, 0, 1)]
    for start in [*(micros(first) + each for each in starts), *near]:
        if not micros(first) <= start <= micros(last):
            continue
        piece = found[bisect_right([each.since for each in found], start) - 1]
        at = instant(start)
        is_open = calendar.is_open(at)
        due = piece.due if piece.shift is None else start + piece.shift
        assert instant(due) == calendar.add(at, inside if is_open else outside)
        assert (piece.opens is None) is is_open
        assert piece.opens is None or instant(piece.opens) == calendar.next_opening(at)


def test_a_business_day_of_a_calendar_that_never_closes_is_refused() -> None:
    limit = Limit.of(parse_duration("1 business day"))
    with pytest.raises(CalendarError, match="no business days"):
        deadlines({0: (ALWAYS, limit)}, FIRST, LAST)


@cache
def given_deadlines(every: int = 1) -> tuple[Mapping[int, tuple[BusinessCalendar, Limit]], pa.Table]:
    limits = {
        number: (calendar, Limit.of(limit))
        for number, (calendar, limit) in enumerate(
            (calendar, limit)
            for place, calendar in enumerate(CALENDARS.values())
            for limit in LIMITS[place % every :: every]
            if made(limit, calendar)
        )
    }
    return limits, deadlines(limits, FIRST, LAST)


def compared(count: int, seed: int, every: int = 1) -> None:
    """Hold random rows against the model, each sum and difference, to the microsecond."""
    dice = random.Random(seed)
    span = micros(LAST - timedelta(days=40)) - micros(FIRST)
    limits, found = given_deadlines(every)
    names = sorted(CALENDARS)
    rows = []
    for place in range(count):
        start = micros(FIRST) + HOUR + dice.randrange(span)
        # Every third lies within two hours of a change of clocks or of a full hour, where windows begin and end.
        if place % 3 == 0:
            start = start // HOUR * HOUR + dice.choice((-1, 0, 1))
        rows.append(
            {
                "row": place,
                "calendar": dice.choice(names),
                "limit": dice.randrange(len(limits)),
                "start": naive(instant(start)),
                "end": naive(instant(start + dice.randrange(-(10**12), 3 * 10**12))),
            }
        )
    stamps = {"start": pa.timestamp("us"), "end": pa.timestamp("us")}
    kinds = {"row": pa.int64(), "calendar": pa.string(), "limit": pa.int32(), **stamps}
    table = ibis.memtable(pa.Table.from_pylist(rows, schema=pa.schema(kinds.items())))
    hours = open_time(CALENDARS, FIRST - timedelta(days=20), LAST + timedelta(days=150))
    asked = with_open_time(table, hours, "open", calendar="calendar", start="start", end="end")
    asked = with_wall_time(asked, "all", start="start", end="end")
    asked = with_deadline(asked, found, limit="limit", start="start").order_by("row")
    answers = ibis.duckdb.connect().to_pyarrow(asked).to_pylist()
    assert len(answers) == count
    for row in answers:
        start, end = row["start"].replace(tzinfo=UTC), row["end"].replace(tzinfo=UTC)
        used, (own, limit) = CALENDARS[row["calendar"]], limits[row["limit"]]
        assert row["open"] == used.between(start, end) // timedelta(microseconds=1), row
        assert row["all"] == (end - start) // timedelta(microseconds=1), row
        assert limit.inside is not None
        assert row["due_at"].replace(tzinfo=UTC) == own.add(start, limit.inside), row
        assert row["begins_at"].replace(tzinfo=UTC) == own.next_opening(start), row


@pytest.mark.slow
def test_sums_and_differences_of_many_rows_are_those_of_the_model() -> None:
    compared(400, seed=1, every=6)


@pytest.mark.slow
def test_sums_and_differences_of_very_many_rows_are_those_of_the_model() -> None:
    compared(int(os.environ.get("SLA_SYNC_ROWS", "5000")), seed=2)


def test_what_nobody_knows_stays_empty() -> None:
    hours = open_time({"ny": NY}, FIRST, LAST)
    _, found = given_deadlines(6)
    at, far = naive(FIRST + timedelta(days=9)), naive(LAST + timedelta(days=900))
    rows = [
        {"calendar": "ny", "limit": 0, "start": None, "end": at},
        {"calendar": "nobody's", "limit": None, "start": at, "end": at},
        {"calendar": "ny", "limit": 0, "start": far, "end": far},
    ]
    stamps = {"start": pa.timestamp("us"), "end": pa.timestamp("us")}
    schema = pa.schema({"calendar": pa.string(), "limit": pa.int32(), **stamps}.items())
    table = ibis.memtable(pa.Table.from_pylist(rows, schema=schema))
    asked = with_open_time(table, hours, "open", calendar="calendar", start="start", end="end")
    answers = ibis.duckdb.connect().to_pyarrow(with_deadline(asked, found, limit="limit", start="start")).to_pylist()
    assert [(each["open"], each["due_at"]) for each in answers] == [(None, None)] * 3


@pytest.mark.parametrize("written", ["2026-09-18T20:50:00Z", "2026-09-18T22:50:00+02:00"])
def test_an_instant_with_a_zone_is_read_as_the_instant_that_it_is(written: str) -> None:
    at = datetime.fromisoformat(written)
    table = ibis.memtable(pa.table({"at": pa.array([at], type=pa.timestamp("us", tz="Europe/Madrid"))}))
    (row,) = ibis.duckdb.connect().to_pyarrow(in_utc(table)).to_pylist()
    assert row["at"] == naive(local("2026-09-18 16:50"))
