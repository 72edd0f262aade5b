"""The audit log of a portal, which HubSpot keeps for Enterprise accounts: who changed what, line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sla_sync.connector import Address, SettingChange
from sla_sync_hubspot import wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PIPELINE, PROPERTY, PROPERTY_GROUP, SEGMENT, WORKFLOW

_AUDIT_PAGE = 100
WORKFLOWS = "WORKFLOW"
_AUDITED: Mapping[str, str] = {
    "PROPERTY": PROPERTY,
    "PROPERTY_GROUP": PROPERTY_GROUP,
    "LIST": SEGMENT,
    "PIPELINE": PIPELINE,
    WORKFLOWS: WORKFLOW,
}
"""Inferred: the words by which the audit log names what was changed, and that a target's id is our handle."""


def lines_of(client: HubSpotClient, since: datetime | None) -> list[dict[str, Any]]:
    """Return the lines since an instant. Raises ForbiddenError or RejectedError where the account keeps none."""
    query = [("occurredAfter", since.astimezone(UTC).isoformat().replace("+00:00", "Z"))] if since else []
    return client.pages(Api.ACCOUNT, "/activity/audit-logs", limit=_AUDIT_PAGE, query=query)


def targets_of(handles: Mapping[Address, str | None]) -> Mapping[tuple[str, str], Address]:
    """Return what lines may speak of, by type and id; settings that are gone are known by the ids that they had."""
    return {(address.type, handle): address for address, handle in handles.items() if handle}


def change_of(
    line: Mapping[str, Any],
    handles: Mapping[tuple[str, str], Address],
    who: Callable[[object], str | None],
) -> SettingChange | None:
    """Return what a line says, or None where it says no time; `who` names a user by id."""
    at = wire.instant(line.get("occurredAt"))
    if at is None:
        return None
    what = " ".join(str(line[key]) for key in ("action", "category", "subCategory") if line.get(key))
    target = (_AUDITED.get(str(line.get("category")), ""), str(line.get("targetObjectId")))
    return SettingChange(at, author_of(line, who), what, handles.get(target))


def author_of(line: Mapping[str, Any], who: Callable[[object], str | None]) -> str:
    """Return the person of a line."""
    person = line.get("actingUser") or {}
    return str(person.get("userEmail") or who(person.get("userId")) or "an unknown user")
