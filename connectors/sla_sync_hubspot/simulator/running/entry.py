"""Who is enrolled, enrolled again and let go: what each change of a record means to each workflow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sla_sync_hubspot.simulator.membership import is_member
from sla_sync_hubspot.simulator.records import ARCHIVED, ID, LINKED, LISTED, Change
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.running import crm
from sla_sync_hubspot.simulator.running.criteria import watched_by
from sla_sync_hubspot.simulator.running.desk import Desk
from sla_sync_hubspot.simulator.running.enrolments import ASSOCIATION, EVENT, Enrolment

EVENT_MET = "hs_event_criteria_met"
"""The output of an action that waits for an event, which a branch may ask for (recorded)."""
_KNOWN = "IS_KNOWN"


def refresh(desk: Desk) -> None:
    """Look at workflows that were created, replaced, switched or deleted, and at lists that changed.

    Documented: what met the criteria before a workflow was switched on is not enrolled unless whoever switches on says
    so. Inferred: the same holds for what meets criteria that changed.
    """
    for gone in [each for each in desk.book.seen() if each not in desk.flows]:
        desk.book.see(gone, None)
        for enrolment in desk.book.active(gone):
            leave(desk, enrolment, "the workflow was deleted")
    for identifier, flow in desk.flows.items():
        how = {"on": flow["isEnabled"], "criteria": desk.how(flow).spelled}
        before = desk.book.seen().get(identifier)
        if before == how:
            continue
        desk.book.see(identifier, how)
        if flow["isEnabled"]:
            switched = not (before and before["on"])
            _begin(desk, flow, enrols=switched and desk.pace.enrols_existing)


def react(desk: Desk) -> None:
    """Let every change that was not considered yet enrol, end waiting and let go, until there is none."""
    while changes := desk.take_changes():
        by_record: dict[tuple[str, str], list[Change]] = {}
        for each in changes:
            by_record.setdefault((each.object_id, each.id), []).append(each)
        for (object_id, record), own in by_record.items():
            concerned = desk.concerned(object_id, own)
            waiting = [each for each in desk.book.waiting(record) if each not in concerned]
            for identifier in (*concerned, *waiting):
                _tell(desk, desk.flows[identifier], record, own)


def look_at_clock(desk: Desk) -> None:
    """Evaluate again what looks at the clock, for every record."""
    for flow in timed_flows(desk):
        for record in crm.ids(desk.portal, flow["objectTypeId"]):
            consider(desk, flow, record, ())


def timed_flows(desk: Desk) -> Sequence[Json]:
    """Return the workflows that are on and whose criteria look at the clock."""
    return [each for each in desk.flows.values() if each["isEnabled"] and desk.how(each).looks.timed]


def consider(desk: Desk, flow: Json, record: str, changes: Sequence[Change]) -> None:
    """Enrol a record, enrol it again, or let it go, as its values and these changes of them say.

    Documented: a record is enrolled the first time it comes to meet the criteria; again only if it meets a re-enrolment
    trigger and the criteria, and never while it is enrolled; members of a suppression list never. Inferred: a
    re-enrolment trigger also enrols a record that met the criteria before the workflow was switched on.
    """
    how = desk.how(flow)
    book, identifier = desk.book, flow["id"]
    active = book.enrolment(identifier, record)
    suppressed = any(is_member(desk.portal, each, record) for each in how.suppression)
    if suppressed and active:
        leave(desk, active, "it is a member of a suppression list")
        active = None
    if how.branch is None:
        happened = any(_happened(desk, branch, each) for branch in how.events for each in changes)
        first = not book.times_enrolled(identifier, record)
        if happened and not active and not suppressed and (first or how.re_enrols):
            enrol(desk, flow, record)
        return
    before = book.was_meeting(identifier, record)
    meets = crm.meets(desk.portal, flow["objectTypeId"], record, how.branch)
    book.set_meeting(identifier, record, meets=meets)
    if active:
        if how.un_enrols and not meets:
            leave(desk, active, "it no longer meets the criteria")
        return
    if not meets or suppressed:
        return
    triggered = how.re_enrols and any(_triggers(desk, each, one) for each in how.triggers for one in changes)
    if triggered or (not before and not book.times_enrolled(identifier, record)):
        enrol(desk, flow, record)


def enrol(desk: Desk, flow: Json, record: str) -> None:
    """Enrol a record, whatever the criteria say: what people do by hand, and criteria through `consider`."""
    enrolment = Enrolment(flow["id"], record, flow.get("startActionId"), desk.now + desk.pace.latency)
    if not desk.may_turn(flow["id"], record):
        desk.book.log(enrolment, None, "SKIPPED", "not enrolled again: the workflows run in a circle")
        return
    desk.book.count_enrolment(flow["id"], record)
    desk.book.log(enrolment, None, "ENROLLED")
    desk.book.plan(enrolment)


def leave(desk: Desk, enrolment: Enrolment, why: str) -> None:
    """End an enrolment before its last action."""
    desk.book.end(enrolment.flow, enrolment.record)
    desk.book.log(enrolment, enrolment.action, "LEFT", why)


def _begin(desk: Desk, flow: Json, *, enrols: bool) -> None:
    branch = desk.how(flow).branch
    for record in crm.ids(desk.portal, flow["objectTypeId"]) if branch is not None else ():
        if enrols:
            desk.book.set_meeting(flow["id"], record, meets=False)
            consider(desk, flow, record, ())
        else:
            meets = crm.meets(desk.portal, flow["objectTypeId"], record, branch or {})
            desk.book.set_meeting(flow["id"], record, meets=meets)


def _tell(desk: Desk, flow: Json, record: str, changes: Sequence[Change]) -> None:
    """Tell a workflow of the changes of one record. Documented: a record that is deleted leaves its workflows."""
    if desk.portal.records.get(flow["objectTypeId"], record) is None:
        active = desk.book.enrolment(flow["id"], record)
        if active:
            leave(desk, active, "the record was deleted")
        desk.book.set_meeting(flow["id"], record, meets=False)
        return
    active = desk.book.enrolment(flow["id"], record)
    if active and active.waiting == EVENT:
        _end_waiting(desk, flow, active, changes)
    if active and active.waiting == ASSOCIATION and any(each.property == LINKED for each in changes):
        # The action looks again: what it is for may be associated now, or not yet.
        desk.book.plan(replace(active, due=desk.now, waiting=""))
    if flow["isEnabled"] and _concerns(desk, flow, changes):
        consider(desk, flow, record, changes)


def _concerns(desk: Desk, flow: Json, changes: Iterable[Change]) -> bool:
    looks = desk.how(flow).looks
    for each in changes:
        if each.property == LISTED and (each.new or each.old) in looks.lists:
            return True
        if each.property in (ARCHIVED, ID) or each.property in looks.properties:
            return True
    return False


def _end_waiting(desk: Desk, flow: Json, enrolment: Enrolment, changes: Sequence[Change]) -> None:
    action = next((each for each in flow["actions"] if each["actionId"] == enrolment.action), None)
    branches = action["fields"].get("event_filter_branches", ()) if action and "fields" in action else ()
    if any(_happened(desk, branch, each) for branch in branches for each in changes):
        outputs = {**enrolment.outputs, f"{enrolment.action}/{EVENT_MET}": "true"}
        due = desk.now + desk.pace.latency
        desk.book.plan(replace(enrolment, due=due, outputs=outputs))


def _happened(desk: Desk, branch: Json, change: Change) -> bool:
    """Return whether a change is the event of a branch: a property changed, and its new value passes the test."""
    name, test = watched_by(branch)
    return change.property == name and crm.holds(desk.portal, test, change.new)


def _triggers(desk: Desk, branch: Json, change: Change) -> bool:
    """Return whether a change meets a re-enrolment trigger.

    Documented: each time the record comes to meet it, and where it asks only for a value, with each new value.
    """
    if not _happened(desk, branch, change):
        return False
    _, test = watched_by(branch)
    was = crm.holds(desk.portal, test, change.old)
    return not was or test["operator"] == _KNOWN
