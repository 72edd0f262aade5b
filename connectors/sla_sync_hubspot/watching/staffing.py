"""Who stands behind roles and teams: owners who were archived or whose user is not active, and teams without anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import Concern, ForbiddenError, Observation, Unseen
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.people import owners_named, why_nobody
from sla_sync_hubspot.watching.ground import Ground


def staffing(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield who behind a role or team cannot act, and the teams of the portal in which nobody is active."""
    there = ground.owners()
    names = {name for some in ground.people.values() for name in some}
    lost = {name for name in names if not owners_named(name, there)}
    # Archived owners are asked for only where somebody is missing.
    archived = catalogue.archived_owners(ground.client) if lost else []
    yield from _roles(ground, there, archived)
    try:
        yield from _teams(ground, there)
    except ForbiddenError as error:
        yield Unseen("members of teams", error.message)


def _roles(
    ground: Ground, there: Sequence[Mapping[str, Any]], archived: Sequence[Mapping[str, Any]]
) -> Iterator[Observation]:
    teams = {each.name: each for each in ground.asked.resources.teams}
    for word, names in sorted(ground.people.items()):
        out = [why for name in names if (why := _why_out(name, there, archived))]
        if not out:
            continue
        noun, origin = ("team", teams[word].origin) if word in teams else ("role", ("roles", word))
        rest = len(names) - len(out)
        left = f"{rest} of {len(names)} can act for the {noun} '{word}'." if rest else f"Nobody is left in '{word}'."
        yield Observation(Concern.PEOPLE, f"{noun.capitalize()} '{word}'", f"{' '.join(out)} {left}", origin)


def _why_out(name: str, there: Sequence[Mapping[str, Any]], archived: Sequence[Mapping[str, Any]]) -> str:
    """Return the sentence that says why somebody cannot act; empty for one active owner."""
    matches = owners_named(name, there)
    if len(matches) == 1:
        # Inferred: an owner without a user id is one whose user was deactivated.
        return "" if matches[0].get("userId") is not None else f"The user behind the owner '{name}' is not active."
    if not matches and owners_named(name, archived):
        return f"The owner '{name}' was archived: the user was removed or deactivated."
    return why_nobody(name, (), matches)


def _teams(ground: Ground, there: Sequence[Mapping[str, Any]]) -> Iterator[Observation]:
    bound = {each.name: ground.binding.teams.get(each.name, {}).get("team") for each in ground.asked.resources.teams}
    if not any(bound.values()):
        return
    active = {str(each["userId"]) for each in there if each.get("userId") is not None}
    found = {str(each.get("name") or "").casefold(): each for each in catalogue.teams(ground.client)}
    for team in ground.asked.resources.teams:
        name = bound[team.name]
        live = found.get(str(name).casefold()) if name else None
        # A team that is not there is told where a workflow refers to it.
        if live is None:
            continue
        members = {str(each) for key in ("userIds", "secondaryUserIds") for each in live.get(key) or ()}
        if not members & active:
            finding = f"No active person is in the team «{name}», so that nobody gets what is rotated to it."
            yield Observation(Concern.PEOPLE, f"Team '{name}' of the portal", finding, team.origin)
