"""Who entered a stage, and when they came to a later one: by what leads went through, and by the deals that came of them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.durations import Duration, seconds
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.attainment.business_time import deadlines, stamp, with_deadline
from sla_sync.attainment.deadlines import Limit
from sla_sync.attainment.past import Past
from sla_sync.measures.deals import deals_of_cycles
from sla_sync.measures.way import way, won_stage
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.standings import closes

_STAMP = "timestamp(6)"
_DAY_ANYWHERE = ibis.interval(hours=36)
"""From midnight in UTC to when that day is over in every zone."""


def entries(past: Past, stage: str) -> Table:
    """Return a row for each turn of a lead in which it entered a stage, the first time in it as `at`.

    Beside `lead`, `turn`, `cycle` and `void` stand `source` and `priority` of the cycle, frozen; empty for those who had
    not qualified. A turn runs from the end of the one before to the next stage in which a cycle ends. A deal counts as an
    entry into the stage before the one that is won, and when it is signed as one into that, where the stages of the lead
    do not say it. Who qualified is told by cycles, so that whoever took a record over has its earliest opening.
    """
    opens = stage == qualified_stage(past.agreement)
    moves = _with_handed_over(past, _moves(past, stage)) if opens else _moves(past, stage)
    by_stages = ~moves["by_deal"]
    first = moves.group_by("lead", "turn", "void").agg(
        at=ibis.coalesce(moves["at"].min(where=by_stages), moves["at"].min()), cycle=moves["cycle"].min()
    )
    cycles = past.tables["cycles"].select(
        _lead="lead", _cycle="cycle", source="source", priority="priority", _void="void", _opened="qualified_at"
    )
    found = first.left_join(cycles, [first["lead"] == cycles["_lead"], first["cycle"] == cycles["_cycle"]])
    if opens:
        found = found.mutate(at=ibis.least(found["at"], found["_opened"]))
    # A lead may count and one of its cycles not: the one that an import opened, the one in which it was deleted.
    void = ibis.coalesce(found["void"], found["_void"])
    return found.select("lead", "turn", "cycle", "at", "source", "priority", void=void)


def with_reached(past: Past, rows: Table, goal: str) -> Table:
    """Return entries with `reached_at`: when they came to a later stage in the same turn, empty where they have not.

    A deal of which only the day is known, which is stored as midnight, counts from the first moment of that day that is not
    before the entry.
    """
    moves = _moves(past, goal)
    only_day = moves["by_deal"] & (moves["at"] == moves["at"].truncate("D"))
    moves = moves.filter(moves["void"].isnull()).select(
        _lead="lead",
        _turn="turn",
        _at="at",
        _by_deal="by_deal",
        _last=ibis.ifelse(only_day, moves["at"] + _DAY_ANYWHERE, moves["at"]),
    )
    joined = rows.left_join(moves, [rows["lead"] == moves["_lead"], rows["turn"] == moves["_turn"]])
    later = joined["_last"] >= joined["at"]
    found = joined.group_by(*rows.columns).agg(
        _by_stages=joined["_at"].min(where=later & ~joined["_by_deal"]),
        _by_deals=ibis.greatest(joined["_at"], joined["at"]).min(where=later & joined["_by_deal"]),
    )
    return found.mutate(reached_at=ibis.coalesce(found["_by_stages"], found["_by_deals"])).drop(
        "_by_stages", "_by_deals"
    )


def with_due(past: Past, rows: Table, at: str, within: Duration) -> Table:
    """Return rows with `due_at`: so long after an instant of theirs, in the main calendar; raises CalendarError."""
    length = seconds(within)
    if length is not None and not within.business:
        return rows.mutate(due_at=rows[at] + ibis.interval(seconds=length))
    reach = past.rows(rows.agg(first=rows[at].min(), last=rows[at].max()))[0]
    if reach["first"] is None:
        return rows.mutate(due_at=ibis.null(_STAMP))
    main = calendars_of(past.agreement, files=past.files).main
    found = deadlines({0: (main, Limit.of(within))}, *(_aware(reach[each]) for each in ("first", "last")))
    asked = rows.mutate(_limit=ibis.literal(0, type="int32"))
    return with_deadline(asked, found, limit="_limit", start=at).drop("_limit", "begins_at")


def went_on(past: Past, start: str, goal: str, within: Duration) -> Table:
    """Return the entries into a stage with `due_at` and `reached_at`, and whether each is `mature` and `kept`.

    An entry is mature when its time is over, as of the instant of the past; it is kept when the goal was reached in time.
    """
    rows = with_due(past, with_reached(past, entries(past, start), goal), "at", within)
    return rows.mutate(
        mature=rows["due_at"] <= stamp(past.as_of),
        kept=ibis.coalesce(rows["reached_at"] <= rows["due_at"], ibis.literal(value=False)),
    )


def _moves(past: Past, stage: str) -> Table:
    """Return every entry into a stage: `lead`, `turn`, `cycle`, `at`, `void`, and whether it is known `by_deal` only."""
    stays = _with_turns(past)
    told = stays.filter(stays["stage"] == stage)
    told = told.select("lead", "turn", "cycle", at="entered_at", void="void", by_deal=ibis.literal(value=False))
    instant = _deal_instant(past, stage)
    if instant is None:
        return told
    deals = deals_of_cycles(past)
    deals = deals.filter(deals["cycle"].notnull())
    signed = deals if instant == "opened_at" else deals.filter(deals["won"])
    ended = stays.filter(stays["ends"] & stays["void"].isnull()).select(_lead="lead", _ended="entered_at")
    joined = signed.left_join(ended, [signed["lead"] == ended["_lead"], signed["opened_at"] > ended["_ended"]])
    found = joined.group_by("deal", "lead", "cycle", "void", at=joined[instant]).agg(turn=joined["_ended"].count())
    found = found.filter(found["at"].notnull())
    return told.union(found.select("lead", "turn", "cycle", "at", "void", by_deal=ibis.literal(value=True)))


def _with_handed_over(past: Past, moves: Table) -> Table:
    """Return the entries by which leads qualified, with those of cycles that began under a record that was merged into theirs."""
    cycles = past.tables["cycles"]
    taken = cycles.anti_join(moves, [cycles["lead"] == moves["lead"], cycles["cycle"] == moves["cycle"]])
    stays = _with_turns(past)
    ended = stays.filter(stays["ends"] & stays["void"].isnull()).select(_lead="lead", _ended="entered_at")
    before = taken["closed_at"].isnull() | (taken["closed_at"] > ended["_ended"])
    joined = taken.left_join(ended, [taken["lead"] == ended["_lead"], before])
    found = joined.group_by("lead", "cycle", "void", at="qualified_at").agg(turn=joined["_ended"].count())
    return moves.union(found.select("lead", "turn", "cycle", "at", "void", by_deal=ibis.literal(value=False)))


def _with_turns(past: Past) -> Table:
    """Return the stays of leads with the number of the `turn` in which each was entered, and whether it `ends` that turn."""
    stays, agreement = past.tables["stays"], past.agreement
    ending = [each for each in agreement.stages if closes(agreement, each)]
    ends = stays["stage"].isin(ending) if ending else ibis.literal(value=False)
    stays = stays.mutate(ends=ends)
    before = ibis.window(
        group_by=["lead", "void"],
        order_by=[stays["entered_at"], stays["left_at"].isnull(), stays["left_at"]],
        preceding=(None, 1),
    )
    ended = ibis.ifelse(stays["ends"], 1, 0).sum().over(before)
    return stays.mutate(turn=ibis.coalesce(ended, 0).cast("int64"))


def _deal_instant(past: Past, stage: str) -> str | None:
    """Return the column of deals that tells of a stage; None where deals do not."""
    won = won_stage(past.agreement)
    if won is None:
        return None
    # A deal is opened where only its signature is left; that it was says nothing of who qualified.
    leading = way(past.agreement, qualified_stage(past.agreement) or "")[1:]
    return "closed_at" if stage == won else "opened_at" if (stage, won) in pairwise(leading) else None


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
