"""R12, revenue: what was won from leads that marketing brought, against the goal to date; the open pipeline apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import ibis
from ibis.expr.types import BooleanValue, Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.plan_arithmetic import MARKETING, last_day_to_qualify
from sla_sync.agreement.quantities import Rate
from sla_sync.agreement.sections.goal import Goal
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.cuts import Row, share_of_rows, voids_of
from sla_sync.measures.deals import deals_of_cycles
from sla_sync.measures.entries import with_due
from sla_sync.measures.figures import Basis, Figure, Unit
from sla_sync.measures.way import TO_WON, steps, won_stage
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.civil import first_instant

NO_CYCLE = "the lead had not qualified"
OTHERS = "brought by others"
NO_SOURCE = "no source of the first cycle"
NO_AMOUNT = "no amount"

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Revenue:
    """Amounts in the currency of the agreement; `to_date` is the share of the goal that should be won by now."""

    goal: Figure
    won: Figure
    to_date: Figure
    pipeline: Figure
    """Open deals times the win rate of mature ones."""
    by_source: Mapping[str, float]
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Span:
    """From the first day in force to the day of the goal, as instants; `now` is no later than the end."""

    since: datetime
    until: datetime
    now: datetime


def revenue(past: Past) -> Revenue | None:
    """Return what was won in the time in which the agreement is in force; None where it states no goal."""
    goal = past.agreement.goal
    if goal is None or not isinstance(goal.target, int | float):
        return None
    span = _span(past, goal)
    deals = _with_origin(past.agreement, deals_of_cycles(past))
    won = deals.filter(_won_in(deals, span))
    rows = past.rows(_summed(won))
    counted = [row for row in rows if row["void"] is None and row["origin"] is None]
    total = sum(row["amount"] or 0.0 for row in counted)
    n = sum(row["n"] for row in counted)
    no_amount = n - sum(row["priced"] for row in counted)
    left_out = voids_of(rows) | _origins(row for row in rows if row["void"] is None)
    return Revenue(
        goal=Figure(float(goal.target), Unit.MONEY, note=_other_metric(goal)),
        won=Figure(total, Unit.MONEY, n),
        to_date=_to_date(goal, span),
        pipeline=_pipeline(past, deals),
        by_source={row["first_source"]: row["amount"] or 0.0 for row in counted},
        basis=Basis(_definition(past.agreement), n, left_out, {NO_AMOUNT: no_amount} if no_amount else {}),
    )


def brought_by_others(agreement: Agreement) -> tuple[str, ...]:
    """Return the sources that the plan counts for somebody else than marketing: those that bear the name of one of its own."""
    plan = agreement.goal.plan if agreement.goal else None
    return tuple(each for each in (plan.sources if plan else {}) if each != MARKETING and each in agreement.sources)


def _definition(agreement: Agreement) -> str:
    others = brought_by_others(agreement)
    besides = f", and it is not {' or '.join(others)}" if others else ""
    return (
        "The amounts of deals that were signed since the agreement is in force, by the day of the goal. A deal counts where the "
        f"source of its lead's first cycle is one of the agreement's{besides}."
    )


def _span(past: Past, goal: Goal) -> _Span:
    said = past.agreement.metadata
    last = goal.by if isinstance(goal.by, date) else said.effective.until
    since = _midnight(past.agreement, said.effective.start)
    until = past.as_of if last is None else _midnight(past.agreement, last + _DAY)
    return _Span(since, until, max(since, min(past.as_of, until)))


def _midnight(agreement: Agreement, day: date) -> datetime:
    return first_instant(zone_named(agreement.metadata.timezone), datetime.combine(day, time()))


def _with_origin(agreement: Agreement, deals: Table) -> Table:
    """Return deals with `origin`: why one is not marketing's, and empty for those that are."""
    ours = [each for each in agreement.sources if each not in brought_by_others(agreement)]
    source = deals["first_source"]
    origin = ibis.cases(
        (deals["cycle"].isnull(), NO_CYCLE),
        (source.isnull(), NO_SOURCE),
        (source.isin(ours) if ours else ibis.literal(value=True), ibis.null("string")),
        else_=OTHERS,
    )
    return deals.mutate(origin=origin)


def _won_in(deals: Table, span: _Span) -> BooleanValue:
    """Return which deals were won in a time; one of which only the day is known counts from its first moment on."""
    closed = deals["closed_at"]
    # Midnight in UTC stands for a day: west of it that moment lies in the day before, and the day itself is meant.
    day = ibis.ifelse(closed == closed.truncate("D"), closed + ibis.interval(hours=12), closed)
    inside = (day >= stamp(span.since)) & (day < stamp(span.until))
    return ibis.coalesce(deals["won"] & inside, ibis.literal(value=False))


def _summed(won: Table) -> Table:
    return won.group_by("void", "origin", "first_source").agg(
        n=won.count(), priced=won["amount"].count(), amount=won["amount"].sum()
    )


def _origins(rows: Iterable[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        if row["origin"] is not None:
            found[row["origin"]] = found.get(row["origin"], 0) + row["n"]
    return found


def _other_metric(goal: Goal) -> str:
    if goal.metric is None or goal.metric.endswith("revenue"):
        return ""
    return f"The goal counts `{goal.metric}`, and what was won is revenue."


def _to_date(goal: Goal, span: _Span) -> Figure:
    """Return how much of the goal should be won by now: nothing until the first leads can have signed, then evenly."""
    if not isinstance(goal.by, date):
        return Figure(None, Unit.SHARE, note="The agreement does not say by when the goal is reached.")
    last = last_day_to_qualify(goal)
    lag = goal.by - last if last else timedelta(0)
    whole = span.until - span.since - lag
    if whole <= timedelta(0):
        note = f"From qualification to signature it takes {lag.days} days, longer than the agreement is in force."
        return Figure(None, Unit.SHARE, note=note)
    share = max(0.0, min(1.0, (span.now - span.since - lag) / whole))
    note = (
        f"Evenly from {lag.days} days after the agreement took force, the time from qualification to signature."
        if lag
        else ""
    )
    return Figure(share, Unit.SHARE, note=note)


def _pipeline(past: Past, deals: Table) -> Figure:
    """Return the amounts of marketing's open deals times the share that is won of those that had time enough."""
    ours = deals.filter(deals["void"].isnull() & deals["origin"].isnull())
    still = ours.filter(ours["won"].isnull())
    row = past.rows(still.agg(n=still.count(), amount=still["amount"].sum()))[0]
    amount = float(row["amount"] or 0.0)
    rate = _win_rate(past, ours)
    if not rate.may_be_ranked:
        planned = _planned_rate(past.agreement)
        few = f"Of only {rate.whole} deals it is known how often they are won"
        if planned is None:
            return Figure(None, Unit.MONEY, row["n"], note=f"{few}.")
        return Figure(amount * planned, Unit.MONEY, row["n"], note=f"{few}; the plan's own {planned:.0%} is taken.")
    low, high = rate.interval or (0.0, 1.0)
    note = f"{rate.part} of {rate.whole} deals that had time enough were won."
    return Figure(amount * (rate.value or 0.0), Unit.MONEY, row["n"], (amount * low, amount * high), note=note)


def _win_rate(past: Past, deals: Table) -> Share:
    """Return how many are won in time, of the deals that were opened so long ago that their time is over."""
    goal = won_stage(past.agreement)
    within = next((each.within for each in steps(past.agreement) if each.goal == goal), TO_WON)
    timed = with_due(past, deals, "opened_at", within)
    old = timed.filter(timed["due_at"] <= stamp(past.as_of))
    in_time = ibis.coalesce(old["won"] & (old["closed_at"] <= old["due_at"]), ibis.literal(value=False))
    return share_of_rows(
        past.rows(old.agg(n=old.count(), won=ibis.coalesce(ibis.ifelse(in_time, 1, 0).sum(), 0))), "won", "n"
    )


def _planned_rate(agreement: Agreement) -> float | None:
    plan = agreement.goal.plan if agreement.goal else None
    rates = plan.rates if plan else {}
    goal = won_stage(agreement)
    said = (
        [] if isinstance(rates, str) else [rate for key, rate in rates.items() if key.split(" to ")[-1].strip() == goal]
    )
    return next((float(each.share) for each in said if isinstance(each, Rate)), None)
