"""Who is meant: users and teams of the portal by id, and owners by what a property of the record holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sla_sync_hubspot.simulator.refusals import Json


def team_members(state: Json, team_ids: Sequence[str]) -> Iterator[str]:
    """Yield the ids of the users whose main team is one of these; those of an extra team do not count (documented)."""
    teams = {each["id"]: each["userIds"] for each in state["teams"]}
    for team in team_ids:
        yield from teams.get(team, ())


def owner_of_user(state: Json, user_id: str) -> Json | None:
    """Return the owner that a user is, or None."""
    return next((each for each in state["owners"] if str(each["userId"]) == user_id and not each["archived"]), None)


def recipients(state: Json, fields: Json, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the e-mail addresses of users, teams and owners that a notice is for, each once."""
    users = [*fields.get("user_ids", ()), *team_members(state, fields.get("team_ids", ()))]
    found = [owner_of_user(state, str(each)) for each in users]
    owners = {each["id"]: each for each in state["owners"]}
    found += [owners.get(values.get(name)) for name in fields.get("owner_properties", ())]
    return tuple(dict.fromkeys(str(each["email"]) for each in found if each))
