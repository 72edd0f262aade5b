"""What a replay says in a review: a line for each number that the change moves, and what nobody can know."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.attainment.shares import Share
from sla_sync.explain import names
from sla_sync.measures.figures import Figure
from sla_sync.replay.hand_offs import MONTH
from sla_sync.replay.promises import Kept
from sla_sync.replay.replay import Replay
from sla_sync.review.outcome import Impact

NOTHING = "Nothing that can be replayed would have been otherwise."
MADE_UP = "This history was made up. It says nothing about anybody."


def impact_of(found: Replay) -> Impact:
    """Return what a replay says of a change, in sentences."""
    first, last = found.period.first, found.period.last
    days = f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"
    lines = (*_qualified(found), *_hand_offs(found), *_kept(found)) or (NOTHING,)
    return Impact(
        over=f"Replayed over {days} ({found.leads:,} leads)",
        lines=(*((MADE_UP,) if found.synthetic else ()), *lines),
        unknown=tuple(f"Unknown: {names.small(each)}" for each in found.unknown),
    )


def _qualified(found: Replay) -> Iterator[str]:
    own = found.qualified
    if own.before.value is None or own.after.value is None or not own.more + own.fewer:
        return
    month = MONTH / found.days
    each_month = (own.after.value - own.before.value) * month
    between = [
        f"{low:,.0f} to {high:,.0f}" for low, high in (own.before.interval or (0, 0), own.after.interval or (0, 0))
    ]
    said = f"People who qualify {own.before.value:,.0f}→{own.after.value:,.0f} ({each_month:+,.0f} in 30 days"
    yield f"{said}; between {between[0]}→{between[1]}): {own.more:,} more and {own.fewer:,} fewer."
    if found.accepted is not None and found.accepted.after.value is not None:
        sides = f"{_percent(found.accepted.before)}→{_percent(found.accepted.after)}"
        unseen = found.accepted.unseen_after
        besides = f"; of {unseen:,} nobody knows" if unseen > found.accepted.unseen_before else ""
        yield f"Accepted by sales, as far as scores tell: {sides}{besides}."


def _hand_offs(found: Replay) -> Iterator[str]:
    for each in found.handed.to if found.handed is not None else ():
        old, new = (each.per_member(found.days, after=after) for after in (False, True))
        if each.before != each.after:
            own = f", {old:.1f}→{new:.1f} for each member in 30 days" if old is not None and new is not None else ""
            yield f"Handed to {names.words(each.to)}: {each.before}→{each.after}{own}."


def _kept(found: Replay) -> Iterator[str]:
    for each in found.kept:
        # What differs by priority is told by priority, and the whole is not said again.
        parts = [other for other in found.kept if other.commitment == each.commitment and other.priority]
        if not each.priority and any(other.changes for other in parts):
            continue
        said = _promise(each)
        if said is not None:
            name = (
                f"{names.words(each.commitment)}, {names.words(each.priority)}"
                if each.priority
                else names.words(each.commitment)
            )
            yield f"{names.capital(name)}: {said}"


def _promise(each: Kept) -> str | None:
    if each.before is None or each.after is None:
        side = each.after or each.before
        when = "after" if each.before is None else "before"
        return None if side is None else f"promised only {when} the change, and on time {_share(side)} there."
    if each.before == each.after and not each.changes:
        return None
    same = each.before.whole == each.after.whole
    before = f"{each.before.part:,}" if same else f"{each.before.part:,} of {each.before.whole:,}"
    counts = f"{before}→{each.after.part:,} of {each.after.whole:,}"
    said = f"on time {_percent(each.before)}→{_percent(each.after)} ({counts})"
    if not each.changes:
        return f"{said}."
    return f"{said}; {each.changes:,} {'assignment changes' if each.changes == 1 else 'assignments change'} side."


def _share(side: Share) -> str:
    return f"{_percent(side)} ({side.part:,} of {side.whole:,})"


def _percent(side: Share | Figure) -> str:
    return "of nothing" if side.value is None else f"{side.value:.0%}"
