"""Both revisions over the same history: what would have been, before and after, who changes side, and what nobody can know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.reckoned import reckoned
from sla_sync.attainment.timed import timed
from sla_sync.measures.figures import Basis, Figure, Unit
from sla_sync.replay import acceptance, hand_offs, promises, qualifying
from sla_sync.replay.acceptance import Predicted
from sla_sync.replay.counts import counted, unknown
from sla_sync.replay.hand_offs import HandedOff
from sla_sync.replay.limits_of_knowledge import Part, Unknown, assumptions, stops_at_touch, unknowns
from sla_sync.replay.promises import Kept
from sla_sync.replay.revisions import Revision, differ


@dataclass(frozen=True, slots=True)
class Qualified:
    """How many would have qualified on either side; `recorded` is how many really did, whatever the rule says.

    `more` qualify only after the change, `fewer` only before it, `moved` on both sides but at another instant.
    """

    recorded: Figure
    before: Figure
    after: Figure
    more: int
    fewer: int
    moved: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Handed:
    """To whom those who qualify would have gone, and how that was reckoned."""

    to: tuple[HandedOff, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class Changing:
    """Leads that change side: what becomes of them, and their ids, which are given only where they are asked for."""

    what: str
    count: int
    leads: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """What a change would have done to a period that is over."""

    agreement: str
    before: str
    after: str
    period: Period
    as_of: datetime
    synthetic: bool
    leads: int
    """How many there are in the history."""
    qualified: Qualified
    handed: Handed | None
    """To whom they would have gone; None where nobody can tell."""
    kept: tuple[Kept, ...]
    accepted: Predicted | None
    changing: tuple[Changing, ...]
    unknown: tuple[str, ...]

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.period.last - self.period.first).days + 1


def replay(past: Past, before: Revision, after: Revision, period: Period, *, ids: bool = False) -> Replay:
    """Return what two revisions make of the same period; raises CalendarError and FormatError.

    The cycles and turns of `past` are those that were recorded. `ids` asks for the leads that change side.
    """
    old, new = before.always, after.always
    past = replace(past, agreement=old.agreement)
    gaps = tuple(unknowns(past, old, new))
    without = {each.part for each in gaps}
    leads = past.rows(past.tables["leads"].agg(n=past.tables["leads"].count()))[0]["n"]
    table = None
    if not without & {Part.MQLS, Part.EVERYTHING}:
        table = reckoned(past.engine, qualifying.sides(past, old, new))
    qualified = _qualified(past, table, period)
    changing = list(_who_qualifies(past, table, period, ids=ids))
    went, accepted = _after_that(past, table, old, new, period, routed=Part.HAND_OFFS not in without)
    kept: tuple[Kept, ...] = ()
    names = _replayed(old, new, gaps)
    if names and Part.EVERYTHING not in without:
        gone = None if table is None or not qualified.fewer else _not_opened(past, table)
        judged = reckoned(past.engine, promises.outcomes(past, old, new, period, commitments=names, without=gone))
        kept = promises.kept(past, judged, old, new)
        changing += _who_is_late(past, judged, ids=ids)
    said = [each.said for each in gaps]
    more = (qualified.more, qualified.fewer)
    otherwise = any(each.changes for each in kept)
    said += assumptions(old, new, more=more[0], fewer=more[1], timed_differently=otherwise)
    if accepted is not None and accepted.unseen_after > accepted.unseen_before:
        scores = (
            f"{accepted.unseen_after:,} who would have qualified have scores with which few or none were handed over"
        )
        said.append(f"How many of all who qualify sales would have accepted: {scores}.")
    return Replay(
        agreement=new.agreement.metadata.name,
        before=before.name,
        after=after.name,
        period=period,
        as_of=past.as_of,
        synthetic=past.synthetic,
        leads=int(leads),
        qualified=qualified,
        handed=went,
        kept=kept,
        accepted=accepted,
        changing=tuple(each for each in changing if each.count),
        unknown=tuple(dict.fromkeys(said)),
    )


def _replayed(before: Revision, after: Revision, gaps: Sequence[Unknown]) -> tuple[str, ...]:
    """Return the commitments with a clock of which either side can be told."""
    untold = {each.commitment for each in gaps if each.part is Part.PROMISES}
    touch = any(each.part is Part.PROMISES and not each.commitment for each in gaps)
    found = []
    for name in dict.fromkeys((*before.agreement.commitments, *after.agreement.commitments)):
        sides = [each.agreement for each in (before, after) if name in each.agreement.commitments]
        if name in untold or (touch and any(stops_at_touch(each, name) for each in sides)):
            continue
        clocks = [(each, each.commitments[name], each.commitments[name].clock) for each in sides]
        if all(clock is not None and not isinstance(timed(own, said, clock), str) for own, said, clock in clocks):
            found.append(name)
    return tuple(found)


def _within(at: ibis.expr.types.Value, period: Period) -> ibis.expr.types.BooleanValue:
    return ibis.coalesce((at >= stamp(period.since)) & (at < stamp(period.until)), ibis.literal(value=False))


def _qualified(past: Past, table: Table | None, period: Period) -> Qualified:
    cycles = past.tables["cycles"]
    really = cycles.filter((cycles["cycle"] == 1) & cycles["void"].isnull() & _within(cycles["qualified_at"], period))
    recorded = counted(int(past.rows(really.agg(n=really.count()))[0]["n"]))
    if table is None:
        none = unknown(Unit.COUNT, "History cannot tell who would have qualified.")
        return Qualified(recorded, none, none, 0, 0, 0, Basis(qualifying.DEFINITION, 0))
    both = _flagged(table, period)
    asked = both.group_by("void", "_before", "_after").agg(n=both.count(), moved=both["_moved"].cast("int64").sum())
    rows = past.rows(asked)

    def count(*, before: bool | None = None, after: bool | None = None) -> int:
        wanted = (row for row in rows if row["void"] is None)
        return sum(row["n"] for row in wanted if before in {None, row["_before"]} and after in {None, row["_after"]})

    left_out: dict[str, int] = {}
    for row in rows:
        if row["void"] is not None and (row["_before"] or row["_after"]):
            left_out[row["void"]] = left_out.get(row["void"], 0) + row["n"]
    every = count(before=True) + count(before=False, after=True)
    return Qualified(
        recorded=recorded,
        before=counted(count(before=True)),
        after=counted(count(after=True)),
        more=count(before=False, after=True),
        fewer=count(before=True, after=False),
        moved=sum(row["moved"] for row in rows if row["void"] is None and row["_before"] and row["_after"]),
        basis=Basis(qualifying.DEFINITION, every, dict(sorted(left_out.items()))),
    )


def _flagged(table: Table, period: Period) -> Table:
    before, after = (_within(table[each], period) for each in ("before_at", "after_at"))
    moved = ibis.coalesce(table["before_at"] != table["after_at"], ibis.literal(value=False))
    return table.mutate(_before=before, _after=after, _moved=moved)


def _who_qualifies(past: Past, table: Table | None, period: Period, *, ids: bool) -> list[Changing]:
    if table is None:
        return []
    both = _flagged(table, period).filter(table["void"].isnull())
    only_after = both.filter(~both["_before"] & both["_after"])
    only_before = both.filter(both["_before"] & ~both["_after"])
    return [
        _changing(past, "would qualify only after the change", only_after, ids=ids),
        _changing(past, "would no longer qualify", only_before, ids=ids),
    ]


def _who_is_late(past: Past, judged: Table, *, ids: bool) -> list[Changing]:
    crossing = promises.changing(judged)
    names = past.rows(crossing.group_by("commitment").agg(n=crossing.count()).order_by("commitment"))
    found = []
    for name in (str(row["commitment"]) for row in names):
        own = crossing.filter(crossing["commitment"] == name)
        better = own.filter(own["before"] != "on_time")
        worse = own.filter(own["before"] == "on_time")
        found.append(_changing(past, f"would be in time for {name}", better, ids=ids))
        found.append(_changing(past, f"would be late for {name}", worse, ids=ids))
    return found


def _changing(past: Past, what: str, leads: Table, *, ids: bool) -> Changing:
    own = leads.select("lead").distinct()
    if ids:
        found = tuple(str(row["lead"]) for row in past.rows(own.order_by("lead")))
        return Changing(what, len(found), found)
    return Changing(what, int(past.rows(own.agg(n=own.count()))[0]["n"]), ())


def _after_that(
    past: Past, table: Table | None, before: Revision, after: Revision, period: Period, *, routed: bool
) -> tuple[Handed | None, Predicted | None]:
    """Return to whom those who qualify would have gone, and how many of them sales would have accepted."""
    stage = before.qualifying
    if table is None or stage is None:
        return None, None
    plain = table.filter(table["void"].isnull())
    sides = [_on(plain, side, period) for side in ("before", "after")]
    went = _handed(past, sides, before, after, period) if routed else None
    bands = acceptance.seen(past, before.agreement, stage)
    if not bands:
        return went, None
    ours = acceptance.by_band(past, sides[0])
    theirs = ours if _same_people(before, after) else acceptance.by_band(past, sides[1])
    return went, acceptance.predicted(bands, ours, theirs, acceptance.days_of(before.agreement, stage))


def _on(table: Table, side: str, period: Period) -> Table:
    """Return who qualifies on a side in the period: `lead`, `at`, and `score` where it is known already."""
    at, score = table[f"{side}_at"], f"{side}_score"
    said = {"score": table[score]} if score in table.columns else {}
    return table.filter(_within(at, period)).select("lead", at=at, **said)


def _handed(past: Past, sides: Sequence[Table], before: Revision, after: Revision, period: Period) -> Handed | None:
    """Return the hand-offs by the routing; where history cannot tell it and it stays, as they were spread."""
    if any(hand_offs.untold_routing(past, each) for each in (before, after)):
        counts = [int(past.rows(each.agg(n=each.count()))[0]["n"]) for each in sides]
        spread = [hand_offs.as_recorded(past, period, count) for count in counts]
        found = hand_offs.hand_offs(before, after, (spread[0], spread[1]))
        return Handed(found, hand_offs.AS_RECORDED) if found else None
    old = hand_offs.goes_to(past, sides[0], before)
    same = _same_people(before, after) and not differ(before, after, "routing", "priorities")
    new = old if same else hand_offs.goes_to(past, sides[1], after)
    return Handed(hand_offs.hand_offs(before, after, (old, new)), hand_offs.DEFINITION)


def _same_people(before: Revision, after: Revision) -> bool:
    """Return whether both sides qualify the same people at the same instants."""
    same = before.qualifies_when == after.qualifies_when
    return same and not differ(before, after, "scoring", "groups", "segments", "priorities")


def _not_opened(past: Past, table: Table) -> Table:
    """Return the first cycles of leads for whom the condition held before the change by then, and never after it."""
    cycles = past.tables["cycles"]
    lost = table.filter(table["before_at"].notnull() & table["after_at"].isnull()).select(
        _lost="lead", _held="before_at"
    )
    first = cycles.filter(cycles["cycle"] == 1)
    return first.semi_join(lost, [first["lead"] == lost["_lost"], first["qualified_at"] >= lost["_held"]]).select(
        "lead", "cycle"
    )
