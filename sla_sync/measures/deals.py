"""Deals with the cycle of which each came."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.merges import survivors
from sla_sync.attainment.past import Past


def deals_of_cycles(past: Past) -> Table:
    """Return every deal with `cycle`, `source`, `void` and `first_source` of its lead, empty where it never qualified.

    It came of the last cycle that had opened by then, of one that counts where there is one. `first_source` is the source of
    the lead's first cycle. Deals of a record that was merged are those of the one that took it over.
    """
    deals, cycles = past.tables["deals"], past.tables["cycles"]
    merged = survivors(past.tables["leads"])
    told = deals.left_join(merged, [deals["lead"] == merged["merged"]])
    told = told.mutate(lead=ibis.coalesce(told["survivor"], told["lead"])).drop(*merged.columns)
    opened = cycles.select(_of="lead", cycle="cycle", source="source", void="void", _since="qualified_at")
    joined = told.left_join(opened, [told["lead"] == opened["_of"], told["opened_at"] >= opened["_since"]])
    latest = ibis.window(
        group_by=joined["deal"], order_by=[joined["void"].notnull(), joined["_since"].desc(), joined["cycle"]]
    )
    found = joined.mutate(_rank=ibis.row_number().over(latest))
    found = found.filter(found["_rank"] == 0).drop("_rank", "_of", "_since")
    counted = cycles.filter(cycles["void"].isnull())
    first = counted.group_by(_lead=counted["lead"]).agg(first_source=counted["source"].argmin(counted["qualified_at"]))
    return found.left_join(first, [found["lead"] == first["_lead"]]).drop("_lead")
