"""Two revisions of a small agreement, and days to replay them over."""

from __future__ import annotations

from datetime import date

from sla_sync.attainment.attainment import Period
from sla_sync.replay.revisions import Revision
from tests.semantics.leads import agreement

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "America/New_York")


UNTIMED = {"volume": {"by": "vp_marketing", "measure": "count of first mql", "target": "10 per month"}}
"""Promises without a clock."""


def side(name: str = "proposal", **sections: object) -> Revision:
    """Return a revision of the small agreement, with some of its sections replaced, as if it had always been in force."""
    return Revision(name, agreement(**sections)).always


def scored(threshold: int, when: str = "score reaches threshold") -> Revision:
    """Return a revision in which leads qualify by their score."""
    stages = {
        "inquiry": {"next": ["mql", "disqualified"]},
        "mql": {"enter_when": when, "next": ["sal", "recycled", "disqualified"]},
        "sal": {"next": ["won", "recycled"]},
        "won": {"end": "won"},
        "recycled": {"reasons": "recycle", "next": ["mql"]},
        "disqualified": {"reasons": "disqualify", "end": "lost"},
    }
    scoring = {"person": {"threshold": threshold}}
    return side(f"threshold {threshold}", stages=stages, scoring=scoring, commitments=UNTIMED)
