"""40x: time limits; what follows a breach is in `ladders`, when the business is open in `opening_hours`."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.durations import Duration, parse_duration, seconds
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import CountOf, CountOfEvents, Effort
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, Commitment
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint import ladders, opening_hours
from sla_sync.lint.on_the_clock import usual_seconds, weeks_of
from sla_sync.lint.plain_week import plain_week
from sla_sync.lint.promised import decided_limits, is_response, limits_at
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

_DAY = 86_400
_FINEST = 300
"""Seconds: a platform looks at its clocks every few minutes, some of them every hour."""


def without_a_limit(case: Case) -> Iterator[Remark]:
    """Yield clocks that may run for ever, and volumes that say no period."""
    for name, commitment in case.agreement.commitments.items():
        at = ("commitments", name)
        if commitment.clock is not None and commitment.within is None and commitment.aim is None:
            yield Remark(
                f"Commitment '{name}' has a clock and no time limit.",
                at,
                "Add `within`, such as `within: 2 business hours`, or `aim` for a time to strive for.",
                at_key=True,
            )
        measure = commitment.measure.value if commitment.measure else None
        if isinstance(measure, CountOf | CountOfEvents) and isinstance(commitment.target, int | float):
            yield Remark(
                f"Commitment '{name}' promises {commitment.target:g} and does not say in which period.",
                (*at, "target"),
                f"Write a period, such as `{commitment.target:g} per month`, or a number for each month.",
            )


def starts_as_it_stops(case: Case) -> Iterator[Remark]:
    """Yield clocks that stop at the event that starts them."""
    for name, commitment in case.agreement.commitments.items():
        clock = commitment.clock
        if clock is not None and clock.starts.value == clock.stops.value:
            yield Remark(
                f"The clock of '{name}' starts and stops at `{clock.stops}`, so it never runs.",
                ("commitments", name, "clock", "stops"),
                "Name the event that ends the wait, such as `touch`.",
            )


def no_time_for_it(case: Case) -> Iterator[Remark]:
    """Yield calendars that never open, and limits that end after the agreement does."""
    agreement = case.agreement
    for name, calendar in agreement.calendars.items():
        if not calendar.week and not any(getattr(each, "open", ()) for each in calendar.holidays):
            yield Remark(
                f"Calendar '{name}' never opens, so a clock that runs in it never ends.",
                ("calendars", name),
                "Add `open` with a window, such as `mon-fri: 09:00-17:00`.",
                at_key=True,
            )
    effective = agreement.metadata.effective
    if effective.until is None or effective.until < effective.start:
        return
    days = (effective.until - effective.start).days + 1
    for name, commitment in agreement.commitments.items():
        weeks = weeks_of(commitment.clock, agreement) if commitment.clock else {}
        hours = next(iter(weeks.values()), None)
        for at, limit in _limits(commitment):
            if usual_seconds(limit, hours) > days * _DAY:
                yield Remark(
                    f"Commitment '{name}' allows {limit}, and the agreement is in force for {days} days.",
                    ("commitments", name, *at),
                    "Shorten the limit, or let the agreement last longer.",
                )


def _limits(commitment: Commitment) -> Iterator[tuple[KeyPath, Duration]]:
    if commitment.clock is not None:
        yield from ((at, limit) for at, _, limit in limits_at(commitment))
    measure = commitment.measure.value if commitment.measure else None
    if isinstance(measure, Effort) and measure.within is not None:
        yield ("measure",), measure.within


def over_the_weekend(case: Case) -> Iterator[Remark]:
    """Yield limits that run on the wall clock and end before anybody is back who could keep them."""
    agreement = case.agreement
    teams = {team.calendar for team in agreement.teams.values() if team.calendar in agreement.calendars}
    weeks = {name: plain_week(agreement.calendars[name].week) for name in agreement.calendars if name in teams}
    gaps = {name: week.longest_gap for name, week in weeks.items() if week.spans}
    if not gaps:
        return
    shortest = min(gaps, key=lambda name: gaps[name])
    for name, commitment in agreement.commitments.items():
        if not is_response(commitment) or commitment.clock is None or commitment.clock.stops.value not in _BY_PEOPLE:
            continue
        for at, key, limit in limits_at(commitment):
            length = seconds(limit)
            if limit.business or length is None or length >= gaps[shortest] * 60 or key == INSIDE_HOURS:
                continue
            hours, share = gaps[shortest] / 60, 1 - weeks[shortest].open_minutes / (7 * 24 * 60)
            yield Remark(
                f"Commitment '{name}' allows {limit} on the wall clock, and calendar '{shortest}' is closed for up to "
                f"{hours:g} hours: leads that come then are late. It is closed for {share:.0%} of the week; how many "
                "leads come then is the most that can never be on time.",
                ("commitments", name, *at),
                "Write business time, such as `4 business hours`, or limits `inside hours` and `outside hours`.",
            )
            break


_BY_PEOPLE = frozenset({Moment.TOUCH, Moment.REPLY})


def sooner_than_the_platforms(case: Case) -> Iterator[Remark]:
    """Yield limits since the hand-raise that end before the platforms have told each other of the lead."""
    for binding in case.bindings.values():
        try:
            latency = parse_duration(binding.expects.get("sync_latency", ""))
        except FormatError:
            continue
        for name, commitment in case.agreement.commitments.items():
            if commitment.clock is None or commitment.clock.starts.value is not Moment.RAISED:
                continue
            for at, _, limit in limits_at(commitment):
                length, needed = seconds(limit), seconds(latency)
                if length is not None and needed is not None and length <= needed:
                    yield Remark(
                        f"Commitment '{name}' allows {limit} since the hand-raise, and by binding "
                        f"'{binding.metadata.name}' the lead may need {latency} to arrive.",
                        ("commitments", name, *at),
                        "Start the clock at `assigned`, or allow more than the latency.",
                    )
                    break


def finer_than_the_platforms(case: Case) -> Iterator[Remark]:
    """Yield limits that are over before a platform looks at its clocks."""
    for name, commitment in case.agreement.commitments.items():
        for key, limit in decided_limits(commitment).items() if commitment.clock else ():
            length = seconds(limit)
            if length is not None and length < _FINEST:
                yield Remark(
                    f"Commitment '{name}' allows {limit}, and platforms look at their clocks every few minutes.",
                    ("commitments", name, "within", *([key] if key else [])),
                    "Write at least `5 minutes`, or make it an `aim`, which is measured afterwards.",
                )


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA401",
        Severity.ERROR,
        "Every promise has a time limit or a period.",
        without_a_limit,
        because="What may happen at any time is never late.",
        bad="commitments: {volume: {by: vp_marketing, measure: count of first mql, target: 110}}",
        good="commitments: {volume: {by: vp_marketing, measure: count of first mql, target: 110 per month}}",
    ),
    *ladders.RULES[:1],
    Rule(
        "SLA403",
        Severity.ERROR,
        "A clock stops at another event than it starts.",
        starts_as_it_stops,
        because="A clock that stops as it starts shows every lead on time.",
        bad="commitments: {verdict: {by: vp_sales, clock: {starts: enters mql, stops: enters mql}, within: 2 business days}}",
        good="commitments: {verdict: {by: vp_sales, clock: {starts: enters mql, stops: leaves mql}, within: 2 business days}}",
    ),
    Rule(
        "SLA404",
        Severity.ERROR,
        "Calendars open, and limits end while the agreement is in force.",
        no_time_for_it,
        because="A limit that cannot pass cannot be missed.",
        bad="calendars: {office: {open: {mon-sun: closed}}}",
        good="calendars: {office: {open: {mon-fri: '09:00-17:00'}}}",
    ),
    Rule(
        "SLA405",
        Severity.WARNING,
        "A limit on the wall clock is longer than the office is closed.",
        over_the_weekend,
        because="Whoever asks on Friday evening is late by Monday whatever anybody does, so the share on time has a "
        "ceiling that no effort lifts.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, runs_in: wall clock},\n"
        "  within: 4 hours}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, runs_in: office},\n"
        "  within: 4 business hours}}",
        besides=Needs.HISTORY,
    ),
    Rule(
        "SLA406",
        Severity.WARNING,
        "A limit since the hand-raise leaves time for the lead to arrive.",
        sooner_than_the_platforms,
        because="A rep cannot answer a lead that is still on its way between two platforms.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: raised, stops: touch}, within: 10 minutes}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 10 minutes}}",
    ),
    *opening_hours.RULES,
    *ladders.RULES[1:],
    Rule(
        "SLA410",
        Severity.WARNING,
        "The members of a team work in the zone of its calendar.",
        because="A deadline at nine in New York is six in the morning for a member in California.",
        bad="teams: {sdr: {calendar: office}}",
        good="teams: {sdr: {calendar: personal}}",
        needs=Needs.LIVE,
    ),
    Rule(
        "SLA416",
        Severity.WARNING,
        "A limit is no finer than a platform can check.",
        finer_than_the_platforms,
        because="A notice that comes minutes after the limit teaches people to ignore notices.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 90 seconds}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, aim: 90 seconds,\n"
        "  within: 5 business minutes}}",
    ),
)
