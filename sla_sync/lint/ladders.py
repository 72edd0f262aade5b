"""40x: what happens while a clock runs and after it has run out: warnings, escalations, pauses, new owners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions import fields_in, terms_in
from sla_sync.agreement.expressions.events import Moment as Happening
from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.quantities import Rate, Undecided, WarnAt
from sla_sync.agreement.sections.commitments import Clock, Commitment, Step
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.on_the_clock import later, weeks_of
from sla_sync.lint.plain_week import PlainWeek
from sla_sync.lint.promised import decided_limits, party_of
from sla_sync.lint.remarks import Case, Remark, Rule

_ALL = 100
_AT_ONCE = Duration(0, Unit.SECOND)
_SET_BY_NOBODY = frozenset(
    {"score", "engagement", "fit", "grade", "priority", "segment", "source", "account_owner", "cycle"}
)
"""Words that follow from other things, so that nobody can set them to stop a clock."""


def out_of_order(case: Case) -> Iterator[Remark]:
    """Yield warnings that come at the limit or after it, and steps that come before the one above them."""
    for name, commitment in case.agreement.commitments.items():
        at = ("commitments", name)
        weeks: tuple[PlainWeek | None, ...] = (None,)
        if commitment.clock is not None:
            weeks = tuple(weeks_of(commitment.clock, case.agreement).values()) or weeks
        limits = decided_limits(commitment)
        yield from _late_warning(at, name, commitment, limits, weeks)
        for index, (above, below) in enumerate(pairwise(commitment.on_breach), start=1):
            if any(_comes_before(below, above, limits, week) for week in weeks):
                yield Remark(
                    f"Step {index + 1} after a breach of '{name}' may come before the one above it.",
                    (*at, "on_breach", index),
                    "Put the steps in the order in which they happen.",
                )
        for index, step in enumerate(commitment.on_breach):
            early = isinstance(step.at, Duration) and any(
                later(limit, step.at, week) for limit in limits.values() for week in weeks
            )
            if early:
                yield Remark(
                    f"Step {index + 1} after a breach of '{name}' comes {step.at} after the start, before the limit.",
                    (*at, "on_breach", index, "at"),
                    "Write a time after the limit, or use `warn` for what comes before it.",
                )


def _late_warning(
    at: KeyPath,
    name: str,
    commitment: Commitment,
    limits: Mapping[str, Duration],
    weeks: tuple[PlainWeek | None, ...],
) -> Iterator[Remark]:
    if not isinstance(commitment.warn, WarnAt):
        return
    point = commitment.warn.point
    if isinstance(point, Rate):
        late = point.percent >= _ALL
        limit = next(iter(limits.values()), None)
    else:
        late_at = (
            each
            for each in limits.values()
            for week in weeks
            if each == point or later(point, each, week) or _same(point, each)
        )
        limit = next(late_at, None)
        late = limit is not None
    if late:
        yield Remark(
            f"Commitment '{name}' warns {commitment.warn}, when the limit{f' of {limit}' if limit else ''} is over.",
            (*at, "warn"),
            "Warn earlier, such as `at 50%`.",
        )


def _same(one: Duration, other: Duration) -> bool:
    return (
        one.business is other.business
        and later(one, other, None) is None
        and later(other, one, None) is None
        and (one.unit is other.unit or {one.unit, other.unit} <= {Unit.SECOND, Unit.MINUTE, Unit.HOUR})
    )


def _comes_before(below: Step, above: Step, limits: Mapping[str, Duration], week: PlainWeek | None) -> bool:
    """Return whether a step can come before the one above it, after some start."""
    if Undecided in {type(each) for step in (below, above) for each in (step.at, step.after)}:
        return False
    if (below.at is None) is (above.at is None):
        first, second = (step.at or step.after or _AT_ONCE for step in (above, below))
        if not isinstance(first, Duration) or not isinstance(second, Duration):
            return False
        return later(first, second, week) is not None if second.count else bool(first.count)
    return week is not None and any(
        _due(week, start, limit, below) < _due(week, start, limit, above)
        for limit in limits.values()
        for start in week.starts
    )


def _due(week: PlainWeek, start: int, limit: Duration, step: Step) -> float:
    if isinstance(step.at, Duration):
        return week.due(start, step.at)
    breach = week.due(start, limit)
    return week.due(breach, step.after) if isinstance(step.after, Duration) else breach


def passed_on_for_ever(case: Case) -> Iterator[Remark]:
    """Yield steps that give a lead on as often as it is late, or back to the only member it can come from."""
    agreement = case.agreement
    for path, _, step in _steps(agreement):
        if step.reassign is None:
            continue
        if step.at_most is None:
            message = "A late lead is reassigned, and nobody says how often."
            yield Remark(message, (*path, "reassign"), "Add `at_most: once`.")
        team = agreement.teams.get(step.reassign)
        if team is not None and team.members == 1 and _other_owners(agreement, step.reassign) is False:
            yield Remark(
                f"Team '{step.reassign}' has one member, who has the lead already.",
                (*path, "reassign"),
                "Reassign to another team, or return the lead to a queue.",
            )


def _other_owners(agreement: Agreement, team: str) -> bool | None:
    """Return whether the routing gives leads to others than a team; None where there is no routing."""
    if agreement.routing is None:
        return None
    places = {*(route.to for route in agreement.routing.first_match), agreement.routing.otherwise} - {None}
    return bool(places - {team} - agreement.queues.keys())


def stopped_at_will(case: Case) -> Iterator[Remark]:
    """Yield pauses that the person who is measured can begin, and those that need never end."""
    agreement = case.agreement
    written = {field for binding in case.bindings.values() for field, each in binding.fields.items() if each.writer}
    for name, commitment in agreement.commitments.items():
        if commitment.clock is None or commitment.clock.pauses is None:
            continue
        pause = commitment.clock.pauses
        path = ("commitments", name, "clock", "pauses")
        own = [
            field
            for field in fields_in(pause.value)
            if field not in _SET_BY_NOBODY | written | agreement.segments.keys() and field != "stage"
        ]
        stages = [value for each in terms_in(pause.value) if isinstance(each, Is) and each.field == "stage"
                  for value in each.values if not each.negated]  # fmt: skip
        endless = [each for each in stages if each in agreement.stages and agreement.stages[each].max_age is None]
        if own:
            yield Remark(
                f"Whoever is measured by '{name}' can stop its clock by setting '{own[0]}'.",
                path,
                f"Say in a binding which system writes '{own[0]}', or pause on an event with `pauses_on`.",
                severity=None if case.bindings else Severity.INFORMATION,
            )
        elif endless:
            yield Remark(
                f"The clock of '{name}' stands still in stage '{endless[0]}', where a lead may stay for ever.",
                path,
                f"Add `max_age` to stage '{endless[0]}'.",
            )


def inherits_a_clock(case: Case) -> Iterator[Remark]:
    """Yield steps that give a lead to somebody whose time is over already."""
    for path, commitment, step in _steps(case.agreement):
        if step.reassign is not None and not _begins_anew(commitment.clock):
            yield Remark(
                "Whoever gets a late lead gets its clock with it, which has run out.",
                (*path, "reassign"),
                "Add `restarts: reassigned` to the clock.",
            )


def _begins_anew(clock: Clock | None) -> bool:
    return clock is None or clock.restarts is not None or clock.starts.value is Happening.REASSIGNED


def not_above_the_owner(case: Case) -> Iterator[Remark]:
    """Yield roles of the promiser's own party that are told of a breach and cannot decide anything about it."""
    agreement = case.agreement
    managers = {team.manager for team in agreement.teams.values() if team.manager}
    for path, commitment, step in _steps(agreement):
        party = party_of(commitment.by, agreement)
        own = {each for each in managers if party_of(each, agreement) == party}
        above = {role for each in own for role in _line(each, agreement)} | {commitment.by}
        for index, role in enumerate(step.notify):
            found = agreement.roles.get(role)
            if found is None or found.party != party or not own or role in above or found.steward or found.sponsor:
                continue
            beside = found.reports_to if found.reports_to in above else None
            yield Remark(
                f"'{role}' is told of the breach and "
                + (f"stands beside the owner, under '{beside}'." if beside else "leads nobody who owns such leads."),
                (*path, "notify", index),
                f"Name somebody above the owner, such as '{commitment.by}'.",
            )


def _line(role: str, agreement: Agreement) -> Iterator[str]:
    """Yield a role and those above it."""
    seen: set[str] = set()
    above: str | None = role
    while above is not None and above in agreement.roles and above not in seen:
        yield above
        seen.add(above)
        above = agreement.roles[above].reports_to


def _steps(agreement: Agreement) -> Iterator[tuple[KeyPath, Commitment, Step]]:
    for name, commitment in agreement.commitments.items():
        for index, step in enumerate(commitment.on_breach):
            yield ("commitments", name, "on_breach", index), commitment, step


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA402",
        Severity.ERROR,
        "A warning comes before the limit, and each step after the one above it.",
        out_of_order,
        because="Who hears first and who hears last is half of what an escalation says.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 business hours,\n"
        "  on_breach: [{after: 1 business day, notify: vp_sales}, {after: 1 business hour, notify: owner}]}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 business hours,\n"
        "  on_breach: [{after: 1 business hour, notify: owner}, {after: 1 business day, notify: vp_sales}]}}",
    ),
    Rule(
        "SLA412",
        Severity.ERROR,
        "A late lead is given on a limited number of times, and to somebody else.",
        passed_on_for_ever,
        because="A lead that goes round is touched by nobody, and everybody had it.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, restarts: reassigned},\n"
        "  within: 2 business hours, on_breach: [{after: 1 business hour, reassign: sdr}]}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, restarts: reassigned},\n"
        "  within: 2 business hours, on_breach: [{after: 1 business hour, reassign: sdr, at_most: once}]}}",
    ),
    Rule(
        "SLA413",
        Severity.WARNING,
        "A pause is begun by others than the person measured, and ends.",
        stopped_at_will,
        because="A clock that its runner can stop is never late.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, pauses: waiting is yes},\n"
        "  within: 2 business hours}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, pauses_on: meeting booked,\n"
        "  resumes_on: reply}, within: 2 business hours}}",
    ),
    Rule(
        "SLA414",
        Severity.WARNING,
        "A new owner gets a new clock.",
        inherits_a_clock,
        because="Nobody takes a lead that is late before it is read.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 business hours,\n"
        "  on_breach: [{reassign: sdr, at_most: once}]}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch, restarts: reassigned},\n"
        "  within: 2 business hours, on_breach: [{reassign: sdr, at_most: once}]}}",
    ),
    Rule(
        "SLA415",
        Severity.WARNING,
        "A breach is escalated to somebody above the owner.",
        not_above_the_owner,
        because="A colleague who hears of it can only be sorry.",
        bad="roles: {ae_manager: {party: sales, reports_to: vp_sales}}\n"
        "commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 business hours,\n"
        "  on_breach: [{notify: ae_manager}]}}",
        good="roles: {ae_manager: {party: sales, reports_to: vp_sales}}\n"
        "commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 business hours,\n"
        "  on_breach: [{notify: sdr_manager}]}}",
    ),
)
