"""Misses that do not count because the other party missed its own promise first: `excused_if: response is late or overdue`."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import runs
from sla_sync.attainment.timed import Timed, timed
from sla_sync.semantics.clocks import State

UNTOLD = "A miss may be excused, and history does not tell by what."
EXCUSED = "excused: the other promise was missed before"
_MISSED = (State.LATE.value, State.OVERDUE.value)


def untold_excuse(past: Past, commitment: Commitment) -> str | None:
    """Return why history cannot tell whether a miss is excused; None where it can, or nothing excuses one."""
    if commitment.excused_by is None and commitment.excused_if is None:
        return None
    other = _excusing(past, commitment)
    if other is None:
        return UNTOLD
    clock = past.agreement.commitments[other].clock
    found = timed(past.agreement, past.agreement.commitments[other], clock) if clock else UNTOLD
    return None if isinstance(found, Timed) else f"A miss is excused by '{other}', which is not measured: {found}"


def with_excuse(past: Past, rows: Table, commitment: Commitment) -> Table:
    """Return rows with a `lead`, a `cycle` and `due_at` with `excused`: whether the last other run by then was missed by then."""
    other = _excusing(past, commitment)
    if other is None:
        return rows.mutate(excused=ibis.literal(value=False))
    first, last = reach_of(past.engine, past.tables["legs"], past.as_of)
    found = runs(past.tables["legs"], past.agreements, past.as_of, first=first, last=last, files=past.files).table
    found = found.filter(found["commitment"] == other)
    found = found.select(_of="lead", _in="cycle", _began="started_at", _due="due_at", _state="state")
    joined = rows.join(
        found, [rows["lead"] == found["_of"], rows["cycle"] == found["_in"], found["_began"] <= rows["due_at"]]
    )
    missed = joined["_state"].isin(_MISSED) & (joined["_due"] < joined["due_at"])
    told = joined.group_by(_lead=joined["lead"], _turn=joined["turn"]).agg(_missed=missed.argmax(joined["_began"]))
    both = rows.left_join(told, [rows["lead"] == told["_lead"], rows["turn"] == told["_turn"]])
    excused = ibis.coalesce(both["_missed"], ibis.literal(value=False))
    return both.mutate(excused=excused).select(*rows.columns, "excused")


def _excusing(past: Past, commitment: Commitment) -> str | None:
    """Return the commitment whose miss excuses one of this; None where something else does."""
    said = commitment.excused_if.value if commitment.excused_if is not None and commitment.excused_by is None else None
    if not isinstance(said, Is) or said.negated or set(said.values) != set(_MISSED):
        return None
    return said.field if said.field in past.agreement.commitments else None
