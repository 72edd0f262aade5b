"""Queues and public groups: who owns records together, and who is told together.

The members of a queue are rows of GroupMember, whoever wrote them; a retrieve of the queue names those that are people.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import CUSTOM
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.store import Row

_MEMBERS = ("doesSendEmailToMembers", "description", "email", "name", "queueMembers", "queueSobject")
_OWNED = ("Lead", "Task")
_NAME_LIMIT, _LABEL_LIMIT, _EMAIL_LIMIT = 80, 40, 80


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a queue."""
    values = incoming.values
    yield from beyond("a queue", values, _MEMBERS)
    yield from _names("Queue Name", incoming)
    yield from too_long("email", values.get("email", ""), _EMAIL_LIMIT)
    if incoming.full_name in organization.of("Group"):
        yield f"The name {incoming.full_name} is already used by a public group"
    objects = [each.get("sobjectType", "") for each in values.get("queueSobject", [])]
    for each in objects:
        if objects.count(each) > 1:
            yield f"Duplicate queueSobject specified: {each}"
        own = organization.of("CustomObject").get(each)
        if own is None and (each.endswith(CUSTOM) or each not in _OWNED):
            yield f"In field: queueSobject - no CustomObject named {each} found, or it cannot be owned by a queue"
        elif own is not None and "customSettingsType" in own.values:
            yield f"In field: queueSobject - {each} cannot be owned by a queue"
    members = values.get("queueMembers", {})
    yield from beyond("the members of a queue", members, ("users", "publicGroups"))
    for username in members.get("users", {}).get("user", []):
        if all(each.username != username for each in organization.users):
            yield f"In field: queueMembers - no User named {username} found"
    for group in members.get("publicGroups", {}).get("publicGroup", []):
        if group not in organization.of("Group"):
            yield f"In field: queueMembers - no Group named {group} found"


def check_group(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a public group."""
    yield from beyond("a group", incoming.values, ("description", "doesIncludeBosses", "name"))
    yield from _names("Group Name", incoming)
    if incoming.full_name in organization.of("Queue"):
        yield f"The name {incoming.full_name} is already used by a queue"


def _names(what: str, incoming: Incoming) -> Iterator[str]:
    yield from wrong_name(what, incoming.full_name, limit=_NAME_LIMIT)
    yield from blank(incoming.values, "name")
    yield from too_long("name", incoming.values.get("name", ""), _LABEL_LIMIT)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the queue as the platform keeps it, without its members, which are rows."""
    values = {key: value for key, value in incoming.values.items() if key not in ("fullName", "queueMembers")}
    values.setdefault("doesSendEmailToMembers", "false")
    return values


def settle_group(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the group as the platform keeps it. Inferred: managers are included where nothing is said."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("doesIncludeBosses", "true")
    return values


def keep_members(
    incoming: Incoming, component: Component, organization: Organization, user: str, switches: Switches
) -> bool:
    """Write the members that a deployed queue names as rows of GroupMember, and return whether any row changed."""
    given = incoming.values.get("queueMembers")
    # Inferred: a queue that is deployed without members keeps those that it has (a switch).
    if given is None and switches.omitted_queue_members == "keep":
        return False
    ids = {each.username: each.id for each in organization.users}
    groups = organization.of("Group")
    wanted = [ids[each] for each in (given or {}).get("users", {}).get("user", [])]
    wanted += [groups[each].id for each in (given or {}).get("publicGroups", {}).get("publicGroup", [])]
    store = organization.store
    present = {
        str(row["UserOrGroupId"]): identity
        for identity, row in store.of("GroupMember").items()
        if row["GroupId"] == component.id
    }
    for member, identity in present.items():
        if member not in wanted:
            store.remove("GroupMember", identity)
    for member in dict.fromkeys(wanted):
        if member not in present:
            row = {"GroupId": component.id, "UserOrGroupId": member}
            store.insert("GroupMember", row, by=user, at=organization.now)
    return set(wanted) != present.keys()


def tell_membership(organization: Organization, row: Row, user: str, *, added: bool) -> None:
    """Write the line of the audit trail about a member of a queue or group that a record told. Inferred: its words."""
    for type_name in ("Queue", "Group"):
        for name, component in organization.of(type_name).items():
            if component.id == row.get("GroupId"):
                member = next(
                    (each.username for each in organization.users if each.id == row.get("UserOrGroupId")), "a group"
                )
                text = (
                    f"{'Added' if added else 'Removed'} {member} {'to' if added else 'from'} {type_name.lower()} {name}"
                )
                organization.note(f"{type_name.lower()}Membership", "Manage Users", text, user)


def with_members(organization: Organization, component: Component) -> Values:
    """Return a queue as a retrieve shows it: with its members, people by username and groups by name, sorted."""
    members = {
        str(row["UserOrGroupId"])
        for row in organization.store.of("GroupMember").values()
        if row["GroupId"] == component.id
    }
    people = sorted(each.username for each in organization.users if each.id in members)
    groups = sorted(name for name, each in organization.of("Group").items() if each.id in members)
    found: Values = {}
    if groups:
        found["publicGroups"] = {"publicGroup": groups}
    if people:
        found["users"] = {"user": people}
    return {**component.values, **({"queueMembers": found} if found else {})}


def forget_members(organization: Organization, component: Component) -> None:
    """Take away the rows that tell the members of a queue or group that is deleted."""
    rows = organization.store.of("GroupMember")
    for identity in [each for each, row in rows.items() if component.id in (row["GroupId"], row["UserOrGroupId"])]:
        organization.store.remove("GroupMember", identity)
