"""One request as the endpoints see it, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sla_sync_hubspot.simulator.memory import Memory
from sla_sync_hubspot.simulator.object_types import ObjectType, object_type
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import API, SCREENS, Records, Source
from sla_sync_hubspot.simulator.refusals import Json, invalid
from sla_sync_hubspot.simulator.stock import APP_ID
from sla_sync_hubspot.simulator.switches import Switches

OK = 200
CREATED = 201
NO_CONTENT = 204
MULTI_STATUS = 207


def spell_time(moment: datetime) -> str:
    """Return a time as the API writes it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is; `person` is false for an app, whose changes bear no user in most places."""

    user_id: str
    person: bool
    reads_only: bool = False
    """Whether it is the token of an app without a scope that ends in `.write`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON body and further headers of an answer."""

    status: int = OK
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One request: `state` is a draft that counts only if the endpoint returns.

    `arrived` and `now` are the virtual clock when it came in and when what it changes comes true: a second apart for
    a request that writes, the same for one that reads.
    """

    state: Json
    arrived: datetime
    now: datetime
    bearer: Bearer
    switches: Switches
    version: str
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any
    records: Records
    memory: Memory = field(default_factory=Memory)

    @property
    def portal(self) -> Portal:
        """Return the portal as this request finds it and as it changes it."""
        return Portal(self.state, self.records, self.switches, self.now, self.memory)

    @property
    def source(self) -> Source:
        """Return who writes the values of this request, as the history of a property tells it."""
        if self.bearer.person:
            return Source(SCREENS, f"userId:{self.bearer.user_id}", self.bearer.user_id)
        return Source(API, APP_ID)

    @property
    def stamp(self) -> str:
        """Return the virtual clock as the API writes it."""
        return spell_time(self.now)

    @property
    def object_type(self) -> ObjectType:
        """Return the object type that the path names."""
        return object_type(self.path["object_type"])

    def word(self, name: str) -> str | None:
        """Return a query parameter as it was sent."""
        values = self.query.get(name)
        return values[-1] if values else None

    def flag(self, name: str) -> bool:
        """Return a query parameter that is true or false, and false where it is absent."""
        value = self.word(name)
        if value not in (None, "true", "false", "True", "False"):
            raise invalid(f"Unable to parse value for query parameter: {name}", where=name)
        return value in ("true", "True")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a query parameter that is a number within limits."""
        value = self.word(name)
        if not value:
            return default
        if not value.isdecimal() or not low <= int(value) <= high:
            raise invalid(f"{name} must be a number between {low} and {high}, not {value!r}", where=name)
        return int(value)

    def next_id(self, kind: str) -> str:
        """Return a new id of this kind and count it as used."""
        identifier = int(self.state["next_ids"][kind])
        self.state["next_ids"][kind] = identifier + 1
        return str(identifier)

    def note(self, category: str, action: str, target: str) -> None:
        """Write a line of the audit log, which only an enterprise account can read."""
        self.state["audit_log"].append(
            {
                "id": self.next_id("event"),
                "category": category,
                "action": action,
                "targetObjectId": target,
                "occurredAt": self.stamp,
                "actingUser": {"userId": int(self.bearer.user_id)},
            }
        )


Endpoint: TypeAlias = Callable[[Call], Answer]
