"""What a portal's subscription allows, as far as its limits tell it: HubSpot's API names no tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sla_sync.connector import ForbiddenError, RejectedError
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.paths import Api


@dataclass(frozen=True, slots=True)
class Tier:
    """One subscription: from how many calculated properties it is told, and how many workflows and active lists it has."""

    name: str
    calculated: int
    workflows: int
    segments: int


_TIERS = (
    Tier("Enterprise", 200, 1_000, 1_500),
    Tier("Professional", 40, 300, 1_000),
    Tier("Free or Starter", 0, 0, 50),
)
"""HubSpot, "Product and services catalog": the most of each. Inferred: that the limit of calculated properties tells the
tier, since no call names it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one limit is used; None where the portal does not tell."""

    limit: int | None = None
    used: int = 0

    @property
    def left(self) -> int | None:
        """How much is left, never below zero."""
        return None if self.limit is None else max(self.limit - self.used, 0)


def tier_of(calculated: Usage) -> Tier | None:
    """Return the tier of a portal, or None where it does not tell its limits."""
    if calculated.limit is None:
        return None
    return next(each for each in _TIERS if calculated.limit >= each.calculated)


def property_usage(client: HubSpotClient, object_type_id: str) -> Usage:
    """Return how many custom properties the portal, or the object where it has less room, uses of its limit."""
    found = _asked(client, "/custom-properties")
    if found is None:
        return Usage()
    rows = [each for each in found.get("byObjectType") or () if each.get("objectTypeId") == object_type_id]
    usages = [
        Usage(int(found.get("overallLimit") or 0), int(found.get("overallUsage") or 0)),
        *(Usage(int(each.get("limit") or 0), int(each.get("usage") or 0)) for each in rows),
    ]
    told = [each for each in usages if each.limit]
    return min(told, key=lambda each: each.left or 0) if told else Usage()


def calculated_usage(client: HubSpotClient) -> Usage:
    """Return how many calculated properties the portal uses of its limit."""
    found = _asked(client, "/calculated-properties")
    if found is None or found.get("overallLimit") is None:
        return Usage()
    return Usage(int(found["overallLimit"]), int(found.get("overallUsage") or 0))


def pipeline_usage(client: HubSpotClient, object_type_id: str) -> Usage:
    """Return how many pipelines of an object the portal uses of its limit."""
    found = _asked(client, "/pipelines")
    rows = [each for each in (found or {}).get("hubspotDefinedObjectTypes") or () if each.get("limit") is not None]
    own = [each for each in rows if each.get("objectTypeId") == object_type_id]
    return Usage(int(own[0]["limit"]), int(own[0].get("usage") or 0)) if own else Usage()


def daily_calls(client: HubSpotClient) -> Usage:
    """Return how many calls the portal made today of those it may make; only a private app is told."""
    try:
        found = client.call("GET", Api.ACCOUNT, "/api-usage/daily/private-apps")
    except (ForbiddenError, RejectedError):
        return Usage()
    rows = [each for each in found.get("results", ()) if each.get("usageLimit")]
    return Usage(int(rows[0]["usageLimit"]), int(rows[0].get("currentUsage") or 0)) if rows else Usage()


def _asked(client: HubSpotClient, path: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.call("GET", Api.LIMITS, path)
    except (ForbiddenError, RejectedError):
        # Inferred: portals without this API simply lack it; a write is refused by the limit itself then.
        return None
    return found
