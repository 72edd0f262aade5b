"""What writing needs at hand: the transport, the ids that are known so far, and how each type is found and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sla_sync.connector import Address, Desired, Ref, RejectedError, SettingType, Value, Values, resolve
from sla_sync_hubspot.client import HubSpotClient

Json: TypeAlias = dict[str, Any]


@dataclass
class Desk:
    """One apply. `handles` grows with everything that is created, so that later settings can refer to it."""

    client: HubSpotClient
    agreement: str
    handles: dict[Address, str] = field(default_factory=dict)

    def body(self, values: Values) -> Json:
        """Return values as a body, with ids in the place of references. Raises RejectedError where an id is unknown."""
        found = resolve(values, self.handles.get)
        missing = next(_references(found), None)
        if missing is not None:
            raise RejectedError(f"The id of {missing.address} is not known, so nothing can refer to it yet.")
        return dict(found) if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Found:
    """A setting as it stands on the portal this moment. `ours`: it bears our mark."""

    raw: Json
    ours: bool
    handle: str


@dataclass(frozen=True)
class Craft:
    """How settings of one type are written. `update` reads nothing: it is given what was just found."""

    setting_type: SettingType
    find: Callable[[Desk, Address], Found | None]
    create: Callable[[Desk, Desired], str]
    update: Callable[[Desk, Desired, Found], str]
    delete: Callable[[Desk, Address, Found], None] | None = None
    stop: Callable[[Desk, Found], None] | None = None
    """Switches off what acts by itself and leaves it; stopped twice it is written once."""
    create_together: Callable[[Desk, Iterable[Desired]], Mapping[Address, str]] | None = None
    """Returns the handles of those that were created; what is absent is tried alone."""
    update_together: Callable[[Desk, Iterable[Desired]], Mapping[Address, str]] | None = None
    """As `create_together`, for settings of one container."""
    unique: bool = True
    """Whether HubSpot refuses a second one of the same name."""


def _references(value: Value) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _references(each)
