"""60x: what lies in the way of a goal in time: the last weeks before its day, and leads that would be due too early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sla_sync.agreement.plan_arithmetic import last_day_to_qualify
from sla_sync.agreement.sections.calendars import NamedHoliday
from sla_sync.lint.remarks import Case, Remark
from sla_sync.semantics.civil import part_of_year

_LAST_DAYS = 14
_MONTHS_OF_A_QUARTER = 3


def crowded_at_the_end(case: Case) -> Iterator[Remark]:
    """Yield holidays and announced surges in the last two weeks of the quarter in which the goal is due."""
    agreement = case.agreement
    by = agreement.goal.by if agreement.goal else None
    if not isinstance(by, date):
        return
    _, last = part_of_year(by, _MONTHS_OF_A_QUARTER, agreement.metadata.fiscal_year_start)
    first = last - timedelta(days=_LAST_DAYS - 1)
    for name, calendar in agreement.calendars.items():
        for index, holiday in enumerate(calendar.holidays):
            day = holiday.day if isinstance(holiday, NamedHoliday) else holiday
            if isinstance(day, date) and first <= day <= last:
                yield Remark(
                    f"The holiday on {day} lies in the last two weeks of the quarter in which the goal is due.",
                    ("calendars", name, "holidays", index),
                    "Plan the end of the quarter without that week, or accept it with a reason.",
                )
                break
        for event, announced in calendar.events.items():
            if announced.start <= last and (announced.until or announced.start) >= first:
                yield Remark(
                    f"Event '{event}' brings leads in the last two weeks of the quarter in which the goal is due.",
                    ("calendars", name, "events", event),
                    "Move it, or add people for those weeks.",
                    at_key=True,
                )


def due_before_the_start(case: Case) -> Iterator[Remark]:
    """Yield a plan whose last lead must qualify before the agreement begins."""
    goal, start = case.agreement.goal, case.agreement.metadata.effective.start
    due = last_day_to_qualify(goal) if goal else None
    if goal and goal.plan and due is not None and due < start:
        yield Remark(
            f"With {goal.plan.mql_to_close} from qualification to signature, every lead for the goal is due by {due}, "
            f"before the agreement begins on {start}.",
            ("goal", "plan", "mql_to_close"),
            "Set a later day for the goal, or agree on the leads of the period after it.",
        )
