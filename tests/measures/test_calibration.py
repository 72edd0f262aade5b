"""Acceptance by score, by hand-made cycles."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.shares import Share
from sla_sync.measures.calibration import NO_SCORE, Band, Calibration, calibration, never_falls
from sla_sync.measures.conversion import NOT_OVER
from tests.measures.pasts import acme, past_of

Row = dict[str, object]
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 30), "America/New_York")


def lead(
    name: str, score: float | None, at: str = "2026-10-05 14:00", *, accepted: bool = False
) -> tuple[Row, list[Row]]:
    """Return the cycle and the stays of a lead that qualified with some points."""
    stays: list[Row] = [{"lead": name, "stage": "mql", "entered_at": at}]
    if accepted:
        stays.append({"lead": name, "stage": "sal", "entered_at": "2026-10-06 14:00"})
    return {"lead": name, "qualified_at": at, "score": score}, stays


def found(*leads: tuple[Row, list[Row]], facts: tuple[Row, ...] = ()) -> Calibration:
    cycles = [each for each, _ in leads]
    stays = [stay for _, own in leads for stay in own]
    return calibration(past_of(acme(), "2026-11-10 12:00", cycles=cycles, stays=stays, facts=facts), OCTOBER)


def test_bands_hold_the_mature_by_the_score_at_which_they_qualified() -> None:
    told = found(
        lead("L1", 100, accepted=True),
        lead("L2", 104.9),
        lead("L3", 105, accepted=True),
        lead("L4", 117),
        lead("L5", None),
        lead("L6", 300, "2026-11-08 14:00"),
    )
    assert told.bands == (
        Band(100, 105, Share(1, 2)),
        Band(105, 110, Share(1, 1)),
        Band(110, 115, Share(0, 0)),
        Band(115, None, Share(0, 1)),
    )
    assert (told.basis.n, told.basis.unusable, told.basis.left_out) == (4, {NO_SCORE: 1}, {NOT_OVER: 1})


def test_bands_are_as_wide_as_it_takes_for_eight() -> None:
    told = found(lead("L1", 10), lead("L2", 169))
    assert [each.low for each in told.bands] == [0, 25, 50, 75, 100, 125, 150]


def test_grades_are_those_that_were_recorded_then() -> None:
    def grade(name: str, value: str, at: str = "2026-10-01 14:00") -> Row:
        return {"lead": name, "at": at, "field": "grade", "value": value}

    facts = (grade("L1", "A1"), grade("L1", "D4", "2026-10-20 14:00"), grade("L2", "D4"))
    told = found(lead("L1", 150, accepted=True), lead("L2", 90), lead("L3", 90), facts=facts)
    assert told.grades == {"A1": Share(1, 1), "D4": Share(0, 1)}


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((Share(2, 30), Share(25, 30)), True),
        ((Share(25, 30), Share(2, 30)), False),
        ((Share(25, 30), Share(10, 10), Share(2, 30)), False),
        ((Share(16, 30), Share(14, 30)), True),
        ((Share(1, 10), Share(9, 10)), None),
        ((Share(20, 30), Share(9, 10)), None),
    ],
)
def test_a_score_is_only_called_wrong_beyond_chance(shares: tuple[Share, ...], said: bool | None) -> None:
    assert never_falls(shares) is said
