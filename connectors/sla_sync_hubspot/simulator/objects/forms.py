"""Form submissions: what a visitor sends, or a server for one, becomes a contact or changes the one with that e-mail.

HubSpot takes them on a host of their own (api.hsforms.com); here they stand on the simulator's. Inferred: a form of this
portal has every property as a field, and any id is the id of a form; submissions are worked through at once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import Answer, Call
from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.object_types import CONTACT
from sla_sync_hubspot.simulator.records import Source
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, NOT_FOUND, Json, RefusalError, not_built
from sla_sync_hubspot.simulator.saving import change_record, create_record
from sla_sync_hubspot.simulator.stock import PORTAL_ID
from sla_sync_hubspot.simulator.values import check_values

FORM = "FORM"
"""Who wrote a value that came with a form, as the history of a property tells it."""
_FIELD = shapes.record({"name": shapes.filled, "value": shapes.text}, {"objectTypeId": shapes.filled})
_SUBMISSION = shapes.record(
    {"fields": shapes.list_of(_FIELD)},
    {"context": shapes.anything, "legalConsentOptions": shapes.anything, "submittedAt": shapes.integer,
     "skipValidation": shapes.boolean},
)  # fmt: skip
_CODES: Mapping[str, str] = {
    "INVALID_EMAIL": "INVALID_EMAIL",
    "INVALID_NUMBER": "INVALID_NUMBER",
    "INVALID_OPTION": "INPUT_NOT_IN_OPTIONS",
    "PROPERTY_DOESNT_EXIST": "FIELD_NOT_IN_FORM_DEFINITION",
}
"""Documented names of what may be wrong with a field. Inferred: which wrong value has which of them."""


def submit(call: Call) -> Answer:
    """Take one submission and answer with the text that the form shows then."""
    _SUBMISSION(call.body, "")
    form = _form(call)
    values = {str(each["name"]): str(each["value"]) for each in call.body["fields"]}
    for each in call.body["fields"]:
        if each.get("objectTypeId", CONTACT.identifier) != CONTACT.identifier:
            raise not_built(f"form fields of object type {each['objectTypeId']}")
    if not values.get("email"):
        raise not_built("submissions without an e-mail, which HubSpot matches by a cookie")
    checked = _checked(call, values)
    portal, source = call.portal, Source(FORM, form)
    found = portal.records.holder(CONTACT.identifier, "email", checked["email"])
    count = int((found.get("num_conversion_events") if found else None) or 0) + 1
    told = {"num_conversion_events": str(count), "recent_conversion_date": spell_instant(portal.now)}
    if found is None:
        create_record(portal, CONTACT.identifier, checked | told, source)
    else:
        change_record(portal, CONTACT.identifier, found.id, checked | told, source)
    return Answer(body={"inlineMessage": "Thanks for submitting the form."})


def _form(call: Call) -> str:
    if call.path["portal_id"] != str(PORTAL_ID):
        raise RefusalError(NOT_FOUND, f"There is no portal {call.path['portal_id']}", category=None)
    try:
        return str(uuid.UUID(call.path["form_id"]))
    except ValueError:
        raise RefusalError(NOT_FOUND, f"There is no form {call.path['form_id']}", category=None) from None


def _checked(call: Call, values: Mapping[str, str]) -> dict[str, str]:
    try:
        return check_values(call.state, CONTACT.identifier, dict(values))
    except RefusalError as refusal:
        listed: list[Json] = json.loads(refusal.message.partition(": ")[2] or "[]")
        errors = [
            {"message": f"Error in 'fields.{each['name']}'. {each['message']}",
             "errorType": _CODES.get(each["error"], "FIELD_NOT_IN_FORM_DEFINITION")}
            for each in listed
        ]  # fmt: skip
        raise RefusalError(BAD_REQUEST, "The request is not valid", category=None, errors=errors) from None
