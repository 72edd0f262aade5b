"""Whose clocks run in a calendar: those are touched when its hours change, and nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import Effort
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Commitment
from sla_sync.review.amendments import Effect
from sla_sync.review.judges.bearings import Bearing, measurement, parties_of
from sla_sync.review.judges.spots import Spot

_PERSONAL = "personal"


def weigh_hours(spot: Spot, calendars: Collection[str], effect: Effect) -> Bearing:
    """Weigh other hours of some calendars: it moves numbers, and asks more or less of those whose clocks run in them."""
    bound = timed_in(spot.new, calendars) | timed_in(spot.old, calendars)
    bearing = measurement(spot.new)
    effects = dict.fromkeys(sorted(bound), effect) if effect is not Effect.NEUTRAL else {}
    return replace(bearing, effects=effects, bound=bound, owed=(bearing.bound | bearing.owed) - bound)


def timed_in(agreement: Agreement, calendars: Collection[str]) -> frozenset[str]:
    """Return the parties that keep a promise in business time of one of these calendars."""
    return parties_of(
        (each.by for each in agreement.commitments.values() if _runs_in(each, calendars, agreement)), agreement
    )


def _runs_in(said: Commitment, calendars: Collection[str], agreement: Agreement) -> bool:
    return any(each in calendars for each in _calendars_of(said, agreement))


def _calendars_of(said: Commitment, agreement: Agreement) -> Iterator[str]:
    named = said.clock.runs_in if said.clock else None
    measured = said.measure.value if said.measure else None
    if named is not None and named not in {OWNER_CALENDAR, WALL_CLOCK}:
        yield named
    elif named == OWNER_CALENDAR or isinstance(measured, Effort):
        yield from (team.calendar for team in agreement.teams.values() if team.calendar not in {None, _PERSONAL})
