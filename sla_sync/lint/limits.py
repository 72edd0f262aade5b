"""30x: numbers that contradict each other, brought to one scale: limits on the clock, volumes to one period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions import print_measure
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.tree import Expression, Is, Known, Not
from sla_sync.agreement.quantities import Period, Rate, Undecided, Volume
from sla_sync.agreement.reasoning import Domain, Lead, domain_of, example
from sla_sync.agreement.sections.commitments import Commitment, Targets
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.on_the_clock import Moment, later, weeks_of
from sla_sync.lint.plain_week import PlainWeek
from sla_sync.lint.promised import HOURS, condition, decided_limits
from sla_sync.lint.remarks import Case, Remark, Rule

MONTHS: Mapping[Period, Decimal] = {
    Period.DAY: Decimal(12) / Decimal("365.2425"),
    Period.WEEK: Decimal(84) / Decimal("365.2425"),
    Period.MONTH: Decimal(1),
    Period.QUARTER: Decimal(3),
    Period.YEAR: Decimal(12),
}
"""How many months a period has; a day and a week on average."""

_SAME = Decimal("0.02")
"""Volumes that differ by less may be one number, written once by the week and once by the month."""


def contradictory(case: Case) -> Iterator[Remark]:
    """Yield commitments that set another number than an earlier one for the same thing."""
    yield from _limits_of_one_event(case)
    yield from _numbers_of_one_measure(case)


def _limits_of_one_event(case: Case) -> Iterator[Remark]:
    agreement, domain = case.agreement, domain_of(case.agreement)
    timed = [(name, each) for name, each in agreement.commitments.items() if each.clock and each.kind == "produce"]
    said: set[str] = set()
    for (one, first), (other, second) in combinations(timed, 2):
        if other in said or _event(first) != _event(second):
            continue
        for key, limit, rival in _shared_limits(first, second, agreement):
            lead = _for_both(first, second, key, domain)
            if isinstance(lead, Lead) and _differ(limit, rival, first, second, agreement):
                said.add(other)
                yield Remark(
                    f"Commitment '{other}' sets {rival} and '{one}' sets {limit} for the same event"
                    f"{f' {key}' if key in HOURS else ''}: {lead} is under both.",
                    _path(other, second, key),
                    f"Give both one limit, or say with `where` which leads '{other}' is about.",
                )
                break


def _event(commitment: Commitment) -> tuple[str | None, Event, Event] | None:
    clock = commitment.clock
    return None if clock is None else (clock.of, clock.starts.value, clock.stops.value)


def _shared_limits(
    first: Commitment, second: Commitment, agreement: Agreement
) -> Iterator[tuple[str, Duration, Duration]]:
    """Yield both limits for each priority and part of the day, with its name, and once for leads without a priority."""
    one, other = decided_limits(first), decided_limits(second)
    keys = [*agreement.priorities, *sorted(HOURS & (one.keys() | other.keys())), ""]
    for key in keys:
        limit, rival = one.get(key, one.get("")), other.get(key, other.get(""))
        if limit is not None and rival is not None and limit != rival:
            yield key, limit, rival


def _for_both(first: Commitment, second: Commitment, key: str, domain: Domain) -> object:
    holds: list[Expression] = [condition(each.where) for each in (first, second)]
    if key and key not in HOURS:
        holds.append(Is("priority", (key,)))
    elif not key and "priority" in domain.first_match:
        holds.append(Not(Known("priority")))
    return example(domain, holds=holds)


def _differ(limit: Duration, rival: Duration, first: Commitment, second: Commitment, agreement: Agreement) -> bool:
    weeks: list[PlainWeek | None] = [
        each for one in (first, second) if one.clock for each in weeks_of(one.clock, agreement).values()
    ]
    return any(later(limit, rival, week) or later(rival, limit, week) for week in weeks or [None])


def _path(name: str, commitment: Commitment, key: str) -> KeyPath:
    one_for_each = isinstance(commitment.within, dict) and key in commitment.within
    return ("commitments", name, "within", *([key] if one_for_each else []))


def _numbers_of_one_measure(case: Case) -> Iterator[Remark]:
    earlier: dict[tuple[str, str | None, str], tuple[str, Targets]] = {}
    for name, each in case.agreement.commitments.items():
        if (
            each.measure is None
            or each.target is None
            or each.kind == "influence"
            or isinstance(each.target, Undecided)
        ):
            continue
        of = (print_measure(each.measure.value), each.by, str(each.where and each.where.value))
        if of not in earlier:
            earlier[of] = (name, each.target)
            continue
        one, target = earlier[of]
        if _contradict(target, each.target, case.agreement):
            yield Remark(
                f"Commitment '{name}' promises {_spoken(each.target)} and '{one}' promises {_spoken(target)} of the same.",
                ("commitments", name, "target"),
                "Keep one of the two; write `stretch` for the number that goes beyond.",
            )


def _contradict(one: Targets, other: Targets, agreement: Agreement) -> bool:
    first, second = (each if isinstance(each, dict) else {"": each} for each in (one, other))
    months = first.keys() & second.keys() or (first.keys() | second.keys()) - {""}
    pairs = ((first.get(month, first.get("")), second.get(month, second.get(""))) for month in months)
    return any(_unequal(before, after, agreement) for before, after in pairs)


def _unequal(one: object, other: object, agreement: Agreement) -> bool:
    first, second = each_month(one, agreement), each_month(other, agreement)
    if isinstance(one, Rate) and isinstance(other, Rate):
        return one != other
    if first is None or second is None:
        return False
    exact = all(isinstance(each, Volume) and each.period not in {Period.DAY, Period.WEEK} for each in (one, other))
    return first != second if exact else abs(first - second) > _SAME * max(first, second)


def each_month(target: object, agreement: Agreement) -> Decimal | None:
    """Return a volume as so many a month, for a team with all its members; None where it is none or cannot be told."""
    if not isinstance(target, Volume):
        return None
    members = _members(target, agreement) if target.per_member else 1
    return None if members is None else target.count * members / MONTHS[target.period]


def _members(volume: Volume, agreement: Agreement) -> Decimal | None:
    names = [volume.team] if volume.team else list(agreement.teams)
    members = [agreement.teams[name].members if name in agreement.teams else None for name in names]
    known = [Decimal(str(each)) for each in members if isinstance(each, int | float)]
    return sum(known, Decimal(0)) if known and len(known) == len(members) else None


def _spoken(target: Targets) -> str:
    if isinstance(target, dict):
        return " and ".join(f"{each} in {month}" for month, each in target.items())
    return str(target)


def hotter_waits_longer(case: Case) -> Iterator[Remark]:
    """Yield priorities that have to wait longer than a less urgent one, on the clock."""
    for name, commitment in case.agreement.commitments.items():
        if commitment.clock is None or not isinstance(commitment.within, dict):
            continue
        limits = [(key, each) for key in case.agreement.priorities if (each := decided_limits(commitment).get(key))]
        weeks = tuple(weeks_of(commitment.clock, case.agreement).values())
        for (hot, sooner), (cold, longer) in combinations(limits, 2):
            moment = _first(sooner, longer, weeks)
            if moment is not None:
                yield Remark(
                    f"Commitment '{name}' lets '{hot}' leads wait {sooner} and '{cold}' leads {longer}: "
                    f"of two that come on {moment}, the '{hot}' one waits longer.",
                    ("commitments", name, "within", hot),
                    f"Give '{hot}' a limit that ends before that of '{cold}', or change the order of the priorities.",
                )
                break


def _first(one: Duration, other: Duration, weeks: tuple[PlainWeek, ...]) -> Moment | None:
    found = (later(one, other, week) for week in weeks or (None,))
    return next((moment for moment in found if moment), None)


def wish_behind_the_promise(case: Case) -> Iterator[Remark]:
    """Yield an `aim` that is later than its limit, and a `stretch` that is not beyond its target."""
    for name, commitment in case.agreement.commitments.items():
        yield from _late_aims(name, commitment, case.agreement)
        yield from _short_stretches(name, commitment, case.agreement)


def _late_aims(name: str, commitment: Commitment, agreement: Agreement) -> Iterator[Remark]:
    aims = commitment.aim if isinstance(commitment.aim, dict) else {"": commitment.aim}
    limits = decided_limits(commitment)
    weeks = tuple(weeks_of(commitment.clock, agreement).values()) if commitment.clock else ()
    for key, aim in aims.items():
        for of, limit in limits.items():
            fits = key in {"", of} or (of == "" and key not in limits)
            if fits and isinstance(aim, Duration) and _first(aim, limit, weeks):
                yield Remark(
                    f"Commitment '{name}' aims at {aim}, later than its limit of {limit}.",
                    ("commitments", name, "aim", *([key] if key else [])),
                    "Write an `aim` that is sooner than the limit.",
                )
                break


def _short_stretches(name: str, commitment: Commitment, agreement: Agreement) -> Iterator[Remark]:
    if commitment.target is None or commitment.stretch is None:
        return
    targets, stretches = (
        each if isinstance(each, dict) else {"": each} for each in (commitment.target, commitment.stretch)
    )
    for month, stretch in stretches.items():
        of = {month: targets[month]} if month in targets else targets if month == "" else {"": targets.get("")}
        for target in of.values():
            if _beyond(stretch, target, agreement) is False:
                yield Remark(
                    f"Commitment '{name}' stretches to {stretch}, which is not beyond its target of {target}.",
                    ("commitments", name, "stretch", *([month] if month else [])),
                    "Write a `stretch` beyond the target.",
                )
                break


def _beyond(stretch: object, target: object, agreement: Agreement) -> bool | None:
    """Return whether one number is beyond another; None where they cannot be compared."""
    if isinstance(stretch, Rate) and isinstance(target, Rate):
        return stretch.percent > target.percent
    if isinstance(stretch, int | float) and isinstance(target, int | float):
        return stretch > target
    more, less = each_month(stretch, agreement), each_month(target, agreement)
    return None if more is None or less is None else more > less


RULES_OF_COMMITMENTS: tuple[Rule, ...] = (
    Rule(
        "SLA306",
        Severity.ERROR,
        "One number holds for one thing.",
        contradictory,
        because="Of two numbers for the same lead each side keeps the one that suits it.",
        bad="commitments:\n"
        "  first-response: {by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 business hours}\n"
        "  demo: {by: vp_sales, where: source is demo_request, clock: {starts: assigned, stops: touch}, within: 1 business hour}",
        good="commitments:\n"
        "  first-response: {by: vp_sales, clock: {starts: assigned, stops: touch},\n"
        "    within: {hot: 1 business hour, warm: 2 business hours}}",
    ),
    Rule(
        "SLA308",
        Severity.ERROR,
        "Who is more urgent never waits longer.",
        hotter_waits_longer,
        because="An elapsed hour is shorter than 15 business minutes on a Friday evening: what counts is the clock.",
        bad="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch},\n"
        "  within: {hot: 4 business hours, warm: 4 hours}}}",
        good="commitments: {first-response: {by: vp_sales, clock: {starts: assigned, stops: touch},\n"
        "  within: {hot: 15 business minutes, warm: 4 business hours}}}",
    ),
    Rule(
        "SLA313",
        Severity.ERROR,
        "An aim is sooner than its limit, and a stretch is beyond its target.",
        wish_behind_the_promise,
        because="A wish that asks less than the promise leaves readers guessing which of the two is meant.",
        bad="commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 110 per month,\n"
        "  stretch: 300 per quarter}}",
        good="commitments: {mql-volume: {by: vp_marketing, measure: count of first mql, target: 110 per month,\n"
        "  stretch: 450 per quarter}}",
    ),
)
