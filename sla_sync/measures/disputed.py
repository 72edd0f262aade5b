"""What reports count without that which is in dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time

import ibis
from ibis.expr.types import BooleanValue, Table

from sla_sync.agreement.disputes import Dispute
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import runs
from sla_sync.attainment.shares import Share
from sla_sync.measures.freezing import open_since
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.civil import first_instant
from sla_sync.semantics.clocks import State

_JUDGED = (State.ON_TIME.value, State.LATE.value, State.OVERDUE.value)


def without_leads(past: Past, leads: Iterable[str]) -> Past:
    """Return a past in which some leads never were."""
    gone = sorted(set(leads))
    return _with(past, lambda table: ~table["lead"].isin(gone))


def only_leads(past: Past, leads: Iterable[str]) -> Past:
    """Return a past in which there were only some leads."""
    kept = sorted(set(leads))
    return _with(past, lambda table: table["lead"].isin(kept))


def disputed_runs(past: Past, name: str, disputes: Iterable[Dispute], period: Period) -> Share:
    """Return how many runs of a clock that fell due in a period are in dispute, and how many of them were on time.

    A dispute says nothing of months that were frozen when it was raised.
    """
    about = [each for each in disputes if each.commitment == name]
    legs = past.tables["legs"]
    legs = legs.filter(legs["lead"].isin(sorted({each.lead for each in about})))
    first, last = reach_of(past.engine, legs, past.as_of)
    found = runs(legs, past.agreements, past.as_of, first=first, last=last, files=past.files).table
    meant = ibis.literal(value=False)
    for each in about:
        since = first_instant(zone_named(period.zone), datetime.combine(open_since(each.on), time()))
        same = (found["lead"] == each.lead) & (found["due_at"] >= stamp(since))
        meant |= same if each.leg is None else same & (found["leg"] == each.leg)
    due = (found["due_at"] >= stamp(period.since)) & (found["due_at"] < stamp(period.until))
    judged = found.filter((found["commitment"] == name) & meant & due & found["state"].isin(_JUDGED))
    rows = past.rows(judged.group_by("state").agg(n=judged.count()))
    counted = {row["state"]: int(row["n"]) for row in rows}
    return Share(counted.get(State.ON_TIME.value, 0), sum(counted.values()))


def _with(past: Past, holds: Callable[[Table], BooleanValue]) -> Past:
    tables = {
        name: table.filter(holds(table)) if "lead" in table.columns else table for name, table in past.tables.items()
    }
    return replace(past, tables=tables)
