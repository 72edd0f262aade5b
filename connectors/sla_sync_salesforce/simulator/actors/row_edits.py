"""What an administrator may do to rows: who is in a queue, a group, a team or a permission set, holidays, the silent switch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from sla_sync_salesforce.simulator.actors.telephone import PREFIX, Telephone

_Row: TypeAlias = Mapping[str, Any]
_OWN = f"{PREFIX}Integration"
"""The permission set of whoever applies; what is done to it is an edit of its own."""

_MEMBERS = "SELECT Id, GroupId, UserOrGroupId, Group.DeveloperName, Group.Type FROM GroupMember ORDER BY Id"
_ASSIGNMENTS = "SELECT Id, PermissionSetId, AssigneeId, PermissionSet.Name FROM PermissionSetAssignment ORDER BY Id"


def _in_queue(row: _Row) -> bool:
    return bool(row["Group"]["Type"] == "Queue")


def _in_group(row: _Row) -> bool:
    return bool(row["Group"]["Type"] == "Regular")


def _in_set(row: _Row) -> bool:
    name = str(row["PermissionSet"]["Name"])
    return name.startswith(PREFIX) and name != _OWN


def _in_own_set(row: _Row) -> bool:
    return bool(row["PermissionSet"]["Name"] == _OWN)


def _any(_: _Row) -> bool:
    return True


def _out(table: str, told: str, query: str, fits: Callable[[_Row], bool], name: str) -> Callable[[Telephone], str]:
    """Return the edit that deletes the first row that fits; `name` leads to what it is called."""

    def edit(line: Telephone) -> str:
        for row in filter(fits, line.query(query)):
            line.delete(table, row["Id"])
            return f"{told} {_at(row, name)}"
        raise LookupError(f"The org has no row of {table} that can be deleted so.")

    return edit


def _at(row: _Row, name: str) -> str:
    above, _, own = name.rpartition(".")
    return str((row[above] if above else row)[own])


def _in(
    table: str, query: str, fits: Callable[[_Row], bool], whole: str, member: str, name: str
) -> Callable[[Telephone], str]:
    """Return the edit that puts a stranger where the first row that fits puts somebody."""

    def edit(line: Telephone) -> str:
        rows = line.query(query)
        for row in filter(fits, rows):
            person = _stranger(line, {each[member] for each in rows if each[whole] == row[whole]})
            line.create(table, {whole: row[whole], member: person["Id"]})
            return f"put {person['Username']} into {_at(row, name)}"
        raise LookupError(f"The org has no row of {table} of ours.")

    return edit


def _stranger(line: Telephone, taken: Collection[str]) -> _Row:
    """Return the first person of the org who is not among these."""
    for each in line.query("SELECT Id, Username FROM User WHERE IsActive = true ORDER BY Username"):
        if each["Id"] not in taken:
            return each
    raise LookupError("Everybody is in it already.")


@contextmanager
def _let_in(line: Telephone) -> Iterator[None]:
    """Let the administrator see the members of teams meanwhile: nobody sees a new field whom no permission set shows it."""
    own = line.query("SELECT Id FROM User WHERE Username LIKE 'admin@%'")[0]["Id"]
    asked = f"SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '{own}'"  # noqa: S608 - an id
    held = line.query(asked)
    for each in line.query("SELECT Id, Name FROM PermissionSet ORDER BY Name"):
        if each["Name"] == _OWN and each["Id"] not in {row["PermissionSetId"] for row in held}:
            given = line.create("PermissionSetAssignment", {"AssigneeId": own, "PermissionSetId": each["Id"]})
            yield
            line.delete("PermissionSetAssignment", given)
            return
    yield


def _member_in(line: Telephone) -> str:
    with _let_in(line):
        rows = line.query("SELECT Id, Person__c, Team__c FROM SLA_Member__c ORDER BY Name")
        if not rows:
            raise LookupError("The org has no team member.")
        person = _stranger(line, {row["Person__c"] for row in rows})
        line.create("SLA_Member__c", {"Person__c": person["Id"], "Team__c": rows[0]["Team__c"], "Place__c": 9})
        return f"put {person['Username']} into the team {rows[0]['Team__c']}"


def _member_moved(line: Telephone) -> str:
    with _let_in(line):
        for each in line.query("SELECT Id, Name FROM SLA_Member__c ORDER BY Name LIMIT 1"):
            line.write("SLA_Member__c", each["Id"], {"Place__c": 9})
            return f"moved the team member {each['Name']} to the ninth place"
        raise LookupError("The org has no team member.")


def _silenced(line: Telephone) -> str:
    """Switch everything off for the whole org by the custom setting that every flow and rule asks."""
    if "SLA_Switch__c" not in line.names("CustomObject"):
        raise LookupError("The org has no switch of ours.")
    org = line.query("SELECT Id FROM Organization")[0]["Id"]
    line.create("SLA_Switch__c", {"SetupOwnerId": org, "Silent__c": True})
    return "silenced the whole org by SLA_Switch__c"


_GROUP = ("GroupId", "UserOrGroupId", "Group.DeveloperName")
_SET = ("PermissionSetId", "AssigneeId", "PermissionSet.Name")
_PERSON = "SELECT Id, Name FROM SLA_Member__c ORDER BY Name LIMIT 1"
_HOLIDAY = "SELECT Id, Name FROM Holiday ORDER BY Name"
_GIVEN = "PermissionSetAssignment"

ROW_EDITS: Mapping[str, Callable[[Telephone], str]] = {
    "queue member out": _out("GroupMember", "took a member out of the queue", _MEMBERS, _in_queue, _GROUP[-1]),
    "queue member in": _in("GroupMember", _MEMBERS, _in_queue, *_GROUP),
    "group member out": _out("GroupMember", "took a member out of the group", _MEMBERS, _in_group, _GROUP[-1]),
    "group member in": _in("GroupMember", _MEMBERS, _in_group, *_GROUP),
    "permission set out": _out(_GIVEN, "took away the permission set", _ASSIGNMENTS, _in_set, _SET[-1]),
    "permission set in": _in(_GIVEN, _ASSIGNMENTS, _in_set, *_SET),
    "integration out": _out(_GIVEN, "took away the permission set", _ASSIGNMENTS, _in_own_set, _SET[-1]),
    "integration in": _in(_GIVEN, _ASSIGNMENTS, _in_own_set, *_SET),
    "team member out": _out("SLA_Member__c", "deleted the team member", _PERSON, _any, "Name"),
    "team member in": _member_in,
    "team member moved": _member_moved,
    "holiday out": _out("Holiday", "deleted the holiday", _HOLIDAY, _any, "Name"),
    "silent switch": _silenced,
}
"""What an administrator may do to rows: name → what is done, said in words."""
