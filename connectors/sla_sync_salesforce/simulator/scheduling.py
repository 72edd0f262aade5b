"""The virtual clock runs: what waits is carried out in the order in which it is due, each in its own transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sla_sync_salesforce.simulator.agenda import Waiting, agenda, cancel
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.saving import BATCH, note_failure, run_path


def run_until(desk: Desk, instant: datetime) -> None:
    """Let the clock run to an instant, and everything happen that is due by then.

    A path runs when it is due, or as late as the switch says; one that was due before it was planned runs at once.
    """
    delay = timedelta(minutes=desk.switches.path_delay_minutes)
    organization = desk.organization
    while True:
        due = [each for each in agenda(organization.store) if each.due + delay <= instant]
        if not due:
            break
        first = due[0]
        organization.clock = max(organization.now, first.due + delay).astimezone(UTC).isoformat()
        _run_together(desk, [each for each in due if _alike(each, first)][:BATCH])
    organization.clock = max(organization.now, instant).astimezone(UTC).isoformat()


def _alike(one: Waiting, other: Waiting) -> bool:
    """Return whether two paths run in one batch. Inferred: those of one flow, path and user that are due together."""
    return (one.flow, one.path, one.due, one.user) == (other.flow, other.path, other.due, other.user)


def _run_together(desk: Desk, batch: list[Waiting]) -> None:
    store = desk.organization.store
    for each in batch:
        cancel(store, each)
    first = batch[0]
    try:
        run_path(desk, first.user, first.flow, first.path, [each.record for each in batch])
    except RefusedError as error:
        note_failure(desk, first.flow, first.record, error)
