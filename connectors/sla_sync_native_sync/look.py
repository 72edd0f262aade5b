"""One look of the integration at both platforms: what has changed since the last one is carried over, by the rules.

Documented (knowledge.hubspot.com): contacts outside the inclusion segment pass in neither direction; joining it is a
trigger; a record that failed is tried again when it changes or is synced by hand, and not by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sla_sync.connector.syncing import Sync
from sla_sync_native_sync import hubspot_side, salesforce_side
from sla_sync_native_sync.activities import carry_activities
from sla_sync_native_sync.carry import Carrier
from sla_sync_native_sync.hubspot_side import Contact
from sla_sync_native_sync.memory import Category, Link, Memory, SyncError
from sla_sync_native_sync.salesforce_side import CONTACT, LEAD, Person
from sla_sync_native_sync.shape import Shape, read_shape
from sla_sync_native_sync.wire import AnswerError, Wire


@dataclass(frozen=True)
class Joint:
    """The two platforms as the integration reaches them, and its settings."""

    settings: Sync
    hubspot: Wire
    salesforce: Wire


@dataclass(frozen=True)
class _Found:
    """What there is, and the contacts that something asks to sync."""

    contacts: Mapping[str, Contact]
    members: frozenset[str]
    changed: Mapping[str, frozenset[str]]
    gone: tuple[str, ...]
    asked: frozenset[str]


def look(joint: Joint, memory: Memory, at: datetime) -> None:
    """Look once, at an instant of the clock that both platforms share. Raises AnswerError where neither can be read."""
    found = _find(joint, memory)
    memory.looked, memory.members = at, found.members
    for contact in found.gone:
        del memory.links[contact]
        if joint.settings.deleted == "delete":
            hubspot_side.delete_contact(joint.hubspot, contact)
    tasks = joint.settings.activities == "tasks"
    if not found.asked and not any(found.changed.values()) and not tasks:
        return
    shape, broken = read_shape(joint.settings, joint.hubspot, joint.salesforce)
    known = {each.message for each in memory.errors}
    memory.errors += [SyncError(at, "", Category.MAPPING, each) for each in broken if each not in known]
    people = _people(joint, memory, shape, found)
    carrier = Carrier(joint.hubspot, joint.salesforce, joint.settings, shape, memory, at)
    asked = set(found.asked)
    for person in people.values():
        holder = memory.linked(person.id) or _same_address(found.contacts, person)
        if holder is not None:
            asked.add(holder)
        elif person.id in found.changed[person.object] and not person.became:
            carrier.introduce(person)
    for key in sorted(asked - set(found.gone), key=int):
        if key in found.members and key in found.contacts:
            _carry(carrier, found.contacts[key], people)
    if tasks:
        carry_activities(joint.hubspot, joint.salesforce, shape, memory)


def sync_now(joint: Joint, memory: Memory, at: datetime, contacts: Iterable[str]) -> None:
    """Sync contacts of the segment by hand, as the button on their page does, whether they have changed or not."""
    shape, _ = read_shape(joint.settings, joint.hubspot, joint.salesforce)
    known = hubspot_side.read_contacts(joint.hubspot, tuple(joint.settings.mappings))
    members = hubspot_side.read_members(joint.hubspot, joint.settings.inclusion)
    carrier = Carrier(joint.hubspot, joint.salesforce, joint.settings, shape, memory, at)
    for each in contacts:
        if each in members and each in known:
            _carry(carrier, known[each], {})


def _find(joint: Joint, memory: Memory) -> _Found:
    since = memory.looked
    contacts = hubspot_side.read_contacts(joint.hubspot, tuple(joint.settings.mappings))
    members = hubspot_side.read_members(joint.hubspot, joint.settings.inclusion)
    changed = {each: salesforce_side.changed_since(joint.salesforce, each, since) for each in (LEAD, CONTACT)}
    gone = _gone(joint, memory)
    news = {key for key, each in contacts.items() if since is None or each.updated >= since}
    asked = (news | (members - memory.members)) & members
    return _Found(contacts, members, changed, gone, frozenset(asked))


def _gone(joint: Joint, memory: Memory) -> tuple[str, ...]:
    """Return the contacts whose record in Salesforce is not there any more."""
    if not memory.links:
        return ()
    there = set[str]()
    for each in (LEAD, CONTACT):
        ids = [link.id for link in memory.links.values() if link.object == each]
        there.update(person.id for person in salesforce_side.read_people(joint.salesforce, each, {}, ids))
    return tuple(contact for contact, link in memory.links.items() if link.id not in there)


def _people(joint: Joint, memory: Memory, shape: Shape, found: _Found) -> Mapping[str, Person]:
    """Return what changed in Salesforce, and what changed contacts are linked to, by id."""
    people: dict[str, Person] = {}
    for each in (LEAD, CONTACT):
        linked = {link.id for key, link in memory.links.items() if key in found.asked and link.object == each}
        ids = found.changed[each] | linked
        read = salesforce_side.read_people(joint.salesforce, each, shape.fields(each), ids)
        people |= {person.id: person for person in read}
    return people


def _same_address(contacts: Mapping[str, Contact], person: Person) -> str | None:
    if not person.email:
        return None
    return next((key for key, each in contacts.items() if each.email == person.email), None)


def _carry(carrier: Carrier, contact: Contact, people: Mapping[str, Person]) -> None:
    """Bring one contact and its record in Salesforce together; a refusal is noted and the rest goes on."""
    try:
        link = carrier.memory.links.get(contact.id)
        person = carrier.find(contact, link, people)
        if person is None:
            carrier.create(contact)
            return
        if link is None:
            link = carrier.memory.links[contact.id] = Link(person.object, person.id)
        elif link.id != person.id:
            # Converted: what both sides agreed on stays agreed.
            carrier.memory.links[contact.id] = link = replace(link, object=person.object, id=person.id)
        carrier.level(contact, link, person)
    except AnswerError as error:
        carrier.memory.fail(carrier.at, contact.id, error)
