"""Which way a value goes: the rule of its mapping, what both sides hold, and what they last agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sla_sync.connector.syncing import Rule
from sla_sync_native_sync.values import Value


class Way(Enum):
    """Where a value is written."""

    NOWHERE = "nowhere"
    TO_HUBSPOT = "to HubSpot"
    TO_SALESFORCE = "to Salesforce"


@dataclass(frozen=True, slots=True)
class Both:
    """One value on both sides; `met` says whether the sides ever agreed on one, and `agreed` on which."""

    hubspot: Value
    salesforce: Value
    met: bool = False
    agreed: Value = None
    hubspot_at: datetime | None = None
    """When HubSpot's value became what it is."""
    salesforce_at: datetime | None = None
    """When the record in Salesforce last changed, which is all that it tells of a value."""


def way(rule: Rule, both: Both) -> Way:
    """Return where a value has to be written so that the rule holds."""
    if rule is Rule.NONE or both.hubspot == both.salesforce:
        return Way.NOWHERE
    deleted = both.met and both.agreed is not None and both.salesforce is None
    match rule:
        case Rule.ALWAYS_SALESFORCE:
            return Way.TO_HUBSPOT if both.salesforce is not None or deleted else Way.NOWHERE
        case Rule.PREFER_SALESFORCE:
            return Way.TO_HUBSPOT if both.salesforce is not None or deleted else Way.TO_SALESFORCE
        case _:
            return _two_way(both)


def _two_way(both: Both) -> Way:
    if both.met and both.salesforce == both.agreed:
        return Way.TO_SALESFORCE
    if both.met and both.hubspot == both.agreed:
        return Way.TO_HUBSPOT
    if not both.met and both.hubspot is None:
        return Way.TO_HUBSPOT
    if not both.met and both.salesforce is None:
        return Way.TO_SALESFORCE
    # Inferred: HubSpot's value is the latest only where it is later than the whole record in Salesforce.
    later = both.hubspot_at is not None and both.salesforce_at is not None and both.hubspot_at > both.salesforce_at
    return Way.TO_SALESFORCE if later else Way.TO_HUBSPOT


def owner_way(both: Both, *, known: bool) -> Way:
    """Return where an owner is written; owners are given as e-mail addresses, None for a queue and for nobody.

    `known` says whether HubSpot's owner is an active user of Salesforce. A lead always has an owner, so that nothing
    written there can be blank; an owner whom Salesforce does not know goes back to Salesforce's.

    Inferred: where a queue takes a lead over, or a user who is no owner in HubSpot, the contact has no owner.
    """
    if both.hubspot == both.salesforce:
        return Way.NOWHERE
    if both.hubspot is None or not known:
        return Way.TO_HUBSPOT if both.salesforce is not None else Way.NOWHERE
    return _two_way(both)
