"""Custom permissions and types of notifications: names that formulas and flows ask for."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_NAME_LIMIT, _LABEL_LIMIT, _DESCRIPTION_LIMIT = 80, 80, 255
_TYPES_LIMIT = 500


def check(incoming: Incoming, _organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a custom permission."""
    values = incoming.values
    yield from wrong_name("Custom Permission Name", incoming.full_name, limit=_NAME_LIMIT)
    yield from beyond("a custom permission", values, ("description", "isLicensed", "label"))
    yield from blank(values, "label")
    for member, limit in (("label", _LABEL_LIMIT), ("description", _DESCRIPTION_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)


def check_notification(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a type of notifications."""
    values = incoming.values
    yield from wrong_name("Custom Notification Type Name", incoming.full_name, limit=_NAME_LIMIT)
    yield from beyond(
        "a notification type", values, ("customNotifTypeName", "description", "desktop", "masterLabel", "mobile")
    )
    if values.get("customNotifTypeName") != incoming.full_name:
        yield f"customNotifTypeName: {values.get('customNotifTypeName', '')} is not the name of the file, {incoming.full_name}"
    yield from blank(values, "masterLabel")
    for member, limit in (("masterLabel", _LABEL_LIMIT), ("description", _DESCRIPTION_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)
    if "true" not in (values.get("desktop"), values.get("mobile")):
        yield "Select at least one channel: desktop or mobile"
    if len(organization.of("CustomNotificationType")) > _TYPES_LIMIT:
        yield f"You have reached the maximum number of notification types: {_TYPES_LIMIT}"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the permission or the type as the platform keeps it."""
    return {key: value for key, value in incoming.values.items() if key != "fullName"}
