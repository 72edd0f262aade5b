"""What a commitment counts, one row for each: the entries, events, sums and exits of its measure, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.measures import (
    Complete,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import All, Expression, Known
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.attainment.as_it_stood import with_facts_then, with_words_then
from sla_sync.attainment.asking import recorded, untold, where
from sla_sync.attainment.past import Past
from sla_sync.measures.amounts import with_amount
from sla_sync.measures.entries import entries, went_on, with_due
from sla_sync.measures.excuses import EXCUSED, untold_excuse, with_excuse
from sla_sync.measures.happenings import happenings
from sla_sync.measures.in_force import NOT_IN_FORCE, holds_at, stretches
from sla_sync.measures.work import NO_HOURS, after_events, before_exits
from sla_sync.semantics.calendars import calendars_of

BY_HAND = "People measure it by hand, and history does not hold what they found."
NO_ACCOUNTS = "It counts an account once, and history does not tell to which account a lead belongs."

CARRIED = ("source", "stage")
"""The words of the agreement that a case bears itself."""


class Outcome(StrEnum):
    """What became of one thing that a commitment counts."""

    KEPT = "kept"
    MISSED = "missed"
    WAITING = "waiting"
    UNUSABLE = "unusable"
    LEFT_OUT = "left out"


def cases(past: Past, name: str) -> Table | str:
    """Return everything that a commitment with a measure ever counted, or why history cannot tell it, in a sentence.

    Each row has the `lead`, the instant `at` which it happened, when its time was `over_at`, its `source`, the `outcome`,
    `because` where it is left out or unusable, the `amount` that it adds, and whether the lead came `again`.
    """
    commitment = past.agreement.commitments[name]
    measure: Measure = commitment.measure.value if commitment.measure else Manual()
    because = next(_untold(past, commitment, measure), None)
    if because is not None:
        return because
    rows = _rows(past, measure)
    if isinstance(rows, str):
        return rows
    if isinstance(measure, StageRate) and commitment.excused_if is not None:
        rows = _excused(with_excuse(past, rows, commitment))
    for condition in _conditions(past, commitment, measure):
        rows = where(past, rows, "at", condition)
    if isinstance(measure, CountOf) and measure.once_per_account is not None:
        rows = _once_per_account(past, rows, measure.once_per_account)
    force = holds_at(rows["at"], stretches(past, name))
    away = ibis.cases((rows["void"].notnull(), rows["void"]), (~force, NOT_IN_FORCE), else_=ibis.null("string"))
    return rows.select(
        "lead",
        "at",
        "source",
        over_at=rows["due_at"] if "due_at" in rows.columns else rows["at"],
        outcome=ibis.ifelse(away.notnull(), Outcome.LEFT_OUT.value, rows["outcome"]),
        because=ibis.coalesce(away, rows["because"]),
        amount=rows["amount"].cast("float64"),
        again=rows["again"],
    )


def _untold(past: Past, commitment: Commitment, measure: Measure) -> Iterator[str]:
    if isinstance(measure, Manual):
        yield BY_HAND
    excuse = untold_excuse(past, commitment) if isinstance(measure, StageRate) else None
    if excuse is not None:
        yield excuse
    for condition in _conditions(past, commitment, measure):
        because = untold(past, condition, carried=CARRIED)
        if because is not None:
            yield because
    if isinstance(measure, Complete):
        group = _members(past, measure.group)
        because = untold(past, group, carried=CARRIED)
        if because is not None:
            yield because
    if isinstance(measure, CountOf) and measure.once_per_account is not None and "account" not in recorded(past):
        yield NO_ACCOUNTS


def _conditions(past: Past, commitment: Commitment, measure: Measure) -> tuple[Expression, ...]:
    said = (commitment.where, past.agreement.metadata.scope)
    own = None if isinstance(measure, Complete | Effort | Manual) else measure.where
    return (*(each.value for each in said if each is not None), *(() if own is None else (own,)))


def _rows(past: Past, measure: Measure) -> Table | str:
    """Return what a measure counts, whichever the leads and the time are: with `void`, and without the conditions."""
    match measure:
        case CountOf(stage, first):
            rows = _counted(_entered(past, stage))
            return rows.filter(~rows["again"]) if first else rows
        case StageRate(start, end, within):
            rows = _with_void(past, went_on(past, start, end, within))
            return _judged(_with_source(past, _numbered(rows), start))
        case SumOf(amount, stage):
            return _summed(past, amount, stage)
        case Complete(group, stage):
            return _complete(past, _entered(past, stage), _members(past, group))
        case CountOfEvents(event):
            found = happenings(past, event)
            return found if isinstance(found, str) else _counted(_plain(past, found))
        case Effort(before=None):
            worked = after_events(past, measure)
            return worked if isinstance(worked, str) else _judged(_plain(past, worked))
        case Effort():
            return _judged(_plain(past, _with_void(past, before_exits(past, measure))))
        case Manual():
            return BY_HAND


def _entered(past: Past, stage: str) -> Table:
    return _with_source(past, _numbered(_with_void(past, entries(past, stage))), stage)


def _with_void(past: Past, rows: Table) -> Table:
    """Return rows with the reason for which their lead or their cycle counts for nothing."""
    cycles = past.tables["cycles"]
    whole = cycles.group_by(_lead=cycles["lead"], _cycle=cycles["cycle"]).agg(
        _void=cycles["void"].min(), _counts=cycles["void"].isnull().any()
    )
    joined = rows.left_join(whole, [rows["lead"] == whole["_lead"], rows["cycle"] == whole["_cycle"]])
    of_cycle = ibis.ifelse(joined["_counts"], ibis.null("string"), joined["_void"])
    return joined.mutate(void=ibis.coalesce(joined["void"], of_cycle)).select(*rows.columns)


def _numbered(rows: Table) -> Table:
    """Return entries with `again`: whether the lead had entered before, in an earlier turn."""
    earlier = ibis.window(group_by=rows["lead"], order_by=[rows["at"], rows["turn"]])
    return rows.mutate(again=ibis.row_number().over(earlier) > 0)


def _with_source(past: Past, rows: Table, stage: str) -> Table:
    """Return entries with the source as it was then, also for leads that had not qualified yet."""
    told = with_words_then(past, rows, "at", {"source": "_source"})
    told = told.mutate(source=ibis.coalesce(told["source"], told["_source"]), stage=ibis.literal(stage))
    return told.drop("_source", "priority")


def _plain(past: Past, rows: Table) -> Table:
    """Return rows that have only a lead, an instant and `void` with the source as it was then; nobody came again."""
    told = with_words_then(past, rows, "at", {"source": "source"})
    return told.mutate(again=ibis.literal(value=False))


def _excused(rows: Table) -> Table:
    """Return rates without the misses that are excused: these are left out."""
    away = rows["excused"] & (rows["outcome"] == Outcome.MISSED.value)
    return rows.mutate(
        outcome=ibis.ifelse(away, Outcome.LEFT_OUT.value, rows["outcome"]),
        because=ibis.ifelse(away, EXCUSED, rows["because"]),
    ).drop("excused")


def _counted(rows: Table) -> Table:
    return rows.mutate(outcome=ibis.literal(Outcome.KEPT.value), because=ibis.null("string"), amount=ibis.literal(1.0))


def _judged(rows: Table) -> Table:
    """Return rows with what became of each: `kept` or not, once it is `mature`; nobody knows where that is empty."""
    outcome = ibis.cases(
        (rows["mature"].isnull(), Outcome.UNUSABLE.value),
        (~rows["mature"], Outcome.WAITING.value),
        (rows["kept"], Outcome.KEPT.value),
        else_=Outcome.MISSED.value,
    )
    unknown = ibis.ifelse(rows["mature"].isnull(), NO_HOURS, ibis.null("string"))
    return rows.mutate(outcome=outcome, because=unknown, amount=ibis.literal(1.0))


def _summed(past: Past, amount: str, stage: str) -> Table | str:
    found = with_amount(past, _entered(past, stage), amount, stage)
    if isinstance(found, str):
        return found
    unusable = found["amount"].isnull()
    return found.mutate(
        outcome=ibis.ifelse(unusable, Outcome.UNUSABLE.value, Outcome.KEPT.value),
        because=ibis.ifelse(unusable, f"no `{amount}` is recorded", ibis.null("string")),
    )


def _members(past: Past, group: str) -> Expression:
    """Return the condition that every member of a group is known and valid, or holds where it is a condition."""
    quality = past.agreement.quality
    found: list[Expression] = []
    for member in past.agreement.groups.get(group, ()):
        if not isinstance(member, str):
            found.append(member)
            continue
        found.append(Known(member))
        rule = quality.valid.get(member) if quality else None
        if rule is not None:
            found.append(rule.value)
    return All(tuple(found))


def _complete(past: Past, rows: Table, members: Expression) -> Table:
    whole = where(past, rows, "at", members).select(_lead="lead", _turn="turn").distinct()
    joined = rows.left_join(whole, [rows["lead"] == whole["_lead"], rows["turn"] == whole["_turn"]])
    return _judged(joined.select(*rows.columns, kept=joined["_lead"].notnull(), mature=ibis.literal(value=True)))


def _once_per_account(past: Past, rows: Table, within: Duration) -> Table:
    """Return the cases without those that follow a counted one of their account too soon; who has no account stands alone.

    One that comes late enough after the one before counts in any case, and opens a chain. Few chains are longer than the
    agreed time: in these it is told one by one which of them count.
    """
    told = with_facts_then(past, rows, "at", {"account": "_account"})
    order = ibis.window(group_by=told["_account"], order_by=[told["at"], told["lead"], told["turn"]])
    told = told.mutate(_before=told["at"].lag().over(order))
    told = with_due(past, told, "_before", within).rename(_free="due_at")
    opens = told["_account"].isnull() | told["_before"].isnull() | (told["_free"] < told["at"])
    told = told.mutate(_opens=opens)
    told = told.mutate(
        _chain=ibis.ifelse(told["_opens"], 1, 0).cumsum(group_by="_account", order_by=["at", "lead", "turn"])
    )
    chain = ibis.window(group_by=["_account", "_chain"])
    told = told.mutate(_first=told["at"].min().over(chain))
    told = with_due(past, told, "_first", within).rename(_over="due_at")
    long = told.filter(told["_account"].notnull()).mutate(_late=(ibis._["at"] > ibis._["_over"]).any().over(chain))
    asked = long.filter(long["_late"]).select("_account", "_chain", "lead", "turn", "at")
    besides = ibis.memtable(
        _counted_in_chains(past, past.rows(asked.order_by("_account", "at", "lead", "turn")), within)
    )
    joined = told.left_join(besides, [told["lead"] == besides["_lead"], told["turn"] == besides["_turn"]])
    return joined.filter(joined["_opens"] | joined["_lead"].notnull()).select(*rows.columns)


def _counted_in_chains(past: Past, rows: Iterable[Mapping[str, Any]], within: Duration) -> pa.Table:
    """Return the cases of chains that count although they do not open one: the agreed time after the last that counted."""
    main = calendars_of(past.agreement, files=past.files).main
    last: dict[tuple[str, int], datetime] = {}
    found: list[tuple[str, int]] = []
    for row in rows:
        chain, at = (row["_account"], row["_chain"]), row["at"].replace(tzinfo=UTC)
        if chain in last and main.add(last[chain], within) < at:
            found.append((row["lead"], row["turn"]))
        elif chain in last:
            continue
        last[chain] = at
    leads, turns = ([each[place] for each in found] for place in (0, 1))
    return pa.table([pa.array(leads, pa.string()), pa.array(turns, pa.int64())], ["_lead", "_turn"])
