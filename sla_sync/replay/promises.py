"""What would have been kept: the same turns with the same answers, timed by the limits and hours of either revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.answers import PRIORITY, choices, holds
from sla_sync.attainment.asking import with_answers
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.reckoned import reckoned
from sla_sync.attainment.runs import runs
from sla_sync.attainment.shares import Share
from sla_sync.replay.revisions import Revision, differ
from sla_sync.semantics.clocks import State

DEFINITION = (
    "Done in time, of the turns that were assigned in the period and can be judged on both sides, or are there on one side only: "
    "the same answers at the same instants, timed by the limits, hours and priorities of either revision."
)
SIDES = ("before", "after")
JUDGED = (State.ON_TIME.value, State.LATE.value, State.OVERDUE.value)
NOT_THERE = "not promised"
"""The state of a turn on the side on which nothing is promised to it, or its lead would not have qualified."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One commitment, as a whole where `priority` is empty: what was in time on either side, and what was not.

    `only_before` and `only_after` are turns that can be judged on one side alone, and are left out; `left_out` counts by reason
    what neither side judges. `to_on_time` and `to_late` are the turns that change side.
    """

    commitment: str
    priority: str
    before: Share | None
    after: Share | None
    only_before: int
    only_after: int
    to_on_time: int
    to_late: int
    left_out: Mapping[str, int]

    @property
    def changes(self) -> int:
        """How many turns change side."""
        return self.to_on_time + self.to_late


def outcomes(
    past: Past, before: Revision, after: Revision, period: Period, *, commitments: Sequence[str], without: Table | None
) -> Table:
    """Return each run of the period with its state on either side: `commitment, priority, leg, lead, before, after`.

    `without` holds the cycles (`lead`, `cycle`) that would not have been opened after. Raises CalendarError.
    """
    legs = past.tables["legs"]
    inside = (legs["assigned_at"] >= stamp(period.since)) & (legs["assigned_at"] < stamp(period.until))
    mine = reckoned(past.engine, legs.semi_join(legs.filter(inside).select("lead").distinct(), "lead"))
    otherwise = [each for each in commitments if _timed_otherwise(before, after, each)]
    old = _timed(past, mine, before, (before, after), commitments, period)
    new = old.filter(~old["commitment"].isin(otherwise)) if otherwise else old.view()
    if otherwise:
        new = new.union(_timed(past, mine, after, (before, after), otherwise, period))
    if without is not None:
        gone = without.select(_gone="lead", _cycle="cycle")
        new = new.anti_join(gone, [new["lead"] == gone["_gone"], new["cycle"] == gone["_cycle"]])
    new = new.select(
        _of="commitment", _leg="leg", _lead="lead", _urgent="priority", _state="state", _because=_because(new)
    )
    both = old.outer_join(new, [old["commitment"] == new["_of"], old["leg"] == new["_leg"]])
    return both.select(
        commitment=ibis.coalesce(both["commitment"], both["_of"]),
        priority=ibis.coalesce(both["_urgent"], both["priority"]),
        leg=ibis.coalesce(both["leg"], both["_leg"]),
        lead=ibis.coalesce(both["lead"], both["_lead"]),
        before=ibis.coalesce(both["state"], NOT_THERE),
        after=ibis.coalesce(both["_state"], NOT_THERE),
        because=ibis.coalesce(_because(both), both["_because"]),
    )


def _timed(
    past: Past, legs: Table, side: Revision, sides: tuple[Revision, Revision], names: Sequence[str], period: Period
) -> Table:
    """Return the runs of the period as a revision times them."""
    first, last = reach_of(past.engine, legs, past.as_of)
    told = _as_under(past, legs, side, *sides)
    found = runs(told, {"replayed": _only(side.agreement, names)}, past.as_of, first=first, last=last, files=side.files)
    table = found.table
    within = (table["assigned_at"] >= stamp(period.since)) & (table["assigned_at"] < stamp(period.until))
    return reckoned(past.engine, table.filter(within))


def _timed_otherwise(before: Revision, after: Revision, name: str) -> bool:
    """Return whether a commitment, or the hours and words that it runs by, differ between two revisions."""
    old, new = (side.agreement.commitments.get(name) for side in (before, after))
    hours = before.files != after.files or before.agreement.metadata.timezone != after.agreement.metadata.timezone
    return old != new or hours or differ(before, after, "calendars", "teams", "priorities", "segments", "groups")


def kept(past: Past, judged: Table, before: Revision, after: Revision) -> tuple[Kept, ...]:
    """Return what outcomes come to by commitment, then by the priorities that have limits of their own."""
    asked = judged.group_by("commitment", "priority", "before", "after", "because").agg(n=judged.count())
    rows = past.rows(asked)
    found = []
    for name in dict.fromkeys((*before.agreement.commitments, *after.agreement.commitments)):
        own = [row for row in rows if row["commitment"] == name]
        if not own:
            continue
        there = tuple(name in side.agreement.commitments for side in (before, after))
        found.append(_kept(name, "", own, there))
        limits = (
            side.agreement.commitments[name].limits for side in (before, after) if name in side.agreement.commitments
        )
        urgent = {each for limit in limits for each in limit}
        found += [
            _kept(name, each, [row for row in own if row["priority"] == each], there)
            for each in sorted({str(row["priority"]) for row in own} & urgent)
        ]
    return tuple(found)


def _kept(name: str, priority: str, rows: Sequence[Mapping[str, object]], there: tuple[bool, ...]) -> Kept:
    def count(before: tuple[str, ...], after: tuple[str, ...]) -> int:
        return sum(int(str(row["n"])) for row in rows if row["before"] in before and row["after"] in after)

    on_time = (State.ON_TIME.value,)
    late = tuple(each for each in JUDGED if each not in on_time)
    there_or_not = (*JUDGED, NOT_THERE)
    others = tuple({str(row[side]) for row in rows for side in SIDES} - set(there_or_not))
    left_out: dict[str, int] = {}
    for row in rows:
        if row["before"] not in JUDGED and row["after"] not in JUDGED:
            because = str(row["because"] or row["before"])
            left_out[because] = left_out.get(because, 0) + int(str(row["n"]))
    return Kept(
        commitment=name,
        priority=priority,
        before=Share(count(on_time, there_or_not), count(JUDGED, there_or_not)) if there[0] else None,
        after=Share(count(there_or_not, on_time), count(there_or_not, JUDGED)) if there[1] else None,
        only_before=count(JUDGED, others),
        only_after=count(others, JUDGED),
        to_on_time=count(late, on_time),
        to_late=count(on_time, late),
        left_out=dict(sorted(left_out.items())),
    )


def changing(judged: Table) -> Table:
    """Return the turns that change side, with the id of their lead."""
    late = [each for each in JUDGED if each != State.ON_TIME.value]
    better = judged["before"].isin(late) & (judged["after"] == State.ON_TIME.value)
    worse = (judged["before"] == State.ON_TIME.value) & judged["after"].isin(late)
    return judged.filter(better | worse)


def _as_under(past: Past, legs: Table, side: Revision, before: Revision, after: Revision) -> Table:
    """Return turns as a revision would have had them: its priorities, and the calendars of its teams, where these change."""
    found = legs.mutate(policy=ibis.literal("replayed"))
    if differ(before, after, "priorities", "segments"):
        found = _with_priority(past, found, side)
    old, new = (_calendars(each.agreement) for each in (before, after))
    if old != new:
        mine = _calendars(side.agreement)
        teams = [(found["team"] == team, calendar) for team, calendar in mine.items()]
        found = found.mutate(calendar=ibis.cases(*teams, else_=found["calendar"])) if teams else found
    return found


def _with_priority(past: Past, legs: Table, side: Revision) -> Table:
    named = choices(side.agreement, PRIORITY)
    besides = (PRIORITY, "segment", *side.agreement.segments)
    plain = legs.drop(PRIORITY)
    told = with_answers(past, plain, "assigned_at", {"": (side.agreement, tuple(named.values()))}, besides=besides)
    asked = told.under(side.agreement)
    branches = [(holds(condition, asked), name) for name, condition in named.items()]
    none = ibis.null("string")
    priority = ibis.cases(*branches, else_=none) if branches else none
    return told.table.mutate(priority=priority).select(*plain.columns, "priority")


def _calendars(agreement: Agreement) -> dict[str, str]:
    return {name: team.calendar for name, team in agreement.teams.items() if team.calendar is not None}


def _only(agreement: Agreement, commitments: Sequence[str]) -> Agreement:
    kept_ones = {name: each for name, each in agreement.commitments.items() if name in commitments}
    return agreement.model_copy(update={"commitments": kept_ones})


def _because(table: Table) -> ibis.expr.types.StringValue:
    return ibis.coalesce(table["void_because"], table["unusable_because"])
