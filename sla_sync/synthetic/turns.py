"""Cycles go to owners: who had each, how long the answer took, and what took it away again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import numpy as np

from sla_sync.synthetic.arrays import joined, some
from sla_sync.synthetic.chance import HOUR, MINUTE, NEVER, SECOND, Bools, Chance, Curve, Ints
from sla_sync.synthetic.floor import Floor
from sla_sync.synthetic.hours import local
from sla_sync.synthetic.parameters import Parameters

REASSIGNED, RETURNED, ASSIGNED, RECYCLED, DISQUALIFIED, CONVERTED, MERGED, DELETED = range(8)
ENDS = ("reassigned", "returned", "assigned", "recycled", "disqualified", "converted", "merged", "deleted")
TEST, COMPETITOR, MERGED_AWAY, DELETED_AWAY, IMPORT, QUEUE = range(6)
VOIDS = ("test", "competitor", "merged", "deleted", "import", "queue")
_ROUTING = Curve(((0, 1), (0.9, 20), (1, 180)))
_QUEUE = Curve(((0, 300), (0.5, 3600), (1, 14400)))
_AFTER_BREACH = HOUR
"""The open time between the end of a limit and the reassignment."""
_TEST_PACE = 20
"""How many times faster a test lead is answered: by the one who tests."""


@dataclass(frozen=True, slots=True)
class Cycles:
    """Qualifications: who, for which time, by what; -1 where there is none of something."""

    lead: Ints
    cycle: Ints
    source: Ints
    excluded: Ints
    batch: Ints
    raised: Ints
    qualified: Ints
    duplicate: Bools
    deleted: Bools


@dataclass(frozen=True, slots=True)
class Turns:
    """What happens to leads in an owner's hands; instants in milliseconds, NEVER where it does not happen."""

    lead: Ints
    cycle: Ints
    number: Ints
    owner: Ints
    team: Ints
    priority: Ints
    source: Ints
    policy: Ints
    raised: Ints
    qualified: Ints
    assigned: Ints
    limit: Ints
    """The open time in which it is to be answered."""
    due: Ints
    spent: Ints
    """The open time in which this owner answers if nothing comes between."""
    touched: Ints
    ended: Ints
    end: Ints
    void: Ints
    takeable: Bools
    """Whether a breach may give it to another."""
    batch: Ints
    last: Bools
    """Whether the cycle goes on in it to its verdict."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cycles that wait for their next owner."""

    place: Ints
    number: Ints
    assigned: Ints
    avoid: Ints
    breached: Bools


def priorities(parameters: Parameters) -> tuple[str, ...]:
    """Return the words of priorities, in the order of the sources."""
    return tuple(dict.fromkeys(each.priority for each in parameters.sources))


def turns_of(parameters: Parameters, floor: Floor, cycles: Cycles, wave: int) -> Turns:
    """Return every turn of these cycles."""
    size, seed = len(cycles.lead), parameters.seed
    team = Chance(seed, f"team {wave}").pick(size, [each.weight for each in parameters.teams])
    start = cycles.qualified + Chance(seed, f"routing {wave}").times(size, _ROUTING)
    plain = (cycles.excluded < 0) & (cycles.batch < 0)
    waits = Chance(seed, f"queued {wave}").yes(size, parameters.traps.queued) & plain
    none = np.full(size, -1, dtype=np.int64)
    waiting = Waiting(np.arange(size), np.ones(size, dtype=np.int64), start, none, np.zeros(size, dtype=np.bool_))
    parts: list[Turns] = []
    queued = some(waiting, waits)
    step = 0
    while True:
        if len(queued.place):
            held, queued = _in_queue(parameters, cycles, team, queued, f"{wave} {step}")
            parts.append(held)
            rest = some(waiting, ~np.isin(waiting.place, queued.place))
            waiting = joined([rest, queued])
        if not len(waiting.place):
            break
        made, waiting, queued = _one_turn(parameters, floor, cycles, team, waiting, f"{wave} {step}", first=step == 0)
        parts.append(made)
        step += 1
    return joined(parts)


def _one_turn(
    parameters: Parameters, floor: Floor, cycles: Cycles, team: Ints, waiting: Waiting, name: str, *, first: bool
) -> tuple[Turns, Waiting, Waiting]:
    """Return a turn for each waiting cycle, those that wait again, and those of them that wait in a queue first."""
    traps, seed, size = parameters.traps, parameters.seed, len(waiting.place)
    mine, team = some(cycles, waiting.place), team[waiting.place]
    made = begun(parameters, floor, mine, team, waiting, name)
    plain = made.void < 0
    within = Chance(seed, f"early {name}").below(np.minimum(made.spent, made.limit))
    early = floor.after(team, made.assigned, np.maximum(1, within))
    kind = Chance(seed, f"kind {name}").pick(size, [traps.taken, traps.returned, 1 - traps.taken - traps.returned])
    leaves = floor.until[made.owner]
    merged, deleted = mine.duplicate & plain & first, mine.deleted & plain & first
    gone = merged | deleted
    taken = (kind == 0) & plain & first & made.takeable & ~gone
    returned = (kind == 1) & plain & first & ~gone
    marked = gone | taken | returned
    left = ~marked & (leaves < made.touched) & (leaves < NEVER)
    left |= ~marked & (leaves < made.due)
    left |= marked & (leaves < early)
    over = floor.after(team, made.assigned, made.limit + _AFTER_BREACH)
    breach = ~marked & made.takeable & (made.spent > made.limit + _AFTER_BREACH) & (over < leaves) & (over < NEVER)
    breach &= Chance(seed, f"breach {name}").yes(size, traps.reassigned)
    left &= ~breach
    marked, merged, deleted, returned = (each & ~left for each in (marked, merged, deleted, returned))
    ended = np.where(marked, early, np.where(breach, over, np.where(left, leaves, NEVER)))
    end = np.select([merged, deleted, returned, ended < NEVER], [MERGED, DELETED, RETURNED, REASSIGNED], -1)
    void = np.select([merged, deleted], [MERGED_AWAY, DELETED_AWAY], made.void)
    columns = {each: getattr(made, each) for each in Turns.__dataclass_fields__}
    columns |= {
        "touched": np.where(ended < NEVER, NEVER, made.touched),
        "ended": ended,
        "end": end,
        "void": void,
        "last": ended >= NEVER,
    }
    goes_on = (ended < NEVER) & ~merged & ~deleted
    pause = Chance(seed, f"pause {name}").below(np.full(size, MINUTE, dtype=np.int64)) + SECOND
    following = Waiting(
        waiting.place, waiting.number + 1, ended + np.where(returned, 0, pause), made.owner, waiting.breached | breach
    )
    return Turns(**columns), some(following, goes_on), some(following, goes_on & returned)


def begun(parameters: Parameters, floor: Floor, mine: Cycles, team: Ints, waiting: Waiting, name: str) -> Turns:
    """Return the turns as they begin, with the answer that the owner will give."""
    words, size = priorities(parameters), len(waiting.place)
    owner, other = floor.next_in_turn(team, waiting.assigned, waiting.avoid)
    priority = np.array([words.index(each.priority) for each in parameters.sources])[mine.source]
    policy = _policy(parameters, waiting.assigned)
    limits = np.array([[each.within[word] * SECOND for word in words] for each in parameters.policies])
    limit = limits[policy, priority]
    draws = Chance(parameters.seed, f"response {name}").draws(size)
    spent = np.full(size, NEVER, dtype=np.int64)
    for place, word in enumerate(words):
        rows = priority == place
        spent[rows] = parameters.response[word].times(draws[rows])
    pace = floor.pace[owner] * np.where(mine.batch >= 0, round(parameters.import_pace * 1000), 1000) // 1000
    spent = np.where(spent >= NEVER, NEVER, spent * pace // 1000)
    spent = np.where((mine.excluded >= 0) & (spent < NEVER), spent // _TEST_PACE, spent)
    void = np.where(mine.batch >= 0, IMPORT, mine.excluded)
    never = np.full(size, NEVER, dtype=np.int64)
    return Turns(
        lead=mine.lead,
        cycle=mine.cycle,
        number=waiting.number,
        owner=owner,
        team=team,
        priority=priority,
        source=mine.source,
        policy=policy,
        raised=mine.raised,
        qualified=mine.qualified,
        assigned=waiting.assigned,
        limit=limit,
        due=floor.after(team, waiting.assigned, limit),
        spent=spent,
        touched=floor.after(team, waiting.assigned, spent),
        ended=never,
        end=np.full(size, -1, dtype=np.int64),
        void=void,
        takeable=other & ~waiting.breached,
        batch=mine.batch,
        last=np.ones(size, dtype=np.bool_),
    )


def _in_queue(parameters: Parameters, cycles: Cycles, team: Ints, queued: Waiting, name: str) -> tuple[Turns, Waiting]:
    """Return the turns of nobody, and the cycles as they wait after them."""
    mine, size = some(cycles, queued.place), len(queued.place)
    words = priorities(parameters)
    ended = queued.assigned + Chance(parameters.seed, f"queue {name}").times(size, _QUEUE)
    never, none = np.full(size, NEVER, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    held = Turns(
        lead=mine.lead,
        cycle=mine.cycle,
        number=queued.number,
        owner=none,
        team=team[queued.place],
        priority=np.array([words.index(each.priority) for each in parameters.sources])[mine.source],
        source=mine.source,
        policy=_policy(parameters, queued.assigned),
        raised=mine.raised,
        qualified=mine.qualified,
        assigned=queued.assigned,
        limit=never,
        due=never,
        spent=never,
        touched=never,
        ended=ended,
        end=np.full(size, ASSIGNED, dtype=np.int64),
        void=np.full(size, QUEUE, dtype=np.int64),
        takeable=np.zeros(size, dtype=np.bool_),
        batch=mine.batch,
        last=np.zeros(size, dtype=np.bool_),
    )
    return held, Waiting(queued.place, queued.number + 1, ended, queued.avoid, queued.breached)


def _policy(parameters: Parameters, instants: Ints) -> Ints:
    since = np.array([local(each.since, time(), parameters.zone) for each in parameters.policies], dtype=np.int64)
    return np.searchsorted(since, instants, side="right") - 1
