"""The rows of legs as they were made, so that what derives them from the other tables can be held against them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sla_sync.history.tables import LEGS
from sla_sync.synthetic.chance import NEVER, Bools, Ints
from sla_sync.synthetic.columns import ids, instants, rows, same, words
from sla_sync.synthetic.floor import Floor
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.turns import DELETED_AWAY, ENDS, MERGED_AWAY, VOIDS, Turns, priorities
from sla_sync.synthetic.verdicts import KINDS
from sla_sync.synthetic.world import World


def efforts(world: World, before: int) -> tuple[Ints, Ints]:
    """Return of each turn how many touches there were before an instant, and on how many channels."""
    size, touches = len(world.turns.lead), world.touches
    seen = touches.at < before
    turn, kind = touches.turn[seen], touches.kind[seen]
    ways = sum((np.bincount(turn[kind == each], minlength=size) > 0).astype(np.int64) for each in range(len(KINDS)))
    return np.bincount(turn, minlength=size).astype(np.int64), np.asarray(ways, dtype=np.int64)


def legs(world: World) -> pa.Table:
    """Return a row for each turn that had begun when one looks back."""
    turns, verdicts, before = world.turns, world.verdicts, world.as_of
    touches, channels = efforts(world, before)
    begun = int(np.searchsorted(turns.assigned, before))
    ended = verdicts.ended
    columns = leg_columns(world.parameters, world.floor, turns, ended, verdicts.end, before)
    columns["leg"] = ids("T", np.arange(len(turns.lead)), 9)
    columns |= {
        "replied_at": instants(verdicts.replied, before),
        "decided_at": instants(verdicts.decided, before),
        "touches": pa.array(touches),
        "channels": pa.array(channels),
    }
    return rows(LEGS, columns).slice(0, begun)


def leg_columns(
    parameters: Parameters, floor: Floor, turns: Turns, ended: Ints, end: Ints, before: int
) -> dict[str, pa.Array]:
    """Return the columns of turns as far as they were seen before an instant, without ids and what followed a touch."""
    size = len(turns.lead)
    return {
        "lead": ids("L", turns.lead),
        "cycle": pa.array(turns.cycle),
        "number": pa.array(turns.number),
        "owner": words(tuple(f"SYN-U-{each.name}" for each in floor.members), turns.owner),
        "team": words(tuple(each.name for each in parameters.teams), np.where(turns.owner < 0, -1, turns.team)),
        "calendar": words(tuple(each.calendar for each in parameters.teams), turns.team),
        "priority": words(priorities(parameters), turns.priority),
        "source": words(tuple(each.name for each in parameters.sources), turns.source),
        "stage": same("mql", size),
        "policy": words(tuple(each.name for each in parameters.policies), turns.policy),
        "raised_at": instants(turns.raised, NEVER),
        "qualified_at": instants(turns.qualified, NEVER),
        "assigned_at": instants(turns.assigned, NEVER),
        "ended_at": instants(ended, before),
        "ended_by": words(ENDS, np.where(ended < before, end, -1)),
        "touched_at": instants(turns.touched, before),
        "void": words(VOIDS, np.where(_void_by(turns, ended, before), turns.void, -1)),
    }


def _void_by(turns: Turns, ended: Ints, before: int) -> Bools:
    """Return which turns are void as far as one knows: nobody knows of a merge that is still to come."""
    known: Bools = ~np.isin(turns.void, (MERGED_AWAY, DELETED_AWAY)) | (ended < before)
    return known
