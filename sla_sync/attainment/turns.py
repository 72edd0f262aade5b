"""The turns of a cycle: which one opens it, and what the whole of it came to."""

from __future__ import annotations

from datetime import datetime

import ibis
from ibis.expr.types import Table

RETURNED = "returned"
"""What ended a turn whose lead went back to a queue."""

HANDED_ON = ("reassigned", RETURNED, "assigned")
"""What ends a turn and not its cycle."""

WAITING = "queue"
"""What `void` says of a wait in a queue: nobody's turn. The cycle to which it belongs is not void for that."""

_NEVER = datetime(9999, 1, 1)  # noqa: DTZ001 - instants are in UTC without a zone here


def owned(legs: Table) -> Table:
    """Return the turns that somebody had: those that `began` finds, without the waits in a queue."""
    return legs.filter(legs["owner"].notnull()).mutate(void=legs["void"].nullif(WAITING))


def began(legs: Table) -> Table:
    """Return the turns from the first that somebody had, which `opens_cycle`, and the waits in a queue after it.

    Where nobody ever had the lead, the wait in the queue opens the cycle.
    """
    waited = legs.filter((legs["number"] == 1) & legs["owner"].isnull()).select("lead", "cycle").distinct()
    had = legs.filter(legs["owner"].notnull()).semi_join(waited, ["lead", "cycle"])
    firsts = had.group_by("lead", "cycle").agg(_first=had["number"].min())
    firsts = firsts.rename(_lead="lead", _cycle="cycle")
    found = legs.left_join(firsts, [legs["lead"] == firsts["_lead"], legs["cycle"] == firsts["_cycle"]])
    found = found.mutate(_first=ibis.coalesce(found["_first"], 1), void=found["void"].nullif(WAITING))
    found = found.filter(found["number"] >= found["_first"])
    return found.select(*legs.columns, opens_cycle=found["number"] == found["_first"])


def whole_cycles(turns: Table) -> Table:
    """Return the first turn of each cycle, with the first stop of all its turns, and with the end that the last one had."""
    never = ibis.literal(_NEVER, type="timestamp(6)")
    rest = turns.filter(~turns["opens_cycle"])
    later = rest.group_by("lead", "cycle").agg(
        _stopped=rest["stopped_at"].min(),
        _ended=ibis.coalesce(rest["ended_at"], never).max(),
        _by=ibis.coalesce(rest["ended_by"], "").argmax(rest["number"]),
        _void=ibis.coalesce(rest["void"], "").argmax(rest["number"]),
    )
    later = later.rename(_lead="lead", _cycle="cycle")
    firsts = turns.filter(turns["opens_cycle"])
    found = firsts.left_join(later, [firsts["lead"] == later["_lead"], firsts["cycle"] == later["_cycle"]])
    alone = found["_lead"].isnull()
    by = ibis.ifelse(alone, found["ended_by"], found["_by"])
    goes_on = ibis.coalesce(by.isin(HANDED_ON), ibis.literal(value=False))
    ended = ibis.ifelse(alone, found["ended_at"], found["_ended"].nullif(never))
    return found.select(
        *(each for each in turns.columns if each not in {"stopped_at", "ended_at", "ended_by", "void"}),
        stopped_at=ibis.coalesce(found["stopped_at"], found["_stopped"]),
        ended_at=ibis.ifelse(goes_on, ibis.null("timestamp(6)"), ended),
        ended_by=by,
        void=ibis.ifelse(alone, found["void"], found["_void"].nullif("")),
    )
