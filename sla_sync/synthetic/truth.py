"""What is true of a history, known because it was made so: in the sample, and in the population that it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np

from sla_sync.synthetic.chance import DAY, HOUR, NEVER, SECOND, Bools
from sla_sync.synthetic.course import MQL, SAL, SQL, STAGE_WORDS, stage_rows
from sla_sync.synthetic.hours import local
from sla_sync.synthetic.kept import Kept, first_response, verdict, verdict_of_turns
from sla_sync.synthetic.leads import gone_at, top_reached_at
from sla_sync.synthetic.legs import efforts
from sla_sync.synthetic.speed import Speed, first_touch_of_cycles, response_speed
from sla_sync.synthetic.traps import traps_of
from sla_sync.synthetic.turns import DELETED, MERGED
from sla_sync.synthetic.verdicts import NO_RESPONSE
from sla_sync.synthetic.world import World

_ENOUGH_TOUCHES, _ENOUGH_CHANNELS, _FOLLOW_UP = 6, 2, 15 * 8 * HOUR
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many get from a stage to a later one within some days of wall-clock time, tests, imports and merges left out."""

    start: str
    goal: str
    days: int
    mature: int
    """How many entered the first stage so long ago that their days are over."""
    reached: int
    """How many of these got there in time."""
    share: float
    """The share of all who entered before one looked back, whatever had been seen of them by then."""
    expected: float | None
    """The share in the population; empty where it depends on more than the parameters say."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Exits for want of an answer, and how many of them had touches enough, on channels enough, in time."""

    exits: int
    kept: int
    expected: float


@dataclass(frozen=True, slots=True)
class Truth:
    """What whoever measures the history must find, within the accuracy of a sample."""

    seed: int
    since: str
    as_of: str
    first_response: Mapping[str, Mapping[str, Kept]]
    """By `all`, `owner`, `priority`, `policy` and `source`, and by their words."""
    verdict: Mapping[str, Mapping[str, Kept]]
    """Cycle by cycle, by a clock that runs on from the first owner; cut by what held when that one got it."""
    verdict_of_turns: Mapping[str, Mapping[str, Kept]]
    """The same if its clock began anew with each owner."""
    follow_up: Effort
    conversions: tuple[Conversion, ...]
    volume: Mapping[str, Mapping[str, int]]
    """By month of the report's zone: `first` qualifications of real people, those who came `again`, and the rest."""
    response: Mapping[str, Speed]
    """By priority, the open time from an assignment to the owner's touch, of turns that count."""
    raised_to_touched: Speed
    """The time on the wall from a request to anybody's first touch as an owner, of cycles that count."""
    stock: Mapping[str, int]
    """How many leads are in each stage when one looks back, without those that are gone."""
    reaches: Mapping[str, int]
    """By score, how many real people had ever reached it before their first verdict."""
    traps: Mapping[str, int]


def truth_of(world: World) -> Truth:
    """Return what is true of a world."""
    parameters = world.parameters
    return Truth(
        parameters.seed,
        parameters.since.isoformat(),
        datetime.fromtimestamp(world.as_of / SECOND, UTC).isoformat(),
        first_response(world),
        verdict(world),
        verdict_of_turns(world),
        _follow_up(world),
        _conversions(world),
        _volume(world),
        response_speed(world),
        first_touch_of_cycles(world),
        _stock(world),
        _reaches(world),
        traps_of(world),
    )


def _follow_up(world: World) -> Effort:
    turns, verdicts, parameters = world.turns, world.verdicts, world.parameters
    touches, channels = efforts(world, world.as_of)
    exits = (verdicts.reason == NO_RESPONSE) & (verdicts.ended < world.as_of) & (turns.void < 0)
    in_time = verdicts.ended <= world.floor.after(turns.team, turns.assigned, np.full(len(turns.lead), _FOLLOW_UP))
    kept = exits & (touches >= _ENOUGH_TOUCHES) & (channels >= _ENOUGH_CHANNELS) & in_time
    many = sum(parameters.touches[_ENOUGH_TOUCHES - 1 :]) / sum(parameters.touches)
    broad = sum(parameters.channels[_ENOUGH_CHANNELS - 1 :]) / sum(parameters.channels)
    return Effort(int(exits.sum()), int(kept.sum()), round(many * broad, 6))


def _conversions(world: World) -> tuple[Conversion, ...]:
    turns, verdicts, parameters = world.turns, world.verdicts, world.parameters
    plain = (turns.void < 0) & (turns.owner >= 0)
    cycles = plain & _is_final(world)
    sal = np.where(verdicts.accepted, verdicts.decided, NEVER)
    closed = np.where(verdicts.won, verdicts.closed, NEVER)
    steps = (
        (MQL, SAL, 14, np.where(cycles, turns.qualified, NEVER), sal, None),
        (SAL, SQL, 30, np.where(plain, sal, NEVER), verdicts.sql, (parameters.to_sql, parameters.sql_lag)),
        (
            SQL,
            SQL + 1,
            30,
            np.where(plain, verdicts.sql, NEVER),
            verdicts.opportunity,
            (parameters.to_opportunity, parameters.opportunity_lag),
        ),
        (
            SQL + 1,
            SQL + 2,
            180,
            np.where(plain, verdicts.opportunity, NEVER),
            closed,
            (parameters.to_won, parameters.deal_lag),
        ),
    )
    made = []
    for start, goal, days, entered, reached, law in steps:
        length = days * DAY
        in_time = reached - entered <= length
        seen, mature = entered < world.as_of, entered <= world.as_of - length
        expected = None if law is None else law[0] * float(law[1].share_within(np.array([length]))[0])
        made.append(
            Conversion(
                STAGE_WORDS[start],
                STAGE_WORDS[goal],
                days,
                int(mature.sum()),
                int((mature & in_time).sum()),
                _share(in_time, seen),
                None if expected is None else round(expected, 6),
            )
        )
    return tuple(made)


def _is_final(world: World) -> Bools:
    """Return which turns are the last of their cycle: those in which it ends, or goes on when one looks back."""
    return world.turns.last | np.isin(world.turns.end, (MERGED, DELETED))


def _volume(world: World) -> dict[str, dict[str, int]]:
    cycles, came = world.cycles, world.arrivals
    excluded, imported = came.excluded[cycles.lead] >= 0, came.batch[cycles.lead] >= 0
    kind = np.select([excluded, imported, cycles.duplicate, cycles.cycle > 1], [0, 1, 2, 3], 4)
    words = ("excluded", "imported", "merged", "again", "first")
    day, edges, names = world.parameters.since, [], []
    while day < world.parameters.until:
        edges.append(local(day, time(), world.parameters.zone))
        names.append(f"{day:%Y-%m}")
        day = date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)
    month = np.searchsorted(np.array(edges), cycles.qualified, side="right") - 1
    return {
        name: {word: int(((month == place) & (kind == each)).sum()) for each, word in enumerate(words)}
        for place, name in enumerate(names)
    }


def _stock(world: World) -> dict[str, int]:
    lead, _, stage, _, _ = stage_rows(world)
    last = np.full(len(world.arrivals.created), -1, dtype=np.int64)
    last[lead] = stage
    here = last[gone_at(world) >= world.as_of]
    return {word: int((here == place).sum()) for place, word in enumerate(STAGE_WORDS)}


def _reaches(world: World) -> dict[str, int]:
    came, gone, top_at = world.arrivals, gone_at(world), top_reached_at(world)
    at_first = came.ordinary & (came.created < world.as_of) & (gone > came.created)
    later = came.ordinary & (top_at < world.as_of) & (gone > top_at)
    reached = {each: (at_first & (came.score >= each)) | (later & (came.top >= each)) for each in range(50, 180, 10)}
    return {str(score): int(each.sum()) for score, each in reached.items()}


def _share(part: Bools, whole: Bools) -> float:
    return round(float((part & whole).sum()) / max(1, int(whole.sum())), 6)
