"""R4, effort: whether those who were given up for want of an answer had been tried as often as was agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions.measures import Effort
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.cases import Outcome, cases
from sla_sync.measures.cuts import inside, share_of_rows, shares_by
from sla_sync.measures.entries import with_due
from sla_sync.measures.figures import Basis
from sla_sync.measures.happenings import touches
from sla_sync.measures.lacking import lacking
from sla_sync.measures.work import with_work
from sla_sync.semantics.calendars import calendars_of

OLD = Duration(10, Unit.DAY, business=True)
"""How long after its assignment an open cycle that lacks effort lingers; in plain days where the calendar never closes."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Exits for a reason before which so much effort is promised, by commitment; cut by owner and source.

    The owner is the last who had the lead. `touches` counts those exits by their number of touches until the exit.
    `lingering` are open cycles that are old and lack effort, and in which the reason may still be given: ids, the oldest
    first.
    """

    commitment: str
    reason: str
    kept: Share
    by_owner: Mapping[str, Share]
    by_source: Mapping[str, Share]
    touches: Mapping[int, int]
    lingering: tuple[str, ...]
    basis: Basis


def effort(past: Past, period: Period) -> tuple[Tried, ...]:
    """Return each promise of effort of the agreement, of the exits in the period; raises CalendarError and FormatError."""
    return tuple(_tried(past, period, name, measure, reason) for name, measure, reason in _promises(past.agreement))


def _promises(agreement: Agreement) -> Iterator[tuple[str, Effort, str]]:
    for name, commitment in agreement.commitments.items():
        measure = commitment.measure.value if commitment.measure else None
        if isinstance(measure, Effort) and measure.before is not None:
            yield name, measure, measure.before


def _tried(past: Past, period: Period, name: str, measure: Effort, reason: str) -> Tried:
    found = lacking(past).get(name) or cases(past, name)
    if isinstance(found, str):
        return Tried(name, reason, Share(0, 0), {}, {}, {}, (), replace(_basis(past, name, reason, ()), note=found))
    told = _with_work_done(past, found.filter(inside(found, "at", period)), reason)
    kept = told["outcome"] == Outcome.KEPT.value
    counted = told.group_by("outcome", "because", "source", "owner", "touches").agg(n=told.count(), kept=kept.sum())
    rows = past.rows(counted)
    judged = [row for row in rows if row["outcome"] in {Outcome.KEPT, Outcome.MISSED}]
    made: Counter[int] = Counter()
    for row in judged:
        made[row["touches"]] += row["n"]
    return Tried(
        commitment=name,
        reason=reason,
        kept=share_of_rows(judged, "kept", "n"),
        by_owner=shares_by(judged, "owner", "kept", "n"),
        by_source=shares_by(judged, "source", "kept", "n"),
        touches=dict(sorted(made.items())),
        lingering=_lingering(past, measure, reason),
        basis=_basis(past, name, reason, rows),
    )


def _with_work_done(past: Past, exits: Table, reason: str) -> Table:
    """Return exits with the `owner` who had the lead last in the cycle, and how many `touches` there were in it by then."""
    stays, cycles, legs = (past.tables[each] for each in ("stays", "cycles", "legs"))
    left = stays.filter(stays["reason"] == reason).select(_whose="lead", _when="entered_at", _cycle="cycle").distinct()
    rows = exits.left_join(left, [exits["lead"] == left["_whose"], exits["at"] == left["_when"]])
    begun = cycles.filter(cycles["void"].isnull()).select(
        _lead="lead", _number="cycle", since=ibis.coalesce(cycles["assigned_at"], cycles["qualified_at"])
    )
    rows = rows.left_join(begun, [rows["lead"] == begun["_lead"], rows["_cycle"] == begun["_number"]])
    rows = rows.mutate(since=ibis.coalesce(rows["since"], rows["at"])).select(*exits.columns, "_cycle", "since")
    owned = legs.filter(legs["owner"].notnull()).select(
        _of="lead", _in="cycle", _owner="owner", _got="assigned_at", _turn="number"
    )
    had = rows.left_join(
        owned, [rows["lead"] == owned["_of"], rows["_cycle"] == owned["_in"], owned["_got"] <= rows["at"]]
    )
    had = had.group_by(*rows.columns).agg(owner=had["_owner"].argmax(had["_turn"]))
    done = touches(past).select(_to="lead", _did="at")
    worked = had.left_join(done, [had["lead"] == done["_to"], done["_did"] >= had["since"], done["_did"] <= had["at"]])
    return worked.group_by(*had.columns).agg(touches=worked["_did"].count())


def _lingering(past: Past, measure: Effort, reason: str) -> tuple[str, ...]:
    """Return the leads that nobody has given up, and that were tried too little for a long time."""
    cycles, stays, now = past.tables["cycles"], past.tables["stays"], stamp(past.as_of)
    here = stays.filter(stays["left_at"].isnull() & stays["stage"].isin(_before(past.agreement, reason)))
    there = cycles.filter(cycles["void"].isnull() & cycles["closed_at"].isnull() & cycles["replied_at"].isnull())
    there = there.semi_join(here, ["lead", "cycle"])
    there = there.select("lead", "cycle", since=ibis.coalesce(there["assigned_at"], there["qualified_at"]), at=now)
    never_closes = calendars_of(past.agreement, files=past.files).main.never_closes
    there = with_due(past, there, "since", Duration(OLD.count, OLD.unit) if never_closes else OLD)
    worked = with_work(past, there.filter(there["due_at"] < now), measure.needs, since="since", until="at")
    rows = past.rows(worked.filter(~worked["kept"]).select("lead", "since"))
    return tuple(row["lead"] for row in sorted(rows, key=lambda row: (row["since"], row["lead"])))


def _before(agreement: Agreement, reason: str) -> list[str]:
    """Return the stages from which a lead may go to one in which the reason is given."""
    lists = {name for name, each in agreement.reasons.items() if reason in each}
    exits = {name for name, each in agreement.stages.items() if each.reasons in lists}
    return [name for name, each in agreement.stages.items() if name not in exits and exits & set(each.moves)]


def _basis(past: Past, name: str, reason: str, rows: Iterable[Mapping[str, Any]]) -> Basis:
    said = past.agreement.commitments[name].measure
    definition = (
        f"Of the exits for {reason} in the period, those that kept `{said or ''}`. Touches are those of whoever had the lead, "
        "since the cycle was assigned. Open cycles are not counted."
    )
    reasons: dict[str, Counter[str]] = {Outcome.LEFT_OUT: Counter(), Outcome.UNUSABLE: Counter()}
    n = 0
    for row in rows:
        if row["outcome"] in reasons:
            reasons[row["outcome"]][str(row["because"])] += row["n"]
        else:
            n += row["n"]
    left_out, unusable = (dict(sorted(each.items())) for each in reasons.values())
    return Basis(definition, n, left_out, unusable)
