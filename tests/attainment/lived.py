"""Random lives of leads, and what two readings make of them: the model one by one, and expressions over all of them at once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from sla_sync.attainment import runs as judged
from sla_sync.attainment.past import Past
from sla_sync.semantics.clocks import Void
from sla_sync.semantics.clocks import runs as truth
from sla_sync.semantics.cycles import cycles
from sla_sync.semantics.history import Event, Parted
from sla_sync.semantics.story import Story
from tests.attainment.exported import exported, found, lives, past_of
from tests.semantics.leads import agreement, at, facts, story

_MARK = timedelta(minutes=5)
NOW = at("12-20 00:00")
Row: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class Read:
    """What one reading makes of lives: the turns of owners in cycles, and the runs of clocks in them."""

    turns: tuple[Row, ...]
    runs: tuple[Row, ...]


def stories_of(leads: Iterable[int], seed: int) -> Mapping[str, Story]:
    """Return the lives of leads, by their numbers; each has dice of its own, so that one can be lived again alone.

    In every other one all happens at whole marks, so that much is done at the very instant of a deadline or an opening.
    """
    under, found = agreement(), {}
    for number in leads:
        life = lives(random.Random(f"{seed} {number}"))
        events = _at_marks(life) if number % 2 else life
        found[f"L{number:07}"] = story(*facts(email="a"), *events, under=under)
    return found


def _at_marks(life: Iterable[Event]) -> Iterator[Event]:
    """Yield the events of a life at the next whole five minutes, one after another."""
    before: datetime | None = None
    for each in life:
        at = each.at.astimezone(UTC)
        at += (datetime.min.replace(tzinfo=UTC) - at) % _MARK
        before = at if before is None else max(at, before + _MARK)
        yield replace(each, at=before)


def past_lived(stories: Mapping[str, Story]) -> Past:
    """Return the past that the tables of these lives make, as a connector would export them."""
    return past_of(exported({lead: each.history for lead, each in stories.items()}), agreement(), NOW)


def by_the_model(stories: Mapping[str, Story]) -> Read:
    """Return what the model makes of them."""
    commitments = tuple(agreement().commitments)
    turns: list[Row] = []
    runs: list[Row] = []
    for lead, each in stories.items():
        last = each.history.events[-1]
        gone = _utc(last.at) if isinstance(last, Parted) else None
        for cycle in cycles(each):
            turns += [
                (lead, cycle.number, leg.owner, leg.team, _utc(leg.assigned_at), _utc(leg.ended_at) or gone)
                for leg in cycle.legs
                if cycle.qualified_at is not None
            ]
        for name in commitments:
            if is_told(name, each):
                runs += [
                    (
                        run.commitment, lead, _utc(run.started_at), run.owner, _utc(run.deadline), _utc(run.stopped_at),
                        "running" if str(run.state) == "warned" else str(run.state),
                        "merged" if run.void_because == Void.MERGED else run.void_because,
                    )
                    for run in truth(each, name, NOW)
                ]  # fmt: skip
    return Read(tuple(turns), tuple(runs))


def by_expressions(past: Past, stories: Mapping[str, Story]) -> Read:
    """Return what the expressions make of the tables that they leave."""
    names = ("lead", "cycle", "owner", "team", "assigned_at", "ended_at")
    turns = tuple(tuple(row[each] for each in names) for row in found(past, "legs") if row["owner"])
    rows = past.rows(
        judged.runs(past.tables["legs"], past.agreements, NOW, first=at("09-01 00:00"), last=at("12-31 00:00")).table
    )
    runs = tuple(
        (
            str(row["commitment"]), row["lead"], _utc(row["started_at"]), row["owner"], _utc(row["due_at"]),
            _utc(row["stopped_at"]), row["state"], row["void_because"],
        )
        for row in rows
        if is_told(str(row["commitment"]), stories[str(row["lead"])])
    )  # fmt: skip
    return Read(turns, runs)


def difference(one: Iterable[Row], other: Iterable[Row]) -> Counter[Row]:
    """Return the rows that only one of both has: how many times more often than the other, or below zero fewer."""
    both = Counter(one)
    both.subtract(Counter(other))
    return Counter({row: number for row, number in both.items() if number})


def is_told(commitment: str, each: Story) -> bool:
    """Return whether turns tell how a promise was kept: they know only when a lead first left a stage that it came back to."""
    return commitment != "verdict" or not _returned(each)


def _returned(each: Story) -> bool:
    changes = zip(each.standings, each.standings[1:], strict=False)
    return any(
        before.qualified and not before.closed and before.stage != "mql" == after.stage for before, after in changes
    )


def _utc(instant: object) -> datetime | None:
    if not isinstance(instant, datetime):
        return None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
