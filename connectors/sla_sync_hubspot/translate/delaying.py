"""Clocks that workflows time by themselves, by delays or by ticks: when they begin, what they come to, and when they settle."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sla_sync.connector import Address, Clock, Desired, Gap, KeyPath, Value, Values, clock_events, describe
from sla_sync_hubspot.binding import Deadlines
from sla_sync_hubspot.names import DESCRIPTION_LIMIT, title
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.building import (
    SET_PROPERTY,
    Act,
    Arm,
    Enrolment,
    Fork,
    Step,
    set_text,
    wait,
    wait_until,
    workflow_values,
)
from sla_sync_hubspot.translate.clocks import calendars_of
from sla_sync_hubspot.translate.events import (
    Event,
    becomes,
    clock_is,
    counts,
    each_time,
    events_of,
    is_in,
    is_known,
    name_of,
    strike,
)
from sla_sync_hubspot.translate.filters import Branches, Filter
from sla_sync_hubspot.translate.lengths import Length, blocked_dates, days_with_own_hours, time_windows
from sla_sync_hubspot.translate.needs import needed_by
from sla_sync_hubspot.translate.ticking import tick
from sla_sync_hubspot.translate.timelines import Timeline, calendar_of, timelines_of
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import WORKFLOW

MOST_ACTIONS = 400
"""Inferred: HubSpot's pages name no number of actions of a workflow; people report trouble from about 500 on."""
_DAY = 1440
APART = 1
"""Minutes between two turns of a clock, in which its workflows notice that the former is over."""


def waiting_workflows(
    clock: Clock, vocabulary: Vocabulary, known: frozenset[Address]
) -> tuple[list[Desired], list[Gap]]:
    """Return the workflows that time a clock with `delay` or `ticks`, and what they cannot time."""
    timed = timelines_of(clock, vocabulary)
    gaps = [*timed.gaps, *_calendar_gaps(clock, vocabulary)]
    made = [_begins(clock, vocabulary), _settles(clock, vocabulary)]
    made += (_times(timeline, vocabulary) for timeline in pushed_timelines(clock, vocabulary))
    for timeline in timed.timelines:
        count = count_actions(_times(timeline, vocabulary).values)
        if count <= MOST_ACTIONS:
            continue
        advice = (
            f"Choose `deadlines: computed` in the binding, or watch this by hand: it takes {count} actions of a workflow, "
            f"and more than {MOST_ACTIONS} are trouble."
        )
        gaps.append(_gap(clock, f"{timeline.name.replace(' ', '-')}", advice, timeline.moments[-1].origin))
    return [_needing(each, known) for each in made], gaps


def count_actions(values: Values) -> int:
    """Return the number of actions of a workflow."""
    actions = values["actions"]
    return len(actions) if isinstance(actions, list) else 0


def pushed_timelines(clock: Clock, vocabulary: Vocabulary) -> tuple[Timeline, ...]:
    """Return the timelines of a clock that a workflow can have."""
    return tuple(
        each
        for each in timelines_of(clock, vocabulary).timelines
        if count_actions(_times(each, vocabulary).values) <= MOST_ACTIONS
    )


def begins_apart(clock: Clock) -> int:
    """Return after how many minutes a clock begins to run, which its first wait makes up for."""
    return APART if clock.restarts is not None else 0


def _needing(desired: Desired, known: frozenset[Address]) -> Desired:
    return Desired(desired.address, desired.values, needed_by(desired.values, known), desired.origins, desired.aspects)


def _begins(clock: Clock, vocabulary: Vocabulary) -> Desired:
    """Return the workflow by which a clock that was started begins to run.

    Between two turns it stands at `awaits`, so that what waits for the former leaves its workflow. With ticks it begins in
    open hours, so that no closed time counts.
    """
    waiting = clock_is(clock, (kept.AWAITS,), vocabulary)
    state = kept.of_clock(clock, "state")
    runs = set_text(name_of(state, vocabulary), kept.RUNNING)
    priorities = tuple(limit.priority for limit in clock.limits if limit.priority is not None)
    for_all = any(limit.priority is None for limit in clock.limits) or not clock.limits
    promised: tuple[Step, ...] = (runs,)
    if not for_all:
        # Nothing is promised to whom no limit fits.
        nothing = (set_text(name_of(state, vocabulary), kept.IDLE),)
        promised = (Fork((Arm("has a limit", ((is_in("priority", priorities, vocabulary),),), (runs,)),), nothing),)
    apart = (wait(begins_apart(clock)),) if begins_apart(clock) else ()
    trigger = becomes(state, kept.AWAITS, vocabulary)
    enrolment = Enrolment(((_open(vocabulary), waiting),), (trigger,), lets_go=True)
    counted = calendar_of(clock, vocabulary) if begins_open(clock, vocabulary) else None
    timeline = Timeline(clock, (), counted)
    return _flow(f"{clock.label}: begins", "Begins to run.", timeline, enrolment, (*apart, *promised), vocabulary)


def _settles(clock: Clock, vocabulary: Vocabulary) -> Desired:
    """Return the workflow by which a clock that was stopped before it began to run was in time."""
    stopped = clock_is(clock, (kept.STOPPED,), vocabulary)
    state = kept.of_clock(clock, "state")
    enrolment = Enrolment(((stopped,),), (becomes(state, kept.STOPPED, vocabulary),))
    steps = (set_text(name_of(state, vocabulary), kept.ON_TIME),)
    means = "Was stopped before it began to run."
    return _flow(f"{clock.label}: stopped at once", means, Timeline(clock, (), None), enrolment, steps, vocabulary)


def _times(timeline: Timeline, vocabulary: Vocabulary) -> Desired:
    clock = timeline.clock
    if timeline.after is None:
        states = [kept.RUNNING, kept.WARNED]
        due = next((each.length.minutes for each in timeline.moments if each.key.endswith(".due")), None)
        if due is None or timeline.moments[-1].length.minutes > due:
            states.append(kept.OVERDUE)
        when = [_open(vocabulary), clock_is(clock, tuple(states), vocabulary), *_of_priority(timeline, vocabulary)]
        trigger = becomes(kept.of_clock(clock, "state"), kept.RUNNING, vocabulary)
    else:
        happened = kept.happened_at(timeline.after)
        event = _event(clock, timeline.moments[0].key, vocabulary)
        when = [*counts(event, vocabulary), is_known(happened, vocabulary)]
        trigger = each_time(happened, vocabulary)
    branches: Branches = ((*when,),)
    enrolment = Enrolment(branches, (trigger,), lets_go=True)
    means = "Waits for " + ", ".join(_event(clock, each.key, vocabulary).label for each in timeline.moments) + "."
    steps = tuple(_chain(timeline, vocabulary))
    return _flow(f"{clock.label}: {timeline.name}", means, timeline, enrolment, steps, vocabulary)


def _chain(timeline: Timeline, vocabulary: Vocabulary) -> Iterator[Step]:
    gone = begins_apart(timeline.clock) if timeline.after is None else 0
    if not timeline.open:
        yield from _by_the_wall_clock(timeline, gone, vocabulary)
        return
    for moment in timeline.moments:
        ahead = max(waited(moment.length, vocabulary) - gone, 0)
        gone += ahead
        if _ticks(vocabulary):
            yield from tick(ahead, vocabulary)
        elif ahead:
            yield wait(ahead)
        yield strike(_event(timeline.clock, moment.key, vocabulary), vocabulary)


def _by_the_wall_clock(timeline: Timeline, gone: int, vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps of a clock on the wall, which wait until so long after the instant at which it started."""
    began = kept.of_clock(timeline.clock, "started_at") if timeline.after is None else kept.happened_at(timeline.after)
    if timeline.after is None and timeline.clock.starts is not clock_events.Moment.RAISED:
        yield from _due_dates(timeline, gone, vocabulary)
    for moment in timeline.moments:
        yield wait_until(name_of(began, vocabulary), moment.length.whole)
        yield strike(_event(timeline.clock, moment.key, vocabulary), vocabulary)


def waited(length: Length, vocabulary: Vocabulary) -> int:
    """Return the minutes for which a workflow waits where a length is agreed: a delay knows calendar days only."""
    calendar_days = length.open and length.days and not _ticks(vocabulary)
    return math.ceil(length.days * _DAY) if calendar_days else length.whole


def _due_dates(timeline: Timeline, gone: int, vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps that write the limit of a clock on the wall, which is so many minutes from now."""
    for moment in timeline.moments:
        if not moment.key.endswith(".due"):
            continue
        names = [kept.of_clock(timeline.clock, "due_at")]
        if vocabulary.resources.deadline == timeline.clock.name:
            names.append("due_at")
        for name in names:
            delay: Value = {"delta": moment.length.whole - gone, "timeUnit": "MINUTES"}
            value: Value = {"type": "RELATIVE_DATETIME", "timeDelay": delay}
            yield Act(SET_PROPERTY, {"property_name": name_of(name, vocabulary), "value": value})


def _of_priority(timeline: Timeline, vocabulary: Vocabulary) -> tuple[Filter, ...]:
    limit = timeline.limit
    if limit is None or limit.priority is None:
        return ()
    return (is_in("priority", (limit.priority,), vocabulary),)


def _flow(
    label: str, means: str, timeline: Timeline, enrolment: Enrolment, steps: tuple[Step, ...], vocabulary: Vocabulary
) -> Desired:
    agreement, clock = vocabulary.resources.agreement, timeline.clock
    name = title(agreement, label)
    described = describe(f"{means} {clock.means}", agreement, limit=DESCRIPTION_LIMIT)
    values = workflow_values(name, described, enrolment, steps)
    if timeline.calendar is not None:
        values["timeWindows"] = [*time_windows(timeline.calendar)]
        values["blockedDates"] = [*blocked_dates(timeline.calendar)]
    origins: dict[KeyPath, KeyPath] = {(): timeline.limit.origin if timeline.limit else clock.origin}
    if timeline.calendar is not None:
        origins |= {(part,): timeline.calendar.origin for part in ("timeWindows", "blockedDates")}
    return Desired(Address(WORKFLOW, name), values, origins=origins)


def _event(clock: Clock, key: str, vocabulary: Vocabulary) -> Event:
    return next(each for each in events_of(clock, vocabulary) if each.key == key)


def _open(vocabulary: Vocabulary) -> Filter:
    return is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary)


def _ticks(vocabulary: Vocabulary) -> bool:
    return vocabulary.binding.deadlines is Deadlines.TICKS


def begins_open(clock: Clock, vocabulary: Vocabulary) -> bool:
    """Return whether a clock begins to run in open hours only: with ticks, where all of it is open time."""
    own = [each for each in timelines_of(clock, vocabulary).timelines if each.after is None]
    return _ticks(vocabulary) and bool(own) and all(each.open for each in own)


def _calendar_gaps(clock: Clock, vocabulary: Vocabulary) -> Iterator[Gap]:
    calendars = calendars_of(clock, vocabulary)
    if not any(each.open for each in timelines_of(clock, vocabulary).timelines):
        return
    first = calendars[0]
    if clock.starts is clock_events.Moment.RAISED:
        advice = (
            f"Expect «{clock.name}» to count from the instant at which the contact qualified: no workflow counts back."
        )
        yield _gap(clock, "since", advice, clock.origin)
    if len(calendars) > 1:
        others = ", ".join(f"«{each.name}»" for each in calendars[1:])
        advice = (
            f"Choose `deadlines: computed` in the binding, or expect «{clock.name}» to count the hours of «{first.name}» "
            f"for everybody: no workflow asks in which of {others} the owner works."
        )
        yield _gap(clock, "calendars", advice, clock.origin)
    own = days_with_own_hours(first)
    if own:
        days = ", ".join(day.isoformat() for day in own)
        advice = (
            f"Watch «{clock.name}» by hand on {days}: «{first.name}» has hours of its own then, and a workflow keeps "
            "those of the weekday."
        )
        yield _gap(clock, "own-hours", advice, first.origin)


def _gap(clock: Clock, part: str, advice: str, origin: KeyPath) -> Gap:
    return Gap(f"clock-{clock.name}-{part}", f"Clock of «{clock.label}»", advice, origin)
