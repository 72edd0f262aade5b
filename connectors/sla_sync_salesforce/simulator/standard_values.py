"""What standard fields hold without anybody writing it: defaults of a new record, and values that follow from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.integrity import own_values
from sla_sync_salesforce.simulator.organization import Organization
from sla_sync_salesforce.simulator.picklists import picklist
from sla_sync_salesforce.simulator.store import Fields, Row

_CLOSED_TASK, _RESPONDED = "Completed", "Responded"
_STAGE_ENDS = {"Closed Won": True, "Closed Lost": False}


def defaults(organization: Organization, object_name: str, owner: str) -> Row:
    """Return what a new record of an object holds where nothing is given. Formulas as defaults are not among them."""
    found: Row = {}
    for name, shape in fields_of(organization, object_name).items():
        if shape.type == "Checkbox" and shape.writeable:
            found[name] = own_values(organization, object_name, name).get("defaultValue") == "true"
        elif shape.type == "Picklist":
            found[name] = picklist(organization, object_name, name).default
        elif name == "OwnerId":
            found[name] = owner
        else:
            found[name] = None
    if object_name == "Lead":
        found.update(IsConverted=False, IsUnreadByOwner=True)
    return found


def follow(organization: Organization, object_name: str, row: Fields, before: Fields | None, at: datetime) -> Row:
    """Return the values that follow from the others of a row, as it is about to be written."""
    rule = _RULES.get(object_name)
    return rule(organization, row, before or {}, at) if rule else {}


def _person(_organization: Organization, row: Fields, _before: Fields, _at: datetime) -> Row:
    return {"Name": " ".join(str(row[part]) for part in ("FirstName", "LastName") if row.get(part))}


def _task(_organization: Organization, row: Fields, before: Fields, at: datetime) -> Row:
    closed = row.get("Status") == _CLOSED_TASK
    kept = before.get("CompletedDateTime") if before.get("IsClosed") else at
    return {"IsClosed": closed, "CompletedDateTime": kept if closed else None}


def _event(_organization: Organization, row: Fields, before: Fields, _at: datetime) -> Row:
    start = row.get("StartDateTime") or row.get("ActivityDateTime")
    if row.get("ActivityDateTime") not in (None, before.get("ActivityDateTime")):
        start = row["ActivityDateTime"]
    if not isinstance(start, datetime):
        return {}
    minutes, end = row.get("DurationInMinutes"), row.get("EndDateTime")
    if minutes is None and isinstance(end, datetime):
        minutes = int((end - start) / timedelta(minutes=1))
    if isinstance(minutes, (int, float)) and end is None:
        end = start + timedelta(minutes=minutes)
    return {
        "StartDateTime": start,
        "ActivityDateTime": start,
        "ActivityDate": start.date(),
        "EndDateTime": end,
        "DurationInMinutes": minutes,
    }


def _member(organization: Organization, row: Fields, before: Fields, at: datetime) -> Row:
    who = row.get("LeadId") or row.get("ContactId")
    person = organization.store.get("Lead" if row.get("LeadId") else "Contact", str(who) if who else None) or {}
    # Inferred: of the statuses of a campaign, those two that every campaign has by default are known here.
    responded = row.get("Status") == _RESPONDED
    first = before.get("FirstRespondedDate") or (at.date() if responded else None)
    return {
        "HasResponded": responded,
        "FirstRespondedDate": first,
        "Name": person.get("Name"),
        "LeadOrContactId": who,
        "LeadOrContactOwnerId": person.get("OwnerId"),
    }


def stage_end(stage: str) -> tuple[bool, bool]:
    """Return whether a stage of an opportunity is an end, and whether that is a won one."""
    return stage in _STAGE_ENDS, _STAGE_ENDS.get(stage, False)


def _opportunity(_organization: Organization, row: Fields, _before: Fields, _at: datetime) -> Row:
    closed, won = stage_end(str(row.get("StageName")))
    return {"IsClosed": closed, "IsWon": won}


_RULES: Mapping[str, Callable[[Organization, Fields, Fields, datetime], Row]] = {
    "Lead": _person,
    "Contact": _person,
    "Task": _task,
    "Event": _event,
    "CampaignMember": _member,
    "Opportunity": _opportunity,
}
