"""Owners as rows: who could have a contact, from when until when, and in which agreed team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sla_sync_hubspot import wire
from sla_sync_hubspot.past.contacts import Row
from sla_sync_hubspot.teams import Teams


def rows(owners: Sequence[Mapping[str, Any]], teams: Teams, until: datetime) -> Iterator[Row]:
    """Yield who could own contacts before an instant; those who were archived until then."""
    for each in owners:
        since = wire.instant(each.get("createdAt"))
        if since is None or since >= until:
            continue
        # Inferred: that an archived owner is changed no more, so that its last change is when it was archived.
        left = wire.instant(each.get("archivedAt") or each.get("updatedAt")) if each.get("archived") else None
        owner = str(each["id"])
        yield {"user": owner, "since": since, "until": left, "team": teams.of(owner)}


def owners_by_user(owners: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the owner that stands for each user, by the id of the user: HubSpot names users where values changed."""
    pairs = ((each.get("userIdIncludingInactive") or each.get("userId"), str(each["id"])) for each in owners)
    return {str(user): owner for user, owner in pairs if user is not None}
