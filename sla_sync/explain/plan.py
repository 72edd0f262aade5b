"""The backward plan in words: from the revenue to what must come in a month."""

from __future__ import annotations

from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.plan_arithmetic import MARKETING, BackwardPlan, NoPlanError, backward_plan, work_backward
from sla_sync.agreement.quantities import Rate
from sla_sync.explain.names import capital, listed, party, plural, words
from sla_sync.explain.spoken import counted, money, number, share

_ONE_MONTH = 1


def backward(agreement: Agreement) -> BackwardPlan | None:
    """Return the plan worked backward; None where a number for it is missing or undecided."""
    return backward_plan(agreement.goal, agreement.metadata.effective, source=_source(agreement))


def _source(agreement: Agreement) -> str:
    """Return the source of the plan that this agreement is about: marketing, else the first that is a side of it."""
    shares = agreement.goal.plan.sources if agreement.goal and agreement.goal.plan else {}
    sides = {each.party for each in agreement.roles.values()}
    return MARKETING if MARKETING in shares else next((name for name in shares if name in sides), MARKETING)


def bringer(plan: BackwardPlan, agreement: Agreement) -> str:
    """Return who brings the part of the plan that is worked backward: marketing, the agency."""
    is_side = plan.source in {each.party for each in agreement.roles.values()}
    return party(plan.source) if is_side else words(plan.source)


def why_not(agreement: Agreement) -> str:
    """Return in a sentence why the plan cannot be worked backward; empty where it can."""
    try:
        work_backward(agreement.goal, agreement.metadata.effective, source=_source(agreement))
    except NoPlanError as error:
        return str(error)
    return ""


def required_a_month(agreement: Agreement) -> int | None:
    """Return how many leads must qualify in a month by the plan; None where the plan does not say."""
    found, stage = backward(agreement), qualified_stage(agreement)
    return a_month(found, stage) if found is not None and stage is not None else None


def a_month(plan: BackwardPlan, stage: str) -> int | None:
    """Return how many leads a stage needs in a month, rounded to whole leads; None outside the plan or without an end."""
    exactly = plan.each_month(stage)
    return None if exactly is None else round(exactly)


def is_monthly(plan: BackwardPlan) -> bool:
    """Return whether the plan is for more than one month, so that numbers a month say something."""
    return plan.months is not None and plan.months > _ONE_MONTH


def plan_in_words(agreement: Agreement) -> str:
    """Return the backward plan as two or three sentences; empty where it cannot be worked out."""
    found = backward(agreement)
    if found is None:
        return ""
    currency = agreement.metadata.currency
    ours = f"{bringer(found, agreement)} brings {share(found.share)} of {{}}, {money(found.required, currency)}"
    if found.anyway:
        part = _part(found.anyway / found.revenue)
        first = f"Of {money(found.revenue, currency)} in the plan, {part} {_comes(part)} in anyway; {ours.format('the rest')}."
    else:
        first = f"{capital(ours.format(f'the {money(found.revenue, currency)} in the plan'))}."
    won, *before = found.levels
    chain = listed([f"{number(each.count)} {plural(each.stage)}" for each in before])
    wins = f"{counted(won.count)} {'win' if won.count == 1 else 'wins'}"
    second = f"At {money(found.deal, currency)} a deal that is {wins}; to win them takes {chain}."
    stage = qualified_stage(agreement)
    monthly = a_month(found, stage) if stage is not None and is_monthly(found) else None
    third = (
        f"In a month that is {number(monthly)} {plural(stage)}." if monthly is not None and stage is not None else ""
    )
    return " ".join(each for each in (first, second, third) if each)


def _comes(part: str) -> str:
    """Return the verb of a share: half comes, one in ten comes, four in ten come."""
    return (
        "come"
        if part.partition(" ")[0] not in {"a", "all", "half", "none", "one"} and not part.endswith("%")
        else "comes"
    )


def _part(whole: Decimal) -> str:
    return share(Rate(whole * 100))
