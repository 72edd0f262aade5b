"""The clocks that an org can hold, each with what its flows need to know; what cannot be held exactly becomes a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sla_sync.connector import (
    SECONDS,
    Calendar,
    Clock,
    Duration,
    Gap,
    KeyPath,
    Limit,
    Resources,
    Rung,
    Unit,
    clock_events,
    print_event,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.formulas import UnsayableError, all_of, any_of, formula, quoted
from sla_sync_salesforce.translate.leg import ClockFields, clock_fields
from sla_sync_salesforce.translate.words import Holds, Place, Words

Moment = clock_events.Moment
_FINEST = 3
"""Seconds of which a length is a multiple, so that its minutes have at most four decimal places."""
PERSONAL = "personal"


class Kind(StrEnum):
    """How a length of time is counted."""

    OPEN = "open"
    """Minutes in which the calendar is open."""
    DAYS = "days"
    """Open days."""
    WALL = "wall"
    """Minutes by the clock on the wall."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time that an org can count: minutes, or days where it counts open days."""

    kind: Kind
    amount: float


@dataclass(frozen=True, slots=True)
class TimedLimit:
    """A limit whose length the org can count."""

    limit: Limit
    length: Length


@dataclass(frozen=True, slots=True)
class TimedRung:
    """A step whose instant the org can compute: `length` is None where it follows the breach at once."""

    rung: Rung
    number: int
    """Its place in `on_breach`, from 1."""
    length: Length | None
    since_start: bool


@dataclass(frozen=True)
class Timed:
    """A clock that the org holds. `begins` and `stops` are fields of the leg; `where` is a formula of a flow of the leg."""

    clock: Clock
    fields: ClockFields
    begins: str
    first_turn_only: bool
    stops: str
    where: str | None
    limits: tuple[TimedLimit, ...]
    warn: float | Length | None
    rungs: tuple[TimedRung, ...]
    calendars: tuple[str, ...] = ()
    """The agreed names of the calendars in which it may run."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """How its limits are counted, each way once."""
        return tuple(dict.fromkeys(each.length.kind for each in self.limits))

    @property
    def by_hours(self) -> bool:
        """Whether some limit counts only inside or only outside opening hours."""
        return any(each.limit.inside_hours is not None for each in self.limits)


@dataclass(frozen=True)
class Clocks:
    """The clocks that the org holds, which of them is the lead's own deadline, and what must be said of the others."""

    timed: tuple[Timed, ...]
    deadline: Timed | None
    gaps: tuple[Gap, ...] = ()
    in_force: tuple[datetime, datetime | None] | None = None

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The clocks of the agreement that the org holds."""
        return tuple(each.clock for each in self.timed)

    def held(self, resources: Resources) -> Resources:
        """Return what the agreement needs, with those clocks alone that the org holds."""
        deadline = None if self.deadline is None else self.deadline.clock.name
        return replace(resources, clocks=self.clocks, deadline=deadline)


@dataclass
class _Finding:
    gaps: list[Gap] = field(default_factory=list)

    def gap(self, clock: Clock, part: str, advice: str, origin: KeyPath) -> None:
        self.gaps.append(Gap(f"clock:{clock.name}{part}", f"clock of «{clock.name}»", advice, origin))


def length_of(duration: Duration) -> Length:
    """Return a duration as an org can count it. Raises UnsayableError."""
    if duration.business and duration.unit is Unit.DAY:
        return Length(Kind.DAYS, duration.count)
    if duration.unit not in SECONDS or (duration.business and duration.unit is Unit.WEEK):
        raise UnsayableError(f"no formula adds {duration} as the agreement means it")
    seconds = duration.count * SECONDS[duration.unit]
    if seconds % _FINEST:
        raise UnsayableError(f"{duration} is no whole number of ten-thousandths of a minute, which is what a row holds")
    return Length(Kind.OPEN if duration.business else Kind.WALL, seconds / 60)


def learn_clocks(resources: Resources, binding: SalesforceBinding, words: Words) -> Clocks:
    """Return the clocks that the org can hold, and a gap for each thing about them that it cannot."""
    finding = _Finding()
    timed: list[Timed] = []
    for clock in resources.clocks:
        holder = binding.held_by.get(clock.name) or binding.held_by.get("commitments")
        if holder is not None:
            finding.gap(clock, "", f"Keep the clock of «{clock.name}» in {holder}: the binding says so.", clock.origin)
            continue
        try:
            timed.append(_timed(clock, resources, binding, words, finding))
        except UnsayableError as error:
            advice = f"Watch «{clock.name}» by hand, or agree it otherwise: {error}."
            finding.gap(clock, "", advice, clock.origin)
    deadline = next((each for each in timed if each.clock.name == resources.deadline), None)
    return Clocks(tuple(timed), deadline, tuple(finding.gaps), resources.in_force)


def calendars_of(clock: Clock, resources: Resources) -> tuple[Calendar, ...]:
    """Return the calendars in which a clock may run: its own, or those of all teams and the main one."""
    if clock.wall_clock:
        return ()
    if clock.calendar is not None:
        return tuple(each for each in resources.calendars if each.name == clock.calendar)
    of_teams = {team.calendar for team in resources.teams}
    main = resources.calendars[:1]
    return tuple(each for each in resources.calendars if each in main or each.name in of_teams)


def _timed(clock: Clock, resources: Resources, binding: SalesforceBinding, words: Words, finding: _Finding) -> Timed:
    if clock.pauses:
        raise UnsayableError("an org cannot push a deadline by the time in which the clock stood still")
    begins, first_turn_only = _begins(clock, resources)
    stops = _stops(clock, resources)
    calendars = calendars_of(clock, resources)
    rate = _engine(binding, calendars, wall=clock.wall_clock)
    limits = tuple(_limits(clock, rate, finding, apex=binding.deadlines == "apex"))
    if clock.limits and not limits:
        raise UnsayableError("none of its limits can be computed")
    timed = Timed(
        clock,
        clock_fields(clock),
        begins,
        first_turn_only,
        stops,
        _where(clock, words, binding),
        limits,
        _warn(clock, rate, finding) if limits else None,
        (),
        tuple(each.name for each in calendars),
    )
    timed = replace(timed, rungs=tuple(_rungs(timed, rate, finding)))
    _say(clock, begins, finding)
    return timed


def _say(clock: Clock, begins: str, finding: _Finding) -> None:
    """Note what the org holds of a clock in other words than the agreement."""
    if clock.excused:
        advice = f"Judge by hand which misses of «{clock.name}» are excused: the org shows them as late or overdue."
        finding.gap(clock, ":excused", advice, clock.origin)
    if begins == "Raised_At__c":
        advice = (
            f"Expect «{clock.name}» only for leads that qualify: the org times a lead from its first assignment record."
        )
        finding.gap(clock, ":raised", advice, clock.origin)


_FIELDS: Mapping[object, str] = {
    Moment.RAISED: "Raised_At__c",
    Moment.QUALIFIED: "Qualified_At__c",
    Moment.ASSIGNED: "Assigned_At__c",
    Moment.REASSIGNED: "Assigned_At__c",
    Moment.TOUCH: "First_Touch_At__c",
    Moment.ACCEPTED: "Accepted_At__c",
    Moment.VERDICT: "Verdict_At__c",
    Moment.MEETING_BOOKED: "Meeting_At__c",
}
WAITING_TOUCH = "Waiting_Touch_At__c"
"""Where the leg keeps a touch while the lead was nobody's; `First_Touch_At__c` is the owner's."""
_OF_STATUS = frozenset({"Verdict_At__c", "Accepted_At__c"})
_OPENING = frozenset({"Raised_At__c", "Qualified_At__c", "Assigned_At__c"})
_BEFORE = frozenset({"Raised_At__c", "Qualified_At__c"})
_ONLY_FIRST = frozenset({"First_Touch_At__c", "Meeting_At__c"})


def _field_of(event: clock_events.Event, resources: Resources) -> str:
    """Return the field of the leg that keeps the instant of an event. Raises UnsayableError."""
    qualifying = next((stage for stage in resources.stages if stage.qualifies), None)
    if qualifying is not None and event == clock_events.Enters(qualifying.name):
        return "Qualified_At__c"
    if qualifying is not None and event == clock_events.Leaves(qualifying.name):
        return "Verdict_At__c"
    if qualifying is not None and isinstance(event, clock_events.Enters):
        closing = {stage.name for stage in resources.stages if stage.closes}
        ahead = [name for name in qualifying.next if name not in closing]
        if ahead == [event.stage]:
            return "Accepted_At__c"
    if event in _FIELDS:
        return _FIELDS[event]
    raise UnsayableError(f"Salesforce does not tell when this happens: {print_event(event)}")


def _begins(clock: Clock, resources: Resources) -> tuple[str, bool]:
    """Return the field from which a clock starts, and whether it does so in the first turn of a cycle only."""
    if clock.restarts not in {None, Moment.REASSIGNED}:
        raise UnsayableError(
            f"a clock begins anew only where the owner changes, and not at: {print_event(clock.restarts)}"
        )
    begins = _field_of(clock.starts, resources)
    if begins not in _OPENING and clock.restarts is not None:
        raise UnsayableError(f"a clock that starts at {print_event(clock.starts)} cannot begin anew with each owner")
    if clock.starts is Moment.REASSIGNED and clock.restarts is None:
        raise UnsayableError("a clock that starts where the owner changes must also begin anew there")
    return begins, clock.restarts is None and begins in _OPENING


def _stops(clock: Clock, resources: Resources) -> str:
    starts, stops = _field_of(clock.starts, resources), _field_of(clock.stops, resources)
    if stops == "Assigned_At__c" and starts in _BEFORE and clock.restarts is None:
        return stops
    if stops == starts or stops in _OPENING:
        raise UnsayableError(f"an org cannot time until: {print_event(clock.stops)}")
    if stops in _ONLY_FIRST and starts not in _OPENING:
        raise UnsayableError(
            f"of each turn only the first {print_event(clock.stops)} is kept, and it may come before the start"
        )
    return stops


def _where(clock: Clock, words: Words, binding: SalesforceBinding) -> str | None:
    if clock.where is None:
        return None
    # What was frozen when the lead qualified is read from the leg; the rest as the lead shows it when the clock starts.
    frozen = {name: Place(f"{name}__c", Holds.TEXT, f"{{!$Record.{name.capitalize()}__c}}") for name in _FROZEN}
    there = words.of("$Record.Lead__r", binding.prefix)
    return formula(clock.where, replace(there, places={**there.places, **frozen}))


_FROZEN = ("priority", "source", "team")

_Check = Callable[[Length], None]


def _engine(binding: SalesforceBinding, calendars: Sequence[Calendar], *, wall: bool) -> _Check:
    """Return a check that raises UnsayableError for a length that the chosen engine cannot add in these calendars."""

    def check(length: Length) -> None:
        if length.kind is Kind.WALL:
            return
        if wall:
            raise UnsayableError("business time does not pass on the clock on the wall")
        if not calendars:
            raise UnsayableError("no calendar says when it is open")
        if length.kind is Kind.DAYS:
            _check_days(binding, calendars)

    return check


def _check_days(binding: SalesforceBinding, calendars: Sequence[Calendar]) -> None:
    if binding.deadlines == "apex":
        raise UnsayableError(
            "Apex adds open hours and no open days; write hours, or `deadlines: calendar` in the binding"
        )
    for calendar in calendars:
        if has_two_windows(calendar):
            raise UnsayableError(
                f"«{calendar.name}» opens twice on some days, and open days are added by one opening a day"
            )
        if _changes_clocks_while_open(calendar):
            raise UnsayableError(f"clocks change while «{calendar.name}» is open, so that no row tells its local time")


def has_two_windows(calendar: Calendar) -> bool:
    """Return whether a calendar opens more than once on some day."""
    days = [each.day for each in calendar.openings]
    return len(days) != len(set(days))


def _changes_clocks_while_open(calendar: Calendar) -> bool:
    zone = ZoneInfo(calendar.timezone)
    for each in calendar.openings:
        offsets = {at.astimezone(zone).utcoffset() for at in (each.opens, each.closes)}
        local = each.opens.astimezone(zone)
        counted = (each.opens - each.midnight).total_seconds()
        if len(offsets) > 1 or counted != local.hour * 3_600 + local.minute * 60 + local.second:
            return True
    return False


def _limits(clock: Clock, check: _Check, finding: _Finding, *, apex: bool) -> Iterator[TimedLimit]:
    for limit in clock.limits:
        try:
            length = length_of(limit.within)
            check(length)
            if apex and limit.inside_hours is not None:
                raise UnsayableError("Apex cannot tell a limit inside opening hours from one outside them here")
        except UnsayableError as error:
            named = limit.priority or ("inside hours" if limit.inside_hours else "outside hours")
            whose = "" if limit.priority is None and limit.inside_hours is None else f" for {named}"
            advice = f"Agree the limit of «{clock.name}»{whose} otherwise, or watch it by hand: {error}."
            finding.gap(clock, f":{limit.priority or limit.inside_hours}", advice, limit.origin)
        else:
            yield TimedLimit(limit, length)


def _warn(clock: Clock, check: _Check, finding: _Finding) -> float | Length | None:
    if not isinstance(clock.warn, Duration):
        return clock.warn
    try:
        length = length_of(clock.warn)
        check(length)
    except UnsayableError as error:
        advice = f"Agree the warning of «{clock.name}» otherwise: {error}."
        finding.gap(clock, ":warn", advice, (*clock.origin[:-1], "warn"))
        return None
    return length


def _rungs(timed: Timed, check: _Check, finding: _Finding) -> Iterator[TimedRung]:
    clock = timed.clock
    for rung in clock.rungs:
        duration = rung.at or rung.after
        try:
            length = length_of(duration) if duration is not None and duration.count else None
            if length is not None:
                check(length)
            if rung.at is None and not timed.limits:
                raise UnsayableError("it follows a limit, and none is agreed that the org can compute")
        except UnsayableError as error:
            advice = f"Agree step {rung.index + 1} of «{clock.name}» otherwise, or take it by hand: {error}."
            finding.gap(clock, f":rung:{rung.index + 1}", advice, rung.origin)
        else:
            yield TimedRung(rung, rung.index + 1, length, rung.at is not None)


def by_touch(timed: Timed) -> bool:
    """Return whether a clock stops at a touch; where nobody owns the lead, anybody's counts."""
    return timed.stops == _FIELDS[Moment.TOUCH]


def applies(timed: Timed) -> str | None:
    """Return the formula of a flow of the leg that says whether the promise is made for it; None where to every lead."""
    terms = [] if timed.where is None else [timed.where]
    if timed.limits and all(each.limit.priority is not None for each in timed.limits):
        named = dict.fromkeys(each.limit.priority or "" for each in timed.limits)
        terms.append(any_of(f"{{!$Record.Priority__c}} = {quoted(name)}" for name in named))
    if timed.stops in _OF_STATUS:
        # A contact has no Lead Status: nothing could ever stop this clock of an assignment that is a contact's alone.
        terms.append("NOT(ISBLANK({!$Record.Lead__c}))")
    return all_of(terms) if terms else None
