"""R16, ownership: open cycles that nobody looks after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.measures.figures import Basis

LONG = timedelta(minutes=30)
DEFINITION = (
    "Of the cycles that are open now: those whose owner has left, and those that nobody has had for more than 30 minutes on the "
    "wall, in a queue or outside every queue."
)
NO_SUCH_USER = "nobody knows whether the owner is still there"
NOTE = "Who takes leads from a queue is not in the history, so a queue without members is not found."


@dataclass(frozen=True, slots=True)
class Hygiene:
    """Ids of open cycles' leads: with an owner who has left, and that nobody has had for longer than `LONG`."""

    orphaned: tuple[tuple[str, str], ...]
    """Lead and owner."""
    unassigned: tuple[str, ...]
    open_cycles: int
    basis: Basis


def hygiene(past: Past) -> Hygiene:
    """Return the open cycles that lack an owner who is there."""
    cycles, now = past.tables["cycles"], stamp(past.as_of)
    here = cycles.filter(cycles["closed_at"].isnull() & (cycles["qualified_at"] <= now))
    held = _held(past, here)
    free_since = ibis.ifelse(held["_free"] > held["qualified_at"], held["_free"], held["qualified_at"])
    state = ibis.cases(
        (held["void"].notnull(), held["void"]),
        (held["_owner"].isnull() & (free_since < stamp(past.as_of - LONG)), "unassigned"),
        (held["_owner"].isnull(), "waiting"),
        (held["_there"].isnull(), NO_SUCH_USER),
        (~held["_there"], "orphaned"),
        else_="held",
    )
    told = held.mutate(_is_void=held["void"].notnull(), _state=state)
    counts = past.rows(told.group_by("_is_void", "_state").agg(n=told.count()))
    named = told.filter(~told["_is_void"] & told["_state"].isin(["orphaned", "unassigned"]))
    found = past.rows(named.select("lead", "_owner", "_state", "qualified_at"))
    ordered = sorted(found, key=lambda row: (row["qualified_at"], row["lead"]))
    left_out: Counter[str] = Counter()
    n = unknown = 0
    for row in counts:
        if row["_is_void"]:
            left_out[row["_state"]] += row["n"]
        else:
            n += row["n"]
            unknown += row["n"] if row["_state"] == NO_SUCH_USER else 0
    return Hygiene(
        orphaned=tuple((row["lead"], row["_owner"]) for row in ordered if row["_state"] == "orphaned"),
        unassigned=tuple(row["lead"] for row in ordered if row["_state"] == "unassigned"),
        open_cycles=n,
        basis=Basis(DEFINITION, n, dict(sorted(left_out.items())), {NO_SUCH_USER: unknown} if unknown else {}, NOTE),
    )


def _held(past: Past, rows: Table) -> Table:
    """Return cycles with the `_owner` who has the lead now, since when it is `_free`, and whether the owner is `_there`.

    Of an owner and a queue at one instant the owner counts: it was put into the queue and taken out of it at once.
    """
    owners, users, now = past.tables["owners"], past.tables["users"], stamp(past.as_of)
    owners = owners.filter(owners["at"] <= now)
    had = owners.filter(owners["owner"].notnull())
    last = had.group_by(_whose="lead").agg(_had=had["at"].max(), _by=had["owner"].argmax(had["at"]))
    free = owners.filter(owners["owner"].isnull())
    freed = free.left_join(last, [free["lead"] == last["_whose"]])
    freed = freed.filter(freed["_had"].isnull() | (freed["at"] > freed["_had"]))
    freed = freed.group_by(_freed="lead").agg(_free=freed["at"].min())
    present = (users["since"] <= now) & (users["until"].isnull() | (users["until"] > now))
    known = users.group_by(_user="user").agg(_there=present.any())
    found = rows.left_join(last, [rows["lead"] == last["_whose"]])
    found = found.left_join(freed, [found["lead"] == freed["_freed"]])
    found = found.mutate(_owner=ibis.ifelse(found["_free"].notnull(), ibis.null("string"), found["_by"]))
    found = found.left_join(known, [found["_owner"] == known["_user"]])
    return found.select("lead", "qualified_at", "void", "_owner", "_free", "_there")
