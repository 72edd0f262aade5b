"""Promises that were kept or broken in a world, and how often they would be in the population that it was drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sla_sync.synthetic.arrays import some
from sla_sync.synthetic.chance import HOUR, NEVER, SECOND, Bools, Floats, Ints
from sla_sync.synthetic.turns import DELETED, MERGED, MERGED_AWAY, Turns, priorities
from sla_sync.synthetic.world import World

_AFTER_BREACH = HOUR
_STEPS = 8192
"""Into how many equal shares a curve is cut where two of them follow each other."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Turns under one promise as one looks back; those that are judged are on time, late or overdue."""

    judged: int
    on_time: int
    late: int
    overdue: int
    running: int
    """Not due yet, and nothing done."""
    early: int
    """Not due yet, and done all the same."""
    void: int
    expected: float | None = None
    """The share on time in the population, for as many of each kind of turn as are judged; empty where it is not known."""
    deviation: float | None = None
    """How far a sample of this size lies from that, as a standard deviation."""


@dataclass(frozen=True, slots=True)
class _Promise:
    due: Ints
    done: Ints
    chance: Floats | None
    """Of each turn, how likely it is on time if it is judged; None where that is not known."""


def first_response(world: World) -> Mapping[str, Mapping[str, Kept]]:
    """Return how the owner's first touch was in time."""
    turns = world.turns
    return _cut(world, _Promise(turns.due, turns.touched, _response_chances(world)))


def verdict_of_turns(world: World) -> Mapping[str, Mapping[str, Kept]]:
    """Return how the verdict was in time, if its clock began anew with each owner."""
    turns = world.turns
    return _cut(world, _Promise(_verdict_due(world, turns), world.verdicts.decided, _verdict_chances(world)))


def verdict(world: World) -> Mapping[str, Mapping[str, Kept]]:
    """Return how the verdict was in time, by a clock that runs on from the first owner whoever has the lead."""
    turns = world.turns
    owned = np.flatnonzero(turns.owner >= 0)
    key = turns.lead[owned] * (int(turns.cycle.max(initial=0)) + 1) + turns.cycle[owned]
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    done, ended = (np.full(len(first), NEVER, dtype=np.int64) for _ in range(2))
    np.minimum.at(done, place, world.verdicts.decided[owned])
    away = np.isin(turns.end[owned], (MERGED, DELETED))
    np.minimum.at(ended, place[away], turns.ended[owned][away])
    opened = some(turns, owned[first])
    columns = {each: getattr(opened, each) for each in Turns.__dataclass_fields__}
    void = np.where(ended < NEVER, MERGED_AWAY, opened.void)
    whole = Turns(**{**columns, "void": void, "ended": ended, "last": ended >= NEVER})
    return _cut(world, _Promise(_verdict_due(world, opened), done, None), whole)


def _verdict_due(world: World, turns: Turns) -> Ints:
    within = np.where(turns.limit < NEVER, world.parameters.verdict_within * SECOND, NEVER)
    return world.floor.after(turns.team, turns.assigned, within)


def _cut(world: World, promise: _Promise, whole: Turns | None = None) -> dict[str, dict[str, Kept]]:
    """Return the promise as a whole, and by what turns can be told apart."""
    turns, parameters = whole or world.turns, world.parameters
    everything = np.ones(len(turns.lead), dtype=np.bool_)
    by: tuple[tuple[str, Ints, tuple[str, ...]], ...] = (
        ("owner", turns.owner, tuple(f"SYN-U-{each.name}" for each in world.floor.members)),
        ("priority", turns.priority, priorities(parameters)),
        ("policy", turns.policy, tuple(each.name for each in parameters.policies)),
        ("source", turns.source, tuple(each.name for each in parameters.sources)),
    )
    made = {"all": {"all": _kept(world.as_of, turns, promise, everything)}}
    for name, places, words in by:
        made[name] = {word: _kept(world.as_of, turns, promise, places == place) for place, word in enumerate(words)}
    return made


def _kept(as_of: int, turns: Turns, promise: _Promise, which: Bools) -> Kept:
    """Count the states of those turns; a turn that another took before it was due counts for nothing."""
    which = which & (turns.assigned < as_of) & (turns.owner >= 0)
    handed = ~turns.last & (turns.ended < as_of) & (turns.ended < promise.due)
    known = (turns.void >= 0) & (turns.last | (turns.ended < as_of) | (turns.batch >= 0))
    void = which & (handed | known)
    counts = which & ~void
    judged = counts & (promise.due <= as_of)
    on_time = judged & (promise.done <= promise.due)
    late = judged & ~on_time & (promise.done < as_of)
    early = counts & ~judged & (promise.done < as_of)
    size = int(judged.sum())
    return Kept(
        size,
        int(on_time.sum()),
        int(late.sum()),
        size - int(on_time.sum()) - int(late.sum()),
        int((counts & ~judged & ~early).sum()),
        int(early.sum()),
        int(void.sum()),
        *_likely(promise.chance, judged),
    )


def _likely(chance: Floats | None, judged: Bools) -> tuple[float | None, float | None]:
    """Return the mean of the chances of what is judged, and the standard deviation of its share."""
    if chance is None or not judged.any():
        return None, None
    mine = chance[judged]
    spread = float(np.sqrt((mine * (1 - mine)).sum())) / len(mine)
    return round(float(mine.mean()), 6), round(spread, 6)


def _response_chances(world: World) -> Floats:
    """Return of each turn how likely the touch is in time, straight from the curve of its priority."""

    def chance(priority: str, limit: float, pace: float, *, takeable: bool) -> float:  # noqa: ARG001
        return float(world.parameters.response[priority].share_within(np.array([limit / pace]))[0])

    return _by_kind(world, chance)


def _verdict_chances(world: World) -> Floats:
    """Return of each turn how likely the verdict is in time, if it is not taken away before.

    The time to a verdict is that to the touch and another; the first is cut into small equal shares. A turn in which the
    touch comes long after its limit may be taken away, and then it is judged by nobody.
    """
    parameters = world.parameters
    whole, hour = parameters.verdict_within * SECOND, float(_AFTER_BREACH)
    middles = ((np.arange(_STEPS) * 2 + 1) * ((1 << 30) // (2 * _STEPS))).astype(np.int64)

    def chance(priority: str, limit: float, pace: float, *, takeable: bool) -> float:
        spent = parameters.response[priority].times(middles)
        spent = np.where(spent >= NEVER, NEVER, spent * round(pace * 1000) // 1000)
        stays = np.where(spent > limit + hour, 1 - parameters.traps.reassigned * takeable, 1.0)
        left = np.where(spent >= NEVER, -1.0, whole - spent.astype(np.float64))
        in_time = np.where(left < 0, 0.0, parameters.verdict.share_within(left))
        early = parameters.accepted[priority] * parameters.traps.flips * (spent < NEVER)
        return float((stays * (early + (1 - early) * in_time)).sum() / stays.sum())

    return _by_kind(world, chance)


def _by_kind(world: World, chance: Callable[..., float]) -> Floats:
    """Return what a function says of each turn, asked once for each kind of turn."""
    turns, parameters = world.turns, world.parameters
    words = priorities(parameters)
    columns = (turns.priority, turns.policy, turns.owner, turns.takeable.astype(np.int64))
    made = np.zeros(len(turns.lead))
    mine = np.flatnonzero(turns.owner >= 0)
    key = np.zeros(len(mine), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column[mine]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    values = []
    for row in mine[first]:
        limit = parameters.policies[turns.policy[row]].within[words[turns.priority[row]]] * SECOND
        pace = float(world.floor.pace[turns.owner[row]]) / 1000
        values.append(chance(words[turns.priority[row]], limit, pace, takeable=bool(turns.takeable[row])))
    made[mine] = np.array(values)[inverse] if len(mine) else made[mine]
    return made
