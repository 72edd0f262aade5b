"""The amount that each entry into a stage adds to a sum: as it was recorded then, or that of the deal that came of the cycle."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.as_it_stood import with_facts_then
from sla_sync.attainment.asking import recorded
from sla_sync.attainment.past import Past
from sla_sync.measures.deals import deals_of_cycles
from sla_sync.measures.way import won_stage

AMOUNT = "amount"
"""The word for the value of a deal, where no field of a lead bears it."""


def with_amount(past: Past, rows: Table, field: str, stage: str) -> Table | str:
    """Return entries into a stage with `amount`, empty where none is known, or why history holds none at all, in a sentence.

    The value of a deal counts from when it was opened, for whatever stage of its cycle; of the stage that is won it is the
    value of what was won.
    """
    if field in recorded(past):
        told = with_facts_then(past, rows, "at", {field: "_amount"})
        return told.mutate(amount=told["_amount"].try_cast("float64")).drop("_amount")
    if field != AMOUNT:
        return f"History does not record `{field}`."
    deals = deals_of_cycles(past)
    counts = deals["won"] if stage == won_stage(past.agreement) else ibis.literal(value=True)
    deals = deals.filter(deals["cycle"].notnull() & counts)
    sums = deals.group_by(_lead=deals["lead"], _cycle=deals["cycle"]).agg(amount=deals["amount"].sum())
    joined = rows.left_join(sums, [rows["lead"] == sums["_lead"], rows["cycle"] == sums["_cycle"]])
    return joined.drop("_lead", "_cycle")
