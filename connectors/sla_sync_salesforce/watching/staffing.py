"""Who stands behind roles, teams and queues: people who are missing, inactive or frozen, and queues without anybody.

A frozen user cannot log in and stays active (Salesforce Help, "Freeze or Unfreeze User Accounts"); that somebody is frozen
the platform tells only to whom it lets manage users (Object Reference, "UserLogin").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_sync.connector import Concern, KeyPath, Observation, RejectedError, Unseen
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.people import why_not
from sla_sync_salesforce.soql import one_of, select
from sla_sync_salesforce.translate.places import queue_address, queue_of
from sla_sync_salesforce.watching.ground import Ground

_USER = "005"
_IN_A_QUERY = 300
"""Ids in one query; a query is 100,000 characters long at most, and its address must not be much longer than 16,000."""


@dataclass(frozen=True, slots=True)
class _Out:
    """Why somebody cannot act, in a clause, and what the org tells of who saw to it."""

    why: str
    who: str | None = None
    when: datetime | None = None


def staffing(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield who behind a role or team cannot act, and the queues from which nobody can take a lead."""
    members = _members(ground)
    behind = {own for name in ground.users.found if (own := ground.users.id_of(name))}
    everybody = sorted(behind | {each for ids in members.values() for each in ids if each.startswith(_USER)})
    frozen: dict[str, _Out] = {}
    try:
        frozen = dict(_frozen(ground, everybody))
    except RejectedError as error:
        yield Unseen("frozen users", f"The org does not tell this user who is frozen: {error.message}")
    yield from _roles(ground, frozen)
    yield from _queues(ground, members, frozen)


def _frozen(ground: Ground, ids: Sequence[str]) -> Iterator[tuple[str, _Out]]:
    for some in _in_parts(ids):
        where = f"IsFrozen = true AND {one_of('UserId', some)}"
        for row in ground.client.query(select("UserId, LastModifiedBy.Name, LastModifiedDate", "UserLogin", where)):
            by = row.get("LastModifiedBy") or {}
            who = str(by["Name"]) if by.get("Name") else None
            yield str(row["UserId"]), _Out("frozen", who, instant(row.get("LastModifiedDate")))


def _roles(ground: Ground, frozen: Mapping[str, _Out]) -> Iterator[Observation]:
    teams = {each.name: each for each in ground.asked.resources.teams}
    for word, names in sorted(ground.people.items()):
        out = {name: each for name in names if (each := _out(ground, name, frozen)) is not None}
        if not out:
            continue
        noun, origin = ("team", teams[word].origin) if word in teams else ("role", ("roles", word))
        told = " ".join(each.why for each in out.values())
        rest = len(names) - len(out)
        left = f"{rest} of {len(names)} can act for the {noun} '{word}'." if rest else f"Nobody is left in '{word}'."
        newest = max(out.values(), key=lambda each: each.when.timestamp() if each.when else 0.0)
        yield Observation(
            Concern.PEOPLE, f"{noun.capitalize()} '{word}'", f"{told} {left}", origin, None, newest.who, newest.when
        )


def _out(ground: Ground, name: str, frozen: Mapping[str, _Out]) -> _Out | None:
    users = ground.users.found.get(name)
    if users is None:
        return None
    own = ground.users.id_of(name)
    if own is None:
        return _Out(why_not(name, users))
    if own not in frozen:
        return None
    found = frozen[own]
    username = next(each.username for each in users if each.id == own)
    return _Out(f"The user «{name}» ({username}) is frozen and cannot log in.", found.who, found.when)


def _members(ground: Ground) -> dict[str, list[str]]:
    """Return the ids in each queue that is bound, those of groups and roles in it too."""
    named = {queue for queue, _, _ in _bound(ground)}
    found: dict[str, list[str]] = {each: [] for each in named}
    if named:
        where = f"Group.Type = 'Queue' AND {one_of('Group.DeveloperName', named)}"
        for row in ground.client.query(select("Id, Group.DeveloperName, UserOrGroupId", "GroupMember", where)):
            found.setdefault(str(row["Group"]["DeveloperName"]), []).append(str(row["UserOrGroupId"]))
    return found


def _queues(ground: Ground, members: Mapping[str, Sequence[str]], frozen: Mapping[str, _Out]) -> Iterator[Observation]:
    users = sorted({each for ids in members.values() for each in ids if each.startswith(_USER)})
    active = set(_active(ground, users)) - frozen.keys()
    for queue, label, origin in _bound(ground):
        address = queue_address(queue)
        # A queue that is not there is told as missing; whoever is in a group in the queue is for the group to say.
        there = address in ground.asked.snapshot.settings
        if there and not any(each in active or not each.startswith(_USER) for each in members[queue]):
            finding = f"No active person is in the queue «{label}» ({queue}), so that nobody takes what waits there."
            yield Observation(Concern.PEOPLE, f"Queue '{queue}'", finding, origin, address)


def _active(ground: Ground, ids: Sequence[str]) -> Iterator[str]:
    for some in _in_parts(ids):
        where = f"IsActive = true AND {one_of('Id', some)}"
        yield from (str(each["Id"]) for each in ground.client.query(select("Id", "User", where)))


def _bound(ground: Ground) -> Iterator[tuple[str, str, KeyPath]]:
    """Yield the queues of teams and of the agreement: developer name, label, place in the agreement."""
    resources: Any = ground.asked.resources
    for each in (*resources.teams, *resources.queues):
        queue = queue_of(each.name, ground.binding)
        if queue is not None:
            yield queue, each.label, each.origin


def _in_parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _IN_A_QUERY):
        yield ids[start : start + _IN_A_QUERY]
