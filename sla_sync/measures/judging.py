"""Whether a promise was kept, as far as the numbers allow a verdict."""

from __future__ import annotations

from enum import StrEnum

from sla_sync.attainment.shares import Share
from sla_sync.measures.figures import Figure, Unit


class Status(StrEnum):
    """How a promise stands. A verdict is only given where the numbers allow one."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "not decided"
    """The interval reaches over the target, or too few are judged."""
    MEASURED = "measured"
    """No target is agreed."""
    UNMEASURED = "not measured"


def share_figure(share: Share, note: str = "") -> Figure:
    """Return a share with its interval, of how many it is; none of nothing, with the reason."""
    return Figure(share.value, Unit.SHARE, share.whole, share.interval, note=note if share.whole else note or NOTHING)


NOTHING = "Nothing is judged."


def verdict_on_share(share: Share, target: float) -> Status:
    """Return how a share stands to its target: not decided where its interval holds the target, or fewer than 20 are judged.

    What was kept in every case was kept, whatever the target.
    """
    interval = share.interval
    if share.may_be_ranked and share.part == share.whole:
        return Status.KEPT
    if interval is None or not share.may_be_ranked or interval[0] < target <= interval[1]:
        return Status.OPEN
    return Status.KEPT if interval[0] >= target else Status.BROKEN


def verdict_on_number(number: float, target: float, *, over: bool, whole: bool) -> Status:
    """Return how a number stands to its target: kept once reached, missed once the period is `over` and its `whole` is known."""
    if number >= target:
        return Status.KEPT
    return Status.BROKEN if over and whole else Status.OPEN
