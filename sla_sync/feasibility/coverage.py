"""Who comes while nobody is there: the most of a promise on the wall clock that can ever be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, seconds
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, OUTSIDE_HOURS, Commitment
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import with_open_time
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.lint.promised import is_response, limits_at
from sla_sync.measures.business_clock import of_teams, with_hours_of_team
from sla_sync.measures.figures import Basis
from sla_sync.measures.load import arrivals, with_outside

DEFINITION = (
    "Of the leads that came to a team in the period, those for whom it was open at any moment between the start of the clock "
    "and the end of the limit on the wall: nobody can be in time for the others."
)
_BY_PEOPLE = frozenset({Moment.TOUCH, Moment.REPLY})


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most of one limit on the wall clock that can be kept, whatever anybody does."""

    commitment: str
    priority: str
    limit: Duration
    reachable: Share
    basis: Basis


def ceilings(past: Past, agreed: Agreement, period: Period) -> tuple[Ceiling, ...]:
    """Return each limit on the wall clock by which somebody is to answer, and how many leads can be answered by it.

    Raises CalendarError and FormatError.
    """
    return tuple(
        found
        for name, commitment in agreed.commitments.items()
        for at, key, limit in _limits(commitment)
        for found in (_ceiling(past, name, commitment, key, limit, period),)
        if found.reachable.whole and at
    )


def _limits(commitment: Commitment) -> Iterator[tuple[tuple[str, ...], str, Duration]]:
    clock = commitment.clock
    if clock is None or not is_response(commitment) or clock.stops.value not in _BY_PEOPLE:
        return
    for at, key, limit in limits_at(commitment):
        if not limit.business and seconds(limit) and key != INSIDE_HOURS:
            yield at, key, limit


def _ceiling(past: Past, name: str, commitment: Commitment, key: str, limit: Duration, period: Period) -> Ceiling:
    rows = _about(past, key, period)
    raised = commitment.clock is not None and commitment.clock.starts.value is Moment.RAISED
    rows = rows.mutate(_begins=ibis.coalesce(rows["raised_at"], rows["at"]) if raised else rows["at"])
    rows = rows.mutate(_ends=rows["_begins"] + ibis.interval(seconds=seconds(limit)))
    own = of_teams(past)
    rows = with_hours_of_team(rows, own, "_hours")
    reach = past.rows(rows.agg(first=rows["_begins"].min(), last=rows["_ends"].max()))[0]
    first, last = (period.since, period.until) if reach["first"] is None else map(_aware, reach.values())
    hours = own.open_time(first, last)
    rows = with_open_time(rows, hours, "_open", calendar="_hours", start="_begins", end="_ends")
    rows = rows.mutate(reachable=rows["_open"] > 0)
    told = past.rows(rows.group_by("void", "reachable").agg(n=rows.count()))
    judged = {row["reachable"]: row["n"] for row in told if row["void"] is None}
    left_out: dict[str, int] = {}
    for row in told:
        if row["void"] is not None:
            left_out[row["void"]] = left_out.get(row["void"], 0) + row["n"]
    share = Share(judged.get(True, 0), judged.get(True, 0) + judged.get(False, 0))
    unknown = judged.get(None, 0)
    unusable = {"nobody knows the hours of its owner": unknown} if unknown else {}
    return Ceiling(name, key, limit, share, Basis(DEFINITION, share.whole, dict(sorted(left_out.items())), unusable))


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


def _about(past: Past, key: str, period: Period) -> Table:
    """Return the leads that a limit is about: those of a priority, those that came outside hours, or all."""
    rows = arrivals(past, period)
    if key == OUTSIDE_HOURS:
        rows = with_outside(past, rows, "at", period)
        return rows.filter(rows["outside"]).drop("outside")
    return rows.filter(rows["priority"] == key) if key else rows
