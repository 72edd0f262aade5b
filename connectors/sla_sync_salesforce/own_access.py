"""Our own access to what we made: the user of this session gets the permission set of the integration.

New fields are invisible to everybody until a permission set shows them, to the user who deployed them too, so that without
it neither the rows of team members nor assignments could be read or written. It is no setting, for who applies may differ.
"""

from __future__ import annotations

from sla_sync.connector import RejectedError
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.record_settings import ASSIGNMENT
from sla_sync_salesforce.soql import literal, one_of, select


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
        try:
            client.delete(ASSIGNMENT, each)
        except RejectedError as error:
            if "ENTITY_IS_DELETED" not in error.message:
                raise


def _assigned(client: Client, name: str, own: str) -> list[str]:
    where = f"AssigneeId = {literal(own)} AND {one_of('PermissionSet.Name', [name])}"
    return [str(each["Id"]) for each in client.query(select("Id", ASSIGNMENT, where))]
