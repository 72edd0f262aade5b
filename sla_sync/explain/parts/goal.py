"""What both sides work for, and the plan worked backward from it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.plan_arithmetic import BackwardPlan
from sla_sync.agreement.quantities import Rate, Undecided
from sla_sync.agreement.sections.goal import Goal
from sla_sync.explain.names import are, capital, clause, heading, party, plural, role, small, words
from sla_sync.explain.page import Block, Heading, Note, Paragraph, Picture, Promise, Table, Terms
from sla_sync.explain.pictures.waterfall import draw_funnel, draw_revenue
from sla_sync.explain.plan import a_month, backward, bringer, is_monthly, plan_in_words, why_not
from sla_sync.explain.spoken import TO_DECIDE, day, duration, exact_money, number

_MONEY = ("revenue", "pipeline", "bookings", "amount", "arr", "mrr", "acv", "value")


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield the goal with its number, day and owner, what each side wins, the plan, and the further goals."""
    if agreement.goal is None and not agreement.goals:
        return
    yield Heading(2, "The goal" if agreement.goal else "The goals")
    if agreement.goal is not None:
        yield from _goal(agreement.goal, agreement)
        yield from _plan(agreement.goal, agreement)
    for name, each in agreement.goals.items():
        yield Heading(3, heading(name))
        yield from _goal(each, agreement)


def _goal(goal: Goal, agreement: Agreement) -> Iterator[Block]:
    if goal.statement:
        yield Promise(goal.statement)
    rows = [
        ("Counted", f"{capital(words(goal.metric))}." if goal.metric else ""),
        ("Number", _target(goal, agreement)),
        ("By", day(goal.by) if goal.by else ""),
        ("Answers for it", capital(role(goal.owner)) if goal.owner else ""),
        *((f"{capital(party(name))} wins", f"{capital(clause(what))}.") for name, what in goal.benefits.items()),
    ]
    yield Terms([each for each in rows if each[1]])


def _target(goal: Goal, agreement: Agreement) -> str:
    if goal.target is None:
        return ""
    if isinstance(goal.target, Undecided):
        return TO_DECIDE
    money = any(each in (goal.metric or "") for each in _MONEY)
    return exact_money(goal.target, agreement.metadata.currency) if money else number(goal.target)


def _plan(goal: Goal, agreement: Agreement) -> Iterator[Block]:
    if goal.plan is None:
        return
    yield Heading(3, "The plan, worked backward")
    found = backward(agreement)
    if found is None:
        yield Paragraph(f"The plan cannot be worked out here. {why_not(agreement)}")
        return
    yield Paragraph(plan_in_words(agreement))
    yield from _revenue(found, agreement)
    yield from _leads(found)
    if goal.plan.mql_to_close is not None:
        due = f", so the last leads that can count qualify on {day(found.due)}" if found.due else ""
        yield Note(f"From qualification to signature it takes {duration(goal.plan.mql_to_close)}{due}.")


def _revenue(found: BackwardPlan, agreement: Agreement) -> Iterator[Block]:
    def money(amount: Decimal) -> str:
        return exact_money(amount, agreement.metadata.currency)

    rest = "of the rest" if found.anyway else "of it"
    rows = [("Revenue of the plan", "", money(found.revenue))]
    if found.anyway:
        rows.append(
            ("Comes in anyway", f"{Rate(found.anyway / found.revenue * 100)} of it", f"− {money(found.anyway)}")
        )
    rows += [
        (f"Brought by {words(name)}", f"{each} {rest}", f"− {money(amount)}") for name, each, amount in found.others
    ]
    rows.append((f"Brought by {bringer(found, agreement)}", f"{found.share} {rest}", money(found.required)))
    yield Picture(
        f"From the revenue to what {bringer(found, agreement)} brings",
        f"{capital('; '.join(f'{small(label)} {amount}' for label, _, amount in rows))}.",
        lambda: draw_revenue(found, agreement.metadata.currency),
    )
    yield Table("Revenue", ("", "Share", "Amount"), rows, frozenset({1, 2}))


def _leads(found: BackwardPlan) -> Iterator[Block]:
    rows = []
    for index, each in enumerate(found.levels):
        below = found.levels[index - 1].stage
        how = (
            f"{number(each.following)} ÷ {each.rate}, for {each.rate} of {plural(each.stage)} {are(below)}"
            if each.following is not None
            else f"{number(round(found.required))} ÷ {number(round(found.deal))} a deal"
        )
        monthly = a_month(found, each.stage) if is_monthly(found) else None
        month = () if monthly is None else (number(monthly),)
        rows.append((capital(plural(each.stage)), how, number(each.count), *month))
    head = ("Needed", "How it is worked out", "In all", *(("A month",) if is_monthly(found) else ()))
    yield Picture(
        "The leads that takes, stage by stage",
        f"{capital('; '.join(f'{number(each.count)} {plural(each.stage)}' for each in reversed(found.levels)))}.",
        lambda: draw_funnel(found),
    )
    yield Table("Leads, from the last stage back to the first", head, rows, frozenset({2, 3}))
    months = f"; the plan has {found.months:.3g} months" if is_monthly(found) else ""
    yield Note(f"Each step is rounded up to whole leads before the next is worked out{months}.")
