"""One record goes through a workflow: from action to action until it has to wait, or there is none left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sla_sync_hubspot.simulator.refusals import Json, RefusalError
from sla_sync_hubspot.simulator.running import crm
from sla_sync_hubspot.simulator.running.actions import ACTIONS, FailedError, Turn
from sla_sync_hubspot.simulator.running.delays import set_delay, until_date
from sla_sync_hubspot.simulator.running.desk import Desk
from sla_sync_hubspot.simulator.running.enrolments import ASSOCIATION, EVENT, Enrolment
from sla_sync_hubspot.simulator.running.entry import EVENT_MET, leave, react
from sla_sync_hubspot.simulator.running.windows import is_open, next_turn, windows_of

_STEPS = 1000
"""Actions that one record may pass without waiting.

Inferred: only a workflow that runs in a circle has so many; HubSpot documents no number.
"""
_ASSOCIATING = timedelta(minutes=1)
"""How long after the creation of a record an action waits until it is associated with one that the action is for.

Inferred: whoever logs an activity often associates it in a further request, and workflows of portals find the
association although they begin with the creation. How long HubSpot takes is not documented.
"""
_DELAYS = {"0-1": set_delay, "0-35": until_date}
_WAIT = "0-29"


def resume(desk: Desk, enrolment: Enrolment) -> None:
    """Let a record go on from the action that is due.

    Inferred: it goes on in the workflow as it now stands, and leaves it where the action is no longer there.
    """
    flow = desk.flows[enrolment.flow]
    if desk.portal.records.get(flow["objectTypeId"], enrolment.record) is None:
        leave(desk, enrolment, "the record was deleted")
        return
    actions = {each["actionId"]: each for each in flow["actions"]}
    current: Enrolment | None = enrolment
    for _ in range(_STEPS):
        if current is None:
            return
        if current.action is None:
            desk.book.end(flow["id"], current.record)
            desk.book.log(current, None, "FINISHED")
            return
        action = actions.get(current.action)
        if action is None:
            leave(desk, current, f"the action {current.action} was removed")
            return
        current = _step(desk, flow, current, action)
    if current is not None:
        leave(desk, current, "the workflow runs in a circle")


def _step(desk: Desk, flow: Json, enrolment: Enrolment, action: Json) -> Enrolment | None:
    """Return the enrolment at its next action, or None where it waits or has ended.

    Documented: delays and branches do not wait for a time window, every other action does.
    """
    if action["type"] in _BRANCHES:
        return _BRANCHES[action["type"]](desk, flow, enrolment, action)
    if _kind(action) in _DELAYS:
        return _delay(desk, flow, enrolment, action)
    if _kind(action) == _WAIT:
        return _wait(desk, enrolment, action)
    return _act(desk, flow, enrolment, action)


def _kind(action: Json) -> str:
    """Return the type of an action; code has none but its kind."""
    return str(action.get("actionTypeId", action["type"]))


def _next(enrolment: Enrolment, link: Json | None) -> Enrolment:
    return replace(enrolment, action=link["nextActionId"] if link else None, waiting="")


def _until(desk: Desk, enrolment: Enrolment, due: datetime, why: str) -> None:
    desk.book.plan(replace(enrolment, due=due))
    desk.book.log(enrolment, enrolment.action, "WAITING", f"{why} until {due.isoformat()}")


def _delay(desk: Desk, flow: Json, enrolment: Enrolment, action: Json) -> Enrolment | None:
    """Wait in a delay. Documented: a delay that was begun lasts as long as it said then, whatever becomes of it."""
    values = desk.values(flow, enrolment.record)
    ends = _DELAYS[action["actionTypeId"]](action["fields"], desk.now, desk.zone, values)
    after = _next(enrolment, action.get("connection"))
    if ends <= desk.now:
        return after
    _until(desk, after, ends + desk.pace.latency, f"delay {action['actionId']}")
    return None


def _wait(desk: Desk, enrolment: Enrolment, action: Json) -> Enrolment | None:
    """Wait for an event, which counts only while the record waits (documented), or until the time for it is over."""
    if enrolment.waiting != EVENT:
        expires = desk.now + timedelta(minutes=int(action["fields"]["expiration_minutes"]))
        _until(desk, replace(enrolment, waiting=EVENT), expires, "an event")
        return None
    key = f"{action['actionId']}/{EVENT_MET}"
    outputs = {key: "false"} | dict(enrolment.outputs)
    return _next(replace(enrolment, outputs=outputs), action.get("connection"))


def _act(desk: Desk, flow: Json, enrolment: Enrolment, action: Json) -> Enrolment | None:
    """Carry out an action, or let it wait for the next time window.

    Documented: while a workflow is off its actions are passed over, each with an error in the history, and records that
    are enrolled stay. Inferred: a record goes on where an action fails.
    """
    windows = windows_of(flow, desk.zone_name)
    if not is_open(windows, desk.now):
        who = f"{flow['id']}/{action['actionId']}/{enrolment.record}"
        turn = next_turn(windows, desk.now, desk.pace, who)
        if turn is None:
            leave(desk, enrolment, "the workflow may never act")
            return None
        _until(desk, enrolment, turn, "its hours")
        return None
    if enrolment.waiting != ASSOCIATION and (until := _will_be_associated(desk, flow, enrolment, action)):
        _until(desk, replace(enrolment, waiting=ASSOCIATION), until, "an association")
        return None
    after = _next(enrolment, action.get("connection"))
    if not flow["isEnabled"]:
        desk.book.log(enrolment, action["actionId"], "SKIPPED", "the workflow is off")
        return after
    # What the action writes may end this very enrolment, so it stands among the others while it acts.
    planned = desk.book.plan(replace(enrolment, due=desk.now))
    try:
        done = ACTIONS[_kind(action)](Turn(desk, flow, enrolment.record, action, desk.values(flow, enrolment.record)))
    except (FailedError, RefusalError) as error:
        desk.book.log(enrolment, action["actionId"], "FAILED", str(error))
        return after
    desk.book.log(enrolment, action["actionId"], "DONE", done)
    react(desk)
    return after if desk.book.enrolment(flow["id"], enrolment.record) == planned else None


def _will_be_associated(desk: Desk, flow: Json, enrolment: Enrolment, action: Json) -> datetime | None:
    """Return until when an action for associated records waits for the first of them, or None where it does not."""
    said = action.get("fields", {}).get("association")
    side = (flow["objectTypeId"], enrolment.record)
    record = desk.portal.records.get(*side)
    if said is None or record is None or crm.associated(desk.portal, side, said):
        return None
    until = record.created + _ASSOCIATING
    return until if until > desk.now else None


def _list_branch(desk: Desk, flow: Json, enrolment: Enrolment, action: Json) -> Enrolment | None:
    """Take the first branch that the record meets, or the default one."""
    for each in action["listBranches"]:
        if crm.meets(desk.portal, flow["objectTypeId"], enrolment.record, each["filterBranch"]):
            return _next(enrolment, each.get("connection"))
    return _next(enrolment, action.get("defaultBranch"))


def _static_branch(desk: Desk, flow: Json, enrolment: Enrolment, action: Json) -> Enrolment | None:
    """Take the branch of the very value, or the default one. Inferred: capitals matter."""
    said = action["inputValue"]
    if said["type"] == "FIELD_DATA":
        value = enrolment.outputs.get(f"{said['actionId']}/{said['dataKey']}", "")
    else:
        value = desk.values(flow, enrolment.record).get(said["propertyName"], "")
    for each in action["staticBranches"]:
        if each["branchValue"] == value:
            return _next(enrolment, each.get("connection"))
    return _next(enrolment, action.get("defaultBranch"))


_BRANCHES: Mapping[str, Callable[[Desk, Json, Enrolment, Json], Enrolment | None]] = {
    "LIST_BRANCH": _list_branch,
    "STATIC_BRANCH": _static_branch,
}
