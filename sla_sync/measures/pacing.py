"""R7, pacing: what a volume commitment has come to this month, beside what it should have by today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import CountOf, CountOfEvents, Measure, SumOf
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.measures.cases import Outcome, cases
from sla_sync.measures.counted import Count, by_day, told
from sla_sync.measures.definitions import definition
from sla_sync.measures.figures import Basis, Figure, Unit
from sla_sync.measures.foresight import forecast_count, forecast_sum
from sla_sync.measures.freezing import is_frozen
from sla_sync.measures.in_force import owed_in, promised_in
from sla_sync.measures.owed import Days, business_days, is_business_day, month_of
from sla_sync.semantics.calendar import BusinessCalendar, zone_named
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.civil import first_instant

BAD_DATA = frozenset({"bad_data", "invalid_data", "invalid", "duplicate", "duplicates", "spam", "fake"})
"""Names and categories of reasons that say that there never was anybody to work on."""
SOON = timedelta(days=14)
"""How soon after the entry such a rejection takes it off the net number."""
UNKNOWN = "unknown"
PACE = (
    " Expected is the target by the share of the month's business days in force that are over. The forecast goes on at the"
    " pace so far; its interval takes arrivals to be independent of each other."
)
EARLY = "No business day of the month is over yet."

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """One volume or sum of a month (`2026-11`) to date against its target.

    `expected` is the target by the share of the month's business days in force that are over; `forecast` is where the month
    ends at this pace; `needed` is how many a business day from now on. `net` leaves out who was rejected as nobody we can use.
    """

    commitment: str
    month: str
    actual: Figure
    target: float
    expected: float
    forecast: Figure
    needed: float | None
    net: Figure
    first: Figure
    again: Figure
    by_source: Mapping[str, int]
    by_day: Mapping[str, int]
    """By local day (`2026-11-03`), for a chart that adds up."""
    restated: Mapping[str, tuple[float, float]]
    """Closed months whose number has changed since their freeze: as it was, as it is."""
    basis: Basis


def pacing(past: Past, *, frozen: Mapping[str, Mapping[str, float]] | None = None) -> tuple[Pace, ...]:
    """Return each volume commitment in the month of `as_of`; `frozen` says by commitment what closed months were.

    What history cannot tell is left out: the scorecard says why.
    """
    zone = past.agreement.metadata.timezone
    month = month_of(past.as_of.astimezone(zone_named(zone)).date())
    calendar = calendars_of(past.agreement, files=past.files).main
    closed = frozen or {}
    found = (_pace(past, name, month, calendar, closed.get(name, {})) for name in volumes(past.agreement))
    return tuple(each for each in found if each is not None)


def volumes(agreement: Agreement) -> Mapping[str, Measure]:
    """Return the commitments that are numbers or sums with a target, and what they measure."""
    return {
        name: each.measure.value
        for name, each in agreement.commitments.items()
        if each.measure is not None
        and each.target is not None
        and isinstance(each.measure.value, CountOf | CountOfEvents | SumOf)
    }


def closed_months(past: Past, since: date) -> Mapping[str, Mapping[str, float]]:
    """Return what each volume came to in every month from that of a day on that is frozen by now, by commitment and month."""
    zone = past.agreement.metadata.timezone
    today = past.as_of.astimezone(zone_named(zone)).date()
    months = [each for each in _months(month_of(since).first, today) if is_frozen(each.first, today)]
    if not months:
        return {}
    found = {}
    for name in volumes(past.agreement):
        rows = cases(past, name)
        if not isinstance(rows, str):
            counted = by_day(past, rows, Period(months[0].first, months[-1].last, zone))
            found[name] = {f"{each.first:%Y-%m}": told(counted, each).amount for each in months}
    return found


def bad_data_reasons(agreement: Agreement) -> tuple[str, ...]:
    """Return the reasons of the agreement by which a lead was nobody: those named so (`BAD_DATA`), or of such a category."""
    listed = (item for reasons in agreement.reasons.values() for item in reasons.items())
    return tuple(dict.fromkeys(name for name, each in listed if name in BAD_DATA or each.category in BAD_DATA))


def elapsed(calendar: BusinessCalendar, days: Days, at: datetime) -> float:
    """Return how many business days of some days are over at an instant; of today as much as of its open time."""
    today = at.astimezone(calendar.zone).date()
    before = business_days(calendar, Days(days.first, min(days.last, today - _DAY)))
    if not (days.first <= today <= days.last and is_business_day(calendar, today)):
        return float(before)
    begin, end = (first_instant(calendar.zone, datetime.combine(each, time())) for each in (today, today + _DAY))
    return before + calendar.between(begin, at) / calendar.between(begin, end)


def _pace(past: Past, name: str, month: Days, calendar: BusinessCalendar, closed: Mapping[str, float]) -> Pace | None:
    target = owed_in(past, name, month)
    rows = cases(past, name)
    if isinstance(rows, str) or isinstance(target, str):
        return None
    measure = volumes(past.agreement)[name]
    unit = Unit.MONEY if isinstance(measure, SumOf) else Unit.COUNT
    zone = past.agreement.metadata.timezone
    since = min([month.first, *(date.fromisoformat(f"{each}-01") for each in closed)])
    counted = by_day(past, rows, Period(since, month.last, zone))
    spoiled = told(by_day(past, _spoiled(past, rows), Period(month.first, month.last, zone)), month)
    here = told(counted, month)
    kept = [each for each in counted if each.outcome is Outcome.KEPT and month.first <= each.day <= month.last]
    parts = [part for _, part in promised_in(past, name, month)]
    promised = Days(parts[0].first, parts[-1].last)
    whole = business_days(calendar, promised)
    over = elapsed(calendar, promised, past.as_of)
    share, left = (over / whole, whole - over) if whole else (0.0, 0.0)
    reasons = bad_data_reasons(past.agreement)
    return Pace(
        commitment=name,
        month=f"{month.first:%Y-%m}",
        actual=Figure(here.amount, unit, here.kept),
        target=target,
        expected=target * share,
        forecast=_forecast(kept, unit, share),
        needed=None if left <= 0 else max(0.0, target - here.amount) / left,
        net=Figure(
            here.amount - spoiled.amount,
            unit,
            here.kept - spoiled.kept,
            note=f"Without {spoiled.kept} rejected as {', '.join(reasons)} within {SOON.days} days."
            if reasons
            else "The agreement names no reason that says bad data or duplicate.",
        ),
        first=_part(kept, unit, again=False),
        again=_part(kept, unit, again=True),
        by_source=_sums((each.source or UNKNOWN, each.amount) for each in kept),
        by_day=_sums((each.day.isoformat(), each.amount) for each in kept),
        restated=_restated(counted, closed),
        basis=Basis(f"{definition(measure)}{PACE}", here.kept, here.left_out, here.unusable),
    )


def _forecast(kept: Iterable[Count], unit: Unit, share: float) -> Figure:
    counts = list(kept)
    n = sum(each.n for each in counts)
    if unit is Unit.MONEY:
        found = forecast_sum(sum(each.amount for each in counts), sum(each.squares for each in counts), share)
    else:
        found = forecast_count(n, share)
    if found is None:
        return Figure(None, unit, n, note=EARLY)
    return Figure(found[0], unit, n, found[1])


def _spoiled(past: Past, rows: Table) -> Table:
    """Return the cases whose lead was soon rejected for a reason that says that there was nobody."""
    stays = past.tables["stays"]
    bad = stays.filter(stays["reason"].isin(list(bad_data_reasons(past.agreement))))
    bad = bad.select(_lead="lead", _at="entered_at")
    return rows.semi_join(
        bad,
        [
            rows["lead"] == bad["_lead"],
            bad["_at"] >= rows["at"],
            bad["_at"] <= rows["at"] + ibis.interval(days=SOON.days),
        ],
    )


def _part(kept: Iterable[Count], unit: Unit, *, again: bool) -> Figure:
    part = [each for each in kept if each.again is again]
    return Figure(float(sum(each.amount for each in part)), unit, sum(each.n for each in part))


def _sums(parts: Iterable[tuple[str, float]]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for word, amount in parts:
        found[word] += round(amount)
    return dict(sorted(found.items()))


def _restated(counted: Iterable[Count], closed: Mapping[str, float]) -> Mapping[str, tuple[float, float]]:
    counts = tuple(counted)
    now = {each: told(counts, month_of(date.fromisoformat(f"{each}-01"))).amount for each in closed}
    return {each: (was, now[each]) for each, was in sorted(closed.items()) if was != now[each]}


def _months(first: date, last: date) -> Iterable[Days]:
    day = first
    while day <= last:
        month = month_of(day)
        yield month
        day = month.last + _DAY
