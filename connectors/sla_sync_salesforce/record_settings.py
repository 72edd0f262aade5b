"""Settings that are rows: assignments of permission sets, members of groups and queues, members of teams.

No package carries them, so they are read by queries and written by the record API: what goes before the deployment, what
comes after it, two hundred in a call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sla_sync.connector import Action, Address, Change, Live, Outcome, PlatformError, RejectedError, Status, Values
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.ledger import rows_of
from sla_sync_salesforce.people import People, find, usernames, why_not
from sla_sync_salesforce.soql import asks_for_nothing, one_of, select
from sla_sync_salesforce.types import RECORDS

ASSIGNMENT, GROUP_MEMBER, TEAM_MEMBER = "PermissionSetAssignment", "GroupMember", "TeamMember"
SILENT_SWITCH = "SilentSwitch"
HOLIDAY = "Holiday"
"""A part of a file that leaving out does not take away: it is deleted as a row."""
COLLECTION = 200
"""Records in one call (REST API Developer Guide, "sObject Collections")."""
MEMBER_SUFFIX = "Member__c"
SWITCH_SUFFIX = "Switch__c"
SET_SUFFIX = "Integration"
"""The permission set of those who write everything and pass the gates."""
_STATIC_MEMBER = f"SLA_{MEMBER_SUFFIX}"
_USER, _ORG = "005", "00D"
_BY = "LastModifiedBy.Name, LastModifiedDate"


def is_record(change: Change) -> bool:
    """Return whether a change is carried out by the record API."""
    deleted_row = change.address.type == HOLIDAY and change.action is Action.DELETE
    return change.address.type in RECORDS or deleted_row


def person_of(address: Address) -> str:
    """Return the name of the person that a row is about: what follows the first slash of its key."""
    return address.key.partition("/")[2]


def member_object(addresses: Iterable[Address]) -> str:
    """Return the object that holds the members of teams: its prefix is the binding's."""
    return next(
        (each.key for each in addresses if each.type == "CustomObject" and each.key.endswith(MEMBER_SUFFIX)),
        _STATIC_MEMBER,
    )


def read_rows(
    client: Client, wanted: Collection[Address], people: Callable[[], People], *, agreement: str = ""
) -> Iterator[Live]:
    """Yield the rows behind these settings, and what else stands in the same sets, groups and teams: four queries at most.

    A row says inside what it stands where the agreement names others there: where it names nobody, who is in it is for
    people to say. Not so the set that passes the gates: whoever has it and is not named is always too much, but for the
    user of this session and whoever applied this agreement, who got it from us.
    """
    sets = {each.key.partition("/")[0] for each in wanted if each.type == ASSIGNMENT}
    sets |= {each.key for each in wanted if each.type == "PermissionSet"}
    groups = {each.key.partition("/")[0] for each in wanted if each.type == GROUP_MEMBER}
    if sets:
        columns = "Id, AssigneeId, Assignee.Username, PermissionSet.Name"
        rows = client.query(select(columns, ASSIGNMENT, one_of("PermissionSet.Name", sets)))
        passes = integration_set(wanted)
        ours = _appliers(client, agreement, {row["AssigneeId"] for row in rows if _set_of(row) == passes})
        for row in rows:
            name = _set_of(row)
            person = people().name_of(row["AssigneeId"]) or row["Assignee"]["Username"]
            whole = Address("PermissionSet", name)
            inside = whole if name == passes else _inside(wanted, ASSIGNMENT, name, whole)
            given_by_us = name == passes and row["AssigneeId"] in ours
            values = {"permissionSet": name, "assignee": person}
            yield _live(ASSIGNMENT, name, person, row, values, None if given_by_us else inside)
    if groups:
        columns = "Id, Group.DeveloperName, UserOrGroupId"
        rows = client.query(select(columns, GROUP_MEMBER, one_of("Group.DeveloperName", groups)))
        ids = {str(row["UserOrGroupId"]) for row in rows}
        names = usernames(client, {each for each in ids if each.startswith(_USER) and not people().name_of(each)})
        for row in rows:
            name, member = row["Group"]["DeveloperName"], str(row["UserOrGroupId"])
            person = people().name_of(member) or names.get(member, member)
            kind = "Group" if Address("Group", name) in wanted else "Queue"
            inside = _inside(wanted, GROUP_MEMBER, name, Address(kind, name))
            yield _live(GROUP_MEMBER, name, person, row, {"group": name, "member": person}, inside)
    if any(each.type == TEAM_MEMBER for each in wanted):
        yield from _team_members(client, wanted, people)
    switch = next((each for each in wanted if each.type == "CustomObject" and each.key.endswith(SWITCH_SUFFIX)), None)
    if switch is not None:
        yield from _silent_switches(client, switch, people)


def _appliers(client: Client, agreement: str, holders: set[str]) -> frozenset[str]:
    """Return by id who applies: the user of this session, and who wrote the manifest where others hold the set too."""
    if not holders:
        return frozenset()
    ours = {str(client.user().get("user_id", ""))}
    if agreement and holders - ours:
        columns = ("CreatedById", "LastModifiedById")
        ours |= {str(row[each]) for row in rows_of(client, agreement, ", ".join(columns)) for each in columns}
    return frozenset(ours)


def integration_set(addresses: Iterable[Address]) -> str | None:
    """Return the name of the permission set of the integration among these settings; its prefix is the binding's."""
    return next(
        (each.key for each in addresses if each.type == "PermissionSet" and each.key.endswith(SET_SUFFIX)), None
    )


def _set_of(row: Mapping[str, Any]) -> str:
    return str(row["PermissionSet"]["Name"])


def _inside(wanted: Collection[Address], kind: str, name: str, whole: Address) -> Address | None:
    return whole if any(each.type == kind and each.key.partition("/")[0] == name for each in wanted) else None


def _team_members(client: Client, wanted: Collection[Address], people: Callable[[], People]) -> Iterator[Live]:
    kind = member_object(wanted)
    for row in _shown(client, select(f"Id, Person__c, Team__c, Place__c, {_BY}", kind)):
        team, person = str(row["Team__c"]), people().name_of(str(row["Person__c"])) or str(row["Person__c"])
        values = {"team": team, "person": person, "place": row["Place__c"]}
        yield _live(TEAM_MEMBER, team, person, row, values, _inside(wanted, TEAM_MEMBER, team, _object(kind)))


def _silent_switches(client: Client, switch: Address, people: Callable[[], People]) -> Iterator[Live]:
    """Yield the rows by which the org, a profile or a person is silenced: nothing of the agreement is done for these."""
    for row in _shown(client, select(f"Id, SetupOwnerId, {_BY}", switch.key, "Silent__c = true")):
        owner = str(row["SetupOwnerId"])
        named = "the whole org" if owner.startswith(_ORG) else people().name_of(owner) or owner
        yield _live(SILENT_SWITCH, switch.key, named, row, {"silent": True}, switch)


def _shown(client: Client, query: str) -> Iterable[Mapping[str, Any]]:
    try:
        return client.query(query)
    except RejectedError as error:
        if asks_for_nothing(error):
            return ()  # the object is not there yet, or nobody gave this user access to it yet
        raise


def _object(name: str) -> Address:
    return Address("CustomObject", name)


def _live(
    kind: str, whole: str, person: str, row: Mapping[str, Any], values: Values, inside: Address | None = None
) -> Live:
    by, at = row.get("LastModifiedBy"), row.get("LastModifiedDate")
    return Live(
        Address(kind, f"{whole}/{person}"),
        values,
        handle=str(row["Id"]),
        changed_by=str(by["Name"]) if by else None,
        changed_at=instant(at),
        inside=inside,
    )


@dataclass(frozen=True)
class Ends:
    """What rows join: users, permission sets and groups, all by name; `members` is the object of team members."""

    people: People
    permission_sets: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    members: str = _STATIC_MEMBER
    there: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Team and id of a user → the row that says so already; whoever could not see it planned to create it."""


def find_ends(client: Client, changes: Sequence[Change], addresses: Iterable[Address] = ()) -> Ends:
    """Return the ids that creating these rows needs: a query for each sort of end, or none where nothing is created."""
    made = [each.address for each in changes if each.action is Action.CREATE and is_record(each)]
    if not made:
        return Ends(People({}))
    people = find(client, {person_of(each) for each in made})
    ids: dict[str, Mapping[str, str]] = {}
    for kind, source, name in ((ASSIGNMENT, "PermissionSet", "Name"), (GROUP_MEMBER, "Group", "DeveloperName")):
        wanted = {each.key.partition("/")[0] for each in made if each.type == kind}
        rows = client.query(select(f"Id, {name}", source, one_of(name, wanted))) if wanted else []
        ids[kind] = {str(each[name]): str(each["Id"]) for each in rows}
    members = member_object(addresses)
    if not any(each.type == TEAM_MEMBER for each in made):
        return Ends(people, ids[ASSIGNMENT], ids[GROUP_MEMBER], members)
    rows = client.query(select("Id, Person__c, Team__c", members))
    there = {(str(each["Team__c"]), str(each["Person__c"])): str(each["Id"]) for each in rows}
    return Ends(people, ids[ASSIGNMENT], ids[GROUP_MEMBER], members, there)


def delete_rows(client: Client, changes: Sequence[Change], addresses: Iterable[Address] = ()) -> Iterator[Outcome]:
    """Delete the rows of these changes, an outcome each. Raises PlatformError where the org did not say what it did."""
    members = member_object(addresses)
    for change in changes:
        handle = change.live.handle if change.live else None
        kind = members if change.address.type == TEAM_MEMBER else change.address.type
        if kind == SILENT_SWITCH:
            kind = change.address.key.partition("/")[0]
        if kind == HOLIDAY:
            found = client.query(select("Id", HOLIDAY, one_of("Name", [change.address.key])))
            handle = str(found[0]["Id"]) if found else None
        if handle is None:
            yield Outcome(change, Status.FAILED, f"{change.address} has no id, so it cannot be deleted.")
            continue
        try:
            client.delete(kind, handle)
        except PlatformError as error:
            yield _stopped(change, error)
        else:
            yield Outcome(change, Status.DONE)


def write_rows(client: Client, changes: Sequence[Change], ends: Ends) -> Iterator[Outcome]:
    """Create and change the rows of these changes, an outcome each and in no certain order.

    Raises PlatformError where the org did not say what it did; what was under way then is UNKNOWN.
    """
    waiting: dict[tuple[Action, str], list[tuple[Change, Mapping[str, Any]]]] = {}
    for change in changes:
        if change.action not in {Action.CREATE, Action.UPDATE, Action.ADOPT} or _says_nothing(change):
            # A row of two ends has no values but these: adopting or releasing it is a matter of the manifest.
            yield Outcome(change, Status.DONE, handle=change.live.handle if change.live else None)
            continue
        row = _row(change, ends)
        if isinstance(row, str):
            yield Outcome(change, Status.FAILED, row)
            continue
        verb = Action.UPDATE if "Id" in row else Action.CREATE
        waiting.setdefault((verb, _kind(change, ends)), []).append((change, row))
    for (verb, kind), rows in waiting.items():
        for start in range(0, len(rows), COLLECTION):
            yield from _sent(client, verb, kind, rows[start : start + COLLECTION])


def _says_nothing(change: Change) -> bool:
    return change.action is not Action.CREATE and change.address.type in {ASSIGNMENT, GROUP_MEMBER}


def _kind(change: Change, ends: Ends) -> str:
    return ends.members if change.address.type == TEAM_MEMBER else change.address.type


def _row(change: Change, ends: Ends) -> Mapping[str, Any] | str:
    """Return the fields of a row, or the sentence that says why it cannot be written."""
    place = change.desired.values.get("place") if change.desired else None
    if change.action is not Action.CREATE:
        return {"Id": change.live.handle if change.live else None, "Place__c": place}
    whole, _, person = change.address.key.partition("/")
    user = ends.people.id_of(person)
    if user is None:
        return why_not(person, ends.people.found.get(person, ()))
    if change.address.type == TEAM_MEMBER and (whole, user) in ends.there:
        return {"Id": ends.there[whole, user], "Place__c": place}
    if change.address.type == TEAM_MEMBER:
        return {"Person__c": user, "Team__c": whole, "Place__c": place}
    if change.address.type == GROUP_MEMBER:
        group = ends.groups.get(whole)
        return f"The group or queue {whole} is not in the org." if group is None else _joined("GroupId", group, user)
    found = ends.permission_sets.get(whole)
    if found is None:
        return f"The permission set {whole} is not in the org."
    return {"AssigneeId": user, "PermissionSetId": found}


def _joined(member: str, group: str, user: str) -> Mapping[str, Any]:
    return {member: group, "UserOrGroupId": user}


def _sent(
    client: Client, verb: Action, kind: str, rows: Sequence[tuple[Change, Mapping[str, Any]]]
) -> Iterator[Outcome]:
    try:
        answers = client.save_all(kind, [row for _, row in rows], create=verb is Action.CREATE)
    except PlatformError as error:
        if error.status is None:
            yield from (Outcome(change, Status.UNKNOWN, f"It was being written: {error}") for change, _ in rows)
            raise
        yield from (Outcome(change, Status.FAILED, str(error)) for change, _ in rows)
        return
    for (change, _), answer in zip(rows, answers, strict=True):
        errors = answer.get("errors") or ()
        if answer.get("success") is True:
            handle = str(answer.get("id") or (change.live.handle if change.live else ""))
            yield Outcome(change, Status.DONE, handle=handle or None)
        elif any(str(each.get("statusCode")) in _THERE for each in errors):
            yield Outcome(change, Status.DONE)
        else:
            said = "; ".join(f"{each.get('statusCode')}: {each.get('message')}" for each in errors)
            yield Outcome(change, Status.FAILED, f"Salesforce refused {change.address}: {said or 'no reason given'}")


_THERE = frozenset({"DUPLICATE_VALUE"})
"""A row that an interrupted run wrote already is as good as written now."""


def _stopped(change: Change, error: PlatformError) -> Outcome:
    """Return the outcome of a refused row. Raises the error again where the org did not say what it did."""
    if error.status is None:
        raise error
    return Outcome(change, Status.FAILED, str(error))
