"""From which day a change can take force: the agreed notice in the agreed calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import parse_duration
from sla_sync.review.amendments import Matter
from sla_sync.review.notice import first_day, notice
from sla_sync.review.outcome import Notice
from sla_sync.semantics.calendars import calendars_of
from tests.agreement.documents import acme as example
from tests.haste import examples
from tests.review.made import amendment, between
from tests.review.revisions import acme, revision

OFFICE = calendars_of(example()).main
MONDAY, SATURDAY = date(2026, 11, 2), date(2026, 11, 21)


@pytest.mark.parametrize(
    ("granted", "signed_on", "first"),
    [
        ("10 business days", MONDAY, date(2026, 11, 16)),
        ("1 business day", MONDAY, date(2026, 11, 3)),
        ("1 business day", SATURDAY, date(2026, 11, 23)),
        ("4 business days", SATURDAY, date(2026, 11, 27)),  # the 26th is a holiday
        ("0 business days", SATURDAY, SATURDAY),
        ("1 day", SATURDAY, date(2026, 11, 22)),
        ("2 weeks", MONDAY, date(2026, 11, 16)),
        ("1 business week", SATURDAY, date(2026, 11, 30)),
        ("1 month", date(2026, 10, 31), date(2026, 11, 30)),
        ("24 hours", MONDAY, date(2026, 11, 3)),
        ("36 hours", MONDAY, date(2026, 11, 4)),
        ("8 business hours", MONDAY, date(2026, 11, 3)),
        ("9 business hours", MONDAY, date(2026, 11, 4)),
    ],
)
def test_the_first_day_begins_when_the_notice_has_passed(granted: str, signed_on: date, first: date) -> None:
    assert first_day(parse_duration(granted), signed_on, OFFICE) == first


@given(st.dates(date(2026, 10, 1), date(2027, 3, 31)), st.integers(1, 40))
@settings(max_examples=examples(40), deadline=None)
def test_between_the_signature_and_the_first_day_lie_as_many_business_days_as_agreed(
    signed_on: date, count: int
) -> None:
    first = first_day(parse_duration(f"{count} business days"), signed_on, OFFICE)
    days = [signed_on + timedelta(days=step) for step in range(1, (first - signed_on).days + 1)]
    assert sum(map(opens, days)) == count
    assert opens(first)


def opens(day: date) -> bool:
    """Return whether the office opens on a day; on this side of the ocean it does so within these hours of UTC."""
    return OFFICE.is_open(datetime.combine(day, time(18), tzinfo=UTC))


def change_of(matter: Matter, *new: tuple[str, str], old: tuple[tuple[str, str], ...] = ()) -> Notice | None:
    return notice(between(acme(*old), acme(*new), amendment(matter)), signed_on=MONDAY)


LATER = ("from: 2026-10-01", "from: 2026-11-20")


def test_a_notice_says_what_was_agreed_when_it_ends_and_what_is_planned() -> None:
    assert change_of(Matter.LOOSER_PROMISE, LATER) == Notice(
        "10 business days", MONDAY, date(2026, 11, 16), date(2026, 11, 20)
    )


def test_what_is_technical_needs_no_notice() -> None:
    assert change_of(Matter.TECHNICAL) is None


def test_a_change_of_the_notice_does_not_shorten_its_own() -> None:
    found = change_of(Matter.GOVERNANCE, ("notice: 10 business days", "notice: 1 business day"))
    assert found is not None
    assert found.first == date(2026, 11, 16)


@pytest.mark.parametrize(
    "old",
    [
        ("  notice: 10 business days                # no change takes force sooner\n", ""),
        ("status: agreed", "status: draft"),
    ],
)
def test_without_an_agreed_notice_the_day_of_the_signature_is_the_first(old: tuple[str, str]) -> None:
    found = change_of(Matter.LOOSER_PROMISE, old=(old,))
    assert found is not None
    assert (found.said, found.first) == ("", MONDAY)


def test_without_a_calendar_business_days_are_monday_to_friday() -> None:
    plain = revision()
    agreement = plain.agreement.model_copy(update={"calendars": {}})
    found = notice(
        between(type(plain)("old", agreement, {}, {}, ""), plain, amendment(Matter.LOOSER_PROMISE)),
        signed_on=SATURDAY,
    )
    assert found is not None
    assert found.first == date(2026, 12, 4)  # without a calendar there is no holiday on the 26th
