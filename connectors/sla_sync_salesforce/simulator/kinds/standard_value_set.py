"""The values of LeadStatus: a list that is deployed whole. Other standard value sets are refused by name."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.kinds.choices import check_choices
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

LEAD_STATUS = "LeadStatus"
_MEMBERS = {"fullName", "default", "label", "converted", "isActive", "description", "color"}


def check(incoming: Incoming, _organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in the list. Inferred: the texts; the rules are those of the Setup page."""
    if incoming.full_name != LEAD_STATUS:
        yield f"The standard value set {incoming.full_name} is not implemented by this simulator"
        return
    values = incoming.values.get("standardValue", [])
    if "groupingStringEnum" in incoming.values:
        yield "Can not specify 'groupingStringEnum' for the standard value set LeadStatus"
    for member in sorted({member for each in values for member in each} - _MEMBERS):
        yield f"Can not specify '{member}' for a value of the standard value set LeadStatus"
    yield from check_choices(values)
    active = [each for each in values if each.get("isActive") != "false"]
    defaults = [each.get("fullName", "") for each in active if each.get("default") == "true"]
    if len(defaults) != 1:
        yield f"Exactly one value of LeadStatus must be the default, and {len(defaults)} are"
    if not any(each.get("converted") == "true" for each in active):
        yield "At least one value of LeadStatus must be converted"


def settle(incoming: Incoming, before: Component | None, switches: Switches) -> Values:
    """Return the list as the platform keeps it: in the order given, then what was left out."""
    given = [_value(each) for each in incoming.values.get("standardValue", [])]
    names = {each.get("fullName") for each in given}
    # Inferred: what a deployed list leaves out is kept for the records that hold it, and deactivated (a switch).
    omitted = [each for each in (before.values["standardValue"] if before else []) if each["fullName"] not in names]
    if switches.omitted_status_values == "deactivate":
        omitted = [{**each, "default": "false", "isActive": "false"} for each in omitted]
    return {"sorted": incoming.values["sorted"], "standardValue": given + omitted}


def active_values(component: Component) -> list[Values]:
    """Return the values that a person may choose, in order."""
    return [each for each in component.values["standardValue"] if each.get("isActive") != "false"]


def _value(given: Values) -> Values:
    label = given.get("label") or given.get("fullName", "")
    value = {**given, "label": label, "converted": given.get("converted", "false")}
    if value.get("isActive") == "true":
        del value["isActive"]
    return value
