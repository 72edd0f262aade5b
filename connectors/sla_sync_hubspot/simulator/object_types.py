"""The object types of the portal, and the names under which a path may call them."""

from __future__ import annotations

from dataclasses import dataclass

from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, RefusalError


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of record; `scope` is the word for it in scopes such as `crm.schemas.contacts.write`."""

    identifier: str
    singular: str
    plural: str
    scope: str


CONTACT = ObjectType("0-1", "Contact", "Contacts", "contacts")
COMPANY = ObjectType("0-2", "Company", "Companies", "companies")
DEAL = ObjectType("0-3", "Deal", "Deals", "deals")
TICKET = ObjectType("0-5", "Ticket", "Tickets", "tickets")
LEAD = ObjectType("0-136", "Lead", "Leads", "leads")
# Documented: who may read contacts may read the activities that are logged on them.
COMMUNICATION = ObjectType("0-18", "Communication", "Communications", "contacts")
TASK = ObjectType("0-27", "Task", "Tasks", "contacts")
NOTE = ObjectType("0-46", "Note", "Notes", "contacts")
MEETING = ObjectType("0-47", "Meeting", "Meetings", "contacts")
CALL = ObjectType("0-48", "Call", "Calls", "contacts")
EMAIL = ObjectType("0-49", "Email", "Emails", "contacts")

ACTIVITIES = (COMMUNICATION, TASK, NOTE, MEETING, CALL, EMAIL)
"""What is logged on other records: every one of them has an `hs_timestamp`."""
OBJECT_TYPES = {each.identifier: each for each in (CONTACT, COMPANY, DEAL, TICKET, LEAD, *ACTIVITIES)}
_BY_NAME = {
    name: each
    for each in OBJECT_TYPES.values()
    for name in (each.identifier, each.singular.lower(), each.plural.lower())
}


def object_type(name: str) -> ObjectType:
    """Return the type that a path calls by its id, its singular or its plural, in any case.

    Other standard objects and custom objects are refused, though HubSpot has them.
    """
    found = _BY_NAME.get(name.lower())
    if found is None:
        known = ", ".join(each.plural.lower() for each in OBJECT_TYPES.values())
        raise RefusalError(
            BAD_REQUEST,
            f"Unable to infer object type from: {name} (the simulator has {known})",
            category=None,
        )
    return found
