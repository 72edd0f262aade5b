"""The records of a portal as workflows use them: evaluated, and written in the name of a workflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sla_sync_hubspot.simulator import membership
from sla_sync_hubspot.simulator.associating import associate
from sla_sync_hubspot.simulator.association_types import other_type
from sla_sync_hubspot.simulator.filter_tests import Asked, passes
from sla_sync_hubspot.simulator.object_types import TASK
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import API, AUTOMATION, Label, Source, Value
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.saving import change_record, create_record
from sla_sync_hubspot.simulator.stock import APP_ID
from sla_sync_hubspot.simulator.values import check_values

_NO_RECORD = datetime(1970, 1, 1, tzinfo=UTC)


def ids(portal: Portal, object_id: str) -> tuple[str, ...]:
    """Return the ids of the records of an object type, oldest first."""
    return tuple(each.id for each in portal.records.of(object_id))


def meets(portal: Portal, object_id: str, identifier: str, branch: Json) -> bool:
    """Return whether a record meets a root branch or an AND branch now."""
    record = portal.records.get(object_id, identifier)
    return record is not None and membership.meets(portal, record, branch)


def holds(portal: Portal, test: Json, text: str | None) -> bool:
    """Return whether a value passes the test of a filter now; None and an empty text are no value."""
    values = (Value(text, _NO_RECORD, Source(API)),) if text else ()
    return passes(test, values, Asked(portal.now, portal.state["portal"]["timeZone"]))


def write(portal: Portal, object_id: str, identifier: str, values: Mapping[str, str], flow: str | None) -> None:
    """Write values as a workflow does, or its code with the token of an app where there is no workflow.

    Raises RefusalError for those that the properties do not take.
    """
    checked = check_values(portal.state, object_id, dict(values))
    source = Source(API, APP_ID) if flow is None else Source(AUTOMATION, flow)
    change_record(portal, object_id, identifier, checked, source)


def associated(portal: Portal, side: tuple[str, str], said: Json) -> tuple[tuple[str, str], ...]:
    """Return the records (object type, id) that one is associated with under a label, oldest association first."""
    label = Label(said["associationCategory"], said["associationTypeId"])
    other = other_type(side[0], [label])
    found = portal.records.links_of(*side, other).items()
    return tuple(
        (other, each) for each, labels in found if label in labels and portal.records.get(other, each) is not None
    )


def create_task(portal: Portal, values: Mapping[str, str], about: tuple[str, str] | None, flow: str) -> str:
    """Create a task, about a record (object type, id) or about none, and return its id; raises RefusalError."""
    checked = check_values(portal.state, TASK.identifier, dict(values))
    task = create_record(portal, TASK.identifier, checked, Source(AUTOMATION, flow))
    if about is not None:
        associate(portal, (TASK.identifier, task), about, ())
    return task


def set_member(portal: Portal, list_id: str, identifier: str, *, member: bool) -> bool:
    """Put a record on a static list or take it off, and return whether it was otherwise before."""
    move = membership.join if member else membership.leave
    return move(portal, portal.state["lists"][list_id], identifier)
