"""The rows of leads: who they were, when they asked, and what was known of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sla_sync.history.tables import FACTS, LEADS, RAISES
from sla_sync.synthetic.arrivals import EXCLUSIONS
from sla_sync.synthetic.chance import DAY, HOUR, NEVER, SECOND, Chance, Curve, Ints
from sla_sync.synthetic.columns import ids, instants, rows, same, words
from sla_sync.synthetic.turns import DELETED, MERGED, RECYCLED
from sla_sync.synthetic.world import World

MACHINE = "SYN-U-machine"
MANAGER = "SYN-U-manager"
COUNTRIES = ("US", "CA", "GB", "DE")
_COUNTRY_WEIGHTS = (70, 12, 10, 8)
_FORGOTTEN = Curve(((0, DAY // SECOND), (1, 20 * DAY // SECOND)))
_FILLED_IN = Curve(((0, 3 * DAY // SECOND), (1, 20 * DAY // SECOND)))
_OVERWRITTEN = Curve(((0, HOUR // SECOND), (1, 30 * DAY // SECOND)))
_RESET = 30
"""The score of somebody whose interest was set back."""
_ENOUGH = 100


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


def facts(world: World) -> pa.Table:
    """Return a row for each value that country, source and score of a lead took."""
    names = tuple(each.name for each in world.parameters.sources)
    scores = tuple(str(each) for each in range(2 * _ENOUGH))
    made = [
        *(("country", *each, COUNTRIES) for each in _countries(world)),
        *(("source", *each, names) for each in _sources(world)),
        *(("score", *each, scores) for each in _scores(world)),
    ]
    gone = gone_at(world)
    fields = tuple(dict.fromkeys(field for field, *_ in made))
    vocabulary = (*COUNTRIES, *names, *scores)
    first = {"country": 0, "source": len(COUNTRIES), "score": len(COUNTRIES) + len(names)}
    lead = np.concatenate([each[1] for each in made])
    at = np.concatenate([each[2] for each in made])
    value = np.concatenate([np.where(each[3] < 0, -1, each[3] + first[each[0]]) for each in made])
    field = np.concatenate([np.full(len(each[1]), fields.index(each[0])) for each in made])
    keep = np.flatnonzero((at < world.as_of) & (at < gone[lead]))
    order = keep[np.lexsort((field[keep], lead[keep], at[keep]))]
    return rows(
        FACTS,
        {
            "lead": ids("L", lead[order]),
            "at": instants(at[order], NEVER),
            "field": words(fields, field[order]),
            "value": words(vocabulary, value[order]),
            "by": same(MACHINE, len(order)),
        },
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


def _countries(world: World) -> tuple[tuple[Ints, Ints, Ints], ...]:
    came = world.arrivals
    country = Chance(world.parameters.seed, "country").pick(len(came.created), _COUNTRY_WEIGHTS)
    late, filled = late_countries(world)
    first = country.copy()
    first[late] = -1
    return (np.arange(len(country)), came.created, first), (late, filled, country[late])


def _sources(world: World) -> tuple[tuple[Ints, Ints, Ints], ...]:
    came, cycles = world.arrivals, world.cycles
    more = (cycles.cycle > 1) & (cycles.raised < NEVER)
    return (
        (np.arange(len(came.created)), came.created, came.source),
        overwritten(world),
        (cycles.lead[more], cycles.raised[more], cycles.source[more]),
    )


def _scores(world: World) -> tuple[tuple[Ints, Ints, Ints], ...]:
    """Return the score of creation, the one that interest led to, and what resets and later cycles made of it."""
    came, cycles, size = world.arrivals, world.cycles, len(world.arrivals.created)
    risen = np.flatnonzero(came.top > came.score)
    reached = top_reached_at(world)
    back = np.flatnonzero((world.verdicts.end == RECYCLED) & (world.turns.lead >= 0))
    again = np.flatnonzero(cycles.cycle > 1)
    return (
        (np.arange(size), came.created, came.score),
        (risen, reached[risen], came.top[risen]),
        (world.turns.lead[back], world.verdicts.ended[back], np.full(len(back), _RESET)),
        (cycles.lead[again], cycles.qualified[again], np.full(len(again), _ENOUGH)),
    )
