"""Which months of a history are whole, and what a promised number came to in each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.in_force import as_if_in_force
from sla_sync.attainment.past import Past
from sla_sync.feasibility.months import Stretch, name_of, stretch_of
from sla_sync.feasibility.volumes import outlooks
from tests.measures.pasts import past_of
from tests.semantics.leads import NEW_YORK, agreement

COUNTS = (18, 25, 14, 20, 30, 16, 22)
"""Leads that qualified in each month from March to September 2026."""


def promising(**said: object) -> Agreement:
    volume = {
        "by": "vp_marketing",
        "measure": "count of mql",
        "target": "20 per month",
        "stretch": "30 per month",
        **said,
    }
    return agreement(commitments={"volume": volume})


def lived(first: date, last: date, under: Agreement | None = None, *, void: int = 0) -> Past:
    """Return a past in which so many qualified in each month, the first and the last thing on these days."""
    agreed = as_if_in_force(under or promising(), date(1990, 1, 1))
    opened = [
        datetime(2026, 3 + month, 4 + number % 20, 12, tzinfo=NEW_YORK)
        for month, count in enumerate(COUNTS)
        for number in range(count)
    ]
    ends = [datetime(day.year, day.month, day.day, 12, tzinfo=NEW_YORK) for day in (first, last)]
    leads = [f"L{number}" for number, _ in enumerate(opened)]
    return past_of(
        agreed,
        ends[1] + timedelta(days=9),
        stages=[{"lead": "L0", "at": at, "stage": "inquiry"} for at in ends],
        cycles=[
            {"lead": lead, "qualified_at": at, "void": "test" if number < void else None}
            for number, (lead, at) in enumerate(zip(leads, opened, strict=True))
        ],
        stays=[{"lead": lead, "stage": "mql", "entered_at": at} for lead, at in zip(leads, opened, strict=True)],
    )


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 3, 3), date(2026, 9, 30), ("2026-03", "2026-09")),
        (date(2026, 3, 4), date(2026, 9, 30), ("2026-04", "2026-09")),
        (date(2026, 3, 1), date(2026, 9, 29), ("2026-03", "2026-08")),
        (date(2026, 3, 5), date(2026, 3, 31), None),
    ],
)
def test_only_whole_months_count(first: date, last: date, months: tuple[str, str] | None) -> None:
    found = stretch_of(lived(first, last))
    named = [name_of(each) for each in found.months]
    assert (named[0], named[-1]) == months if months else named == []


def test_a_history_of_nobody_has_no_months() -> None:
    found = stretch_of(past_of(promising(), datetime(2026, 10, 1, tzinfo=NEW_YORK)))
    assert found == Stretch((), 0, "America/New_York")
    assert found.period is None


def test_a_promised_number_is_counted_by_the_month_without_what_is_void() -> None:
    agreed = promising()
    past = lived(date(2026, 3, 1), date(2026, 9, 30), void=3)
    stretch = stretch_of(past)
    assert stretch.cycles == sum(COUNTS) - 3
    (found,) = outlooks(past, agreed, stretch)
    assert list(found.months.values()) == [15, *COUNTS[1:]]
    assert (found.target, found.stretch, found.median, found.highest) == (20, 30, 20, 30)
    assert found.chance is not None
    # 25, 20, 30 and 22 of 15, 25, 14, 20, 30, 16 and 22.
    assert (found.chance.part, found.chance.whole) == (4, 7)
    assert found.suggested == pytest.approx(17.6)
    assert list(found.ahead) == ["2026-10", "2026-11", "2026-12"]
    assert found.basis.left_out == {"test": 3}


def test_too_short_a_history_shows_its_months_and_estimates_nothing() -> None:
    past = lived(date(2026, 5, 1), date(2026, 9, 30))
    (found,) = outlooks(past, promising(), stretch_of(past))
    assert list(found.months.values()) == [14, 20, 30, 16, 22]
    assert (found.chance, found.upper, found.trend, found.suggested) == (None, None, None, None)
    assert found.because == "The history is too short to estimate from."


def test_what_is_only_influenced_is_not_held_against_history() -> None:
    agreed = promising(kind="influence")
    past = lived(date(2026, 3, 1), date(2026, 9, 30), agreed)
    assert outlooks(past, agreed, stretch_of(past)) == ()
