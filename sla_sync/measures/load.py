"""R10, load: how much arrives when, against how much the teams can take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import sqrt
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.agreement.durations import seconds
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.sections.teams import Team
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import naive, with_open_time
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.lint.load import first_touch, load_of, present, waiting_chance
from sla_sync.lint.promised import is_response, limits_at
from sla_sync.measures.business_clock import of_teams, with_hours_of_team
from sla_sync.measures.cuts import Row, inside
from sla_sync.measures.figures import Basis, Figure, Unit, share_figure
from sla_sync.measures.owed import Days, months_in
from sla_sync.semantics.calendar import BusinessCalendar, zone_named
from sla_sync.semantics.calendars import PERSONAL, Calendars, calendars_of

DEFINITION = (
    "Leads that came to somebody of the team in the period, each once in each of its cycles, by the hour of the team's calendar "
    "at which it was assigned. Utilisation is the effort of a lead by these, of the working time of the members. How likely "
    "somebody waits longer than the limit follows from arrivals per open hour (Erlang C): each lead is answered in its turn by "
    "whoever is there, and leads come at random, evenly over the open hours."
)
NO_PEOPLE = "The agreement does not say how many members the team has, or what a lead costs them."
NO_CAPACITY = "The agreement does not say how many members the team has, what they can take or what a lead costs them."
NO_BUSINESS_DAY = "There was no business day."
NO_OPEN_HOURS = "The open hours of the team are not known, or there were none."
NO_HOURS = "nobody knows the hours of its owner"

_DAY = timedelta(days=1)
_STEP = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_Z = 1.959963984540054
_ZONES = pa.schema([
    ("_of", pa.string()), ("_on_day", pa.date32()), ("_since", pa.timestamp("us")), ("_until", pa.timestamp("us")),
    ("_shift", pa.int64()),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Load:
    """What arrived for one team. `by_hour` counts by weekday (0 is Monday) and local hour of the team's calendar."""

    team: str
    by_hour: Mapping[tuple[int, int], int]
    outside: Figure
    """The share that arrived outside open hours."""
    utilisation: Figure
    """Hours of effort per hour of capacity."""
    waits: Mapping[str, Figure]
    """By commitment and priority (`first-response, hot`): how likely somebody waits longer than the limit (Erlang C)."""
    basis: Basis


def load(past: Past, period: Period) -> tuple[Load, ...]:
    """Return each team to which leads were assigned in the period; raises CalendarError and FormatError."""
    known = calendars_of(past.agreement, files=past.files)
    rows = past.rows(_counted(past, known, period))
    teams: dict[str, list[Row]] = {}
    for row in rows:
        teams.setdefault(row["team"], []).append(row)
    until = min(period.until, past.as_of)
    return tuple(_load(past, period, until, known, team, own) for team, own in sorted(teams.items()))


def hours_of(known: Calendars, team: str) -> BusinessCalendar | None:
    """Return the hours of a team, those of the main calendar where it has none; None where its members have their own."""
    return None if known.teams.get(team) == PERSONAL else known.of_owner(None, team)


def arrivals_an_hour(n: int, calendar: BusinessCalendar, since: datetime, until: datetime) -> float | None:
    """Return how many of so many leads come in each open hour of some time; None where it has none."""
    hours = calendar.between(since, until) / _HOUR
    return n / hours if hours else None


def waiting(n: int, arrivals: float, minutes: float, people: int, limit: float) -> Figure:
    """Return how likely somebody waits longer than a limit, with what is left open by having seen `n` arrivals only.

    `arrivals` are those of an open hour; `minutes` are those of each first touch, the `limit` is in minutes too.
    """
    apart = _Z / sqrt(n) if n else 0.0
    low, found, high = (
        waiting_chance(arrivals * each, minutes, people, limit) for each in (max(0.0, 1 - apart), 1.0, 1 + apart)
    )
    note = "Leads come faster than they can be answered." if found >= 1 else ""
    return Figure(found, Unit.SHARE, n, (low, high), note=note)


def limits_of(commitment: Commitment) -> Iterator[tuple[str, float]]:
    """Yield the limits of a promise to touch a lead, in minutes of open time, by priority; one for all stands under ""."""
    clock = commitment.clock
    if clock is None or not is_response(commitment) or clock.stops.value is not Moment.TOUCH:
        return
    for _, key, limit in limits_at(commitment):
        length = seconds(limit)
        if length and limit.business:
            yield key, length / 60


def arrivals(past: Past, period: Period) -> Table:
    """Return the first turn that each team had in a cycle: `lead`, `team`, `policy`, `priority`, `at`, `raised_at` and `void`."""
    legs = past.tables["legs"]
    turns = legs.filter(inside(legs, "assigned_at", period) & legs["owner"].notnull())
    turns = turns.mutate(team=ibis.coalesce(turns["team"], ""))
    found = turns.group_by("lead", "cycle", "team").agg(
        at=turns["assigned_at"].min(),
        raised_at=turns["raised_at"].min(),
        policy=turns["policy"].argmin(turns["assigned_at"]),
        priority=turns["priority"].argmin(turns["assigned_at"]),
        # A lead counts for nothing where none of its turns counts.
        void=turns["void"].min(),
        _counts=turns["void"].isnull().any(),
    )
    return found.mutate(void=ibis.ifelse(found["_counts"], ibis.null("string"), found["void"])).drop("_counts")


def with_outside(past: Past, rows: Table, at: str, period: Period) -> Table:
    """Return rows with `outside`: whether an instant lies outside the hours of their `team`; empty where nobody knows them."""
    own = of_teams(past)
    rows = with_hours_of_team(rows, own, "_hours")
    rows = rows.mutate(_next=rows[at] + ibis.interval(microseconds=1))
    hours = own.open_time(min(period.since, past.as_of), max(period.until, past.as_of))
    found = with_open_time(rows, hours, "_open", calendar="_hours", start=at, end="_next")
    return found.mutate(outside=found["_open"] == 0).drop("_hours", "_next", "_open")


def _counted(past: Past, known: Calendars, period: Period) -> Table:
    """Return how many leads came to each team, by local weekday and hour, whether outside its hours, and why they are void."""
    rows = with_outside(past, arrivals(past, period), "at", period)
    zones = sorted(past.agreement.teams)
    key = ibis.ifelse(rows["team"].isin(zones), rows["team"], "") if zones else ibis.literal("")
    rows = rows.mutate(_zone=key)
    shifts = ibis.memtable(_shifts(past, known, period))
    pairs = [
        rows["_zone"] == shifts["_of"],
        rows["at"].date() == shifts["_on_day"],
        rows["at"] >= shifts["_since"],
        rows["at"] < shifts["_until"],
    ]
    named = rows.left_join(shifts, pairs)
    local = named["at"] + ibis.coalesce(named["_shift"], 0).as_interval("us")
    named = named.mutate(day=local.day_of_week.index(), hour=local.hour())
    return named.group_by("team", "day", "hour", "outside", "void").agg(n=named.count())


def _shifts(past: Past, known: Calendars, period: Period) -> pa.Table:
    """Return by team and UTC day how far its clocks are from UTC, in microseconds; a day on which they change has two rows."""
    rows = [
        {"_of": team, **row}
        for team in ("", *past.agreement.teams)
        for row in _shifts_of((hours_of(known, team) or known.main).zone, period)
    ]
    return pa.Table.from_pylist(rows, schema=_ZONES)


def _shifts_of(zone: ZoneInfo, period: Period) -> Iterator[Row]:
    day: date = period.since.date()
    while day <= period.until.date():
        since = datetime.combine(day, time(), UTC)
        until = since + _DAY
        while since < until:
            offset, end = _offset(since, zone), until
            if _offset(until - _STEP, zone) != offset:
                end = since + _STEP
                while end < until and _offset(end, zone) == offset:
                    end += _STEP
            yield {
                "_on_day": day,
                "_since": naive(since),
                "_until": naive(end),
                "_shift": offset // timedelta(microseconds=1),
            }
            since = end
        day += _DAY


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _load(past: Past, period: Period, until: datetime, known: Calendars, name: str, rows: Iterable[Row]) -> Load:
    by_hour: Counter[tuple[int, int]] = Counter()
    left_out: Counter[str] = Counter()
    outside = inside_hours = 0
    unknown = 0
    for row in rows:
        if row["void"] is not None:
            left_out[row["void"]] += row["n"]
            continue
        by_hour[row["day"], row["hour"]] += row["n"]
        outside += row["n"] if row["outside"] else 0
        inside_hours += row["n"] if row["outside"] is False else 0
        unknown += row["n"] if row["outside"] is None else 0
    n = sum(by_hour.values())
    team = past.agreement.teams.get(name)
    calendar = hours_of(known, name)
    days = Days(
        period.first, min(period.last, (until - timedelta(microseconds=1)).astimezone(zone_named(period.zone)).date())
    )
    months = months_in(known.main, days) if days.first <= days.last else 0.0
    return Load(
        team=name,
        by_hour=dict(sorted(by_hour.items())),
        outside=share_figure(Share(outside, outside + inside_hours)),
        utilisation=_utilisation(team, n, months),
        waits=_waits(past, team, n, None if calendar is None else arrivals_an_hour(n, calendar, period.since, until)),
        basis=Basis(DEFINITION, n, dict(sorted(left_out.items())), {NO_HOURS: unknown} if unknown else {}),
    )


def _utilisation(team: Team | None, n: int, months: float) -> Figure:
    found = load_of(team, Decimal(n)) if team is not None else None
    if found is None or not months:
        return Figure(None, Unit.RATIO, n, note=NO_CAPACITY if found is None else NO_BUSINESS_DAY)
    share = float(found.share) / months
    apart = _Z / sqrt(n) if n else 0.0
    return Figure(share, Unit.RATIO, n, (max(0.0, share * (1 - apart)), share * (1 + apart)))


def _waits(past: Past, team: Team | None, n: int, rate: float | None) -> Mapping[str, Figure]:
    if team is None:
        return {}
    minutes, people = first_touch(past.agreement, team), present(team)
    found: dict[str, Figure] = {}
    for promise, commitment in past.agreement.commitments.items():
        for key, limit in limits_of(commitment):
            title = f"{promise}, {key}" if key else promise
            if minutes is None or people is None or rate is None:
                found[title] = Figure(None, Unit.SHARE, n, note=NO_OPEN_HOURS if rate is None else NO_PEOPLE)
            else:
                found[title] = waiting(n, rate, minutes, people, limit)
    return found
