"""To whom those who qualify would have been handed: by the first line of the routing that holds for them when they qualify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression, Known
from sla_sync.attainment.answers import holds
from sla_sync.attainment.asking import reasons, with_answers
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.replay.revisions import Revision

DEFINITION = "People who would have qualified, by the first line of the routing that holds for them when they do."
AS_RECORDED = (
    "People who would have qualified, spread over teams as those were who really got to one in the period: history cannot tell "
    "the routing, and it stays as it is."
)
NOWHERE = "nobody"
MONTH = 30
"""The days by which hand-offs are counted."""


@dataclass(frozen=True, slots=True)
class HandedOff:
    """How many would have gone to a team, a queue or the owners whom a field names, and how many members share them."""

    to: str
    before: int | None
    after: int | None
    members_before: float | None
    members_after: float | None

    def per_member(self, days: int, *, after: bool) -> float | None:
        """Return how many each member would have got in 30 days; None where nobody knows how many they are."""
        count, members = (self.after, self.members_after) if after else (self.before, self.members_before)
        return None if count is None or not members else count * MONTH / days / members


def untold_routing(past: Past, side: Revision) -> str | None:
    """Return why history cannot tell where leads would have gone; None where it can."""
    if side.agreement.routing is None:
        return f"{side.name} agrees on no routing."
    return next(iter(reasons(past, side.agreement, _conditions(side.agreement), carried=("stage",))), None)


def goes_to(past: Past, qualified: Table, side: Revision) -> Mapping[str, int]:
    """Return how many of those who qualified (`lead`, `at`) would have gone where; raises ValueError for what is not told."""
    agreement = side.agreement
    routing = agreement.routing
    if routing is None:
        return {}
    entered = qualified.mutate(stage=ibis.literal(side.qualifying, type="string"))
    told = with_answers(past, entered, "at", {"": (agreement, _conditions(agreement))})
    asked = told.under(agreement)
    branches = []
    for line in routing.first_match:
        place = line.to if line.to is not None else line.stage
        if place is None:
            continue
        applies = ibis.literal(value=True) if line.when is None else holds(line.when.value, asked)
        if _is_field(agreement, place) and line.to is not None:
            # A line whose field holds no owner is passed over.
            applies &= holds(Known(place), asked)
        branches.append((applies, place))
    otherwise = routing.otherwise or NOWHERE
    place = ibis.cases(*branches, else_=otherwise) if branches else ibis.literal(otherwise)
    found = told.table.select(to=place)
    return {str(row["to"]): int(row["n"]) for row in past.rows(found.group_by("to").agg(n=found.count()))}


def as_recorded(past: Past, period: Period, count: int) -> Mapping[str, int]:
    """Return so many people spread over teams as those were whose first cycle began in a period; none where nobody knows."""
    cycles = past.tables["cycles"]
    begun = (cycles["qualified_at"] >= stamp(period.since)) & (cycles["qualified_at"] < stamp(period.until))
    own = cycles.filter(begun & (cycles["cycle"] == 1) & cycles["void"].isnull() & cycles["team"].notnull())
    rows = past.rows(own.group_by("team").agg(n=own.count()).order_by(ibis.desc("n"), "team"))
    whole = sum(int(row["n"]) for row in rows)
    return {str(row["team"]): round(count * int(row["n"]) / whole) for row in rows}


def hand_offs(before: Revision, after: Revision, went: tuple[Mapping[str, int] | None, ...]) -> tuple[HandedOff, ...]:
    """Return the hand-offs of either side, the places of the older agreement first."""
    places = dict.fromkeys(place for each in went for place in each or {})
    old, new = went
    return tuple(
        HandedOff(
            place,
            None if old is None else old.get(place, 0),
            None if new is None else new.get(place, 0),
            _members(before.agreement, place),
            _members(after.agreement, place),
        )
        for place in places
    )


def _conditions(agreement: Agreement) -> tuple[Expression, ...]:
    if agreement.routing is None:
        return ()
    lines = agreement.routing.first_match
    fields = tuple(Known(line.to) for line in lines if line.to is not None and _is_field(agreement, line.to))
    return (*(line.when.value for line in lines if line.when is not None), *fields)


def _is_field(agreement: Agreement, place: str) -> bool:
    return place not in agreement.teams and place not in agreement.queues and place not in agreement.stages


def _members(agreement: Agreement, place: str) -> float | None:
    team = agreement.teams.get(place)
    return float(team.members) if team is not None and isinstance(team.members, int | float) else None
