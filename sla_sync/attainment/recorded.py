"""Turns that a platform recorded itself, beside those that follow from events: for the cycles that they cover, they count."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.stacking import stacked
from sla_sync.attainment.turns import WAITING
from sla_sync.history.tables import LEGS


def with_recorded(found: Table, recorded: Table, cycles: Table) -> Table:
    """Return the turns that follow from events, and in their place the recorded ones of each cycle that has any.

    A recorded turn belongs to the last cycle of its lead that had opened when it was assigned, by whatever number the platform
    calls that; one that has none keeps its own number.
    """
    spans = cycles.select(_of="lead", _number="cycle", _opened="own_at", _void=cycles["void"].nullif("deleted"))
    # A platform may write the opening of a turn a moment before the entry that it follows from.
    near = recorded["assigned_at"] + ibis.interval(minutes=1)
    joined = recorded.left_join(spans, [recorded["lead"] == spans["_of"], near >= spans["_opened"]])
    latest = ibis.window(group_by="leg", order_by=joined["_opened"].desc())
    joined = joined.mutate(_rank=ibis.row_number().over(latest)).filter(ibis._["_rank"] == 0)
    # A turn that ended with its record is judged by whether its time was up, so that nobody deletes a miss.
    said_void = joined["void"].nullif("deleted")
    said = {
        "cycle": ibis.coalesce(joined["_number"], joined["cycle"]),
        "void": ibis.coalesce(said_void.nullif(WAITING), joined["_void"], said_void),
    }
    names = [each.name for each in LEGS.columns]
    counted = joined.select(*(said[name].name(name) if name in said else joined[name] for name in names))
    covered = counted.select(_lead="lead", _cycle="cycle").distinct()
    others = found.anti_join(covered, [found["lead"] == covered["_lead"], found["cycle"] == covered["_cycle"]])
    return stacked(others.select(*names), counted)
