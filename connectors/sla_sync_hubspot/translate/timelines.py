"""What a workflow that waits comes to, one after another: the warning, the limit and the steps of a clock, by their length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import Calendar, Clock, Duration, Gap, KeyPath, Limit
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.clocks import calendars_of
from sla_sync_hubspot.translate.lengths import Length, length_of, share_of
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that falls due so long after the beginning of its timeline."""

    key: str
    length: Length
    origin: KeyPath


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moments one after another, all in open time of `calendar` or (None) all by the wall clock.

    It begins when the clock begins to run, for contacts of one priority where `limit` names it; or, where `after` is the
    key of an event, when that happens.
    """

    clock: Clock
    moments: tuple[Moment, ...]
    calendar: Calendar | None
    limit: Limit | None = None
    after: str | None = None
    waits_for: str = ""

    @property
    def open(self) -> bool:
        """Whether it counts open time."""
        return self.calendar is not None

    @property
    def name(self) -> str:
        """What tells it from the other timelines of its clock."""
        if self.limit is None:
            return f"wait for {self.waits_for}"
        whose = f" of {self.limit.priority}" if self.limit.priority else ""
        return f"time{whose}" if self.open else f"time{whose} by the wall clock"


@dataclass(frozen=True)
class Timed:
    """The timelines of one clock, and why others are none."""

    timelines: tuple[Timeline, ...]
    gaps: tuple[Gap, ...]


def calendar_of(clock: Clock, vocabulary: Vocabulary) -> Calendar | None:
    """Return the calendar in which workflows count a clock: the first of those in which it may run."""
    return next(iter(calendars_of(clock, vocabulary)), None)


def timelines_of(clock: Clock, vocabulary: Vocabulary) -> Timed:
    """Return the timelines of a clock: one for each limit, and one for each step after the breach."""
    gaps: list[Gap] = []
    found: list[Timeline] = []
    calendar = calendar_of(clock, vocabulary)
    for limit in clock.limits:
        if limit.inside_hours is not None:
            why = "no workflow asks whether a calendar is open"
            gaps.append(_gap(clock, "hours", f"Watch this limit of «{clock.name}» by hand: {why}.", limit.origin))
            continue
        moments = tuple(_moments(clock, limit, calendar, gaps))
        if any(each.key.endswith(".due") for each in moments):
            found += _split(clock, moments, calendar, limit)
    for rung in clock.rungs:
        if rung.after is None:
            continue
        key = kept.step_key(clock, rung)
        length = _length(clock, rung.after, calendar, rung.origin, gaps)
        if length is not None:
            where = calendar if length.open else None
            moment = Moment(key, length, rung.origin)
            step = f"step {rung.index + 1}"
            found.append(Timeline(clock, (moment,), where, after=f"{clock.name}.due", waits_for=step))
    unique = {gap.id: gap for gap in gaps}
    return Timed(tuple(found), tuple(unique.values()))


def _moments(clock: Clock, limit: Limit, calendar: Calendar | None, gaps: list[Gap]) -> Iterator[Moment]:
    whole = _length(clock, limit.within, calendar, limit.origin, gaps)
    if whole is None:
        return
    if clock.warn is not None:
        origin = (*clock.origin[:-1], "warn")
        early = (
            _length(clock, clock.warn, calendar, origin, gaps)
            if isinstance(clock.warn, Duration)
            else share_of(clock.warn, whole)
        )
        if early is not None:
            yield Moment(f"{clock.name}.warn", early, origin)
    yield Moment(f"{clock.name}.due", whole, limit.origin)
    for rung in clock.rungs:
        if rung.at is not None:
            length = _length(clock, rung.at, calendar, rung.origin, gaps)
            if length is not None:
                yield Moment(kept.step_key(clock, rung), length, rung.origin)


def _split(clock: Clock, moments: tuple[Moment, ...], calendar: Calendar | None, limit: Limit) -> Iterator[Timeline]:
    for is_open in (True, False):
        alike = sorted((each for each in moments if each.length.open is is_open), key=lambda each: each.length.minutes)
        if alike:
            yield Timeline(clock, tuple(alike), calendar if is_open else None, limit)


def _length(
    clock: Clock, duration: Duration, calendar: Calendar | None, origin: KeyPath, gaps: list[Gap]
) -> Length | None:
    try:
        return length_of(duration, calendar)
    except UnsayableError as error:
        place = "-".join(map(str, origin[-2:]))
        gaps.append(_gap(clock, place, f"Watch this part of «{clock.name}» by hand: {error}.", origin))
        return None


def _gap(clock: Clock, part: str, advice: str, origin: KeyPath) -> Gap:
    return Gap(f"clock-{clock.name}-{part}", f"Clock of «{clock.label}»", advice, origin)
