"""Which agreed team an owner of the portal belongs to, for clocks that run in the hours of the owner's team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sla_sync_hubspot import catalogue
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.people import owners_named


class Teams:
    """The agreed teams of all owners; the portal is asked once, and only where somebody needs it.

    With `owners`, who are then all that are asked about, it is not asked at all.
    """

    def __init__(
        self,
        client: HubSpotClient,
        binding: HubSpotBinding,
        people: Mapping[str, tuple[str, ...]],
        owners: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        self._client = client
        self._owners = owners
        self._bound = {str(each["team"]).casefold(): name for name, each in binding.teams.items() if "team" in each}
        self._people = {name: members for name, members in people.items() if name in binding.teams}
        self._found: dict[str, str] | None = None

    def of(self, owner: str | None) -> str | None:
        """Return the agreed team of an owner by id: that of the main HubSpot team, of another, or of the targets file."""
        if not owner:
            return None
        if self._found is None:
            self._found = self._look()
        return self._found.get(owner)

    def _look(self) -> dict[str, str]:
        owners = catalogue.owners(self._client) if self._owners is None else self._owners
        found: dict[str, str] = {}
        for name, members in self._people.items():
            for member in members:
                found |= {str(each["id"]): name for each in owners_named(member, owners)}
        return found | {str(each["id"]): team for each in owners if (team := self._bound_team(each)) is not None}

    def _bound_team(self, owner: Mapping[str, Any]) -> str | None:
        teams = sorted(owner.get("teams") or (), key=lambda each: not each.get("primary"))
        bound = (self._bound.get(str(each.get("name")).casefold()) for each in teams)
        return next((each for each in bound if each), None)
