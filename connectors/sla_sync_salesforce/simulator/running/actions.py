"""Actions: notices and mails into the outbox, and the one class of Apex that is known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.outbox import put
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.apex import add_business_time, hours_named
from sla_sync_salesforce.simulator.running.interview import Interview, Thing
from sla_sync_salesforce.simulator.running.transaction import Transaction
from sla_sync_salesforce.simulator.store import Store

_RECIPIENTS_LIMIT = 500


def act(tx: Transaction, interview: Interview, values: Values) -> None:
    """Carry out an action for one interview. Raises RefusedError."""
    inputs = {each["name"]: interview.given(each.get("value")) for each in values.get("inputParameters", [])}
    output = ACTIONS[values["actionType"]](tx, interview, inputs)
    if values.get("storeOutputAutomatically") == "true":
        interview.things[values["name"]] = output
    for each in values.get("outputParameters", []):
        interview.things[each["assignToReference"]] = output


def _notify(tx: Transaction, interview: Interview, inputs: Mapping[str, Thing]) -> Thing:
    kind = _text(inputs, "customNotifTypeId")
    if tx.store.get("CustomNotificationType", kind) is None:
        raise _invalid(f"The custom notification type {kind or '(none)'} does not exist")
    wanted = inputs.get("recipientIds")
    ids = [each for each in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(each, str) and each]
    if not ids:
        raise _invalid("Missing required input parameter: recipientIds")
    if len(ids) > _RECIPIENTS_LIMIT:
        raise _invalid(f"A notice goes to at most {_RECIPIENTS_LIMIT} recipients, and {len(ids)} are given")
    for name in ("title", "body"):
        if not _text(inputs, name):
            raise _invalid(f"Missing required input parameter: {name}")
    target = _text(inputs, "targetId")
    if not target and not _text(inputs, "targetPageRef"):
        raise _invalid("Missing required input parameter: targetId")
    people = dict.fromkeys(person for each in ids for person in people_of(tx.store, each))
    put(
        tx.store,
        kind="notification",
        at=tx.now,
        to=tuple(people),
        title=_text(inputs, "title"),
        body=_text(inputs, "body"),
        target=target,
        flow=interview.program.name,
    )
    return None


def people_of(store: Store, identity: str) -> list[str]:
    """Return the active users behind the id of a user, a group or a queue. Raises RefusedError for any other."""
    person = store.get("User", identity)
    if person is not None:
        return [str(person["Id"])] if person["IsActive"] else []
    group = store.get("Group", identity)
    if group is None:
        raise _invalid(f"The recipient {identity} is no user, group or queue")
    members = [row["UserOrGroupId"] for row in store.of("GroupMember").values() if row["GroupId"] == group["Id"]]
    return [found for each in members if isinstance(each, str) for found in people_of(store, each)]


def _mail(tx: Transaction, interview: Interview, inputs: Mapping[str, Thing]) -> Thing:
    listed = inputs.get("emailAddressesArray")
    addresses = [each.strip() for each in _text(inputs, "emailAddresses").split(",") if each.strip()]
    addresses += [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    if not addresses:
        raise _invalid("Missing required input parameter: emailAddresses")
    for name in ("emailSubject", "emailBody"):
        if not _text(inputs, name):
            raise _invalid(f"Missing required input parameter: {name}")
    put(
        tx.store,
        kind="mail",
        at=tx.now,
        to=tuple(addresses),
        title=_text(inputs, "emailSubject"),
        body=_text(inputs, "emailBody"),
        target=str(interview.record.get("Id") or ""),
        flow=interview.program.name,
    )
    return None


def _business_time(tx: Transaction, _interview: Interview, inputs: Mapping[str, Thing]) -> Thing:
    start, minutes, name = inputs.get("startAt"), inputs.get("minutes"), _text(inputs, "hoursName")
    hours = hours_named(tx.view, name)
    if hours is None or not isinstance(start, datetime) or not isinstance(minutes, (int, float)):
        return None
    return add_business_time(tx.view, hours, start, timedelta(milliseconds=round(float(minutes) * 60_000)))


def _text(inputs: Mapping[str, Thing], name: str) -> str:
    found = inputs.get(name)
    return found if isinstance(found, str) else ""


def _invalid(text: str) -> RefusedError:
    return RefusedError("INVALID_INPUT", text)


ACTIONS: Mapping[str, Callable[[Transaction, Interview, Mapping[str, Thing]], Thing]] = {
    "apex": _business_time,
    "customNotificationAction": _notify,
    "emailSimple": _mail,
}
