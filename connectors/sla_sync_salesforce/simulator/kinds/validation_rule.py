"""Validation rules: a formula that must be true or false, a message of at most 255 characters, a field to show it at."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of, formula_kind
from sla_sync_salesforce.simulator.formulas.reading import check_formula
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_MESSAGE_LIMIT = 255


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a validation rule."""
    object_name, values = incoming.object_name, incoming.values
    own = fields_of(organization, object_name)
    if not own:
        yield f"Entity of type 'CustomObject' named '{object_name}' is not implemented by this simulator"
        return
    yield from wrong_name("ValidationName", incoming.own_name)
    message = values.get("errorMessage", "")
    if "errorMessage" in values and not message.strip():
        yield "Required field is missing: errorMessage"
    yield from too_long("errorMessage", message, _MESSAGE_LIMIT)
    shown_at = values.get("errorDisplayField")
    if shown_at is not None and shown_at not in own:
        yield f"In field: errorDisplayField - no CustomField named {object_name}.{shown_at} found"
    if "errorConditionFormula" in values:
        yield from check_formula(
            values["errorConditionFormula"],
            lambda reference: formula_kind(organization, object_name, reference),
            returns="boolean",
        )


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the rule as the platform keeps it: as it came."""
    return {key: value for key, value in incoming.values.items() if key != "fullName"}
