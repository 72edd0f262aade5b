"""What becomes of a lead in its last owner's hands: touches, a verdict, an exit or a deal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sla_sync.synthetic.arrays import some
from sla_sync.synthetic.chance import HOUR, MINUTE, NEVER, Bools, Chance, Curve, Ints
from sla_sync.synthetic.floor import Floor
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.turns import CONVERTED, DISQUALIFIED, RECYCLED, Turns, priorities

NO_RESPONSE, NO_BUDGET, BAD_TIMING, OTHER_LATER, BAD_FIT, BAD_DATA, OTHER_NEVER, PRICE, NO_DECISION = range(9)
REASONS = ("no_response", "no_budget", "bad_timing", "other", "bad_fit", "bad_data", "other", "price", "no_decision")
KINDS = ("call", "email", "meeting")
_REFUSALS = (0, 30, 15, 4, 31, 14, 6, 0, 0)
"""How often a verdict that does not accept gives each reason."""
_SECOND_THOUGHTS = (0, 35, 25, 5, 25, 7, 3, 0, 0)
"""How often an accepted lead that said no was left for each reason."""
_LOSSES = (0, 0, 0, 0, 0, 0, 0, 60, 40)
_FEW = (30, 30, 20, 15, 5)
"""How often somebody who answered was touched: the weight of once, of twice …"""
_GAP = Curve(((0, 3600), (0.5, 7 * 3600), (1, 12 * 3600)))
"""The open time between two touches, in seconds."""
_REPLY = Curve(((0, 600), (0.5, 4 * 3600), (1, 48 * 3600)))
_ANSWERS = 0.4
"""The share of those who were not accepted that answered."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What follows a turn; instants in milliseconds, NEVER where it does not happen, -1 where there is none of something."""

    decided: Ints
    accepted: Bools
    sql: Ints
    opportunity: Ints
    closed: Ints
    won: Bools
    loss: Ints
    ended: Ints
    end: Ints
    reason: Ints
    replied: Ints
    flipped: Bools


@dataclass(frozen=True, slots=True)
class Touches:
    """The owner's own calls, mails and meetings; `turn` is the place of the turn."""

    turn: Ints
    at: Ints
    kind: Ints


def verdicts_of(parameters: Parameters, floor: Floor, turns: Turns, wave: int) -> tuple[Verdicts, Touches]:
    """Return what follows each turn, and the touches in it until it ends."""
    size, seed, traps = len(turns.lead), parameters.seed, parameters.traps
    answered = turns.last & (turns.touched < NEVER)
    share = np.array([parameters.accepted[word] for word in priorities(parameters)])[turns.priority]
    accepted = Chance(seed, f"accepted {wave}").yes(size, share) & answered
    course = Chance(seed, f"course {wave}").pick(
        size, [parameters.to_sql, parameters.no_response, 1 - parameters.to_sql - parameters.no_response]
    )
    silent = accepted & (course == 1)
    touches, last_touch = _touches(parameters, floor, turns, answered, silent, wave)
    flipped = accepted & Chance(seed, f"flips {wave}").yes(size, traps.flips)
    decided = floor.after(turns.team, turns.touched, Chance(seed, f"verdict {wave}").times(size, parameters.verdict))
    within = np.where(turns.limit < NEVER, np.minimum(turns.spent, turns.limit), 1)
    early = np.maximum(1, Chance(seed, f"flipped {wave}").below(within))
    decided = np.where(flipped, floor.after(turns.team, turns.assigned, early), decided)
    decided = np.where(answered, decided, NEVER)
    sql = _later(decided, Chance(seed, f"sql {wave}").times(size, parameters.sql_lag), accepted & (course == 0))
    converts = (sql < NEVER) & Chance(seed, f"converts {wave}").yes(size, parameters.to_opportunity)
    deal = _later(sql, Chance(seed, f"opportunity {wave}").times(size, parameters.opportunity_lag), converts)
    leaves = Chance(seed, f"exit {wave}").times(size, parameters.exit_lag)
    refused = answered & ~accepted
    rests = Chance(seed, f"rest {wave}").times(size, _GAP)
    given_up = np.maximum(floor.after(turns.team, last_touch, rests), decided + HOUR)
    ended = np.select(
        [refused, silent, deal < NEVER, sql < NEVER, accepted],
        [decided, np.minimum(given_up, NEVER), deal, sql + leaves, decided + leaves],
        NEVER,
    )
    ended = np.where(ended < NEVER, np.maximum(ended, np.minimum(turns.touched, NEVER - MINUTE) + MINUTE), NEVER)
    opportunity = np.where(deal < NEVER, ended, NEVER)
    reason = _reasons(seed, wave, refused=refused, silent=silent, asked=sql < NEVER)
    end = np.where((reason >= BAD_FIT) & (ended < NEVER), DISQUALIFIED, np.where(ended < NEVER, RECYCLED, -1))
    end = np.where(opportunity < NEVER, CONVERTED, end)
    unsaid = Chance(seed, f"unsaid {wave}").yes(size, traps.no_reason)
    reason = np.where((end < 0) | (end == CONVERTED) | unsaid, -1, reason)
    replies = accepted & ~silent | (refused & Chance(seed, f"replies {wave}").yes(size, _ANSWERS))
    replied = _later(turns.touched, Chance(seed, f"reply {wave}").times(size, _REPLY), replies)
    replied = np.where(replied < ended, replied, NEVER)
    closed = _later(opportunity, Chance(seed, f"deal {wave}").times(size, parameters.deal_lag), opportunity < NEVER)
    won = (closed < NEVER) & Chance(seed, f"won {wave}").yes(size, parameters.to_won)
    loss = np.where((closed < NEVER) & ~won, Chance(seed, f"loss {wave}").pick(size, _LOSSES), -1)
    ended = np.where(turns.last, ended, turns.ended)
    end = np.where(turns.last, end, turns.end)
    made = Verdicts(decided, accepted, sql, opportunity, closed, won, loss, ended, end, reason, replied, flipped)
    return made, some(touches, touches.at < ended[touches.turn])


def _reasons(seed: int, wave: int, *, refused: Bools, silent: Bools, asked: Bools) -> Ints:
    size = len(refused)
    refusal = Chance(seed, f"refusal {wave}").pick(size, _REFUSALS)
    thought = Chance(seed, f"thought {wave}").pick(size, _SECOND_THOUGHTS)
    budget = np.where(Chance(seed, f"budget {wave}").yes(size, 0.6), NO_BUDGET, BAD_TIMING)
    return np.select([refused, silent, asked], [refusal, np.full(size, NO_RESPONSE), budget], thought)


def _touches(
    parameters: Parameters, floor: Floor, turns: Turns, answered: Bools, silent: Bools, wave: int
) -> tuple[Touches, Ints]:
    """Return every touch that would be made, and the last one of each turn."""
    size, seed = len(turns.lead), parameters.seed
    few = Chance(seed, f"few {wave}").pick(size, _FEW) + 1
    many = Chance(seed, f"many {wave}").pick(size, parameters.touches) + 1
    wanted = np.where(answered, np.where(silent, many, few), 0)
    ways = np.minimum(Chance(seed, f"channels {wave}").pick(size, parameters.channels) + 1, len(KINDS))
    turn = np.repeat(np.arange(size), wanted)
    ends = np.cumsum(wanted)
    step = np.arange(len(turn)) - np.repeat(ends - wanted, wanted)
    gaps = np.where(step == 0, 0, Chance(seed, f"gaps {wave}").times(len(turn), _GAP))
    total = np.cumsum(gaps)
    before = np.repeat(total[ends[wanted > 0] - wanted[wanted > 0]] if len(turn) else total, wanted[wanted > 0])
    at = floor.after(turns.team[turn], turns.touched[turn], total - before)
    at = np.where(step == 0, turns.touched[turn], at)
    last = np.full(size, NEVER, dtype=np.int64)
    last[wanted > 0] = at[ends[wanted > 0] - 1]
    return Touches(turn, at, step % ways[turn]), last


def _later(instants: Ints, lag: Ints, which: Bools) -> Ints:
    """Return the instants and a lag, for those which it concerns; NEVER for the others."""
    return np.where(which & (instants < NEVER), instants + lag, NEVER)
