"""Work on a lead: how often it was touched between two instants, on how many channels, and whether that was as much as agreed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import reduce

import ibis
import pyarrow as pa
from ibis.expr.types import IntegerValue, Table

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.measures import Counter, Effort, Need
from sla_sync.agreement.expressions.tree import Comparison
from sla_sync.attainment.as_it_stood import with_words_then
from sla_sync.attainment.business_time import deadlines, stamp, with_deadline
from sla_sync.attainment.deadlines import Limit
from sla_sync.attainment.past import Past
from sla_sync.measures.business_clock import of_teams, with_hours_of_team
from sla_sync.measures.happenings import CHANNELS, happenings, replies, touches

NO_HOURS = "nobody knows the hours of its owner"
_REPLY = "reply"
_COMPARISONS: Mapping[Comparison, Callable[[IntegerValue, int], ibis.expr.types.BooleanValue]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.NOT_EQUAL: operator.ne,
    Comparison.GREATER: operator.gt,
    Comparison.GREATER_OR_EQUAL: operator.ge,
    Comparison.LESS: operator.lt,
    Comparison.LESS_OR_EQUAL: operator.le,
}


def before_exits(past: Past, effort: Effort) -> Table:
    """Return each exit for the reason before which so much work is promised, and whether it was `kept`.

    Work counts since the cycle was assigned, else since it qualified, by the hours of its first owner.
    """
    exits = past.tables["stays"]
    exits = exits.filter(exits["reason"] == effort.before)
    cycles = past.tables["cycles"]
    opened = cycles.filter(cycles["void"].isnull()).select(
        _lead="lead", _cycle="cycle", policy="policy", team="team", _since="assigned_at", _else="qualified_at"
    )
    found = exits.left_join(opened, [exits["lead"] == opened["_lead"], exits["cycle"] == opened["_cycle"]])
    found = found.mutate(
        at=found["entered_at"],
        policy=ibis.coalesce(found["policy"], next(iter(past.agreements))),
        since=ibis.coalesce(found["_since"], found["_else"], found["entered_at"]),
    ).select("lead", "cycle", "void", "at", "since", "team", "policy")
    due, known = found["at"], ibis.literal(value=True)
    if effort.within is not None:
        found = _with_due(past, found, effort.within)
        due = ibis.least(found["at"], found["due_at"])
        # Whoever has hours that nobody knows cannot be judged by them.
        known = ibis.ifelse(found["due_at"].isnull(), ibis.null("boolean"), known)
    found = found.mutate(_until=due, mature=known)
    return with_work(past, found, effort.needs, since="since", until="_until")


def after_events(past: Past, effort: Effort) -> Table | str:
    """Return each event within a time of which so much work is promised, whether the time is over and whether it was `kept`."""
    if effort.of is None or effort.within is None:
        return "It does not say within what time of what the work is to be done."
    found = happenings(past, effort.of)
    if isinstance(found, str):
        return found
    policy = next(name for name, each in past.agreements.items() if each == past.agreement)
    found = with_words_then(past, found, "at", {"team": "team"})
    found = _with_due(past, found.mutate(policy=ibis.literal(policy), since=found["at"]), effort.within)
    done = with_work(past, found, effort.needs, since="since", until="due_at")
    return done.mutate(mature=done["due_at"] <= stamp(past.as_of))


def with_work(past: Past, rows: Table, needs: tuple[Need, ...], *, since: str, until: str) -> Table:
    """Return rows with `kept`: whether each need was met by what was done between two of their instants, both included."""
    deeds = _deeds(past)
    keyed = rows.mutate(_row=ibis.row_number().over(ibis.window(order_by=[rows["lead"], rows["at"]])))
    joined = keyed.left_join(
        deeds,
        [keyed["lead"] == deeds["_who"], deeds["_did"] >= keyed[since], deeds["_did"] <= keyed[until]],
    )
    touched = ibis.coalesce(joined["_kind"] != _REPLY, ibis.literal(value=False))
    counts = joined.group_by("_row").agg(
        touches=touched.sum(),
        channels=joined["_kind"].nunique(where=touched),
        replies=(joined["_kind"] == _REPLY).sum(),
        **{each.value: (joined["_kind"] == kind).sum() for each, kind in CHANNELS.items()},
    )
    counts = counts.select(_of="_row", _kept=reduce(operator.and_, (_met(counts, each) for each in needs)))
    found = keyed.inner_join(counts, [keyed["_row"] == counts["_of"]])
    return found.select(*rows.columns, kept=found["_kept"])


def _met(counts: Table, need: Need) -> ibis.expr.types.BooleanValue:
    return _COMPARISONS[need.comparison](ibis.coalesce(counts[need.counter.value], 0), need.count)


def _deeds(past: Past) -> Table:
    """Return every touch, by its channel, and every reply: `_who`, `_did` and `_kind`."""
    touched = touches(past, Counter.TOUCHES).select(_who="lead", _did="at", _kind="kind")
    return touched.union(replies(past).select(_who="lead", _did="at", _kind=ibis.literal(_REPLY)))


def _with_due(past: Past, rows: Table, within: Duration) -> Table:
    """Return rows with `due_at`: so long after `since`, by the hours of their `team` in the version of their `policy`.

    It is empty where nobody knows the hours.
    """
    reach = past.rows(rows.agg(first=rows["since"].min(), last=rows["since"].max()))[0]
    if reach["first"] is None:
        return rows.mutate(due_at=ibis.null("timestamp(6)"))
    known = of_teams(past)
    limits = {key: number for number, key in enumerate(known.calendars)}
    found = deadlines(
        {limits[key]: (calendar, Limit.of(within)) for key, calendar in known.calendars.items()},
        _aware(reach["first"]),
        _aware(reach["last"]),
    )
    table = ibis.memtable(
        pa.table(
            [pa.array(list(limits), pa.string()), pa.array(list(limits.values()), pa.int32())], ["_name", "_limit"]
        )
    )
    asked = with_hours_of_team(rows, known, "_hours")
    asked = asked.left_join(table, [asked["_hours"] == table["_name"]])
    return with_deadline(asked, found, limit="_limit", start="since").select(*rows.columns, "due_at")


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
