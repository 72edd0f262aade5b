"""Weeks of work on either platform: when they start, how leads arrive, and what is done with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import strategies as st

POOL = "pool"
"""Owns the leads that nobody works."""
MINUTE, HOUR, DAY = 60, 3_600, 86_400
WEDNESDAY = datetime(2026, 9, 16, 13, 5, tzinfo=UTC)
"""09:05 in New York and 14:05 in London."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done with the lead at a place of the list, so many seconds after the one before."""

    wait: int
    lead: int
    deed: str
    who: str = "admin"
    what: str | int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a lead is created: its source, its score, its stage, and its owner."""

    source: str | None = None
    score: int | None = None
    stage: str | None = None
    owner: str = POOL


def arrivals(draw: st.DrawFn, leads: int) -> tuple[Arrival, ...]:
    """Draw how each lead arrives."""
    return tuple(draw(_ARRIVALS) for _ in range(leads))


def steps(
    draw: st.DrawFn,
    leads: int,
    waits: st.SearchStrategy[int],
    deeds: st.SearchStrategy[tuple[str, str, str | int | None]],
    *,
    most: int = 8,
) -> tuple[Step, ...]:
    """Draw what is done, in its order: at least three things for each lead, and at most so many."""
    one = st.builds(lambda wait, lead, deed: Step(wait, lead, *deed), waits, st.integers(0, leads - 1), deeds)
    return tuple(draw(st.lists(one, min_size=leads * 3, max_size=leads * most)))


DEMO = Arrival("Demo Request", 100)
WARM = Arrival("Webinar", 120)
COLD = Arrival("Webinar", 40)
BLANK = Arrival()
_ARRIVALS = st.builds(
    Arrival,
    st.sampled_from(["Demo Request", "Webinar", None]),
    st.sampled_from([100, 150, 40, None]),
    st.sampled_from([None, None, None, "mql"]),
    st.sampled_from([POOL, POOL, POOL, "ana", "kim"]),
)
# Minutes before the doors close or the clocks change, and quiet weeks: where deadlines go wrong if they do.
STARTS = (
    datetime(2026, 3, 6, 21, 40, tzinfo=UTC),  # Friday 16:40 in New York; its clocks change on Sunday
    datetime(2026, 3, 27, 15, 30, tzinfo=UTC),  # Friday 15:30 in London; its clocks change on Sunday
    datetime(2026, 7, 2, 20, 50, tzinfo=UTC),  # Thursday 16:50 before a holiday and a weekend
    datetime(2026, 9, 16, 13, 5, tzinfo=UTC),  # a Wednesday morning
    datetime(2026, 10, 30, 19, 30, tzinfo=UTC),  # Friday before the autumn change in New York
    datetime(2026, 11, 25, 21, 45, tzinfo=UTC),  # the eve of Thanksgiving
    datetime(2026, 12, 24, 16, 30, tzinfo=UTC),  # London has closed on two of the next four days
)
