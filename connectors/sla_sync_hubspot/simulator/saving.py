"""Writing records with all that follows at once: stamps, a lifecycle that only goes forward, last contacts, lists.

Endpoints and workflows write through here; neither checks anything of a value here (see `values.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sla_sync_hubspot.simulator import membership
from sla_sync_hubspot.simulator.calculating import recalculate
from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.object_types import (
    CALL,
    COMMUNICATION,
    CONTACT,
    DEAL,
    EMAIL,
    LEAD,
    MEETING,
    TASK,
    TICKET,
)
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import CALCULATED, Change, Record, Source
from sla_sync_hubspot.simulator.refusals import Json

_MILLISECOND = timedelta(milliseconds=1)
_PIPELINES: Mapping[str, tuple[str, str]] = {
    DEAL.identifier: ("pipeline", "dealstage"),
    TICKET.identifier: ("hs_pipeline", "hs_pipeline_stage"),
    LEAD.identifier: ("hs_pipeline", "hs_pipeline_stage"),
}
"""The properties that hold the pipeline and the stage of a record."""
_CONTACTING = frozenset({CALL.identifier, EMAIL.identifier, MEETING.identifier, COMMUNICATION.identifier})
_DIRECTION, _INCOMING = "hs_email_direction", "INCOMING_EMAIL"


def create_record(portal: Portal, object_id: str, values: Mapping[str, str], source: Source) -> str:
    """Create a record now and return its id."""
    given = {name: text for name, text in values.items() if text}
    given |= {name: text for name, text in _defaults(portal.state, object_id, given).items() if name not in given}
    identifier = portal.records.create(object_id, given, source, portal.now)
    _follow(portal, object_id, identifier, None, given)
    return identifier


def change_record(
    portal: Portal, object_id: str, identifier: str, values: Mapping[str, str], source: Source
) -> Sequence[Change]:
    """Write values into a record now and return what became another; raises KeyError for one that is not there.

    A lifecycle stage before the present one is passed over without a word, as on the platform; one that was cleared
    first is free.
    """
    before = portal.records.rows[object_id][identifier]
    wanted = {name: text for name, text in values.items() if not _goes_back(portal.state, before, name, text)}
    changes = portal.records.write(object_id, identifier, wanted, source, portal.now)
    old = {each.property: each.old or "" for each in changes}
    _follow(portal, object_id, identifier, old, {each.property: each.new for each in changes})
    return changes


def note_contact(portal: Portal, activity: Record, contact_id: str) -> None:
    """Let a contact know of an activity that was logged on it: when it was last contacted, and how often.

    Inferred: that a touch before the present owner got the contact does not end the lead response time.
    """
    contact = portal.records.get(CONTACT.identifier, contact_id)
    at = activity.get("hs_timestamp")
    if contact is None or not at or activity.object_id not in _CONTACTING or activity.get(_DIRECTION) == _INCOMING:
        return
    moment = datetime.fromisoformat(at)
    if moment > portal.now:
        # A meeting to come is no contact yet. Inferred: nothing makes it one when its time has come.
        return
    last = contact.get("notes_last_contacted") or ""
    values = {"num_contacted_notes": str(int(contact.get("num_contacted_notes") or 0) + 1)}
    if not last or datetime.fromisoformat(last) < moment:
        values["notes_last_contacted"] = spell_instant(moment)
    assigned = contact.get("hubspot_owner_assigneddate")
    if assigned and not contact.get("hs_time_to_first_engagement") and datetime.fromisoformat(assigned) <= moment:
        values["hs_time_to_first_engagement"] = str((moment - datetime.fromisoformat(assigned)) // _MILLISECOND)
    _calculate(portal, CONTACT.identifier, contact_id, values)
    calculated = recalculate(portal, CONTACT.identifier, contact_id, values)
    membership.settle(portal, [(CONTACT.identifier, contact_id)], calculated)


def archive_record(portal: Portal, object_id: str, identifier: str, source: Source) -> None:
    """Move a record to the archive, which takes it out of every list; raises KeyError for one that is not there."""
    portal.records.archive(object_id, identifier, source, portal.now)
    membership.settle(portal, [(object_id, identifier)])


def _defaults(state: Json, object_id: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return what HubSpot fills in on a new record."""
    if object_id == TASK.identifier:
        return {"hs_task_status": "NOT_STARTED", "hs_task_priority": "NONE", "hs_task_type": "TODO"}
    if object_id not in _PIPELINES:
        return {}
    pipeline, stage = _PIPELINES[object_id]
    first = state["pipelines"][object_id][0]
    chosen = next((each for each in state["pipelines"][object_id] if each["id"] == values.get(pipeline)), first)
    return {pipeline: chosen["id"], stage: chosen["stages"][0]["id"]}


def _goes_back(state: Json, record: Record, name: str, text: str) -> bool:
    if (record.object_id, name) != (CONTACT.identifier, "lifecyclestage") or not text or not record.get(name):
        return False
    options = state["properties"][CONTACT.identifier]["lifecyclestage"]["options"]
    order = {each["value"]: each["displayOrder"] for each in options}
    return bool(order.get(text, -1) < order.get(record.get(name), -1))


def _follow(
    portal: Portal, object_id: str, identifier: str, old: Mapping[str, str] | None, new: Mapping[str, str]
) -> None:
    """Write what HubSpot writes of itself after these values became others; `old` is None for a new record."""
    before = old or {}
    now = spell_instant(portal.now)
    values: dict[str, str] = {}
    if object_id == CONTACT.identifier:
        if "email" in new:
            values["hs_email_domain"] = new["email"].partition("@")[2]
        if "lifecyclestage" in new:
            values |= {
                f"hs_v2_date_{what}_{stage}": now
                for what, stage in (("exited", before.get("lifecyclestage")), ("entered", new["lifecyclestage"]))
                if stage
            }
        if "hubspot_owner_id" in new:
            values |= _of_owner(portal.state, new["hubspot_owner_id"], now)
    if object_id == TASK.identifier and "hs_task_status" in new:
        values["hs_task_completion_date"] = now if new["hs_task_status"] == "COMPLETED" else ""
    _calculate(portal, object_id, identifier, values)
    changed = (*new, *values) if old is not None else None
    calculated = recalculate(portal, object_id, identifier, changed)
    settled = (*new, *values, *calculated)
    membership.settle(portal, [(object_id, identifier)], settled, created=old is None)


def _of_owner(state: Json, owner_id: str, now: str) -> dict[str, str]:
    """Return what follows from a new owner: the built-in time to first engagement starts anew with each (recorded)."""
    owner = next((each for each in state["owners"] if each["id"] == owner_id), None)
    team = next((each["id"] for each in owner["teams"] if each["primary"]), "") if owner else ""
    return {
        "hubspot_owner_assigneddate": now if owner_id else "",
        "hubspot_team_id": team,
        "hs_time_to_first_engagement": "",
    }


def _calculate(portal: Portal, object_id: str, identifier: str, values: Mapping[str, str]) -> None:
    if values:
        portal.records.write(object_id, identifier, values, Source(CALCULATED), portal.now)
