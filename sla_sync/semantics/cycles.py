"""The cycles of a lead and their legs: from qualification to the exit, and one owner's turn in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sla_sync.semantics.history import Parted, Raised
from sla_sync.semantics.standings import Standing
from sla_sync.semantics.story import Story


@dataclass(frozen=True, slots=True)
class Leg:
    """One owner's turn in a cycle; it has not ended where `ended_at` is None."""

    owner: str
    team: str | None
    assigned_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """One way of a lead through the funnel, from the first event after the cycle before it to its exit.

    `number` counts the cycles in which the lead qualified. `raised_at` is the hand-raise that opened it: the last one by
    qualification. `first` and `last` are the places of its events in the history.
    """

    number: int
    turn: int
    first: int
    last: int
    raised_at: datetime | None
    source: str | None
    qualified_at: datetime | None
    closed_at: datetime | None
    stage: str | None
    reason: str | None
    legs: tuple[Leg, ...]


def cycles(story: Story) -> tuple[Cycle, ...]:
    """Return every cycle of a lead, the first first; the last may not have qualified or closed yet."""
    turns = [standing.turn for standing in story.standings[1:]]
    return tuple(
        _cycle(story, turn, turns.index(turn), len(turns) - 1 - turns[::-1].index(turn))
        for turn in dict.fromkeys(turns)
    )


def _cycle(story: Story, turn: int, first: int, last: int) -> Cycle:
    events = story.history.events[first : last + 1]
    after = story.standings[first + 1 : last + 2]
    end = after[-1]
    qualified = next((place for place, standing in enumerate(after) if standing.qualified), None)
    raises = [
        event.at
        for place, event in enumerate(events)
        if isinstance(event, Raised) and (qualified is None or place <= qualified)
    ]
    closed_at = events[-1].at if end.closed else None
    return Cycle(
        number=end.cycle,
        turn=turn,
        first=first,
        last=last,
        raised_at=raises[-1] if raises else None,
        source=end.source,
        qualified_at=None if qualified is None else events[qualified].at,
        closed_at=closed_at,
        stage=end.stage,
        reason=end.reason,
        legs=tuple(_legs(story, first, last, closed_at)),
    )


def _legs(story: Story, first: int, last: int, closed_at: datetime | None) -> Iterator[Leg]:
    leg: Leg | None = None
    for place in range(first, last + 1):
        event, after = story.history.events[place], story.standings[place + 1]
        ends = isinstance(event, Parted) or _owner(after) != (leg.owner if leg else None)
        if leg is not None and ends:
            yield Leg(leg.owner, leg.team, leg.assigned_at, event.at)
            leg = None
        if leg is None and after.owner is not None and after.assigned and not isinstance(event, Parted):
            leg = Leg(after.owner, after.team, event.at)
    if leg is not None:
        yield Leg(leg.owner, leg.team, leg.assigned_at, closed_at)


def _owner(standing: Standing) -> str | None:
    return standing.owner if standing.assigned else None
