"""Writing stages of the lifecycle by a call that HubSpot does not document, where the binding allows it."""

from __future__ import annotations

from sla_sync.connector import Address, Desired, RejectedError
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.paths import LIFECYCLE_STAGES, OPEN_STAGE, Api
from sla_sync_hubspot.types import LIFECYCLE_STAGE, TYPES
from sla_sync_hubspot.writes.desk import Craft, Desk, Found


def _find(desk: Desk, address: Address) -> Found | None:
    known = desk.handles.get(address)
    raw = catalogue.lifecycle_option(
        catalogue.property_named(desk.client, CONTACTS, "lifecyclestage"), address.key, known
    )
    return Found(raw, ours=True, handle=str(raw["value"])) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    there = catalogue.property_named(desk.client, CONTACTS, "lifecyclestage") or {}
    label = desired.address.key
    body = {"label": label, "displayOrder": len(there.get("options", ())), "metadata": dict(OPEN_STAGE)}
    try:
        return str(desk.client.call("POST", Api.PIPELINES, LIFECYCLE_STAGES, body=body)["id"])
    except RejectedError as error:
        raise RejectedError(
            f"This portal does not let the lifecycle stage «{label}» be created: {error.message}",
            call=error.call,
            status=error.status,
            hint="Create it in Settings > Objects > Contacts > Lifecycle stages, and take lifecycle_stages out of beta.",
        ) from None


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    path = f"{LIFECYCLE_STAGES}/{segment_of(found.handle)}"
    desk.client.call("PATCH", Api.PIPELINES, path, body={"label": desired.address.key})
    return found.handle


STAGES = Craft(TYPES[LIFECYCLE_STAGE], _find, _create, _update)
