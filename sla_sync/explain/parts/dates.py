"""The days that matter, in one table: from the first day of the agreement to its last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.explain.names import capital, clause, heading, plural, words
from sla_sync.explain.page import Block, Heading, Table
from sla_sync.explain.plan import backward
from sla_sync.explain.spoken import day, number


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield every day that the agreement names or that follows from its plan, the earliest first."""
    rows = sorted(_days(agreement), key=lambda row: row[0])
    if len(rows) > 1:
        yield Heading(2, "The days that matter")
        yield Table("In their order", ("Day", "What"), [(day(when), f"{capital(what)}.") for when, what in rows])


def _days(agreement: Agreement) -> Iterator[tuple[date, str]]:
    effective = agreement.metadata.effective
    yield effective.start, "the agreement takes force"
    if effective.until:
        yield effective.until, "the last day of the agreement"
    goals = {"": agreement.goal, **agreement.goals}
    for name, goal in goals.items():
        if goal and isinstance(goal.by, date):
            yield goal.by, f"the goal{f' “{words(name)}”' if name else ''} is to be reached"
    plan = backward(agreement)
    if plan is not None and plan.due is not None:
        stage = qualified_stage(agreement)
        leads = plural(stage) if stage else "leads"
        yield plan.due, f"the last {leads} that can still count for the goal qualify"
    for name, calendar in agreement.calendars.items():
        for event, each in calendar.events.items():
            means = f": {clause(each.means)}" if each.means else ""
            leads = f", {number(each.expected)} leads expected" if isinstance(each.expected, int | float) else ""
            until = f" until {day(each.until)}" if each.until else ""
            yield each.start, f"{heading(event)} ({words(name)}){until}{means}{leads}"
    for accepted in agreement.accepted:
        if accepted.until:
            yield accepted.until, f"the last day on which {accepted.code} is accepted"
