"""What a commitment comes to over many leads in a period; what waits, is excused or lacks its number is told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Enters
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.semantics.clocks import State, is_excused, runs
from sla_sync.semantics.effort import is_counted, kept_up, since
from sla_sync.semantics.expressions import holds, is_yes
from sla_sync.semantics.history import Entered
from sla_sync.semantics.moments import happens
from sla_sync.semantics.stages import lacks
from sla_sync.semantics.stints import concerns
from sla_sync.semantics.story import Lead, Story

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """The period that is looked at, `until` not included, as things stood at `as_of`."""

    since: datetime
    until: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted: `kept` is a number, a sum, or those of `of` that kept the promise.

    `waiting` cannot be judged yet, `excused` does not count, and `unusable` lacks the number that is asked for.
    """

    kept: Decimal
    of: int | None = None
    waiting: int = 0
    excused: int = 0
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class _Case:
    """One thing that a commitment counts: an event of one lead."""

    story: Story
    place: int

    @property
    def lead(self) -> Lead:
        return self.story.after(self.place)


def tally(agreement: Agreement, name: str, stories: Iterable[Story], span: Span) -> Tally | None:
    """Return what a commitment comes to, over leads read under its agreement; None where people measure it by hand.

    Leads that never count are left out. A rate is judged on those for whom its time is over: the rest wait.
    """
    told = [story for story in stories if not _never_counts(story, span.as_of)]
    commitment = agreement.commitments[name]
    if commitment.clock is not None:
        return _attainment(told, name, span)
    measure: Measure = commitment.measure.value if commitment.measure else Manual()
    match measure:
        case CountOf(stage, first, where, once):
            if once is None:
                return Tally(Decimal(len(_where(_entries(told, name, stage, span, first=first), where))))
            # An account that was counted before the period counts in it only when the time is over.
            ever = replace(span, since=_EVER)
            entries = _once_per_account(_where(_entries(told, name, stage, ever, first=first), where), once)
            return Tally(Decimal(sum(each.lead.at >= span.since for each in entries)))
        case CountOfEvents(event, where):
            counted = (
                _Case(story, place)
                for story in told
                for place in _within(story, name, span)
                if (is_counted(event, story, place) if isinstance(event, Counter) else happens(event, story, place))
            )
            return Tally(Decimal(len(_where(counted, where))))
        case SumOf(amount, stage, where):
            return _sum([each.lead.value(amount) for each in _where(_entries(told, name, stage, span), where)])
        case StageRate(start, end, within, where):
            return _rate(_where(_entries(told, name, start, span), where), name, end, within, span.as_of)
        case Effort(before=None):
            return _effort_after(told, name, measure, span)
        case Effort():
            return _effort_before(told, name, measure, span)
        case Complete(group, stage):
            entries = list(_entries(told, name, stage, span))
            return Tally(Decimal(sum(_complete(each.lead, group) for each in entries)), len(entries))
        case Manual():
            return None


def _attainment(stories: Sequence[Story], name: str, span: Span) -> Tally:
    """Return the runs on time of those whose deadline lies in the period; what runs still waits, what is void is excused."""
    due = [
        run
        for story in stories
        for run in runs(story, name, span.as_of)
        if run.deadline is not None and span.since <= run.deadline < span.until
    ]
    void = sum(run.state is State.VOID for run in due)
    kept = sum(run.state is State.ON_TIME for run in due)
    judged = kept + sum(run.missed for run in due)
    return Tally(Decimal(kept), judged, len(due) - judged - void, void)


def _rate(entries: Sequence[_Case], name: str, end: str, within: Duration, as_of: datetime) -> Tally:
    """Return those that reached `end` in the same cycle and in time, of those whose time is over."""
    kept = judged = waiting = excused = 0
    for each in entries:
        due = each.story.calendars.main.add(each.lead.at, within)
        if due > as_of:
            waiting += 1
        elif _reaches(each, end, due):
            kept, judged = kept + 1, judged + 1
        elif is_excused(each.story, name, due, turn=each.lead.standing.turn):
            excused += 1
        else:
            judged += 1
    return Tally(Decimal(kept), judged, waiting, excused)


def _reaches(case: _Case, stage: str, due: datetime) -> bool:
    turn = case.lead.standing.turn
    later = range(case.place + 1, case.story.history.until(due))
    return any(
        happens(Enters(stage), case.story, place) and case.story.standings[place + 1].turn == turn for place in later
    )


def _effort_before(stories: Sequence[Story], name: str, effort: Effort, span: Span) -> Tally:
    """Return the exits for a reason before which enough was done since assignment, of all such exits in the period."""
    exits = [
        _Case(story, place)
        for story in stories
        for place in _within(story, name, span)
        if isinstance(event := story.history.events[place], Entered) and event.reason == effort.before
    ]
    kept = 0
    for each in exits:
        begin, calendar = since(each.story, each.place)
        due = each.lead.at if effort.within is None else min(each.lead.at, calendar.add(begin, effort.within))
        kept += kept_up(effort.needs, each.story, begin, due)
    return Tally(Decimal(kept), len(exits))


def _effort_after(stories: Sequence[Story], name: str, effort: Effort, span: Span) -> Tally:
    """Return the events within a time of which enough was done, of those whose time is over."""
    if effort.of is None or effort.within is None:
        return Tally(Decimal(0), 0)
    kept = judged = waiting = 0
    for story in stories:
        for place in _within(story, name, span):
            if not happens(effort.of, story, place):
                continue
            lead = story.after(place)
            hours = story.calendars.of_owner(lead.standing.owner, lead.standing.team)
            due = hours.add(lead.at, effort.within)
            waiting += due > span.as_of
            judged += due <= span.as_of
            kept += due <= span.as_of and kept_up(effort.needs, story, lead.at, due)
    return Tally(Decimal(kept), judged, waiting)


def _complete(lead: Lead, group: str) -> bool:
    """Return whether every member of a group is known and valid, or holds where it is a condition."""
    return not any(
        lacks(lead, member) is not None if isinstance(member, str) else not holds(member, lead)
        for member in lead.members(group)
    )


def _sum(values: Sequence[object]) -> Tally:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return Tally(sum((Decimal(str(each)) for each in numbers), Decimal(0)), unusable=len(values) - len(numbers))


def _entries(stories: Iterable[Story], name: str, stage: str, span: Span, *, first: bool = False) -> Iterator[_Case]:
    """Yield where leads entered a stage in the period: the first time in each cycle, or `first` of all."""
    for story in stories:
        places = [place for place in range(len(story.history.events)) if happens(Enters(stage), story, place)]
        counted: dict[int, int] = {}
        for place in places:
            counted.setdefault(0 if first else story.standings[place + 1].turn, place)
        known = set(_within(story, name, span))
        yield from (_Case(story, place) for place in counted.values() if place in known)


def _within(story: Story, name: str, span: Span) -> Iterator[int]:
    """Yield the places of the events in the period that the commitment is about."""
    commitment = story.agreement.commitments[name]
    for place, event in enumerate(story.history.events):
        if span.since <= event.at < span.until and event.at <= span.as_of and concerns(story, commitment, place):
            yield place


def _where(cases: Iterable[_Case], where: Expression | None) -> list[_Case]:
    return [each for each in cases if where is None or holds(where, each.lead)]


def _once_per_account(cases: Iterable[_Case], within: Duration) -> list[_Case]:
    """Return the cases without those that follow another of their account too soon; one without an account stands alone."""
    last: dict[object, datetime] = {}
    found = []
    for each in sorted(cases, key=lambda case: case.lead.at):
        account = each.lead.value("account")
        earlier = None if account is None else last.get(account)
        if earlier is None or each.story.calendars.main.add(earlier, within) < each.lead.at:
            found.append(each)
            last[account] = each.lead.at
    return found


def _never_counts(story: Story, as_of: datetime) -> bool:
    quality, lead = story.agreement.quality, story.lead(as_of)
    return quality is not None and any(is_yes(lead.value(each)) for each in quality.exclude)
