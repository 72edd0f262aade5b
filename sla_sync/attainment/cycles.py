"""The cycles of leads: each time that a person qualified, until it was decided, with what was frozen when it opened."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.in_force import in_force
from sla_sync.attainment.merges import inherited
from sla_sync.attainment.spans import since, until
from sla_sync.history.tables import CYCLES


def opened(moved: Table, kept: Mapping[str, Table], agreements: Mapping[str, Agreement]) -> Table:
    """Return each cycle with its opening, its verdict and its end, from the changes of stage; who had it comes later."""
    stayed = ibis.ifelse(moved["next_stage"] != "", moved["next_at"], ibis.null("timestamp(6)"))
    found = moved.group_by("lead", "cycle", "turn").agg(
        _opened=moved["opens"].any(),
        qualified_at=moved["at"].min(where=moved["opens"]),
        since=moved["since"].max(where=moved["opens"]),
        decided_at=stayed.min(where=moved["qualifies"]),
        exit_at=moved["at"].max(where=moved["closes"]),
        closed_by=moved["stage"].max(where=moved["closes"]),
        reason=moved["reason"].max(where=moved["closes"]),
    )
    found = found.filter(found["_opened"]).drop("_opened", "turn")
    leads = kept["leads"]
    found = inherited(_raised(found, kept["raises"]), leads)
    whose = leads.select(
        _lead="lead", batch="batch", _created="created_at", _gone="gone_at", _into="merged_into", _excluded="excluded"
    )
    found = found.left_join(whose, [found["lead"] == whose["_lead"]])
    return found.mutate(
        closed_at=ibis.coalesce(found["exit_at"], found["_gone"]), policy=in_force(found["qualified_at"], agreements)
    )


def with_void(found: Table) -> Table:
    """Return the cycles with the reason for which each counts for nothing.

    An import voids the cycle that it opened, before the person ever asked by themselves; a deletion the one that was open.
    """
    none = ibis.null("string")
    by_itself = ibis.coalesce(found["raised_at"] > found["_created"], ibis.literal(value=False))
    imported = found["batch"].notnull() & (found["cycle"] == 1) & ~by_itself
    deleted = found["exit_at"].isnull() & found["_gone"].notnull()
    return found.mutate(
        void=ibis.coalesce(
            found["_excluded"],
            ibis.ifelse(found["_into"].notnull(), "merged", none),
            ibis.ifelse(imported, "import", none),
            ibis.ifelse(deleted, "deleted", none),
        ),
        gone_by=ibis.ifelse(deleted, ibis.ifelse(found["_into"].notnull(), "merged", "deleted"), none),
    )


def _raised(found: Table, raises: Table) -> Table:
    """Return the cycles with the hand-raise that opened each: the last one by then that came while none was open.

    Where none came in its own turn there is no instant, and the source is that of an earlier one.
    """
    open_then = found.select(_whose="lead", _since_then="qualified_at", _until_then=until(found["exit_at"]))
    free = raises.anti_join(
        open_then,
        [
            raises["lead"] == open_then["_whose"],
            raises["at"] > open_then["_since_then"],
            raises["at"] <= open_then["_until_then"],
        ],
    ).select(_raiser="lead", _at="at", source="source")
    joined = found.select("lead", "cycle", "qualified_at").join(
        free, [ibis._["lead"] == free["_raiser"], ibis._["qualified_at"] >= free["_at"]]
    )
    order = [joined["_at"].desc(), joined["source"]]
    last = joined.mutate(_rank=ibis.row_number().over(ibis.window(group_by=["lead", "cycle"], order_by=order)))
    last = last.filter(last["_rank"] == 0).select(_of="lead", _number="cycle", _at="_at", source="source")
    both = found.left_join(last, [found["lead"] == last["_of"], found["cycle"] == last["_number"]])
    raised = ibis.ifelse(both["_at"] > since(both["since"]), both["_at"], ibis.null("timestamp(6)"))
    return both.select(*found.columns, raised_at=raised, source=both["source"])


def with_turns(found: Table, legs: Table, activities: Table) -> Table:
    """Return the cycles with who got each first, and what all their owners did in it; the columns of the table, no other."""
    owned = legs.filter(legs["owner"].notnull())
    both = _beside(found, _first_turns(owned))
    both = _beside(both, _sums(legs))
    both = _beside(both, _replies(found, activities))
    both = _beside(both, _channels(owned, activities))
    # What a platform froze itself is surer than what follows from events, but it knows nothing of an opening that was inherited.
    inherited = both["qualified_at"] < both["own_at"]
    raised = ibis.coalesce(both["_raised"], both["raised_at"])
    both = both.mutate(
        source=ibis.coalesce(ibis.ifelse(inherited, both["source"], both["_frozen"]), both["_frozen"], both["source"]),
        raised_at=ibis.ifelse(inherited, both["raised_at"], raised),
        replied_at=ibis.least(both["_first_reply"], both["_replied"]),
        touches=ibis.coalesce(both["_touches"], 0),
        channels=ibis.coalesce(ibis.greatest(both["_channels"], both["_ways"]), 0),
    )
    return both.select(*(each.name for each in CYCLES.columns))


def _beside(found: Table, other: Table) -> Table:
    """Return the cycles with the columns that another table has for them."""
    named = other.rename(_of_lead="lead", _of_cycle="cycle")
    joined = found.left_join(named, [found["lead"] == named["_of_lead"], found["cycle"] == named["_of_cycle"]])
    return joined.drop("_of_lead", "_of_cycle")


def _first_turns(owned: Table) -> Table:
    rank = ibis.row_number().over(ibis.window(group_by=["lead", "cycle"], order_by=["assigned_at", "number"]))
    first = owned.mutate(_rank=rank).filter(ibis._["_rank"] == 0)
    return first.select("lead", "cycle", "assigned_at", "owner", "team", _frozen="source", _raised="raised_at")


def _sums(legs: Table) -> Table:
    return legs.group_by("lead", "cycle").agg(
        touched_at=legs["touched_at"].min(),
        _replied=legs["replied_at"].min(),
        _touches=legs["touches"].sum(),
        _channels=legs["channels"].max(),
    )


def _replies(found: Table, activities: Table) -> Table:
    """Return the first reply in each cycle, whoever owned it then."""
    replies = activities.filter(activities["inbound"]).select(_with="lead", _at="at")
    spans = found.select("lead", "cycle", "qualified_at", _until=until(found["closed_at"]))
    joined = spans.join(
        replies,
        [
            spans["lead"] == replies["_with"],
            replies["_at"] >= spans["qualified_at"],
            replies["_at"] <= spans["_until"],
        ],
    )
    return joined.group_by("lead", "cycle").agg(_first_reply=joined["_at"].min())


def _channels(owned: Table, activities: Table) -> Table:
    """Return the number of channels on which whoever owned each cycle touched."""
    touches = activities.filter(activities["counts"] & ~activities["inbound"])
    touches = touches.select(_with="lead", _at="at", _kind="kind", _by="by")
    spans = owned.select("lead", "cycle", "owner", "assigned_at", _until=until(owned["ended_at"]))
    joined = spans.join(
        touches,
        [
            spans["lead"] == touches["_with"],
            spans["owner"] == touches["_by"],
            touches["_at"] >= spans["assigned_at"],
            touches["_at"] <= spans["_until"],
        ],
    )
    return joined.group_by("lead", "cycle").agg(_ways=joined["_kind"].nunique())
