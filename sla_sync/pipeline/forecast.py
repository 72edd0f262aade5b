"""What a promise looks like before it is made: the plan worked both ways, held against a history where there is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.sections.goal import Goal
from sla_sync.attainment.asking import reasons
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.past import Past
from sla_sync.attainment.possible import told_aside
from sla_sync.diagnostics import Diagnostic, errors_in
from sla_sync.feasibility.forecast import Already, Forecast
from sla_sync.feasibility.months import Stretch, name_of, stretch_of
from sla_sync.feasibility.outlook import Backtest, Seen, seen
from sla_sync.feasibility.plan import Asked, Planned, planned
from sla_sync.feasibility.rates import from_history, takes_rates_from_history
from sla_sync.feasibility.rules import judged
from sla_sync.measures.cuts import inside
from sla_sync.measures.local_days import with_local_day
from sla_sync.measures.owed import month_of
from sla_sync.pipeline.past import as_of_day, exported, folder_of, past_of
from sla_sync.pipeline.validate import Documents, in_reading_order, read
from sla_sync.places import Place
from sla_sync.replay import qualifying
from sla_sync.replay.revisions import Revision

_UNUSABLE = ("SLA1", "SLA4")
"""Errors with which nothing can be reckoned: words that are not defined, hours that never open."""
NO_CONDITION = "The agreement does not say on which condition leads qualify."


@dataclass(frozen=True, slots=True)
class Where:
    """Where the history lies: a folder, or the one that was exported of a target; of the only one if neither is named.

    `until` is the last day of it that is known.
    """

    history: Path | None = None
    target: str | None = None
    until: date | None = None


def forecast(
    place: Place, where: Where, *, asked: Asked | None = None, today: date | None = None, engine: Any = None
) -> Forecast:
    """Return what an agreement promises beside what its plan needs and what history shows. Raises SlaSyncError.

    Without a named history it is the one that was exported of the only target with any, and none where there are others.
    """
    documents = read(place)
    agreed = documents.usable
    day = today or datetime.now(UTC).date()
    found = _seen(place, agreed, where, engine) if _is_there(place, where) else None
    past, told = found if found is not None else (None, None)
    goal, because = _goal(agreed, told)
    plan = because or planned(agreed, goal, asked, rates_from_history=takes_rates_from_history(agreed.goal))
    if past is None or told is None:
        return Forecast(agreed, plan, None, ())
    located = _located(documents, told, day)
    return Forecast(
        agreement=agreed,
        plan=plan,
        seen=told,
        findings=located,
        already=_already(past, told, plan),
        source=where.target or str(where.history or exported(place)[0].parent.name),
        as_of=past.as_of,
        synthetic=past.synthetic,
        gaps=tuple(told_aside(past.aside)),
    )


def with_history(documents: Documents, where: Where, *, today: date | None = None, engine: Any = None) -> Documents:
    """Return documents with what their agreement's history finds besides; as they are where nothing can be reckoned.

    Raises SlaSyncError where there is no such history.
    """
    broken = any(each.code.startswith(_UNUSABLE) for each in errors_in(documents.diagnostics))
    if documents.agreement is None or broken:
        return documents
    _, told = _seen(documents.place, documents.agreement, where, engine)
    found = _located(documents, told, today or datetime.now(UTC).date())
    return in_reading_order(documents, (*documents.diagnostics, *found))


def _is_there(place: Place, where: Where) -> bool:
    if where.history is not None or where.target is not None:
        return True
    return len(exported(place)) == 1


def _seen(place: Place, agreed: Agreement, where: Where, engine: Any) -> tuple[Past, Seen]:
    """Return the past, asked about the agreement as if it had always been in force, and all that it says."""
    always = Revision("", agreed).always
    version = always.agreement.metadata.version_in_force
    folder = folder_of(place, history=where.history, target=where.target)
    used = engine or local_engine()
    past = past_of(
        place,
        history=folder,
        as_of=as_of_day(folder, where.until, agreed.metadata.timezone, used),
        agreement=always.agreement,
        agreements={version: always.agreement},
        engine=used,
    )
    # Turns that a platform recorded are pinned to the version of their day; here all are asked about this one.
    tables = {
        name: table.mutate(policy=ibis.literal(version)) if "policy" in table.columns else table
        for name, table in past.tables.items()
    }
    past = replace(past, tables=tables)
    stretch = stretch_of(past)
    return past, seen(past, agreed, _backtest(past, always, stretch), stretch=stretch)


def _already(past: Past, told: Seen, plan: Planned | str) -> Already | None:
    """Return how many qualified so far who can be signed in time; None where history begins later, or nothing is said of it."""
    period, stage = told.stretch.period, qualified_stage(past.agreement)
    if isinstance(plan, str) or plan.lag is None or period is None or stage is None or period.first > plan.lag.first:
        return None
    days = Period(plan.lag.first, min(plan.lag.last, period.last), period.zone)
    if days.first > days.last:
        return None
    cycles = past.tables["cycles"]
    counted = cycles.filter(cycles["void"].isnull() & (cycles["cycle"] == 1) & inside(cycles, "qualified_at", days))
    count = past.rows(counted.agg(n=counted.count()))[0]["n"]
    return Already(stage, days.first, days.last, int(count))


def _backtest(past: Past, always: Revision, stretch: Stretch) -> Backtest:
    """Return how many leads the model would have qualified in each whole month, or why nobody can tell."""
    condition, period = always.qualifies_when, stretch.period
    if condition is None:
        return Backtest({}, NO_CONDITION)
    if period is None:
        return Backtest({}, "There is no whole month in the history.")
    untold = reasons(past, always.agreement, (condition,))
    if untold:
        return Backtest({}, untold[0])
    qualified = qualifying.sides(past, always, always)
    qualified = qualified.filter(qualified["void"].isnull())
    days = with_local_day(qualified, "after_at", period)
    rows = past.rows(days.group_by("day").agg(n=days.count()))
    months: Counter[str] = Counter()
    for row in rows:
        months[name_of(month_of(row["day"]))] += row["n"]
    return Backtest({name_of(month): months[name_of(month)] for month in stretch.months})


def _goal(agreed: Agreement, told: Seen | None) -> tuple[Goal | None, str]:
    """Return the goal with the rates that history shows where it asks for them, or why it cannot have them."""
    goal = agreed.goal
    if goal is None or not takes_rates_from_history(goal):
        return goal, ""
    if told is None:
        return goal, "The plan takes its rates from history, and none was given."
    if not told.stretch.is_enough:
        return goal, "The plan takes its rates from history, which is too short to estimate from."
    found = from_history(goal, told.rates)
    return (goal, found) if isinstance(found, str) else (found, "")


def _located(documents: Documents, told: Seen, today: date) -> tuple[Diagnostic, ...]:
    agreed = documents.agreement
    if agreed is None:
        return ()
    source = documents.sources[documents.place.agreement]
    return tuple(each.located(source, documents.sources) for each in judged(agreed, told, today))
