"""E-mail templates and the alerts of workflows that send them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, blank, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_TEMPLATE = (
    "apiVersion",
    "available",
    "description",
    "encodingKey",
    "name",
    "style",
    "subject",
    "textOnly",
    "type",
    "uiType",
)
_ALERT = ("ccEmails", "description", "protected", "recipients", "senderType", "template")
_NAME_LIMIT, _SUBJECT_LIMIT, _BODY_LIMIT, _ALERT_LIMIT = 80, 230, 384 * 1024, 255


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a template."""
    values = incoming.values
    folder, _, name = incoming.full_name.rpartition("/")
    if folder not in organization.of("EmailFolder"):
        yield f"Cannot find folder:{folder}"
    yield from wrong_name("Email Template Name", name, limit=_NAME_LIMIT)
    yield from beyond("an e-mail template", values, _TEMPLATE)
    if values.get("type") != "text":
        yield f"An e-mail template of the type {values.get('type', '(none)')} is not implemented by this simulator"
    yield from blank(values, "name", "subject")
    for member, limit in (("name", _NAME_LIMIT), ("subject", _SUBJECT_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)
    if len(incoming.content or b"") > _BODY_LIMIT:
        yield f"The body of the e-mail template is larger than {_BODY_LIMIT} bytes"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the template as the platform keeps it; its text stands beside its values."""
    return {key: value for key, value in incoming.values.items() if key not in ("fullName", "content")}


def check_alert(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in an alert."""
    values = incoming.values
    if not fields_of(organization, incoming.object_name):
        yield f"Entity of type 'CustomObject' named '{incoming.object_name}' cannot be found"
    yield from wrong_name("Unique Name", incoming.own_name, limit=_NAME_LIMIT)
    yield from beyond("an e-mail alert", values, _ALERT)
    yield from blank(values, "description")
    yield from too_long("description", values.get("description", ""), _ALERT_LIMIT)
    template = values.get("template", "")
    if template not in organization.of("EmailTemplate"):
        yield f"In field: template - no EmailTemplate named {template} found"
    recipients = values.get("recipients", [])
    if not recipients and not values.get("ccEmails"):
        yield "An e-mail alert needs at least one recipient"
    for each in recipients:
        kind, name = each.get("type", ""), each.get("recipient", "")
        if kind == "group" and name not in organization.of("Group"):
            yield f"In field: recipient - no Group named {name} found"
        if kind == "user" and all(user.username != name for user in organization.users):
            yield f"In field: recipient - no User named {name} found"


def settle_alert(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the alert as the platform keeps it."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("senderType", "CurrentUser")
    return values
