"""A year of monthly counts, and what a history says, put together by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.shares import Share
from sla_sync.feasibility.chances import met, percentile, upper_bound
from sla_sync.feasibility.months import Stretch
from sla_sync.feasibility.outlook import Backtest, Seen
from sla_sync.feasibility.volumes import Outlook, judged_by, uplift_of
from sla_sync.measures.calibration import Calibration
from sla_sync.measures.figures import Basis, Unit
from sla_sync.measures.owed import Days, month_of

YEAR = (96, 104, 88, 121, 109, 117, 98, 126, 131, 112, 119, 137)
"""Leads of twelve months from January on."""
BASIS = Basis("What was counted.", 0)


def stretch(months: int = 12, cycles: int = 1358) -> Stretch:
    """Return so many whole months from January 2026 on."""
    return Stretch(tuple(_month(place) for place in range(months)), cycles, "America/New_York")


def _month(place: int) -> Days:
    return month_of(date(2026 + place // 12, place % 12 + 1, 1))


def outlook(agreement: Agreement, target: float, months: tuple[float, ...] = YEAR, name: str = "mql-volume") -> Outlook:
    """Return what some months say of a target."""
    uplift = uplift_of(agreement.commitments[name])
    chance = met(months, target)
    return Outlook(
        commitment=name,
        unit=Unit.COUNT,
        months={f"2026-{place:02}": each for place, each in enumerate(months, start=1)},
        target=target,
        stretch=None,
        chance=chance,
        upper=upper_bound(chance),
        raised=judged_by(months, target, uplift) if uplift else None,
        median=percentile(months, 0.5),
        suggested=percentile(months, 0.4),
        highest=max(months),
        trend=None,
        ahead={},
        because="",
        basis=BASIS,
    )


def seen(**parts: Any) -> Seen:
    """Return what a year says, with some of its parts replaced."""
    whole = Seen(stretch(), (), (), (), (), None, None, Backtest({}, "Nobody asked."))
    return replace(whole, **parts)


def graded(**grades: tuple[int, int]) -> Calibration:
    """Return how many of how many went on by grade."""
    return Calibration((), {name: Share(*each) for name, each in grades.items()}, None, BASIS)
