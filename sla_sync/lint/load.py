"""60x: whether the teams have the time for what is promised."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import seconds
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import Counter, CountOf, Effort
from sla_sync.agreement.quantities import Capacity, Rate, Volume, WorkPerLead
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.sections.teams import Team
from sla_sync.diagnostics import Severity
from sla_sync.lint.limits import MONTHS, each_month
from sla_sync.lint.plain_week import plain_week
from sla_sync.lint.promised import is_response, limits_at
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

_HIGH, _FULL = Decimal("0.8"), Decimal(1)
_HOUR = 3_600
_WEEKS_OF_A_MONTH = Decimal("365.2425") / 84
_MANY = 10_000
"""People from whom on the chance of waiting is worked out at once: a number in a file must not make anybody wait."""
_TOUCHES = frozenset({Counter.TOUCHES, Counter.CALLS})


@dataclass(frozen=True, slots=True)
class Load:
    """The hours that leads cost in a month and the hours that there are for them."""

    leads: Decimal
    demand: Decimal
    supply: Decimal

    @property
    def share(self) -> Decimal:
        """The part of the time that the leads take; above 1 there is not enough of it."""
        return self.demand / self.supply


def load_of(team: Team, leads: Decimal) -> Load | None:
    """Return what so many leads a month cost a team; None where its members, capacity or effort are not said."""
    if not isinstance(team.capacity, Capacity) or not isinstance(team.effort, WorkPerLead):
        return None
    capacity, effort = seconds(team.capacity.time), seconds(team.effort.time)
    if not isinstance(team.members, int | float) or not team.members or not capacity or effort is None:
        return None
    presence = team.presence.share if isinstance(team.presence, Rate) else Decimal(1)
    hours = Decimal(capacity) / _HOUR / MONTHS[team.capacity.period]
    supply = Decimal(str(team.members)) * hours * presence
    return Load(leads, leads * Decimal(effort) / _HOUR, supply) if supply else None


def too_much_work(case: Case) -> Iterator[Remark]:
    """Yield teams that have not the time for the leads that are promised to them.

    A volume for each member of a team is that team's. Any other is shared by all teams in proportion to what they can
    take.
    """
    agreement = case.agreement
    for name, leads in leads_of_teams(agreement).items():
        load = load_of(agreement.teams[name], leads)
        if load is None or load.share <= _HIGH:
            continue
        too_much = load.share > _FULL
        yield Remark(
            f"Team '{name}' needs {_plain(load.demand)} hours a month for {_plain(load.leads)} leads and has "
            f"{_plain(load.supply)}: {load.share:.0%} of its time.",
            ("teams", name, "capacity"),
            "Promise fewer leads, or add members or time.",
            severity=Severity.ERROR if too_much else None,
        )


def leads_of_teams(agreement: Agreement) -> Mapping[str, Decimal]:
    """Return how many promised leads a month come to each team that says what a lead costs."""
    able = {name: one for name, team in agreement.teams.items() if (one := load_of(team, Decimal(1))) is not None}
    if not able:
        return {}
    leads = dict.fromkeys(able, Decimal(0))
    shared = Decimal(0)
    for volume in _promised(agreement):
        monthly = each_month(volume, agreement)
        if monthly is None:
            continue
        if volume.team is None:
            # Several promises of one stage count the same leads, so the largest of them is what comes.
            shared = max(shared, monthly)
        elif volume.team in leads:
            leads[volume.team] += monthly
    possible = {name: 1 / one.share for name, one in able.items()}
    total = sum(possible.values(), Decimal(0))
    return {name: leads[name] + shared * possible[name] / total for name in able}


def _promised(agreement: Agreement) -> Iterator[Volume]:
    for each in agreement.commitments.values():
        if each.measure is None or not isinstance(each.measure.value, CountOf) or each.kind == "influence":
            continue
        targets = each.target.values() if isinstance(each.target, dict) else (each.target,)
        yield from (target for target in targets if isinstance(target, Volume))


def waiting_chance(arrivals: float, minutes: float, people: int, limit: float) -> float:
    """Return the chance that a lead waits longer than a limit, by Erlang C.

    `arrivals` an hour at random, `minutes` for each first touch, so many `people` who are there, the `limit` in minutes.
    It is 1 where leads come faster than they can be answered.
    """
    if people <= 0:
        return 1.0
    served = 60 / minutes
    offered = arrivals / served
    if offered >= people:
        return 1.0
    waits = _waiting(offered, people) if people <= _MANY else _waiting_of_many(offered, people)
    return waits * math.exp(-(people * served - arrivals) * limit / 60)


def _waiting(offered: float, people: int) -> float:
    """Return the chance that all are busy, from that of fewer people to that of one more."""
    blocked = 1.0
    for number in range(1, people + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - offered / people * (1 - blocked))


def _waiting_of_many(offered: float, people: int) -> float:
    """Return the same chance where people are too many to be counted one by one (Halfin and Whitt, 1981)."""
    spare = (1 - offered / people) * math.sqrt(people)
    likely = math.exp(-spare * spare / 2) / math.sqrt(2 * math.pi)
    below = (1 + math.erf(spare / math.sqrt(2))) / 2
    return likely / (likely + spare * below)


def too_few_to_answer(case: Case) -> Iterator[Remark]:
    """Yield response limits that the members who are there cannot keep as often as promised.

    Each lead is answered in the order of arrival; a first touch takes the effort of a lead divided by the touches that
    are agreed, or all of it where none are.
    """
    agreement = case.agreement
    for name, leads in leads_of_teams(agreement).items():
        team = agreement.teams[name]
        calendar = agreement.calendars.get(team.calendar or "")
        minutes, people = first_touch(agreement, team), present(team)
        if calendar is None or not minutes or people is None or not leads:
            continue
        open_hours = Decimal(plain_week(calendar.week).open_minutes) / 60 * _WEEKS_OF_A_MONTH
        for promise, commitment in agreement.commitments.items():
            found = _tightest(commitment)
            if found is None or not open_hours:
                continue
            path, limit = found
            on_time = 1 - waiting_chance(float(leads / open_hours), minutes, people, limit)
            promised, members = commitment.on_time, "member" if people == 1 else "members"
            if isinstance(promised, Rate) and on_time < promised.share:
                yield Remark(
                    f"Commitment '{promise}' promises {promised} on time, and {people} present {members} of '{name}' can "
                    f"answer {on_time:.0%} of {_plain(leads)} leads a month within {limit:g} business minutes.",
                    ("commitments", promise, *path),
                    "Add members, allow more time, or promise a smaller share.",
                )


def _tightest(commitment: Commitment) -> tuple[tuple[str, ...], float] | None:
    """Return the shortest limit of a promise to touch a lead, in minutes of open time, with its path."""
    if not is_response(commitment) or commitment.clock is None or commitment.clock.stops.value is not Moment.TOUCH:
        return None
    known = [
        (length / 60, at) for at, _, limit in limits_at(commitment) if (length := seconds(limit)) and limit.business
    ]
    minutes, at = min(known, default=(0, ()))
    return (at, minutes) if at else None


def first_touch(agreement: Agreement, team: Team) -> float | None:
    """Return the minutes of a first touch: the effort of a lead by the touches that are agreed; None where no effort is said."""
    effort = seconds(team.effort.time) if isinstance(team.effort, WorkPerLead) else None
    return effort / 60 / agreed_touches(agreement) if effort else None


def present(team: Team) -> int | None:
    """Return how many members are there to answer at once; None where their number is not said."""
    if not isinstance(team.members, int | float):
        return None
    presence = team.presence.share if isinstance(team.presence, Rate) else Decimal(1)
    return int(Decimal(str(team.members)) * presence)


def agreed_touches(agreement: Agreement) -> int:
    """Return how often a lead is to be touched before it is given up, by the promise that asks for most; 1 where none does."""
    counts = [
        need.count
        for each in agreement.commitments.values()
        if each.measure is not None and isinstance(each.measure.value, Effort)
        for need in each.measure.value.needs
        if need.counter in _TOUCHES
    ]
    return max([1, *counts])


def _plain(number: Decimal) -> str:
    return f"{number:,.1f}".removesuffix(".0")


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA614",
        Severity.WARNING,
        "A team has time for the leads that are promised to it, and a fifth to spare.",
        too_much_work,
        because="Work that fills every hour waits for whoever comes first; above that it waits for ever.",
        bad="teams: {sdr: {manager: sdr_manager, members: 1, calendar: office, capacity: 110 hours per member per month,\n"
        "  effort: 55 minutes per lead}}",
        good="teams: {sdr: {manager: sdr_manager, members: 2, calendar: office, capacity: 110 hours per member per month,\n"
        "  effort: 55 minutes per lead}}",
        besides=Needs.HISTORY,
    ),
    Rule(
        "SLA616",
        Severity.WARNING,
        "There are enough people to answer as fast as is promised.",
        too_few_to_answer,
        because="Leads do not come one after the other: when two come at once, one of them waits for the other.",
        bad="teams: {sdr: {manager: sdr_manager, members: 1, calendar: office, capacity: 110 hours per member per month,\n"
        "  effort: 120 minutes per lead}}",
        good="teams: {sdr: {manager: sdr_manager, members: 3, calendar: office, capacity: 110 hours per member per month,\n"
        "  effort: 120 minutes per lead}}",
        besides=Needs.HISTORY,
    ),
)
