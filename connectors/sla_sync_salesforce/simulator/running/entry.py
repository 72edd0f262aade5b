"""Which flows a save begins, and which of their scheduled paths it lets wait, moves or cancels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sla_sync_salesforce.simulator.agenda import Waiting, cancel, plan, waiting_for
from sla_sync_salesforce.simulator.formulas.functions import FormulaError
from sla_sync_salesforce.simulator.formulas.values import holds
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.interview import Interview, InterviewNames
from sla_sync_salesforce.simulator.running.program import Path, Program

if TYPE_CHECKING:
    from sla_sync_salesforce.simulator.running.transaction import Transaction

_UNITS = {"Minutes": timedelta(minutes=1), "Hours": timedelta(hours=1), "Days": timedelta(days=1)}


def entering(interview: Interview) -> bool:
    """Return whether a save begins an interview: its kind, its conditions, and that a change must have made them hold."""
    on = interview.program.on
    if on != "CreateAndUpdate" and (on == "Create") != interview.is_new:
        return False
    if not meets(interview):
        return False
    # Documented: "only when a record is updated to meet the condition requirements".
    return not (interview.program.newly and not interview.is_new and meets(interview.as_before()))


def meets(interview: Interview) -> bool:
    """Return whether the record meets the conditions of the start."""
    start = interview.program.start
    formula = start.get("filterFormula")
    if formula is None:
        return interview.meets(start, "filters")
    try:
        return holds(formula, InterviewNames(interview))
    except FormulaError as error:
        text = f"The formula of the start of {interview.program.name} has no result: {error}"
        raise RefusedError("CANNOT_EXECUTE_FLOW_TRIGGER", text) from error


def plan_paths(
    tx: Transaction,
    program: Program,
    interviews: Sequence[Interview],
    entered: Sequence[Interview],
    begin: Callable[[str, str, str], None],
) -> None:
    """Let the paths of a flow wait for the records of a save. `begin` is what starts one right after the commit."""
    for each in interviews:
        record = str(each.record["Id"])
        newly = each in entered
        held = newly or meets(each)
        for path in program.paths:
            if path.async_:
                if newly:
                    tx.after_commit.append(partial(begin, program.name, path.name, record))
                continue
            _plan_path(tx, each, path, record, newly=newly, held=held)


def _plan_path(tx: Transaction, each: Interview, path: Path, record: str, *, newly: bool, held: bool) -> None:
    present = waiting_for(tx.store, each.program.name, path.name, record)
    due = _due(each, path, tx.now) if held else None
    if due is None:
        # Documented for workflow, and reported for flows: a record that no longer meets the conditions waits no more.
        if present is not None:
            cancel(tx.store, present)
        return
    changed = each.is_new or path.field is None or (each.before or {}).get(path.field) != each.record.get(path.field)
    if present is not None:
        # Inferred: a later change of the date moves the path that waits (a switch).
        move = path.field is not None and tx.desk.switches.reschedule_paths == "reschedule"
        if not move or present.due == due:
            return
    elif not newly or (due <= tx.now and not changed and not each.program.newly):
        # Inferred: a moment that has passed starts no path a second time, unless the record comes to it anew.
        return
    plan(tx.store, Waiting(each.program.name, path.name, record, each.program.object_name, due, tx.user))


def _due(each: Interview, path: Path, now: datetime) -> datetime | None:
    """Return when a path is due: so long after the date of its field, or after the save; None where the field is blank."""
    offset = path.number * _UNITS[path.unit]
    if path.field is None:
        return now + offset
    moment = each.record.get(path.field)
    if isinstance(moment, datetime):
        return moment + offset
    if isinstance(moment, date):
        # Inferred: a date begins at midnight in the time zone of the org.
        return datetime.combine(moment, time(), each.view.world.zone).astimezone(UTC) + offset
    return None
