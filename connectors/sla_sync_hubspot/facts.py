"""What a portal tells for a comparison with another platform; its members of segments only where the sync names one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync.connector import (
    Address,
    Asked,
    Automation,
    FactKind,
    Facts,
    FieldFact,
    Person,
    Population,
    Spot,
    StageValue,
    ask_part,
)
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.binding import HubSpotBinding, of_hubspot
from sla_sync_hubspot.client import HubSpotClient, segment_of
from sla_sync_hubspot.names import CONTACTS, LOCK_PROPERTY, OBJECT_TYPE_IDS, manifest_property, property_name, split_key
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.people import owners_named, why_nobody
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.segments import segment_address
from sla_sync_hubspot.types import PROPERTY, WORKFLOW
from sla_sync_hubspot.watching.doings import automation_of

_HOLDS: Mapping[str, FactKind] = {
    "string": FactKind.TEXT,
    "phone_number": FactKind.TEXT,
    "number": FactKind.NUMBER,
    "bool": FactKind.CHECKBOX,
    "datetime": FactKind.INSTANT,
    "date": FactKind.DATE,
    "enumeration": FactKind.CHOICE,
}
_CLOCK_STAMPS = ("status", "due_at")
_OF_A_CLOCK = ("state", "due_at", "started_at", "stopped_at")
_STAMPS = (kept.ASSIGNED_AT, kept.FIRST_TOUCH_AT, kept.POLICY, "status")
"""What a contact shows besides the agreed fields and is meant to be read elsewhere too."""
_MEMBERS_PER_PAGE = 250


def facts_of(client: HubSpotClient, people: Mapping[str, tuple[str, ...]], asked: Asked) -> Facts:
    """Return what the portal tells. Raises UnauthorizedError or UnreachableError where nothing can be asked."""
    binding = of_hubspot(asked.binding)
    untold: dict[str, str] = {}
    properties: Mapping[str, Mapping[str, Any]] = ask_part(
        untold, "fields", lambda: catalogue.properties_of(client, CONTACTS), {}
    )
    own = {
        split_key(each.address.key)[1]
        for each in asked.translation.desired
        if each.address.type == PROPERTY and split_key(each.address.key)[0] == CONTACTS
    }
    words = _words(asked, binding, own)
    internal = {LOCK_PROPERTY, manifest_property(asked.translation.agreement)}
    none: tuple[tuple[Automation, ...], str] = ((), "")
    automations, hidden = ask_part(untold, "automations", lambda: _automations(client, asked), none)
    segment = asked.inclusion
    if hidden:
        untold["automations"] = hidden
    return Facts(
        stages=dict(_stages(binding, properties)),
        fields=dict(_fields(words, properties)),
        technical=frozenset((own - set(words.values())) | internal),
        clock_fields=frozenset(_clock_fields(asked) & properties.keys()),
        zone=ask_part(untold, "zone", lambda: _zone(client), None),
        people=ask_part(untold, "people", lambda: dict(_people(client, people)), {}),
        spots=ask_part(untold, "spots", lambda: dict(_spots(client, asked, binding)), {}),
        automations=automations,
        qualified=ask_part(untold, "qualified", lambda: _qualified(client, asked), None) if segment else None,
        inclusion=ask_part(untold, "inclusion", lambda: _named(client, segment), None) if segment else None,
        user="the app of this token",
        untold=untold,
    )


def _zone(client: HubSpotClient) -> str | None:
    return client.call("GET", Api.ACCOUNT, "/details").get("timeZone") or None


def _words(asked: Asked, binding: HubSpotBinding, own: set[str]) -> dict[str, str]:
    """Return each agreed word that the contact itself carries, with its property: what is bound, and what we keep."""
    names = (*(each.name for each in asked.resources.fields), *_STAMPS)
    keeps = {name: property_name(binding.prefix, name) for name in names}
    bound = {name: each.field for name, each in binding.fields.items() if not each.through}
    return {name: each for name, each in keeps.items() if each in own} | bound


def _clock_fields(asked: Asked) -> set[str]:
    names = {*_CLOCK_STAMPS}
    for clock in asked.resources.clocks:
        names |= {kept.of_clock(clock, each) for each in _OF_A_CLOCK}
        names |= {kept.happened_at(key) for key in kept.event_keys(clock)}
    return {property_name(asked.binding.prefix, each) for each in names}


def _stages(
    binding: HubSpotBinding, properties: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[StageValue, ...]]]:
    trouble = {None: "it does not exist", True: "it is hidden", False: ""}
    for stage, bound in binding.stages.items():
        name = bound.contact_property
        options = properties.get(name or "", {}).get("options") or ()
        hidden = {str(each["value"]): bool(each.get("hidden")) for each in options}
        # A lifecycle stage that is known by its label has a number of the portal's.
        numbers = (
            {str(each.get("label")): str(each["value"]) for each in options}
            if bound.lifecyclestage and bound.add
            else {}
        )
        yield (
            stage,
            tuple(
                StageValue(str(name), value, hidden.get(value) is False, trouble[hidden.get(value)])
                for value in (numbers.get(each, each) for each in (bound.contact_values if name else ()))
            ),
        )


def _fields(words: Mapping[str, str], properties: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, FieldFact]]:
    for word, name in words.items():
        found = properties.get(name)
        if found is None:
            continue
        outside = bool(found.get("externalOptions")) or bool(found.get("referencedObjectType"))
        holds = FactKind.PERSON if outside else _HOLDS.get(str(found["type"]), FactKind.OTHER)
        listed = holds is FactKind.CHOICE
        locked = bool((found.get("modificationMetadata") or {}).get("readOnlyValue"))
        calculated = bool(found.get("calculated")) or found.get("fieldType") == "calculation_equation"
        yield (
            word,
            FieldFact(
                name,
                holds,
                f"{found['type']}/{found['fieldType']}",
                None,  # a text may be 65,536 characters long (HubSpot, "Properties" guide), and hardly one is
                tuple(str(each["value"]) for each in found.get("options") or ()) if listed else None,
                not (locked or calculated),
                "HubSpot calculates it" if calculated else "HubSpot lets nobody write it" if locked else "",
            ),
        )


def _people(client: HubSpotClient, people: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Person]]:
    there = catalogue.owners(client)
    for name in sorted({name for names in people.values() for name in names}):
        matches = owners_named(name, there)
        email = str(matches[0].get("email") or "") if len(matches) == 1 else None
        yield name, Person(email, "" if email else why_nobody(name, (), matches))


def _spots(client: HubSpotClient, asked: Asked, binding: HubSpotBinding) -> Iterator[tuple[str, Spot]]:
    """Yield the teams that the binding names; a queue is a word of ours there, for contacts without an owner wait nowhere."""
    teams = {str(each.get("name") or "").casefold() for each in catalogue.teams(client)}
    for team in asked.resources.teams:
        name = (binding.teams.get(team.name) or {}).get("team")
        if isinstance(name, str):
            yield team.name, Spot(name, name.casefold() in teams)
    for queue in asked.resources.queues:
        if queue.name in binding.queues:
            yield queue.name, Spot(binding.queues[queue.name], there=True)


def _automations(client: HubSpotClient, asked: Asked) -> tuple[tuple[Automation, ...], str]:
    """Return every workflow in force, and why some are not shown where they are not."""
    ours = {live.handle: address for address, live in asked.snapshot.settings.items() if address.type == WORKFLOW}
    running = {str(each["id"]) for each in catalogue.flow_headings(client) if each.get("isEnabled")}
    shown = catalogue.flows_with_ids(client, sorted(running))
    unread = [each for each in asked.snapshot.unreadable if each.type == WORKFLOW]
    hidden = ""
    if unread or running - shown.keys():
        hidden = f"HubSpot does not show what {len(unread) or len(running - shown.keys())} workflows do."
    found = (automation_of(flow, ours.get(handle)) for handle, flow in shown.items())
    return tuple(sorted(found, key=lambda each: each.name)), hidden


def _qualified(client: HubSpotClient, asked: Asked) -> Population | None:
    """Return those who meet what the qualifying stage asks, where that is a segment of ours."""
    stage = next((each for each in asked.resources.stages if each.qualifies and each.enter_when is not None), None)
    wanted = next((each for each in asked.resources.segments if stage and each.when == stage.enter_when), None)
    if wanted is None:
        return None
    address: Address = segment_address(asked.resources.agreement, wanted.label)
    handle = asked.snapshot.handle(address)
    return _members(client, handle, split_key(address.key)[1]) if handle else None


def _named(client: HubSpotClient, name: str) -> Population | None:
    found = catalogue.list_named(client, OBJECT_TYPE_IDS[CONTACTS], name)
    return _members(client, str(found["listId"]), name) if found else None


def _members(client: HubSpotClient, list_id: str, name: str) -> Population:
    path = f"/{segment_of(list_id)}/memberships"
    rows = client.pages(Api.LISTS, path, limit=_MEMBERS_PER_PAGE)
    return Population(name, frozenset(str(each["recordId"]) for each in rows))
