"""How long people waited: the truth behind what one can see while some still wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sla_sync.synthetic.chance import NEVER, SECOND, Floats, Ints
from sla_sync.synthetic.turns import QUEUE, priorities
from sla_sync.synthetic.world import World

_LEVELS = (0.5, 0.75, 0.9)
_FINEST = 200 * 3600
"""The longest time that is looked at in the population, in seconds."""


@dataclass(frozen=True, slots=True)
class Speed:
    """The times by which half, three quarters and nine tenths were answered, in seconds; empty where they never are."""

    number: int
    sample: tuple[float | None, ...]
    """Of those that were drawn, however long one would have to wait for it."""
    answered_only: tuple[float | None, ...]
    """The naive figure: of those that had been answered when one looks back."""
    population: tuple[float | None, ...]
    """By the curves alone; empty where the curves alone do not tell."""


def response_speed(world: World) -> Mapping[str, Speed]:
    """Return by priority the open time to the owner's touch, of turns that count and were not handed on in time."""
    turns, parameters = world.turns, world.parameters
    counts = (turns.void < 0) & (turns.owner >= 0) & (turns.assigned < world.as_of) & ~(turns.ended < turns.due)
    made = {}
    for place, word in enumerate(priorities(parameters)):
        mine = counts & (turns.priority == place)
        shown = mine & (turns.touched < world.as_of)
        grid = np.arange(_FINEST, dtype=np.float64) * SECOND
        owners, sizes = np.unique(turns.owner[mine], return_counts=True)
        share = np.zeros(len(grid))
        for owner, size in zip(owners, sizes, strict=True):
            pace = float(world.floor.pace[owner]) / 1000
            share += parameters.response[word].share_within(grid / pace) * (size / max(1, int(mine.sum())))
        made[word] = Speed(
            int(mine.sum()), _quantiles(turns.spent[mine]), _quantiles(turns.spent[shown]), _reached(grid, share)
        )
    return made


def first_touch_of_cycles(world: World) -> Speed:
    """Return the time on the wall from a request to the first touch in its cycle, of cycles that count."""
    turns = world.turns
    plain = np.flatnonzero(((turns.void < 0) | (turns.void == QUEUE)) & (turns.raised < NEVER))
    cycle = turns.lead[plain] * (int(turns.cycle.max(initial=0)) + 1) + turns.cycle[plain]
    void = turns.lead[(turns.void >= 0) & (turns.void != QUEUE)]
    keys, first, place = np.unique(cycle, return_index=True, return_inverse=True)
    touched = np.full(len(keys), NEVER, dtype=np.int64)
    np.minimum.at(touched, place, turns.touched[plain])
    real = ~np.isin(turns.lead[plain][first], void)
    waited = np.where(touched >= NEVER, NEVER, touched - turns.raised[plain][first])[real]
    shown = touched[real] < world.as_of
    return Speed(len(waited), _quantiles(waited), _quantiles(waited[shown]), (None,) * len(_LEVELS))


def _quantiles(times: Ints) -> tuple[float | None, ...]:
    """Return the smallest times by which each share is done, in seconds."""
    ordered = np.sort(times)
    found = [ordered[max(0, int(np.ceil(level * len(ordered))) - 1)] if len(ordered) else NEVER for level in _LEVELS]
    return tuple(None if each >= NEVER else round(float(each) / SECOND, 3) for each in found)


def _reached(grid: Floats, share: Floats) -> tuple[float | None, ...]:
    places = [int(np.searchsorted(share, level)) for level in _LEVELS]
    return tuple(None if place >= len(grid) else float(grid[place]) / SECOND for place in places)
