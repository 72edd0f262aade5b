"""Whether the teams can take what comes, and answer as fast as is promised: capacity, response, and the work of following up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import ibis

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Rate
from sla_sync.agreement.sections.teams import Team
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.lint.load import Load as Hours
from sla_sync.lint.load import agreed_touches, first_touch, leads_of_teams, load_of, present, waiting_chance
from sla_sync.measures.cuts import inside
from sla_sync.measures.figures import Figure
from sla_sync.measures.load import Load, arrivals_an_hour, hours_of, limits_of, load
from sla_sync.measures.owed import Days, business_days, months_in
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import calendars_of

_MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class Answering:
    """One limit of a promise: which share is promised on time, how likely somebody waits longer, and how many are needed.

    `needed` members who are there would keep it by the same reckoning; None where no number up to a hundred does.
    """

    commitment: str
    priority: str
    limit: float
    """In minutes of open time."""
    promised: Rate | None
    longer: Figure
    needed: int | None


@dataclass(frozen=True, slots=True)
class Following:
    """The touches of each business day: how many the promise asks for at what comes, and how many were made."""

    touches: int
    """How many a lead is promised."""
    needed: float
    made: float


@dataclass(frozen=True, slots=True)
class Presence:
    """One team: what came to it, an hour and a month; what that and what is promised cost it; how fast it can answer.

    `hours` and `promised` are of one month, as history has it and as the agreement promises; None where its members, capacity
    or effort are not said. `waiting` is how many wait at an opening on average, and `minutes` how long they take to be
    touched by all who are there.
    """

    team: str
    seen: Load
    arrivals: float | None
    monthly: float
    hours: Hours | None
    promised: Hours | None
    people: int | None
    answering: tuple[Answering, ...]
    following: Following | None
    waiting: float | None
    minutes: float | None


def presences(past: Past, agreed: Agreement, period: Period) -> tuple[Presence, ...]:
    """Return each team to which leads came in the whole months of a history; raises CalendarError and FormatError."""
    known = calendars_of(agreed, files=past.files)
    days = Days(period.first, period.last)
    months = months_in(known.main, days)
    promised = leads_of_teams(agreed)
    return tuple(
        _presence(past, agreed, each, hours_of(known, each.team), period, months, promised.get(each.team))
        for each in load(past, period)
        if each.basis.n and each.team in agreed.teams
    )


def _presence(
    past: Past,
    agreed: Agreement,
    seen: Load,
    calendar: BusinessCalendar | None,
    period: Period,
    months: float,
    promised: Decimal | None,
) -> Presence:
    team, n = agreed.teams[seen.team], seen.basis.n
    rate = None if calendar is None else arrivals_an_hour(n, calendar, period.since, period.until)
    monthly = n / months if months else 0.0
    people = present(team)
    days = 0 if calendar is None else business_days(calendar, Days(period.first, period.last))
    waiting = (seen.outside.value or 0.0) * n / days if days else None
    minutes = first_touch(agreed, team)
    return Presence(
        team=seen.team,
        seen=seen,
        arrivals=rate,
        monthly=monthly,
        hours=load_of(team, Decimal(str(monthly))),
        promised=None if promised is None else load_of(team, promised),
        people=people,
        answering=() if rate is None else tuple(_answering(agreed, team, seen, rate)),
        following=_following(past, agreed, seen.team, n, period, days),
        waiting=waiting,
        minutes=None if waiting is None or not people or minutes is None else waiting * minutes / people,
    )


def _answering(agreed: Agreement, team: Team, seen: Load, rate: float) -> Iterator[Answering]:
    minutes = first_touch(agreed, team)
    for name, commitment in agreed.commitments.items():
        for key, limit in limits_of(commitment):
            promised = commitment.on_time if isinstance(commitment.on_time, Rate) else None
            longer = seen.waits[f"{name}, {key}" if key else name]
            yield Answering(name, key, limit, promised, longer, _needed(rate, minutes, limit, promised))


def _needed(rate: float, minutes: float | None, limit: float, promised: Rate | None) -> int | None:
    if minutes is None or promised is None:
        return None
    enough = (each for each in range(1, _MOST_PEOPLE + 1) if _on_time(rate, minutes, each, limit) >= promised.share)
    return next(enough, None)


def _on_time(rate: float, minutes: float, people: int, limit: float) -> float:
    return 1 - waiting_chance(rate, minutes, people, limit)


def _following(past: Past, agreed: Agreement, team: str, n: int, period: Period, days: int) -> Following | None:
    """Return the touches of a business day, where a promise asks for any and the hours are known."""
    touches = agreed_touches(agreed)
    if touches <= 1 or not days:
        return None
    users, done = past.tables["users"], past.tables["activities"]
    own = users.filter(users["team"] == team).select(_user="user").distinct()
    made = done.filter(done["counts"] & ~done["inbound"] & inside(done, "at", period))
    made = made.semi_join(own, [made["by"] == own["_user"]])
    count = past.rows(made.agg(n=ibis.coalesce(made.count(), 0)))[0]["n"]
    return Following(touches, n * touches / days, count / days)
