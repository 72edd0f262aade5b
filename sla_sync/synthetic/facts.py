"""The rows of what was known of leads over time: score and engagement, source, country, and whether others were known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from sla_sync.history.tables import FACTS
from sla_sync.synthetic.chance import NEVER, Chance, Ints
from sla_sync.synthetic.columns import ids, instants, rows, same, words
from sla_sync.synthetic.leads import MACHINE, gone_at, late_countries, overwritten, top_reached_at
from sla_sync.synthetic.turns import RECYCLED
from sla_sync.synthetic.world import World

COUNTRIES = ("US", "CA", "GB", "DE")
KNOWN = "known"
"""What stands for a text that history need not hold."""
_COUNTRY_WEIGHTS = (70, 12, 10, 8)
_RESET = 30
"""The score of somebody whose interest was set back."""
_ENOUGH = 100
_BEST_FIT = 70
_WITH_EMAIL, _WITH_COMPANY = 0.995, 0.94


def facts(world: World) -> pa.Table:
    """Return a row for each value that a field of a lead took."""
    names = tuple(each.name for each in world.parameters.sources)
    scores = tuple(str(each) for each in range(2 * _ENOUGH))
    first = {"country": 0, "source": len(COUNTRIES), "score": len(COUNTRIES) + len(names)}
    first |= {
        "engagement": first["score"],
        "email": first["score"] + len(scores),
        "company": first["score"] + len(scores),
    }
    fields, gone = tuple(first), gone_at(world)
    made = []
    for field, lead, at, value in _values(world):
        keep = (at < world.as_of) & (at < gone[lead])
        code = np.where(value < 0, -1, value + first[field])[keep].astype(np.int32)
        made.append(
            (lead[keep].astype(np.int32), at[keep], code, np.full(len(code), fields.index(field), dtype=np.int8))
        )
    lead, at, value, field_ = (np.concatenate([each[place] for each in made]) for place in range(4))
    made.clear()
    order = np.lexsort((field_, lead, at))
    return rows(
        FACTS,
        {
            "lead": ids("L", lead[order].astype(np.int64)),
            "at": instants(at[order], NEVER),
            "field": words(fields, field_[order]),
            "value": words((*COUNTRIES, *names, *scores, KNOWN), value[order]),
            "by": same(MACHINE, len(order)),
        },
    )


def _values(world: World) -> Iterator[tuple[str, Ints, Ints, Ints]]:
    """Yield each field with leads, instants, and values: places in the words of the field, -1 for none."""
    for field, parts in (("country", _countries(world)), ("source", _sources(world)), ("score", _scores(world))):
        for lead, at, value in parts:
            yield field, lead, at, value
    # Who somebody is never is the whole of a score: something of it is always for what they did.
    came, seed = world.arrivals, world.parameters.seed
    size = len(came.created)
    fit = np.minimum(Chance(seed, "fit").below(np.full(size, _BEST_FIT + 1)), np.maximum(came.score - 1, 0))
    for lead, at, value in _scores(world):
        yield "engagement", lead, at, np.maximum(value - fit[lead], 0)
    for field, share in (("email", _WITH_EMAIL), ("company", _WITH_COMPANY)):
        there = np.flatnonzero(Chance(seed, field).yes(size, share))
        yield field, there, came.created[there], np.zeros(len(there), dtype=np.int64)


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
