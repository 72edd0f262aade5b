"""Why leads were given back, by hand-made cycles."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.shares import Share
from sla_sync.measures.figures import Unit
from sla_sync.measures.rejections import MISSING, Rejections, rejections
from tests.measures.pasts import acme, past_of

Row = dict[str, object]
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")


def cycle(lead: str, **said: object) -> Row:
    """Return a cycle that opened and was assigned on Monday 5 October at 14:00 UTC."""
    return {"lead": lead, "qualified_at": "2026-10-05 14:00", "assigned_at": "2026-10-05 14:00", **said}


def given_back(lead: str, reason: str | None, at: str = "2026-10-06 14:00", **said: object) -> Row:
    return cycle(lead, closed_at=at, decided_at=at, closed_by="recycled", reason=reason, **said)


def found(*cycles: Row, as_of: str = "2026-11-02 12:00") -> Rejections:
    return rejections(past_of(acme(), as_of, cycles=cycles), OCTOBER)


def test_bars_count_exits_of_the_period_by_stage_and_reason_and_what_is_missing_is_a_bar() -> None:
    told = found(
        given_back("L1", "no_budget"),
        given_back("L2", "no_budget"),
        given_back("L3", None),
        given_back("L4", " "),
        given_back("L5", "other"),
        given_back("L6", "other") | {"closed_by": "disqualified"},
        given_back("L7", "no_budget", "2026-11-01 05:00"),  # In November in New York.
        given_back("L8", None) | {"closed_by": "won"},
        cycle("L9"),
    )
    assert [(each.stage, each.reason, each.count) for each in told.bars] == [
        ("recycled", MISSING, 2),
        ("recycled", "no_budget", 2),
        ("disqualified", "other", 1),
        ("recycled", "other", 1),
    ]
    assert [each.share.value for each in told.bars] == pytest.approx([2 / 6, 2 / 6, 1 / 6, 1 / 6])
    assert told.bars[0].share.interval == Share(2, 6).interval
    assert told.basis.n == 6


def test_examples_are_the_three_newest() -> None:
    rows = [given_back(f"L{day}", "no_budget", f"2026-10-{day:02} 14:00") for day in (6, 9, 7, 8)]
    assert found(*rows).bars[0].examples == ("L9", "L8", "L7")


def test_what_nobody_had_touched_is_told_apart() -> None:
    told = found(
        given_back("L1", "bad_fit"),
        given_back("L2", "bad_fit", touched_at="2026-10-06 13:00"),
        given_back("L3", "bad_fit", touched_at="2026-10-06 12:00"),
        given_back("L4", "bad_fit", touched_at="2026-10-07 13:00"),
    )
    assert (told.bars[0].count, told.bars[0].before_touch) == (4, 2)


def test_tests_and_imports_are_left_out_and_counted() -> None:
    told = found(given_back("L1", "bad_fit", void="test"), given_back("L2", "bad_fit", void="import"), cycle("L3"))
    assert (told.bars, told.basis.n) == ((), 0)
    assert told.basis.left_out == {"import": 1, "test": 1}
    assert set(told.rate) == {"unknown"}


def test_the_rate_is_of_those_who_qualified_in_the_period_and_never_more_than_all() -> None:
    told = found(
        given_back("L1", "bad_fit", source="webinar"),
        given_back("L2", "bad_fit", "2026-11-01 14:00", source="webinar"),
        given_back("L3", "bad_fit", source="webinar") | {"qualified_at": "2026-09-01 14:00"},
        cycle("L4", source="webinar"),
        cycle("L5", source="content"),
    )
    # Naively two exits of October by three that qualified; here those of October who were given back whenever it was.
    assert told.rate["webinar"].value == pytest.approx(2 / 3)
    assert (told.rate["content"].value, told.rate["content"].n, told.rate["content"].unit) == (0.0, 1, Unit.SHARE)


def test_the_median_time_to_the_verdict_counts_those_who_wait() -> None:
    told = found(
        given_back("L1", "bad_fit", "2026-10-05 15:00"),
        given_back("L2", "bad_fit", "2026-10-05 16:00"),
        cycle("L3", decided_at="2026-10-05 17:00"),
        cycle("L4"),
        cycle("L5"),
    )
    assert told.verdict.value == 3 * 3600
    assert (told.verdict.n, told.verdict.at_least) == (5, False)


def test_a_median_that_was_not_reached_says_how_long_it_is_at_least() -> None:
    told = found(given_back("L1", "bad_fit", "2026-10-05 15:00"), cycle("L2"), cycle("L3"), as_of="2026-10-06 14:00")
    assert (told.verdict.value, told.verdict.at_least) == (24 * 3600, True)


def test_nobody_assigned_is_no_time_at_all() -> None:
    assert found().verdict.value is None
