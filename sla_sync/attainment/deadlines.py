"""By when: for each start within some years the instant that a limit leads to, as pieces that are straight lines.

Whatever the calendar and the limit are, a later start moves the deadline by as much, or not at all. So a limit is a table
of pieces that is made once, and the deadline of a leg is one look into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from sla_sync.agreement.durations import Duration
from sla_sync.attainment.open_hours import OpenHours
from sla_sync.attainment.reaching import reach
from sla_sync.semantics.calendar import BusinessCalendar

_SPARE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a leg is given: one length where its start is open, and one where it is not; None where that is nothing."""

    inside: Duration | None
    outside: Duration | None

    @classmethod
    def of(cls, duration: Duration) -> Limit:
        """Return the limit that is the same inside and outside hours."""
        return cls(duration, duration)


@dataclass(frozen=True, slots=True)
class Piece:
    """The starts from `since` to before `until`, whose deadlines lie on a line from `due` to `last_due`. Microseconds.

    `opens` is the next opening, where these starts are outside hours.
    """

    since: int
    until: int
    due: int
    last_due: int
    opens: int | None

    @property
    def shift(self) -> int | None:
        """How long after each start its deadline lies; None where all starts have the same one."""
        return None if self.due == self.last_due else self.due - self.since


def horizon(calendar: BusinessCalendar, limits: Iterable[Limit], last: datetime) -> datetime:
    """Return an instant by which every start up to `last` has fallen due; raises CalendarError."""
    lengths = {each for limit in limits for each in (limit.inside, limit.outside) if each is not None}
    opens = calendar.next_opening(last + _SPARE)
    # A deadline that is a closing was an opening before it was moved back: that day must be known too.
    return max((calendar.next_opening(calendar.add(opens, each)) for each in lengths), default=opens) + _SPARE


def pieces(hours: OpenHours, limit: Limit, first: int, last: int) -> tuple[Piece, ...]:
    """Return the pieces of a limit for every start from `first` to `last`, none where nothing is given.

    Raises CalendarError. The hours must be known up to the horizon of the limit.
    """
    ways = {
        is_open: None if duration is None else reach(hours, duration, first, last)
        for is_open, duration in ((True, limit.inside), (False, limit.outside))
    }
    corners = {first, last + 1, *hours.opens, *hours.closes}
    corners.update(*(way.corners for way in ways.values() if way is not None))
    # A corner may be a point of its own, apart from the lines on both of its sides.
    edges = sorted({edge for each in corners for edge in (each, each + 1) if first <= edge <= last + 1})
    found = []
    for since, until in pairwise(edges):
        is_open = hours.is_open(since)
        way = ways[is_open]
        if way is not None:
            opens = None if is_open else hours.next_opening(since)
            found.append(Piece(since, until, way.due(since), way.due(until - 1), opens))
    return tuple(_joined(found))


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with those made one that lie on one line."""
    last: Piece | None = None
    for piece in found:
        if last is not None and _on_one_line(last, piece):
            last = replace(last, until=piece.until, last_due=piece.last_due)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _on_one_line(piece: Piece, following: Piece) -> bool:
    if piece.until != following.since or piece.opens != following.opens:
        return False
    if piece.due == piece.last_due == following.due == following.last_due:
        return True
    shift = piece.due - piece.since
    points = (
        (piece.until - 1, piece.last_due),
        (following.since, following.due),
        (following.until - 1, following.last_due),
    )
    return all(due - at == shift for at, due in points)
