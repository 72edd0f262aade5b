"""How far from its agreed instant what follows a clock may come: derived for each strategy, and said as the plan opens."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Calendar, Clock
from sla_sync_hubspot.binding import Deadlines
from sla_sync_hubspot.translate.clocks import portal_clocks
from sla_sync_hubspot.translate.delaying import begins_apart, pushed_timelines, waited
from sla_sync_hubspot.translate.lengths import longest_day, shortest_day, windows_of
from sla_sync_hubspot.translate.ticking import TICK, waits
from sla_sync_hubspot.translate.timelines import Moment, Timeline
from sla_sync_hubspot.translate.vocabulary import Vocabulary

SPREAD = 15
"""Minutes over which actions that waited for the hours of a workflow are spread (HubSpot, "Manage your workflow settings")."""


@dataclass(frozen=True, slots=True)
class Bound:
    """By how many minutes at most an event comes too early or too late, in open time where `open`, latency left out.

    The priority is that of its limit. A step after a breach is bounded from the instant at which the limit was noted.
    """

    key: str
    priority: str | None
    early: int
    late: int
    open: bool


def bounds(vocabulary: Vocabulary) -> tuple[Bound, ...]:
    """Return the error bounds of what `delay` and `ticks` time; the other strategies are exact when they are punctual."""
    if vocabulary.binding.deadlines not in {Deadlines.DELAY, Deadlines.TICKS}:
        return ()
    return tuple(
        bound
        for clock in portal_clocks(vocabulary)
        for timeline in pushed_timelines(clock, vocabulary)
        for bound in _of_timeline(timeline, vocabulary)
    )


def opening(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the sentences with which a plan says how clocks run here and how exact they are."""
    clocks = portal_clocks(vocabulary)
    if not clocks:
        return ()
    named = _listed([clock.name for clock in clocks])
    match vocabulary.binding.deadlines:
        case Deadlines.COMPUTED:
            return (
                (
                    f"Dates of {named} are computed by `sla-sync clock`: exact where it has run between the start of a clock "
                    "and what falls due, and otherwise late by the time until it runs."
                ),
            )
        case Deadlines.CUSTOM_CODE:
            return (
                (
                    f"Dates of {named} are computed by code of a workflow as soon as a clock starts, and are exact up to the "
                    "horizon of its calendars."
                ),
            )
        case Deadlines.TICKS:
            how = f"Clocks of {named} count ticks of {TICK} minutes, in workflows that act in open hours."
        case _:
            how = f"Clocks of {named} wait by delays, which count calendar time and no open hours."
    return (how, *_zones(vocabulary, clocks), *_sentences(bounds(vocabulary), clocks), *_overlaps(vocabulary, clocks))


def _zones(vocabulary: Vocabulary, clocks: Sequence[Clock]) -> Iterator[str]:
    used: dict[str, str] = {}
    for clock in clocks:
        for timeline in pushed_timelines(clock, vocabulary):
            if timeline.calendar is not None:
                used[timeline.calendar.name] = timeline.calendar.timezone
    zones = tuple(dict.fromkeys(used.values()))
    if zones:
        yield (
            f"Hours of workflows are those of the portal's time zone, which must be {' and '.join(zones)}: `sla-sync doctor` "
            "says which it is."
        )


def _overlaps(vocabulary: Vocabulary, clocks: Sequence[Clock]) -> Iterator[str]:
    """Yield a sentence where a turn may breach while a step after the breach of another waits: nobody is enrolled twice."""
    waits_on = [
        clock.name
        for clock in clocks
        if clock.restarts is not None and any(each.after for each in pushed_timelines(clock, vocabulary))
    ]
    if waits_on:
        yield (
            f"Steps after a breach of {_listed(waits_on)} that wait for one turn are not begun again by the breach of the "
            "next."
        )


def _sentences(found: Sequence[Bound], clocks: Sequence[Clock]) -> Iterator[str]:
    for clock in clocks:
        own = [each for each in found if each.key.startswith(f"{clock.name}.")]
        if not own:
            continue
        exact = [each for each in own if not each.early and not each.late]
        if len(exact) == len(own):
            yield f"{clock.name}: exact to the minute, for it runs by the wall clock."
            continue
        early, late = max(each.early for each in own), max(each.late for each in own)
        yield f"{clock.name}: at worst {_minutes(early)} early or {_minutes(late)} late, in open time."


def _of_timeline(timeline: Timeline, vocabulary: Vocabulary) -> Iterator[Bound]:
    priority = timeline.limit.priority if timeline.limit else None
    for place, moment in enumerate(timeline.moments):
        early, late = 0, 0
        if timeline.calendar is not None:
            before = timeline.moments[: place + 1]
            ticks = vocabulary.binding.deadlines is Deadlines.TICKS
            early, late = (
                _ticked(timeline, before, timeline.calendar, vocabulary)
                if ticks
                else (moment.length.whole, SPREAD * len(before))
            )
        yield Bound(moment.key, priority, early, late, timeline.open)


def _ticked(
    timeline: Timeline, moments: Sequence[Moment], calendar: Calendar, vocabulary: Vocabulary
) -> tuple[int, int]:
    """Return by how many minutes ticks are early and late at the last of these moments.

    A wait that ends in closed hours is over when the next one opens, up to SPREAD minutes later. Where windows are whole
    ticks long, the remainder of one evening makes up for the spread of that morning, so that errors do not add up: each
    wait that is no whole tick, but the first, and each window that is no whole number of ticks, adds a tick.
    """
    last = moments[-1].length
    gone = begins_apart(timeline.clock) if timeline.after is None else 0
    odd = 0
    for place, moment in enumerate(moments):
        ahead = max(waited(moment.length, vocabulary) - gone, 0)
        gone += ahead
        parts = waits(ahead)
        odd += bool(parts) and parts[0] != TICK and place > 0
    uneven = any(length % TICK for length in windows_of(calendar))
    crossings = math.ceil(last.minutes / max(min(windows_of(calendar), default=TICK), TICK)) + 1
    error = TICK * (1 + odd + (crossings if uneven else 0))
    days = math.ceil(last.days) * round(longest_day(calendar) - shortest_day(calendar))
    return min(error + days, last.whole + days), max(error, SPREAD) + days


def _minutes(count: int) -> str:
    hours, rest = divmod(count, 60)
    said = [f"{hours} hour{'s' * (hours != 1)}"] if hours else []
    return " ".join([*said, f"{rest} minute{'s' * (rest != 1)}"] if rest or not hours else said)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
