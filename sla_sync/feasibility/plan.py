"""The plan both ways: how many leads the goal needs, what so many leads bring, and which months' leads still count for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import CountOf
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.plan_arithmetic import (
    BackwardPlan,
    NoPlanError,
    first_day_to_qualify,
    last_day_to_qualify,
    months_between,
    work_backward,
)
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.sections.goal import Goal
from sla_sync.errors import SlaSyncError
from sla_sync.lint.limits import each_month

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """From which stage to reckon forward, and with how many a month; None for what the agreement promises."""

    stage: str
    monthly: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """What so many leads of a stage a month bring, were all of them to come in time, and what is then lacking.

    `short` is below zero where they bring more than is asked of them. `covered_by` is who makes up the rest, where the
    agreement names anybody.
    """

    stage: str
    monthly: Decimal
    months: Decimal
    total: Decimal
    wins: Decimal
    revenue: Decimal
    short: Decimal
    covered_by: str | None


@dataclass(frozen=True, slots=True)
class Lag:
    """Which leads can be signed in time for the goal: those that qualify from `first` to `last`.

    `own` is how many months of them lie in the time of the agreement, and `before` how many lie before it.
    """

    first: date
    last: date
    own: Decimal
    before: Decimal


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of an agreement with the rates that it was reckoned with."""

    backward: BackwardPlan
    forward: Forward | None
    lag: Lag | None
    rates_from_history: bool


def planned(
    agreed: Agreement, goal: Goal | None, asked: Asked | None, *, rates_from_history: bool = False
) -> Planned | str:
    """Return the plan worked both ways, or why it cannot be, in a sentence; raises SlaSyncError for a stage outside it.

    `goal` is that of the agreement, with other rates where these come from history.
    """
    try:
        backward = work_backward(goal, agreed.metadata.effective)
    except NoPlanError as error:
        return str(error)
    return Planned(backward, _forward(agreed, backward, asked), _lag(agreed, goal), rates_from_history)


def stage_named(agreed: Agreement, said: str) -> str:
    """Return the stage that a word names, in the singular or the plural; raises SlaSyncError."""
    for each in (said, said.removesuffix("s"), said.removesuffix("es")):
        if each in agreed.stages:
            return each
    known = ", ".join(agreed.stages)
    raise SlaSyncError(f"«{said}» is no stage of the agreement.", hint=f"Name one of these with --from: {known}.")


def _forward(agreed: Agreement, backward: BackwardPlan, asked: Asked | None) -> Forward | None:
    stage = asked.stage if asked is not None else qualified_stage(agreed)
    if stage is None or backward.months is None:
        return None
    promise = _promise(agreed, stage)
    monthly = asked.monthly if asked is not None and asked.monthly is not None else None
    if monthly is None and promise is not None:
        monthly = each_month(promise.target, agreed) if not isinstance(promise.target, dict) else None
    if monthly is None:
        if asked is not None:
            raise SlaSyncError(
                f"The agreement promises no number of {stage} for a month.", hint="Say how many with --volume."
            )
        return None
    total = monthly * backward.months
    revenue = backward.revenue_of(stage, total)
    if revenue is None:
        if asked is not None:
            raise SlaSyncError(f"The plan has no rate from {stage} on.", hint="Name a stage of `goal.plan.rates`.")
        return None
    return Forward(
        stage=stage,
        monthly=monthly,
        months=backward.months,
        total=total,
        wins=revenue / backward.deal,
        revenue=revenue,
        short=backward.required - revenue,
        covered_by=promise.gap_covered_by if promise is not None else None,
    )


def _promise(agreed: Agreement, stage: str) -> Commitment | None:
    """Return the first promise of a number of leads in a stage; None where there is none."""
    for each in agreed.commitments.values():
        measure = each.measure.value if each.measure else None
        if isinstance(measure, CountOf) and measure.stage == stage and measure.where is None and each.where is None:
            return each
    return None


def _lag(agreed: Agreement, goal: Goal | None) -> Lag | None:
    if goal is None:
        return None
    effective = agreed.metadata.effective
    first, last = first_day_to_qualify(goal, effective), last_day_to_qualify(goal)
    if first is None or last is None:
        return None
    own = months_between(effective.start, last) or Decimal(0)
    before = months_between(first, min(last, effective.start - _DAY)) or Decimal(0)
    return Lag(first, last, own, before)
