"""What each action of a workflow does to the record that reaches it: a table by action type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.running import crm
from sla_sync_hubspot.simulator.running.code import run as run_code
from sla_sync_hubspot.simulator.running.delays import relative
from sla_sync_hubspot.simulator.running.desk import Desk
from sla_sync_hubspot.simulator.running.outbox import Sent
from sla_sync_hubspot.simulator.running.people import owner_of_user, recipients, team_members
from sla_sync_hubspot.simulator.running.texts import fill, value_of


class FailedError(Exception):
    """An action cannot be carried out; the message goes into the history of the workflow."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One record at one action."""

    desk: Desk
    flow: Json
    record: str
    action: Json
    values: Mapping[str, str]

    @property
    def fields(self) -> Json:
        """What the action says."""
        fields: Json = self.action["fields"]
        return fields

    def write(self, name: str, text: str) -> None:
        """Write one property of the record; raises RefusalError for a value that it does not take."""
        crm.write(self.desk.portal, self.flow["objectTypeId"], self.record, {name: text}, self.flow["id"])

    def value(self, said: Json, target: Json) -> str:
        """Return what a value comes to."""
        return value_of(said, target, self.values, self.desk.now, self.desk.zone)


Act: TypeAlias = Callable[[Turn], str]
"""Carries out an action and returns what the history says of it; raises FailedError, or RefusalError of the records."""


def _set_property(turn: Turn) -> str:
    """Set a property of the record, or of all that are associated with it where the action names an association.

    What is copied is always read from the enrolled record; a count goes on from the number of the record that is set.
    """
    if "association" not in turn.fields:
        return _set(turn, turn.flow["objectTypeId"], turn.record, turn.values)
    side = (turn.flow["objectTypeId"], turn.record)
    found = crm.associated(turn.desk.portal, side, turn.fields["association"])
    if not found:
        raise FailedError("It is associated with no record of that kind")
    return "; ".join(f"{other}/{each}: {_set(turn, other, each, _mixed(turn, other, each))}" for other, each in found)


def _mixed(turn: Turn, object_id: str, record: str) -> Mapping[str, str]:
    """Return the values that an action on another record sees: it copies from the enrolled one and counts on its own."""
    if turn.fields["value"]["type"] != "INCREMENT":
        return turn.values
    name = turn.fields["property_name"]
    found = turn.desk.portal.records.get(object_id, record)
    text = found.get(name) if found else None
    return {name: text} if text else {}


def _set(turn: Turn, object_id: str, record: str, values: Mapping[str, str]) -> str:
    name = turn.fields["property_name"]
    target = turn.desk.portal.state["properties"][object_id].get(name)
    if target is None:
        raise FailedError(f"The property {name} does not exist")
    text = value_of(turn.fields["value"], target, values, turn.desk.now, turn.desk.zone)
    crm.write(turn.desk.portal, object_id, record, {name: text}, turn.flow["id"])
    return f"{name} = {text!r}"


def _create_task(turn: Turn) -> str:
    """Create a task about the record. Inferred: one without a due time is due at once."""
    fields, portal, desk = turn.fields, turn.desk.portal, turn.desk
    due = relative(fields["due_time"], desk.now, desk.zone) if "due_time" in fields else desk.now
    values = {
        "hs_task_type": fields["task_type"],
        "hs_task_subject": fill(fields["subject"], turn.values),
        "hs_task_body": fill(fields.get("body", ""), turn.values),
        "hs_task_priority": fields.get("priority", "NONE"),
        "hs_task_status": "NOT_STARTED",
        "hs_timestamp": spell_instant(due),
    }
    if "owner_assignment" in fields:
        values["hubspot_owner_id"] = turn.value(fields["owner_assignment"]["value"], {"type": "enumeration"})
    given = {name: text for name, text in values.items() if text}
    # Documented: without associations of its own a task is about the record that is enrolled.
    linked = fields.get("use_explicit_associations") != "true" or bool(fields.get("associations"))
    about = (turn.flow["objectTypeId"], turn.record) if linked else None
    task = crm.create_task(portal, given, about, turn.flow["id"])
    return f"task {task} for {values.get('hubspot_owner_id') or 'nobody'}"


def _notify(turn: Turn) -> str:
    to = recipients(turn.desk.portal.state, turn.fields, turn.values)
    if not to:
        raise FailedError("There is nobody to notify")
    kind = "EMAIL" if turn.action["actionTypeId"] == "0-8" else turn.fields.get("delivery_method", "APP")
    _send(turn, kind, to, turn.fields["subject"], turn.fields["body"])
    return f"to {', '.join(to)}"


def _send_email(turn: Turn) -> str:
    """Send an e-mail to the contact. Inferred: nothing is sent to a contact without an address."""
    address = turn.values.get("email")
    if not address:
        raise FailedError("The contact has no e-mail address")
    _send(turn, "MARKETING_EMAIL", (address,), turn.fields["content_id"], "")
    return f"to {address}"


def _send(turn: Turn, kind: str, to: tuple[str, ...], subject: str, body: str) -> None:
    sent = Sent(
        kind, turn.desk.now, to, fill(subject, turn.values), fill(body, turn.values), turn.flow["id"], turn.record
    )
    turn.desk.book.send(sent)


def _rotate(turn: Turn) -> str:
    """Give the record to the next owner of a round.

    Inferred: the round is one for each action, in the order in which the action names users, then teams; and only a
    record that gets an owner moves it on. HubSpot documents that records are distributed evenly.
    """
    fields, state = turn.fields, turn.desk.portal.state
    name = fields["target_property"]
    if turn.values.get(name) and fields["overwrite_current_owner"] != "true":
        return "it has an owner already"
    users = [*fields.get("user_ids", ()), *team_members(state, fields.get("team_ids", ()))]
    owners = [each["id"] for each in (owner_of_user(state, str(user)) for user in dict.fromkeys(users)) if each]
    if not owners:
        raise FailedError("None of the users is an owner")
    chosen = owners[turn.desk.book.turn(turn.flow["id"], turn.action["actionId"]) % len(owners)]
    turn.write(name, chosen)
    return f"{name} = {chosen!r}"


def _join(turn: Turn) -> str:
    return _enlist(turn, member=True)


def _leave(turn: Turn) -> str:
    return _enlist(turn, member=False)


def _enlist(turn: Turn, *, member: bool) -> str:
    list_id = turn.fields["listId"]
    found = turn.desk.portal.state["lists"][list_id]
    if "deletedAt" in found:
        raise FailedError(f"The list {list_id} was deleted")
    moved = crm.set_member(turn.desk.portal, list_id, turn.record, member=member)
    return f"list {list_id}" if moved else f"list {list_id}, as before"


def _run_code(turn: Turn) -> str:
    """Run code, which writes with the token of an app. Inferred: that the secrets which it names are there."""
    try:
        written = run_code(turn.action["sourceCode"], turn.values)
    except ValueError as error:
        raise FailedError(str(error)) from None
    if written is None:
        return "nothing to write"
    crm.write(turn.desk.portal, turn.flow["objectTypeId"], turn.record, written, None)
    return f"{len(written)} values"


ACTIONS: Mapping[str, Act] = {
    "CUSTOM_CODE": _run_code,
    "0-3": _create_task,
    "0-4": _send_email,
    "0-5": _set_property,
    "0-8": _notify,
    "0-9": _notify,
    "0-11": _rotate,
    "0-63809083": _join,
    "0-63863438": _leave,
}
