"""Which values a picklist offers, and whether the platform takes any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sla_sync_salesforce.simulator import addresses
from sla_sync_salesforce.simulator.fields import ACTIVITY
from sla_sync_salesforce.simulator.kinds.standard_value_set import LEAD_STATUS, active_values
from sla_sync_salesforce.simulator.organization import Organization


@dataclass(frozen=True, slots=True)
class Picklist:
    """The values of one picklist in order, as the metadata spells them; `restricted` ones take no other."""

    values: tuple[Mapping[str, object], ...] = ()
    restricted: bool = False
    controlled_by: str | None = None
    """The field on which it depends which values are offered."""
    valid_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Value → the values of the controlling field for which it is offered."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the values that a record may be given."""
        return tuple(str(each["fullName"]) for each in self.values if each.get("isActive") != "false")

    @property
    def default(self) -> str | None:
        """Return the value that a record is given where none is said."""
        return next((str(each["fullName"]) for each in self.values if each.get("default") == "true"), None)


def picklist(organization: Organization, object_name: str, name: str) -> Picklist:
    """Return the values of a field, nothing where the field is no picklist."""
    if (object_name, name) == ("Lead", "Status"):
        # Inferred: a status that the list does not offer is refused by the API, and not kept as it stands.
        return Picklist(tuple(active_values(organization.of("StandardValueSet")[LEAD_STATUS])), restricted=True)
    if name.endswith("__c"):
        holder = ACTIVITY if object_name in ("Task", "Event") else object_name
        component = organization.of("CustomField").get(f"{holder}.{name}")
        value_set = component.values.get("valueSet", {}) if component else {}
        given = value_set.get("valueSetDefinition", {}).get("value", [])
        valid: dict[str, tuple[str, ...]] = {}
        for each in value_set.get("valueSettings", []):
            value = str(each["valueName"])
            valid[value] = (*valid.get(value, ()), *each.get("controllingFieldValue", []))
        restricted = value_set.get("restricted") == "true"
        return Picklist(tuple(given), restricted, value_set.get("controllingField"), valid)
    if object_name == addresses.OBJECT and name in addresses.SHAPES:
        # What is none of these is refused in words of its own when names and codes are brought into step.
        return Picklist(tuple(_value(each, "") for each in addresses.codes(name)))
    names, default, restricted = _STANDARD.get((object_name, name), ((), "", False))
    return Picklist(tuple(_value(each, default) for each in names), restricted=restricted)


def _value(name: str, default: str) -> Mapping[str, object]:
    return {"fullName": name, "label": name, "default": "true" if name == default else "false"}


_SUBTYPES = ("Task", "Email", "ListEmail", "Call", "Cadence", "LinkedIn")
_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")
_STAGES = (
    "Prospecting",
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
)
# The values of a new org: names, default, restricted.
_STANDARD: Mapping[tuple[str, str], tuple[Sequence[str], str, bool]] = {
    ("Lead", "LeadSource"): (_SOURCES, "", False),
    ("Contact", "LeadSource"): (_SOURCES, "", False),
    ("Opportunity", "LeadSource"): (_SOURCES, "", False),
    ("Lead", "Rating"): (("Hot", "Warm", "Cold"), "", False),
    ("Opportunity", "StageName"): (_STAGES, "", False),
    ("Task", "Status"): (
        ("Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"),
        "Not Started",
        False,
    ),
    ("Task", "Priority"): (("High", "Normal", "Low"), "Normal", False),
    ("Task", "Type"): (("Call", "Meeting", "Other"), "", False),
    ("Task", "TaskSubtype"): (_SUBTYPES, "Task", True),
    ("Event", "Type"): (("Call", "Email", "Meeting", "Other"), "", False),
    ("Event", "EventSubtype"): (("Event",), "Event", True),
    ("Campaign", "Type"): (("Conference", "Webinar", "Email", "Advertisement", "Other"), "", False),
    ("Campaign", "Status"): (("Planned", "In Progress", "Completed", "Aborted"), "Planned", False),
    ("CampaignMember", "Status"): (("Sent", "Responded"), "Sent", False),
    # Documented: 0 new, 1 read, 2 replied, 3 sent, 4 forwarded, 5 draft.
    ("EmailMessage", "Status"): (("0", "1", "2", "3", "4", "5"), "5", True),
}
