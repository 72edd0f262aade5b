"""Carrying the values of one person over: which of them, which way, and in one write to each side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sla_sync.connector.syncing import OWNER, Rule, Sync
from sla_sync_native_sync import hubspot_side, salesforce_side
from sla_sync_native_sync.hubspot_side import Contact
from sla_sync_native_sync.memory import Category, Link, Memory, SyncError, Written
from sla_sync_native_sync.rules import Both, Way, owner_way, way
from sla_sync_native_sync.salesforce_side import CONTACT, LEAD, Person
from sla_sync_native_sync.shape import Pairing, Shape
from sla_sync_native_sync.values import Value, to_hubspot
from sla_sync_native_sync.wire import AnswerError, Wire

_OBJECTS = {"lead": LEAD, "contact": CONTACT}


@dataclass(frozen=True)
class Carrier:
    """What carrying needs: both sides, what can pass between them, and what is remembered."""

    hubspot: Wire
    salesforce: Wire
    settings: Sync
    shape: Shape
    memory: Memory
    at: datetime

    def find(self, contact: Contact, link: Link | None, people: Mapping[str, Person]) -> Person | None:
        """Return the record of a contact: the one it is linked to, what that became, or one with the same address.

        Inferred: of a lead and a contact with one address the contact is taken, and of several records the first made.
        """
        if link is not None:
            person = people.get(link.id) or self._read(link.object, link.id)
            return self._read(CONTACT, person.became) if person is not None and person.became else person
        if not contact.email:
            return None
        for each in (CONTACT, LEAD):
            found = salesforce_side.find_by_email(self.salesforce, each, self.shape.fields(each), contact.email)
            if found is not None and self.memory.linked(found.id) is None:
                return found
        return None

    def create(self, contact: Contact) -> None:
        """Create the record of a contact that has none.

        Documented («assignment of Salesforce owners»): an owner whom Salesforce knows becomes the lead's; without one
        the assignment rules of Salesforce apply.
        """
        if self.settings.creates.salesforce == "nothing":
            return
        object_name = _OBJECTS[self.settings.creates.salesforce]
        values, agreed = dict[str, Value](), dict[str, Value]()
        for each in self.shape.pairings[object_name]:
            value = self.shape.of_hubspot(each, contact)
            agreed[each.property] = None if each.rule is Rule.ALWAYS_SALESFORCE else value
            if each.property == OWNER:
                values[each.field] = self.shape.user_of(value) or None
                agreed[each.property] = value if values[each.field] else None
            elif each.rule is not Rule.ALWAYS_SALESFORCE:
                values[each.field] = value
        owner = any(each.property == OWNER and values[each.field] for each in self.shape.pairings[object_name])
        identity = salesforce_side.create_person(self.salesforce, object_name, values, assign=not owner)
        self.memory.links[contact.id] = Link(object_name, identity, agreed)
        for name, value in values.items():
            if value is not None:
                self._wrote("Salesforce", identity, name, None, value)

    def introduce(self, person: Person) -> None:
        """Create the contact of a record that HubSpot does not know, where the settings ask for it."""
        if self.settings.creates.hubspot == "nothing" or not person.email:
            return
        pairings = self.shape.pairings[person.object]
        found = {each: self.shape.of_salesforce(each, person) for each in pairings}
        values = {each.property: self._spelled(each, value) for each, value in found.items() if value is not None}
        refused = [each.property for each in pairings if each.property in values and not self._takes(each, values)]
        try:
            known = {name: text for name, text in values.items() if name not in refused}
            contact = hubspot_side.create_contact(self.hubspot, known)
        except AnswerError as error:
            self.memory.fail(self.at, "", error)
            return
        agreed = {each.property: value for each, value in found.items() if each.property not in refused}
        self.memory.links[contact.id] = Link(person.object, person.id, agreed)
        for each, value in found.items():
            if each.property in known:
                self._wrote("HubSpot", contact.id, each.property, None, value)

    def level(self, contact: Contact, link: Link, person: Person) -> None:
        """Make both sides equal by the rules: one write to Salesforce, one to HubSpot, none where nothing differs.

        Inferred: what Salesforce refuses keeps nothing from going the other way.
        """
        to_salesforce: dict[Pairing, Both] = {}
        to_hubspot: dict[Pairing, Both] = {}
        times = self._times(contact, link, person)
        for each in self.shape.pairings[person.object]:
            both = Both(
                self.shape.of_hubspot(each, contact),
                self.shape.of_salesforce(each, person),
                each.property in link.agreed,
                link.agreed.get(each.property),
                times.get(each.property),
                person.updated,
            )
            match self._way(each, both):
                case Way.TO_SALESFORCE:
                    to_salesforce[each] = both
                case Way.TO_HUBSPOT:
                    to_hubspot[each] = both
                case Way.NOWHERE if both.hubspot == both.salesforce:
                    link.agreed[each.property] = both.salesforce
                case Way.NOWHERE:
                    pass
        self._to_salesforce(contact, link, person, to_salesforce)
        self._to_hubspot(contact, link, to_hubspot)

    def _way(self, pairing: Pairing, both: Both) -> Way:
        if pairing.property != OWNER:
            return way(pairing.rule, both)
        return owner_way(both, known=bool(self.shape.user_of(both.hubspot)))

    def _times(self, contact: Contact, link: Link, person: Person) -> Mapping[str, datetime]:
        """Return since when HubSpot's values stand, read only where both sides may have changed."""
        disputed = []
        for each in self.shape.pairings[person.object]:
            one, other = self.shape.of_hubspot(each, contact), self.shape.of_salesforce(each, person)
            agreed = link.agreed.get(each.property)
            if one != other and agreed not in {one, other}:
                disputed.append(each.property)
        return hubspot_side.read_times(self.hubspot, contact.id, disputed) if disputed else {}

    def _to_salesforce(self, contact: Contact, link: Link, person: Person, values: Mapping[Pairing, Both]) -> None:
        if not values:
            return
        body: dict[str, Value] = {
            each.field: self.shape.user_of(both.hubspot) if each.property == OWNER else both.hubspot
            for each, both in values.items()
        }
        try:
            salesforce_side.write_person(self.salesforce, person, body)
        except AnswerError as error:
            self.memory.fail(self.at, contact.id, error)
            return
        for each, both in values.items():
            link.agreed[each.property] = both.hubspot
            self._wrote("Salesforce", person.id, each.field, both.salesforce, both.hubspot)

    def _to_hubspot(self, contact: Contact, link: Link, values: Mapping[Pairing, Both]) -> None:
        spelled = {each.property: self._spelled(each, both.salesforce) for each, both in values.items()}
        for each in values:
            if not self._takes(each, spelled):
                message = f"HubSpot's {each.property} does not take «{spelled.pop(each.property)}»."
                self.memory.errors.append(SyncError(self.at, contact.id, Category.VALUES, message, (each.property,)))
        if not spelled:
            return
        hubspot_side.write_contact(self.hubspot, contact.id, spelled)
        for each, both in values.items():
            if each.property in spelled:
                link.agreed[each.property] = both.salesforce
                self._wrote("HubSpot", contact.id, each.property, both.hubspot, both.salesforce)

    def _spelled(self, pairing: Pairing, value: Value) -> str:
        return self.shape.owner_of(value) if pairing.property == OWNER else to_hubspot(pairing.definition.type, value)

    def _takes(self, pairing: Pairing, spelled: Mapping[str, str]) -> bool:
        """Return whether a property takes a value. Inferred: one that it does not take is left out, and the rest goes on."""
        options, text = pairing.definition.options, spelled[pairing.property]
        return pairing.definition.writable and (options is None or not text or text in options)

    def _read(self, object_name: str, identity: str) -> Person | None:
        found = salesforce_side.read_people(self.salesforce, object_name, self.shape.fields(object_name), (identity,))
        return next(found, None)

    def _wrote(self, side: str, record: str, name: str, before: Value, after: Value) -> None:
        self.memory.written.append(Written(self.at, side, record, name, before, after))
