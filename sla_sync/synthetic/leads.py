"""The rows of leads: who they were, and when they asked."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sla_sync.history.tables import LEADS, RAISES
from sla_sync.synthetic.arrivals import EXCLUSIONS
from sla_sync.synthetic.chance import DAY, HOUR, NEVER, SECOND, Chance, Curve, Ints
from sla_sync.synthetic.columns import ids, instants, rows, words
from sla_sync.synthetic.turns import DELETED, MERGED
from sla_sync.synthetic.world import World

MACHINE = "SYN-U-machine"
MANAGER = "SYN-U-manager"
_FORGOTTEN = Curve(((0, DAY // SECOND), (1, 20 * DAY // SECOND)))
_FILLED_IN = Curve(((0, 3 * DAY // SECOND), (1, 20 * DAY // SECOND)))
_OVERWRITTEN = Curve(((0, HOUR // SECOND), (1, 30 * DAY // SECOND)))


def gone_at(world: World) -> Ints:
    """Return when each lead was deleted or merged; NEVER for those that stay."""
    came, seed = world.arrivals, world.parameters.seed
    size = len(came.created)
    gone = np.full(size, NEVER, dtype=np.int64)
    away = np.isin(world.turns.end, (MERGED, DELETED))
    gone[world.turns.lead[away]] = world.verdicts.ended[away]
    forgotten = Chance(seed, "forgotten").yes(size, world.parameters.traps.deleted) & (came.qualified >= NEVER)
    later = came.created + Chance(seed, "forgotten at").times(size, _FORGOTTEN)
    return np.where(forgotten, later, gone)


def leads(world: World) -> pa.Table:
    """Return a row for everybody who ever was a lead."""
    came = world.arrivals
    size = len(came.created)
    number, gone = np.arange(size), gone_at(world)
    merged = np.zeros(size, dtype=np.bool_)
    merged[world.turns.lead[(world.turns.end == MERGED) & (world.verdicts.ended < world.as_of)]] = True
    converted = np.full(size, NEVER, dtype=np.int64)
    np.minimum.at(converted, world.turns.lead, world.verdicts.opportunity)
    return rows(
        LEADS,
        {
            "lead": ids("L", number),
            "created_at": instants(came.created, world.as_of),
            "batch": ids("B", came.batch, 2),
            "excluded": words(EXCLUSIONS, came.excluded),
            "merged_into": ids("L", np.where(merged, world.into, -1)),
            "converted_at": instants(converted, world.as_of),
            "gone_at": instants(gone, world.as_of),
        },
    )


def raises(world: World) -> pa.Table:
    """Return a row for each time that somebody asked: when they came, and what opened a cycle."""
    came, cycles = world.arrivals, world.cycles
    more = (cycles.raised < world.as_of) & (cycles.raised != came.created[cycles.lead])
    lead = np.concatenate([np.arange(len(came.created)), cycles.lead[more]])
    at = np.concatenate([came.created, cycles.raised[more]])
    source = np.concatenate([came.source, cycles.source[more]])
    order = np.lexsort((lead, at))
    names = tuple(each.name for each in world.parameters.sources)
    return rows(
        RAISES,
        {"lead": ids("L", lead[order]), "at": instants(at[order], NEVER), "source": words(names, source[order])},
    )


def overwritten(world: World) -> tuple[Ints, Ints, Ints]:
    """Return the leads whose source was overwritten after they qualified, when, and by which."""
    came, seed = world.arrivals, world.parameters.seed
    size, kinds = len(came.created), len(world.parameters.sources)
    which = (came.qualified < NEVER) & Chance(seed, "new source").yes(size, world.parameters.traps.new_source)
    at = came.qualified + Chance(seed, "new source at").times(size, _OVERWRITTEN)
    lead = np.flatnonzero(which & (at < world.as_of))
    return lead, at[lead], (came.source[lead] + 1) % kinds


def late_countries(world: World) -> tuple[Ints, Ints]:
    """Return the leads whose country was missing when they came, and when it was filled in."""
    came, seed = world.arrivals, world.parameters.seed
    size = len(came.created)
    lead = np.flatnonzero(Chance(seed, "late country").yes(size, world.parameters.traps.late_country))
    return lead, (came.created + Chance(seed, "country at").times(size, _FILLED_IN))[lead]


def top_reached_at(world: World) -> Ints:
    """Return when each lead had the highest score of its first cycle, or of all its time where it has none."""
    came, parameters = world.arrivals, world.parameters
    later = came.created + Chance(parameters.seed, "score at").times(len(came.created), parameters.interest)
    reached = np.where(came.qualified < NEVER, came.qualified, later)
    return np.where(came.top > came.score, reached, came.created)
