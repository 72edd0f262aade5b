"""What a lead scores: points with caps, frequency limits, resets and decay; grades and cut-offs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions import fields_in, terms_in
from sla_sync.agreement.expressions.tree import Did, Expression
from sla_sync.agreement.quantities import AtMost, Frequency, Period, Rate, Times, Undecided, Unlimited
from sla_sync.agreement.sections.amounts import parse_bracket
from sla_sync.agreement.sections.scoring import Decay, Dimension, ScoringModel, Signal
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.expressions import Reader, Value, holds
from sla_sync.semantics.history import Booked, Deed, Event, Raised, Replied


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a lead by one model; `total` is never below the model's floor."""

    fit: int
    engagement: int
    total: int


@dataclass(frozen=True, slots=True)
class Course:
    """What a score is computed from.

    `events` are those so far and `after(i)` reads the lead right after the event at that place, `now` at the end; `resets`
    are the places at which the points begin anew. Periods of frequency limits are those of `zone`.
    """

    events: Sequence[Event]
    after: Callable[[int], Reader]
    now: Reader
    at: datetime
    resets: frozenset[int]
    calendar: BusinessCalendar
    zone: ZoneInfo


def score(model: ScoringModel, course: Course) -> Score:
    """Return the points of a lead by a model. Points that nobody has decided yet are none."""
    fit = _fit(model.fit, course.now) if model.fit else 0
    engagement = _engagement(model.engagement, course) if model.engagement else 0
    floor = -math.inf if model.floor is None else _decided(model.floor)
    return Score(fit, engagement, int(max(floor, fit + engagement)))


def grade(model: ScoringModel, points: Score, lead: Reader) -> str | None:
    """Return the letter and the digit of a lead; None where the model has no grades or no cut-off is reached."""
    if model.grade is None:
        return None
    letter = _cut(model.grade.fit, points.fit, lead)
    digit = _cut(model.grade.engagement, points.engagement, lead)
    missing = (model.grade.fit and letter is None) or (model.grade.engagement and digit is None)
    return None if missing else f"{letter or ''}{digit or ''}" or None


def cut_off(share: Rate, totals: Iterable[int]) -> int | None:
    """Return the least score among the best `share` of these, such as the top 10%; None where there are none.

    The number of the best is rounded down and at least one; whoever scores as much as the last of them is in too.
    """
    ranked = sorted(totals, reverse=True)
    best = max(1, min(len(ranked), int(share.share * len(ranked))))
    return ranked[best - 1] if ranked else None


def _fit(side: Dimension, lead: Reader) -> int:
    added = sum(_decided(each.points) for each in side.add.values() if holds(each.when.value, lead))
    return _capped(side, added + _bracketed(side, lead))


def _bracketed(side: Dimension, lead: Reader) -> int:
    return sum(_points_in(brackets, lead.value(field)) for field, brackets in side.brackets.items())


def _points_in(brackets: Mapping[str, int | Undecided], value: Value | None) -> int:
    """Return the points of the bracket that a number is in: `from 11` reaches to the next bracket, `1 to 10` to its end."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    number = Decimal(str(value))
    read = sorted(((parse_bracket(text), points) for text, points in brackets.items()), key=lambda each: each[0].least)
    below = [(bracket, points) for bracket, points in read if bracket.least <= number]
    if not below:
        return 0
    bracket, points = below[-1]
    return _decided(points) if bracket.most is None or number <= bracket.most else 0


def _engagement(side: Dimension, course: Course) -> int:
    """Return the points for what the person did.

    A signal counts at each event that it names, where its condition holds right after that event; one that names none
    counts while it holds. The cap holds at each moment, so points above it are lost, and decay takes from what is left.
    """
    repeated = {name: signal for name, signal in side.add.items() if _names_events(signal.when.value)}
    total, last_act = 0, None
    counted: list[tuple[str, datetime]] = []
    previous = course.at
    for place, event in enumerate(course.events):
        total = _faded(total, side.decay, last_act, (previous, event.at), course)
        previous = event.at
        last_act = event.at if isinstance(event, Raised | Deed | Replied | Booked) else last_act
        if place in course.resets:
            total, counted = 0, []
        for name, signal in repeated.items():
            if _is_named(signal.when.value, event) and holds(signal.when.value, course.after(place)):
                earlier = [at for each, at in counted if each == name]
                if _may_count(signal.at_most, earlier, event.at, course.zone):
                    counted.append((name, event.at))
                    total = _capped(side, total + _decided(signal.points))
    total = _faded(total, side.decay, last_act, (previous, course.at), course)
    states = sum(_held(signal, course.now) for name, signal in side.add.items() if name not in repeated)
    return _capped(side, total + states + _bracketed(side, course.now))


def _held(signal: Signal, lead: Reader) -> int:
    return _decided(signal.points) if holds(signal.when.value, lead) else 0


def _names_events(condition: Expression) -> bool:
    return "source" in fields_in(condition) or any(isinstance(each, Did) for each in terms_in(condition))


def _is_named(condition: Expression, event: Event) -> bool:
    match event:
        case Raised():
            return "source" in fields_in(condition)
        case Deed(verb=verb, done=done):
            deeds = (each for each in terms_in(condition) if isinstance(each, Did))
            return any((each.verb, each.object) == (verb, done) and not each.negated for each in deeds)
        case _:
            return False


def _may_count(at_most: AtMost | Undecided | None, earlier: Sequence[datetime], at: datetime, zone: ZoneInfo) -> bool:
    """Return whether an event may count once more; where nothing sensible is said, once is enough."""
    match at_most:
        case Unlimited():
            return True
        case Times(count):
            return len(earlier) < count
        case Frequency(count, period):
            key = period_of(at, period, zone)
            return sum(period_of(each, period, zone) == key for each in earlier) < count
        case _:
            return not earlier


def period_of(at: datetime, period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """Return which day, ISO week, month, quarter or year an instant lies in, on the clocks of a zone."""
    day = at.astimezone(zone).date()
    match period:
        case Period.DAY:
            return (day.year, day.timetuple().tm_yday)
        case Period.WEEK:
            return day.isocalendar()[:2]
        case Period.MONTH:
            return (day.year, day.month)
        case Period.QUARTER:
            return (day.year, (day.month + 2) // 3)
        case Period.YEAR:
            return (day.year, 0)


def _faded(
    total: int, decay: Decay | None, last_act: datetime | None, stretch: tuple[datetime, datetime], course: Course
) -> int:
    """Return what is left of a total after the steps of decay that fall into a stretch; decay never goes below zero."""
    if decay is None or last_act is None:
        return total
    begin, end = stretch
    for at in _steps(decay, last_act, course.calendar, end):
        if begin < at:
            total = max(min(total, 0), total + min(_decided(decay.points), 0))
    return total


def _steps(decay: Decay, last_act: datetime, calendar: BusinessCalendar, end: datetime) -> Iterable[datetime]:
    """Yield when points fade after a person's last act, up to `end`."""
    idle = None if decay.after is None or isinstance(decay.after, Undecided) else decay.after.duration
    every = None if isinstance(decay.every, Undecided) else decay.every
    first = idle or every
    if first is None:
        return
    start = at = calendar.add(last_act, first)
    count = 0
    while at <= end:
        yield at
        count += 1
        if every is None or not every.count:
            return
        at = calendar.add(start, Duration(count * every.count, every.unit, every.business))


def _capped(side: Dimension, points: int) -> int:
    return points if side.max is None or isinstance(side.max, Undecided) else min(points, side.max)


def _cut(cuts: Mapping[str, float | Expression | Undecided], points: int, lead: Reader) -> str | None:
    """Return the first letter or digit, as they are written, whose points are reached or whose condition holds; else None."""
    for name, cut in cuts.items():
        if isinstance(cut, Undecided):
            continue
        if points >= cut if isinstance(cut, int | float) else holds(cut, lead):
            return name
    return None


def _decided(points: int | Undecided) -> int:
    return 0 if isinstance(points, Undecided) else points
