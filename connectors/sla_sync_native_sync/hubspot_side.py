"""HubSpot as the integration uses it: contacts, their properties, owners, and who is in the inclusion segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from sla_sync_native_sync.wire import Wire

_CONTACTS = "/crm/v3/objects/contacts"
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Property:
    """What the integration needs to know of a property; `options` is None where any text is taken."""

    type: str
    options: frozenset[str] | None
    writable: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact with the properties that are mapped, and when it last changed."""

    id: str
    updated: datetime
    values: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """Its address in lower case, or an empty text."""
        return (self.values.get("email") or "").lower()


def read_properties(call: Wire) -> Mapping[str, Property]:
    """Return the properties of contacts by name."""
    return {each["name"]: _property(each) for each in call("GET", "/crm/v3/properties/contacts")["results"]}


def read_owners(call: Wire) -> Mapping[str, str]:
    """Return the e-mail address of each owner in lower case, by id."""
    found = _pages(call, "/crm/v3/owners", {"limit": "500"})
    return {str(each["id"]): str(each["email"]).lower() for each in found if each.get("email")}


def read_contacts(call: Wire, names: Sequence[str]) -> Mapping[str, Contact]:
    """Return every contact by id."""
    asked = {"limit": str(_PAGE), "properties": ",".join(names)}
    return {each["id"]: _contact(each) for each in _pages(call, _CONTACTS, asked)}


def read_members(call: Wire, segment: str) -> frozenset[str]:
    """Return the ids of the contacts in a segment. Raises AnswerError where there is no such segment."""
    found = call("GET", f"/crm/v3/lists/object-type-id/0-1/name/{quote(segment, safe='')}")["list"]
    members = _pages(call, f"/crm/v3/lists/{found['listId']}/memberships", {"limit": "250"})
    return frozenset(str(each["recordId"]) for each in members)


def read_times(call: Wire, contact: str, names: Sequence[str]) -> Mapping[str, datetime]:
    """Return since when each property of a contact holds what it holds."""
    asked = urlencode({"propertiesWithHistory": ",".join(names)})
    told = call("GET", f"{_CONTACTS}/{contact}?{asked}").get("propertiesWithHistory", {})
    return {name: _instant(values[0]["timestamp"]) for name, values in told.items() if values}


def read_activities(call: Wire, name: str, properties: Sequence[str]) -> Iterator[Any]:
    """Yield the activities of a kind with the contacts that they are about."""
    asked = {"limit": str(_PAGE), "properties": ",".join(properties), "associations": "contacts"}
    return _pages(call, f"/crm/v3/objects/{name}", asked)


def write_contact(call: Wire, contact: str, values: Mapping[str, str]) -> None:
    """Write values into a contact. Raises AnswerError where HubSpot refuses them."""
    call("PATCH", f"{_CONTACTS}/{contact}", {"properties": dict(values)})


def create_contact(call: Wire, values: Mapping[str, str]) -> Contact:
    """Create a contact. Raises AnswerError where HubSpot refuses it."""
    return _contact(call("POST", _CONTACTS, {"properties": {name: text for name, text in values.items() if text}}))


def delete_contact(call: Wire, contact: str) -> None:
    """Move a contact to the archive."""
    call("DELETE", f"{_CONTACTS}/{contact}")


def _pages(call: Wire, path: str, asked: Mapping[str, str]) -> Iterator[Any]:
    after: str | None = None
    while True:
        page = call("GET", f"{path}?{urlencode({**asked, **({'after': after} if after else {})})}")
        yield from page["results"]
        after = page.get("paging", {}).get("next", {}).get("after")
        if after is None:
            return


def _property(said: Mapping[str, Any]) -> Property:
    chosen = said["type"] == "enumeration" and not said.get("externalOptions")
    options = frozenset(str(each["value"]) for each in said.get("options", ())) if chosen else None
    fixed = said.get("calculated") or said.get("modificationMetadata", {}).get("readOnlyValue")
    return Property(str(said["type"]), options, not fixed)


def _contact(said: Mapping[str, Any]) -> Contact:
    return Contact(str(said["id"]), _instant(said["updatedAt"]), said.get("properties", {}))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
