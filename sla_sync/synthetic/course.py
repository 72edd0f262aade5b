"""The rows of what happened to leads: stages, owners, calls and mails, deals; and the people."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from sla_sync.history.tables import ACTIVITIES, DEALS, OWNERS, STAGES, USERS
from sla_sync.synthetic.chance import DAY, HOUR, NEVER, SECOND, Chance, Ints
from sla_sync.synthetic.columns import ids, instants, rows, words, yes
from sla_sync.synthetic.leads import MACHINE, MANAGER, gone_at
from sla_sync.synthetic.turns import DISQUALIFIED, RECYCLED
from sla_sync.synthetic.verdicts import KINDS, REASONS
from sla_sync.synthetic.world import World

STAGE_WORDS = ("inquiry", "mql", "sal", "sql", "opportunity", "won", "lost", "recycled", "disqualified")
INQUIRY, MQL, SAL, SQL, OPPORTUNITY, WON, LOST, AWAY, NEVER_OURS = range(9)
HELD = "marketing_queue"
_EMAIL = KINDS.index("email")
_CALL = KINDS.index("call")


def users(world: World) -> tuple[str, ...]:
    """Return the ids of everybody who does something: members, then the manager, then the machine."""
    return (*(f"SYN-U-{each.name}" for each in world.floor.members), MANAGER, MACHINE)


def stage_rows(world: World) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Return lead, instant, stage, reason and user of each entry into a stage that has been seen, by time."""
    came, cycles, turns, verdicts = world.arrivals, world.cycles, world.turns, world.verdicts
    manager, machine = len(users(world)) - 2, len(users(world)) - 1
    columns: tuple[list[Ints], ...] = ([], [], [], [], [])

    def enter(who: Ints, when: Ints, where: Ints | int, why: Ints | int, whom: Ints | int) -> None:
        for column, value in zip(columns, (who, when, where, why, whom), strict=True):
            column.append(np.broadcast_to(np.asarray(value, dtype=np.int64), who.shape))

    enter(np.arange(len(came.created)), came.created, INQUIRY, -1, machine)
    enter(cycles.lead, cycles.qualified, MQL, -1, np.where(world.by_hand, manager, machine))
    for when, where in ((np.where(verdicts.accepted, verdicts.decided, NEVER), SAL), (verdicts.sql, SQL)):
        enter(turns.lead, when, where, -1, turns.owner)
    enter(turns.lead, verdicts.opportunity, OPPORTUNITY, -1, turns.owner)
    enter(turns.lead, np.where(verdicts.end == RECYCLED, verdicts.ended, NEVER), AWAY, verdicts.reason, turns.owner)
    refused = np.where(verdicts.end == DISQUALIFIED, verdicts.ended, NEVER)
    enter(turns.lead, refused, NEVER_OURS, verdicts.reason, turns.owner)
    enter(turns.lead, verdicts.closed, np.where(verdicts.won, WON, LOST), verdicts.loss, turns.owner)
    lead, at, stage, reason, by = (np.concatenate(each) for each in columns)
    seen = np.flatnonzero(at < world.as_of)
    order = seen[np.lexsort((stage[seen], lead[seen], at[seen]))]
    return lead[order], at[order], stage[order], reason[order], by[order]


def stages(world: World) -> pa.Table:
    """Return a row for each entry into a stage."""
    lead, at, stage, reason, by = stage_rows(world)
    return rows(
        STAGES,
        {
            "lead": ids("L", lead),
            "at": instants(at, NEVER),
            "stage": words(STAGE_WORDS, stage),
            "reason": words(REASONS, reason),
            "by": words(users(world), by),
        },
    )


def handed_over(world: World) -> tuple[Ints, Ints, Ints]:
    """Return closed leads of those who left, when somebody else was made their owner, and who."""
    floor, turns, verdicts = world.floor, world.turns, world.verdicts
    lead, at, owner = [], [], []
    gone = gone_at(world)
    for leaver in np.flatnonzero(floor.until < world.as_of - HOUR):
        left = floor.until[leaver]
        last = np.full(len(world.arrivals.created), -1, dtype=np.int64)
        before = np.flatnonzero(turns.assigned < left)
        last[turns.lead[before]] = before
        mine = last[last >= 0]
        mine = mine[
            (turns.owner[mine] == leaver) & (verdicts.ended[mine] < left) & (gone[turns.lead[mine]] > left + HOUR)
        ]
        moment = np.full(len(mine), left + HOUR)
        successor, _ = floor.next_in_turn(turns.team[mine], moment, np.full(len(mine), leaver))
        lead.append(turns.lead[mine])
        at.append(moment)
        owner.append(successor)
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *lead]), np.concatenate([none, *at]), np.concatenate([none, *owner])


def owners(world: World) -> pa.Table:
    """Return a row for each owner or queue that a lead had."""
    came, turns = world.arrivals, world.turns
    machine, manager = len(users(world)) - 1, len(users(world)) - 2
    moved, when, successor = handed_over(world)
    lead = np.concatenate([np.arange(len(came.created)), turns.lead, moved])
    at = np.concatenate([came.created, turns.assigned, when])
    owner = np.concatenate([np.full(len(came.created), -1), turns.owner, successor])
    by = np.concatenate(
        [np.full(len(came.created) + len(turns.lead), machine), np.full(len(moved), manager)],
    )
    seen = np.flatnonzero(at < world.as_of)
    order = seen[np.lexsort((lead[seen], at[seen]))]
    return rows(
        OWNERS,
        {
            "lead": ids("L", lead[order]),
            "at": instants(at[order], NEVER),
            "owner": words(users(world), owner[order]),
            "queue": words((HELD,), np.where(owner[order] < 0, 0, -1)),
            "by": words(users(world), by[order]),
        },
    )


def automatic_mails(world: World) -> tuple[Ints, Ints]:
    """Return the turns in which a machine wrote at once, and when."""
    turns, seed, size = world.turns, world.parameters.seed, len(world.turns.lead)
    which = (turns.owner >= 0) & Chance(seed, "automatic").yes(size, world.parameters.traps.automatic)
    at = turns.assigned + SECOND + Chance(seed, "automatic at").below(np.full(size, 30 * SECOND))
    seen = np.flatnonzero(which & (at < world.verdicts.ended) & (at < world.as_of))
    return seen, at[seen]


def calls_by_others(world: World) -> tuple[Ints, Ints]:
    """Return the turns in which the manager called before the owner did anything, and when."""
    turns, seed, size = world.turns, world.parameters.seed, len(world.turns.lead)
    which = (turns.owner >= 0) & Chance(seed, "by others").yes(size, world.parameters.traps.by_others)
    share = Chance(seed, "by others at").below(np.where(turns.limit < NEVER, np.minimum(turns.spent, turns.limit), 1))
    at = world.floor.after(turns.team, turns.assigned, np.maximum(1, share))
    seen = np.flatnonzero(which & (at < world.verdicts.ended) & (at < world.as_of))
    return seen, at[seen]


def activities(world: World) -> pa.Table:
    """Return a row for each call, mail and meeting: the owner's, a machine's, somebody else's, the buyer's."""
    turns, touches = world.turns, world.touches
    manager, machine = len(users(world)) - 2, len(users(world)) - 1
    seen = np.flatnonzero(touches.at < world.as_of)
    replied = np.flatnonzero(world.verdicts.replied < world.as_of)
    written, written_at = automatic_mails(world)
    called, called_at = calls_by_others(world)
    turn = np.concatenate([touches.turn[seen], written, called, replied])
    at = np.concatenate([touches.at[seen], written_at, called_at, world.verdicts.replied[replied]])
    sizes = (len(seen), len(written), len(called), len(replied))
    whose = np.repeat(np.arange(len(sizes)), sizes)
    kind = np.concatenate([touches.kind[seen], np.repeat([_EMAIL, _CALL, _EMAIL], sizes[1:])])
    by = np.select([whose == 0, whose == 1, whose == 2], [turns.owner[turn], machine, manager], -1)  # noqa: PLR2004
    order = np.lexsort((whose, turn, at))
    lead, whose = turns.lead[turn[order]], whose[order]
    return rows(
        ACTIVITIES,
        {
            "lead": ids("L", lead),
            "at": instants(at[order], NEVER),
            "activity": ids("A", np.arange(len(order)), 9),
            "kind": words(KINDS, kind[order]),
            "by": words(users(world), by[order]),
            "counts": yes((whose == 0) | (whose == 2)),  # noqa: PLR2004
            "inbound": yes(whose == len(sizes) - 1),
        },
    )


def deals(world: World) -> pa.Table:
    """Return a row for each opportunity; of some only the day is known on which they closed."""
    seed, verdicts = world.parameters.seed, world.verdicts
    deal = np.flatnonzero(verdicts.opportunity < world.as_of)
    deal = deal[np.lexsort((deal, verdicts.opportunity[deal]))]
    size = len(deal)
    amount = world.parameters.average_deal * (400 + Chance(seed, "amount").below(np.full(size, 1200))) // 1000
    open_yet = verdicts.closed[deal] >= world.as_of
    return rows(
        DEALS,
        {
            "deal": ids("D", np.arange(size)),
            "lead": ids("L", world.turns.lead[deal]),
            "opened_at": instants(verdicts.opportunity[deal], NEVER),
            "amount": amount,
            "closed_at": instants(closing_dates(world)[deal], world.as_of),
            "won": yes(verdicts.won[deal], open_yet),
        },
    )


def closing_dates(world: World) -> Ints:
    """Return when each deal closed, as the platform tells it: some at midnight UTC of their day."""
    closed = world.verdicts.closed
    only_day = Chance(world.parameters.seed, "date only").yes(len(closed), world.parameters.traps.date_only)
    return np.where(only_day & (closed < NEVER), closed // DAY * DAY, closed)


def people(world: World) -> pa.Table:
    """Return a row for everybody who does something."""
    floor = world.floor
    start = datetime.combine(world.parameters.since, datetime.min.time(), UTC)
    begin = int(start.timestamp()) * SECOND - 14 * DAY
    names = tuple(each.name for each in world.parameters.teams)
    more = len(users(world)) - len(floor.members)
    since = np.concatenate([floor.since, np.full(more, begin)])
    order = np.argsort(since, kind="stable")
    # Nobody knows yet who will come later.
    order = order[since[order] < world.as_of]
    until = np.concatenate([floor.until, np.full(more, NEVER)])
    team = np.concatenate([floor.team, np.full(more, -1)])
    return rows(
        USERS,
        {
            "user": words(users(world), order),
            "since": instants(since[order], NEVER),
            "until": instants(until[order], world.as_of),
            "team": words(names, team[order]),
        },
    )
