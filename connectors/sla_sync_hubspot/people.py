"""People: which owners, users and teams of the portal stand behind the names in the targets file and the binding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sla_sync.connector import Address, Live, Unreadable
from sla_sync_hubspot.types import OWNER, TEAM, USER

PEOPLE = frozenset({OWNER, USER, TEAM})
"""What settings refer to by a name, and what nobody writes."""

_ID: Mapping[str, str] = {OWNER: "id", USER: "userId"}
"""The id of an owner is not the id of the user behind it: records name the one, notices and rotations the other."""


def owners_named(name: str, owners: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the owners whom a name means: an e-mail address, the part before its @, a first name or a full name.

    An e-mail address means its one owner also where it is somebody else's name.
    """
    wanted = name.casefold()
    exact = [each for each in owners if str(each.get("email") or "").casefold() == wanted]
    return exact or [each for each in owners if wanted in _names_of(each)]


def why_nobody(name: str, roles: Sequence[str], matches: Sequence[Mapping[str, Any]]) -> str:
    """Return the sentence that says why a name does not stand for one owner."""
    stands = f", who stands for {' and '.join(repr(each) for each in roles)}," if roles else ""
    if not matches:
        return f"'{name}'{stands} is no owner of this portal."
    return f"'{name}'{stands} is {len(matches)} owners of this portal."


def look_up(
    address: Address, there: Sequence[Mapping[str, Any]], people: Mapping[str, Sequence[str]]
) -> Live | Unreadable:
    """Return the owner, user or team of this address among those who are there, or why it stands for nobody."""
    if address.type == TEAM:
        return _team(address, there)
    name = address.key
    matches = owners_named(name, there)
    if len(matches) != 1:
        roles = sorted(role for role, names in people.items() if name in names)
        return Unreadable(address, why_nobody(name, roles, matches))
    found = matches[0].get(_ID[address.type])
    if found is None:
        return Unreadable(address, f"'{name}' is an owner of this portal whose user is no longer active.")
    return Live(address, {}, handle=str(found), managed=False)


def _team(address: Address, there: Sequence[Mapping[str, Any]]) -> Live | Unreadable:
    matches = [each for each in there if str(each.get("name") or "").casefold() == address.key.casefold()]
    if len(matches) == 1:
        return Live(address, {}, handle=str(matches[0]["id"]), managed=False)
    if not matches:
        return Unreadable(address, f"This portal has no team '{address.key}'.")
    return Unreadable(address, f"This portal has {len(matches)} teams of the name '{address.key}'.")


def _names_of(owner: Mapping[str, Any]) -> frozenset[str]:
    """Return the e-mail address, the part before its @, the first name and the full name, in lower case."""
    email = str(owner.get("email") or "").casefold()
    first, last = (str(owner.get(key) or "").casefold() for key in ("firstName", "lastName"))
    return frozenset({email, email.partition("@")[0], first, f"{first} {last}".strip()} - {""})
