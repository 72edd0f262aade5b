"""The mappings as both platforms allow them at this moment: types that fit, fields that the user sees, owners by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync.connector.syncing import OWNER, OWNER_ID, Rule, Sync
from sla_sync_native_sync import hubspot_side, salesforce_side
from sla_sync_native_sync.hubspot_side import Contact, Property
from sla_sync_native_sync.salesforce_side import CONTACT, LEAD, Person
from sla_sync_native_sync.values import Kind, Value, fits, from_hubspot
from sla_sync_native_sync.wire import Wire


@dataclass(frozen=True, slots=True)
class Pairing:
    """One mapping that can work on one object of Salesforce."""

    property: str
    field: str
    rule: Rule
    kind: Kind
    definition: Property


@dataclass(frozen=True)
class Shape:
    """What can pass at this moment."""

    pairings: Mapping[str, tuple[Pairing, ...]]
    """By the object of Salesforce; owners are among them."""
    owners: Mapping[str, str]
    """Address by id of the owner in HubSpot."""
    users: Mapping[str, str]
    """Address by id of the active user in Salesforce."""

    def fields(self, object_name: str) -> Mapping[str, Kind]:
        """Return the mapped fields of an object that can be read."""
        return {each.field: each.kind for each in self.pairings[object_name]}

    def of_hubspot(self, pairing: Pairing, contact: Contact) -> Value:
        """Return what a contact holds; of an owner the address."""
        text = contact.values.get(pairing.property)
        return self.owners.get(text or "") if pairing.property == OWNER else from_hubspot(pairing.kind, text)

    def of_salesforce(self, pairing: Pairing, person: Person) -> Value:
        """Return what a lead or contact holds; of an owner the address, None for a queue and for whom HubSpot lacks."""
        value = person.values.get(pairing.field)
        if pairing.property != OWNER:
            return value
        address = self.users.get(str(value))
        return address if self.owner_of(address) else None

    def owner_of(self, address: Value) -> str:
        """Return the id of the owner in HubSpot with an address, or an empty text."""
        return next((key for key, each in self.owners.items() if each == address), "")

    def user_of(self, address: Value) -> str:
        """Return the id of the active user in Salesforce with an address, or an empty text."""
        return next((key for key, each in self.users.items() if each == address), "")


def read_shape(settings: Sync, hubspot: Wire, salesforce: Wire) -> tuple[Shape, tuple[str, ...]]:
    """Return what can pass, and a sentence for each mapping that cannot."""
    properties = hubspot_side.read_properties(hubspot)
    fields = {each: salesforce_side.read_fields(salesforce, each) for each in (LEAD, CONTACT)}
    pairings = {each: tuple(_pairings(settings, properties, fields[each])) for each in fields}
    shape = Shape(pairings, hubspot_side.read_owners(hubspot), salesforce_side.read_users(salesforce))
    return shape, tuple(_broken(settings, properties, fields))


def _pairings(settings: Sync, properties: Mapping[str, Property], fields: Mapping[str, Kind]) -> Iterator[Pairing]:
    for name, each in settings.mappings.items():
        definition, kind = properties.get(name), fields.get(each.field)
        if definition is not None and kind is not None and each.rule is not Rule.NONE and _fit(name, definition, kind):
            yield Pairing(name, each.field, each.rule, kind, definition)


def _fit(name: str, definition: Property, kind: Kind) -> bool:
    return name == OWNER or fits(definition.type, kind)


def _broken(
    settings: Sync, properties: Mapping[str, Property], fields: Mapping[str, Mapping[str, Kind]]
) -> Iterator[str]:
    for name, each in settings.mappings.items():
        definition = properties.get(name)
        kinds = [known[each.field] for known in fields.values() if each.field in known]
        if definition is None:
            yield f"The property {name} is not there."
        elif not kinds:
            yield f"The field {each.field} is not there, or the integration's user does not see it."
        elif each.field != OWNER_ID and not all(fits(definition.type, kind) for kind in kinds):
            yield f"The property {name} holds {definition.type} and the field {each.field} {kinds[0]}: they do not fit."
