"""The end of the funnel as deals tell it, for leads of which the platform records no stage at their end."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.semantics.standings import closes


def ends_of_deals(deals: Table, entered: Table, agreement: Agreement) -> Table | None:
    """Return an entry into the stage in which the deals of a lead ended, as stages have it; None where none is agreed.

    It is there once all deals of the lead are closed, and neither an exit nor a stage before the last is recorded since the
    first of them was opened. Of a deal that was closed on the day on which it was opened only the day may be known: it ends no
    earlier than it began.
    """
    words = _words(agreement)
    if not words:
        return None
    telling = [
        name for name, stage in agreement.stages.items() if closes(agreement, name) or words[True] in stage.moves
    ]
    last = entered.filter(entered["stage"].isin(telling)).group_by(_lead="lead").agg(_last=entered["at"].max())
    whole = deals.group_by("lead").agg(
        _open=deals["closed_at"].isnull().any(),
        _first=deals["opened_at"].min(),
        _begun=deals["opened_at"].max(),
        _closed=deals["closed_at"].max(),
        _won=ibis.coalesce(deals["won"], ibis.literal(value=False)).any(),
    )
    found = whole.left_join(last, [whole["lead"] == last["_lead"]])
    found = found.filter(~found["_open"] & (found["_last"].isnull() | (found["_last"] < found["_first"])))
    none = ibis.null("string")
    stage = ibis.ifelse(found["_won"], *(ibis.literal(words.get(each), type="string") for each in (True, False)))
    at = ibis.greatest(found["_closed"], found["_begun"])
    return found.select("lead", at=at, stage=stage, reason=none, by=none).filter(ibis._["stage"].notnull())


def _words(agreement: Agreement) -> Mapping[bool, str]:
    """Return the stage of deals that were won, and that of those that were lost: the exit beside it on the same way."""
    won = next((name for name, stage in agreement.stages.items() if stage.end == "won"), None)
    if won is None:
        return {}
    before = next((stage for stage in agreement.stages.values() if won in stage.moves), None)
    exits = [name for name in (before.moves if before else ()) if name != won and closes(agreement, name)]
    lost = next((name for name in exits if agreement.stages[name].end == "lost"), next(iter(exits), None))
    return {True: won} | ({False: lost} if lost else {})
