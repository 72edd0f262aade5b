"""The pulse of `sla-sync clock`: one hidden property of contacts whose description says when it last ran."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sla_sync.connector import Pulse, RejectedError
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.hidden import hidden_property
from sla_sync_hubspot.names import CONTACTS, manifest_property, pulse_property
from sla_sync_hubspot.paths import Api


def leave_pulse(client: HubSpotClient, agreement: str, at: datetime) -> None:
    """Say on the portal that the dates of clocks were found at an instant."""
    name = pulse_property(agreement)
    said = json.dumps({"ran_at": at.astimezone(UTC).isoformat()})
    if catalogue.property_named(client, CONTACTS, name) is None:
        try:
            body = hidden_property(name, f"sla-sync clock of {agreement}", said)
            client.call("POST", Api.PROPERTIES, f"/{CONTACTS}", body=body)
        except RejectedError:
            if catalogue.property_named(client, CONTACTS, name) is None:
                raise  # else another run that began at the same time has just created it
        else:
            return
    client.call("PATCH", Api.PROPERTIES, f"/{CONTACTS}/{name}", body={"description": said})


def pulse_of(properties: Mapping[str, Mapping[str, Any]], agreement: str) -> Pulse:
    """Return when the clock last ran and when settings were last applied, from the properties of contacts."""
    manifest = properties.get(manifest_property(agreement), {})
    return Pulse(_ran_at(properties.get(pulse_property(agreement))), wire.instant(manifest.get("updatedAt")))


def _ran_at(found: Mapping[str, Any] | None) -> datetime | None:
    try:
        said = json.loads(str((found or {}).get("description") or ""))
        return wire.instant(said["ran_at"])
    except (ValueError, KeyError, TypeError):
        return None
