"""Our own access to what we made: the user of this session gets the permission set of the integration.

New fields are invisible to everybody until a permission set shows them, to the user who deployed them too, so that without
it neither the rows of team members nor assignments could be read or written. It is no setting, for who applies may differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sla_sync.connector import RejectedError, SlaSyncError
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.record_settings import ASSIGNMENT
from sla_sync_salesforce.soql import asks_for_nothing, literal, one_of, select


def grant(client: Client, name: str) -> None:
    """Assign this permission set to ourselves. Raises PlatformError where the org refuses."""
    own = str(client.user().get("user_id", ""))
    if _assigned(client, name, own):
        return
    found = client.query(select("Id", "PermissionSet", one_of("Name", [name])))
    for each in found:
        client.create(ASSIGNMENT, {"AssigneeId": own, "PermissionSetId": str(each["Id"])})


def give_back(client: Client, name: str) -> None:
    """Take this permission set from ourselves, so that it can be deleted."""
    for each in _assigned(client, name, str(client.user().get("user_id", ""))):
        _deleted(client, each)


def take_from_all(client: Client, names: Collection[str]) -> None:
    """Take these permission sets from whoever has them: one that somebody has cannot be deleted."""
    for each in client.query(select("Id", ASSIGNMENT, one_of("PermissionSet.Name", names))):
        _deleted(client, str(each["Id"]))


@contextmanager
def asking_for_assignments(client: Client) -> Iterator[None]:
    """Say what to do where the org shows this user no assignments. Raises SlaSyncError then."""
    try:
        yield
    except RejectedError as error:
        if not asks_for_nothing(error):
            raise
        raise SlaSyncError(
            f"The user of this token may not see the assignments of Salesforce ({client.target}): {error.message}",
            hint="Assign the permission set of the integration to this user.",
        ) from None


def _deleted(client: Client, row: str) -> None:
    try:
        client.delete(ASSIGNMENT, row)
    except RejectedError as error:
        if "ENTITY_IS_DELETED" not in error.message:
            raise


def _assigned(client: Client, name: str, own: str) -> list[str]:
    where = f"AssigneeId = {literal(own)} AND {one_of('PermissionSet.Name', [name])}"
    return [str(each["Id"]) for each in client.query(select("Id", ASSIGNMENT, where))]
