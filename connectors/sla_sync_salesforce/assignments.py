"""Assignments of permission sets: records, so they are written one by one, before or after the deployment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sla_sync.connector import Action, Change, Outcome, PlatformError, Status
from sla_sync_salesforce.build import ASSIGNMENT
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.people import People, find, why_not
from sla_sync_salesforce.soql import one_of, select


@dataclass(frozen=True)
class Ends:
    """The two ends that assignments join: users, and permission sets by name."""

    people: People
    permission_sets: Mapping[str, str]


def is_assignment(change: Change) -> bool:
    """Return whether a change is about an assignment."""
    return change.address.type == ASSIGNMENT


def find_ends(client: Client, changes: Iterable[Change]) -> Ends:
    """Return the ids that creating these assignments needs: two queries, or none where nothing is created."""
    made = [change.address.key.partition("/") for change in changes if change.action is Action.CREATE]
    if not made:
        return Ends(People({}), {})
    people = find(client, {person for _, _, person in made})
    records = client.query(select("Id, Name", "PermissionSet", one_of("Name", {name for name, _, _ in made})))
    return Ends(people, {str(each["Name"]): str(each["Id"]) for each in records})


def carry_out(client: Client, change: Change, ends: Ends) -> Outcome:
    """Carry out one change of an assignment. Raises PlatformError where the org did not say what it did."""
    handle = change.live.handle if change.live else None
    if change.action is Action.DELETE:
        return _delete(client, change, handle)
    if change.action is not Action.CREATE:
        # An assignment has no values but its two ends: adopting or releasing it is a matter of the manifest.
        return Outcome(change, Status.DONE, handle=handle)
    name, _, person = change.address.key.partition("/")
    user, permission_set = ends.people.id_of(person), ends.permission_sets.get(name)
    if user is None:
        return Outcome(change, Status.FAILED, why_not(person, ends.people.found.get(person, ())))
    if permission_set is None:
        return Outcome(change, Status.FAILED, f"The permission set {name} is not in the org.")
    try:
        made = client.create(ASSIGNMENT, {"AssigneeId": user, "PermissionSetId": permission_set})
    except PlatformError as error:
        return _stopped(change, error)
    return Outcome(change, Status.DONE, handle=made)


def _delete(client: Client, change: Change, handle: str | None) -> Outcome:
    if handle is None:
        return Outcome(change, Status.FAILED, f"{change.address} has no id, so it cannot be deleted.")
    try:
        client.delete(ASSIGNMENT, handle)
    except PlatformError as error:
        return _stopped(change, error)
    return Outcome(change, Status.DONE)


def _stopped(change: Change, error: PlatformError) -> Outcome:
    """Return the outcome of a refused record. Raises the error again where the org did not say what it did."""
    if error.status is None:
        raise error
    return Outcome(change, Status.FAILED, str(error))
