"""Interviews of one flow run together: those that wait at the same element read, write or send as one.

Inferred: the elements at which interviews wait for one another, and that the one that stands first in the flow goes first.
The platform documents that interviews of one batch are carried out together ("Flow Bulkification in Transactions").
"""

from __future__ import annotations

from collections.abc import Sequence

from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.actions import act
from sla_sync_salesforce.simulator.running.interview import Interview
from sla_sync_salesforce.simulator.running.lookups import look_up, matching
from sla_sync_salesforce.simulator.running.program import Element, target
from sla_sync_salesforce.simulator.running.transaction import Transaction
from sla_sync_salesforce.simulator.store import Value

_METADATA = "__mdt"
_FAILED = "CANNOT_EXECUTE_FLOW_TRIGGER"
_DOING = {"recordLookups": "look up", "recordCreates": "create", "recordUpdates": "update"}


def run(tx: Transaction, interviews: Sequence[Interview], first: str | None) -> None:
    """Run interviews of one flow from an element on to their ends. Raises RefusedError."""
    try:
        for each in interviews:
            each.go(first)
        while True:
            waiting = [each for each in interviews if each.waiting is not None]
            if not waiting:
                return
            element = min((each.waiting for each in waiting if each.waiting), key=lambda each: each.place)
            group = [each for each in waiting if each.waiting is element]
            following = _perform(tx, element, group)
            for each in group:
                each.go(following)
    except RefusedError as error:
        raise _failure(interviews[0], error) from error


def _perform(tx: Transaction, element: Element, group: Sequence[Interview]) -> str | None:
    """Carry out an element for all interviews that wait at it, and return the element that follows."""
    savepoint = tx.store.copy()
    try:
        match element.kind:
            case "recordLookups":
                if not element.values["object"].endswith(_METADATA):
                    # Documented: queries of custom metadata do not count ("Custom Metadata Limitations").
                    tx.use("SOQL queries")
                for each in group:
                    look_up(each, element.values)
            case "recordCreates":
                _create(tx, element, group)
            case "recordUpdates":
                _update(tx, element, group)
            case _:
                for each in group:
                    act(tx, each, element.values)
    except RefusedError as error:
        fault = target(element.values.get("faultConnector"))
        if fault is None:
            if error.code == _FAILED:
                raise
            doing = _DOING.get(element.kind, f"call {element.values.get('actionName', '')} for")
            text = f"This error occurred when the flow tried to {doing} records: {error.code}: {error.message}"
            raise RefusedError(error.code, text, fields=error.fields) from error
        tx.store.restore(savepoint)
        for each in group:
            each.fault = f"{error.code}: {error.message}"
        return fault
    return element.next


def _create(tx: Transaction, element: Element, group: Sequence[Interview]) -> None:
    made = tx.write(element.values["object"], [(None, _inputs(each, element)) for each in group])
    for each, identity in zip(group, made, strict=True):
        each.things[element.name] = identity


def _update(tx: Transaction, element: Element, group: Sequence[Interview]) -> None:
    writes: list[tuple[str, dict[str, Value]]] = []
    values = element.values
    if values.get("inputReference") == "$Record":
        object_name = group[0].program.object_name
        for each in group:
            given = _inputs(each, element)
            each.record.update(given)
            writes.append((str(each.record["Id"]), given))
    else:
        object_name = values["object"]
        tx.use("SOQL queries")
        for each in group:
            given = _inputs(each, element)
            writes.extend((str(row["Id"]), given) for row in matching(each, values))
    while writes:
        # One statement holds each record once; what several interviews write to one goes in as many statements.
        now: dict[str, dict[str, Value]] = {}
        later = []
        for identity, given in writes:
            if identity in now:
                later.append((identity, given))
            else:
                now[identity] = given
        tx.write(object_name, list(now.items()))
        writes = later


def _inputs(interview: Interview, element: Element) -> dict[str, Value]:
    return {each["field"]: interview.plain(each["value"]) for each in element.values.get("inputAssignments", [])}


def _failure(interview: Interview, error: RefusedError) -> RefusedError:
    """Return what the save of a record says where one of its flows failed."""
    if error.code == _FAILED and error.message.startswith("We can't save"):
        return error
    text = (
        f"We can't save this record because the “{interview.program.label}” process failed. Give your Salesforce admin"
        f" these details. {error.message}. You can look up ExceptionCode values in the SOAP API Developer Guide."
    )
    return RefusedError(_FAILED, f"{text} Flow: {interview.program.name}", fields=error.fields)
