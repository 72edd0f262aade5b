"""Everything that happens in a world, the part included that nobody has seen yet when one looks back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import numpy as np

from sla_sync.synthetic.arrays import joined, some
from sla_sync.synthetic.arrivals import SYSTEM, Arrivals, arrivals
from sla_sync.synthetic.chance import NEVER, Bools, Chance, Ints
from sla_sync.synthetic.floor import Floor
from sla_sync.synthetic.hours import local
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.turns import DISQUALIFIED, RECYCLED, Cycles, Turns, turns_of
from sla_sync.synthetic.verdicts import Touches, Verdicts, verdicts_of

_MOST_CYCLES = 4


@dataclass(frozen=True, slots=True)
class World:
    """All that happens; a row of `verdicts` belongs to the row of `turns` in the same place."""

    parameters: Parameters
    floor: Floor
    arrivals: Arrivals
    cycles: Cycles
    by_hand: Bools
    """Which of the cycles somebody opened by hand, out of order."""
    into: Ints
    """Of each lead the one that takes it over if it proves to be a duplicate."""
    turns: Turns
    verdicts: Verdicts
    touches: Touches
    as_of: int
    """The instant at which one looks back, in milliseconds."""


def world_of(parameters: Parameters) -> World:
    """Return what happens in a world; raises SlaSyncError where it cannot be."""
    floor, came = Floor.of(parameters), arrivals(parameters)
    as_of = local(parameters.until, time(), parameters.zone)
    cycles, into = _first_cycles(parameters, came, as_of)
    hand = np.zeros(len(cycles.lead), dtype=np.bool_)
    parts: list[tuple[Cycles, Bools, Turns, Verdicts, Touches]] = []
    rows = 0
    for wave in range(1, _MOST_CYCLES + 1):
        turns = turns_of(parameters, floor, cycles, wave)
        verdicts, touches = verdicts_of(parameters, floor, turns, wave)
        parts.append((cycles, hand, turns, verdicts, Touches(touches.turn + rows, touches.at, touches.kind)))
        rows += len(turns.lead)
        cycles, hand = _next_cycles(parameters, turns, verdicts, wave, as_of)
        if not len(cycles.lead):
            break
    turns = joined([each[2] for each in parts])
    order = np.lexsort((turns.number, turns.cycle, turns.lead, turns.assigned))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    touches = joined([each[4] for each in parts])
    return World(
        parameters,
        floor,
        came,
        joined([each[0] for each in parts]),
        np.concatenate([each[1] for each in parts]),
        into,
        some(turns, order),
        some(joined([each[3] for each in parts]), order),
        Touches(place[touches.turn], touches.at, touches.kind),
        as_of,
    )


def _first_cycles(parameters: Parameters, came: Arrivals, as_of: int) -> tuple[Cycles, Ints]:
    """Return the first qualifications, and for each lead the one that it would be merged into; -1 for none."""
    size, seed = len(came.created), parameters.seed
    qualified = came.qualified < as_of
    able = qualified & came.ordinary
    duplicate = able & Chance(seed, "duplicate").yes(size, parameters.traps.duplicates)
    earlier = np.maximum.accumulate(np.where(able & ~duplicate, np.arange(size), -1)) if size else came.source
    into = np.where(duplicate, earlier, -1)
    duplicate &= into >= 0
    deleted = able & ~duplicate & Chance(seed, "deleted").yes(size, parameters.traps.deleted)
    lead = np.flatnonzero(qualified)
    return Cycles(
        lead,
        np.ones(len(lead), dtype=np.int64),
        came.source[lead],
        came.excluded[lead],
        came.batch[lead],
        came.raised[lead],
        came.qualified[lead],
        duplicate[lead],
        deleted[lead],
    ), into


def _next_cycles(
    parameters: Parameters, turns: Turns, verdicts: Verdicts, wave: int, as_of: int
) -> tuple[Cycles, Bools]:
    """Return those who come back before one looks back: of themselves, or because somebody brings them."""
    size, seed, traps = len(turns.lead), parameters.seed, parameters.traps
    again = (verdicts.end == RECYCLED) & Chance(seed, f"again {wave}").yes(size, traps.again)
    hand = (verdicts.end == DISQUALIFIED) & Chance(seed, f"by hand {wave}").yes(size, traps.by_hand)
    raised = verdicts.ended + Chance(seed, f"revisit {wave}").times(size, parameters.revisit)
    qualified = raised + Chance(seed, f"system again {wave}").times(size, SYSTEM)
    source = Chance(seed, f"source again {wave}").pick(size, [each.weight for each in parameters.sources])
    rows = np.flatnonzero((again | hand) & (qualified < as_of) & (turns.void < 0))
    cycles = Cycles(
        turns.lead[rows],
        turns.cycle[rows] + 1,
        np.where(hand, turns.source, source)[rows],
        np.full(len(rows), -1, dtype=np.int64),
        turns.batch[rows],
        np.where(hand, NEVER, raised)[rows],
        qualified[rows],
        np.zeros(len(rows), dtype=np.bool_),
        np.zeros(len(rows), dtype=np.bool_),
    )
    return cycles, hand[rows]
