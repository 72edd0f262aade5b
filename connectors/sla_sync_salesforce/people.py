"""People: which users of the org stand behind the names in the targets file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sla_sync.connector import Diagnostic, Severity
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.soql import one_of, select


@dataclass(frozen=True)
class User:
    """One user of the org."""

    id: str
    username: str
    alias: str
    active: bool


@dataclass(frozen=True)
class People:
    """The users that were found, by the name under which the targets file knows them."""

    found: Mapping[str, tuple[User, ...]]

    def id_of(self, name: str) -> str | None:
        """Return the id of the one active user behind a name, or None."""
        active = [user for user in self.found.get(name, ()) if user.active]
        return active[0].id if len(active) == 1 else None

    def name_of(self, user_id: str) -> str | None:
        """Return the name under which the targets file knows a user, also one deactivated since; None where it knows none."""
        active = next((name for name in self.found if self.id_of(name) == user_id), None)
        # Somebody who left stays in groups and sets: those rows are as agreed, and the person is what is wrong.
        return active or next(
            (name for name, users in self.found.items() if [each.id for each in users] == [user_id]), None
        )

    def trouble(self) -> Iterator[Diagnostic]:
        """Yield an error for every name behind which there is not exactly one active user."""
        for name, users in self.found.items():
            if self.id_of(name) is None:
                yield Diagnostic("SLA802", Severity.ERROR, why_not(name, users), hint=_HINT)


_HINT = "Write the user's full user name or alias under `people` of the target, and activate the user in Setup."


def why_not(name: str, users: Iterable[User]) -> str:
    """Return the sentence that says why a name does not stand for one active user."""
    users = tuple(users)
    active = [user for user in users if user.active]
    if not users:
        return f"No user of the org has the user name or alias «{name}»."
    if not active:
        return f"The user «{name}» ({users[0].username}) is not active."
    return f"«{name}» is the alias of {len(active)} users: {', '.join(user.username for user in active)}."


def find(client: Client, names: Iterable[str]) -> People:
    """Return the users behind these names: a user name, or an alias."""
    names = sorted(set(names))
    if not names:
        return People({})
    where = f"{one_of('Username', names)} OR {one_of('Alias', names)}"
    records = client.query(select("Id, Username, Alias, IsActive", "User", where))
    users = [
        User(str(each["Id"]), str(each["Username"]), str(each["Alias"]), bool(each["IsActive"])) for each in records
    ]
    return People(
        {
            name: tuple(user for user in users if name.lower() in {user.username.lower(), user.alias.lower()})
            for name in names
        }
    )


def usernames(client: Client, ids: Iterable[str]) -> Mapping[str, str]:
    """Return id → user name of these users; nothing is asked where there is none."""
    wanted = sorted(set(ids))
    found = client.query(select("Id, Username", "User", one_of("Id", wanted))) if wanted else []
    return {str(each["Id"]): str(each["Username"]) for each in found}
