"""What would be lost with a setting of ours: contacts that hold a value, and what others put into something that we made.

Of an object with few records each is read, for a search does not see what was written in the last moments (HubSpot,
"Search the CRM"). Where there are more, the search has to do, and says which settings nobody can be quite sure of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Diagnostic,
    ForbiddenError,
    Live,
    RejectedError,
    Severity,
    Snapshot,
)
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import split_key, split_option
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.steady import steady
from sla_sync_hubspot.types import PIPELINE, PROPERTY, PROPERTY_GROUP, PROPERTY_OPTION

Properties = Callable[[str], Mapping[str, Mapping[str, Any]]]
"""Object → its properties by name."""
FEW = 1_000
"""So many records of an object are read one by one; each further thousand would be ten calls more."""
_PAGE = 100
_NAMES = 100
"""Properties that are asked for at once: an address has no room for many more."""
_IN_PIPELINE = "hs_pipeline"


class Held(NamedTuple):
    """How many records or things of others hold something in each setting; what is not known is not there."""

    counts: Mapping[Address, int]
    searched: frozenset[Address]
    """Those of which a search said it, which lags behind."""


def holdings_of(
    client: HubSpotClient,
    snapshot: Snapshot,
    properties: Properties,
    addresses: Iterable[Address],
    *,
    few: int = FEW,
) -> Held:
    """Return for each setting how many records or things of others hold something in it; the rest is not known.

    Of an object that has no more than `few` records each is read.
    """
    telling = _Telling(client, snapshot.settings, properties, tuple(addresses), few)
    told = ((each, telling.held(each)) for each in telling.addresses)
    counts = {address: held for address, held in told if held is not None}
    return Held(counts, frozenset(telling.searched))


def what_a_search_may_miss(changes: Iterable[Change], searched: Collection[Address]) -> Iterator[Diagnostic]:
    """Yield one warning for all settings that go because a search found nothing in them."""
    going = sum(each.action is Action.DELETE and each.address in searched for each in changes)
    if going:
        some = "1 setting that goes holds" if going == 1 else f"{going} settings that go hold"
        yield Diagnostic(
            "SLA810",
            Severity.WARNING,
            f"That {some} nothing is what HubSpot's search says, which does not see what was written in the last moments.",
            hint="Remove while nobody and nothing writes; HubSpot shows archived properties for 90 days, and restores them.",
        )


@dataclass(frozen=True)
class _Telling:
    client: HubSpotClient
    found: Mapping[Address, Live]
    properties: Properties
    addresses: Sequence[Address]
    few: int
    searched: set[Address] = field(default_factory=set)
    records: dict[str, Sequence[Mapping[str, Any]] | None] = field(default_factory=dict)
    """Object → what each record holds, or None where there are too many of them."""

    def held(self, address: Address) -> int | None:
        if address.type == PROPERTY and self.found[address].values.get("calculationFormula"):
            return 0
        if address.type == PROPERTY_GROUP:
            return self._strangers(address)
        asked = _asked_of(address)
        if asked is None:
            return None
        owner, name, value = asked
        records = self._records(owner)
        if records is not None:
            return sum(_holds(each.get(name), value) for each in records)
        test = {"operator": "HAS_PROPERTY"} if value is None else {"operator": "EQ", "value": value}
        self.searched.add(address)
        return self._counted(owner, {"propertyName": name, **test})

    def _records(self, owner: str) -> Sequence[Mapping[str, Any]] | None:
        """Return what every record of an object holds in what is asked about, or None where they are many or hidden."""
        if owner not in self.records:
            asked = (_asked_of(each) for each in self.addresses)
            names = sorted({each[1] for each in asked if each is not None and each[0] == owner})
            total = self._counted(owner, None)
            self.records[owner] = self._read(owner, names) if total is not None and total <= self.few else None
        return self.records[owner]

    def _read(self, owner: str, names: Sequence[str]) -> Sequence[Mapping[str, Any]] | None:
        held: dict[str, dict[str, Any]] = {}
        for start in range(0, len(names), _NAMES):
            query = [("properties", ",".join(names[start : start + _NAMES]))]
            # Inferred: the list of records shows what was just written; HubSpot says only of its search that it lags behind.
            try:
                read = partial(self.client.by_page, Api.OBJECTS, f"/{owner}", limit=_PAGE, query=query)
                found = steady(read, lambda _: False, what=owner)
            except (ForbiddenError, RejectedError):
                return None
            for each in found:
                held.setdefault(str(each["id"]), {}).update(each.get("properties") or {})
        return tuple(held.values())

    def _strangers(self, group: Address) -> int:
        """Return how many properties stand in a group that are not ours."""
        owner, name = split_key(group.key)
        members = (each for each, raw in self.properties(owner).items() if raw.get("groupName") == name)
        return sum(not self._is_ours(Address(PROPERTY, f"{owner}/{each}")) for each in members)

    def _is_ours(self, address: Address) -> bool:
        live = self.found.get(address)
        return live is not None and live.managed is True

    def _counted(self, owner: str, test: Mapping[str, str] | None) -> int | None:
        """Return how many records meet a test, or None where this token may not ask."""
        groups = [{"filters": [dict(test)]}] if test else []
        body = {"filterGroups": groups, "properties": [], "limit": 1}
        try:
            return int(self.client.call("POST", Api.OBJECTS, f"/{owner}/search", body=body)["total"])
        except (ForbiddenError, RejectedError):
            return None


def _asked_of(address: Address) -> tuple[str, str, str | None] | None:
    """Return the object, the property and the value that a record holds in a setting; any value where it is None."""
    if address.type == PROPERTY:
        return (*split_key(address.key), None)
    if address.type == PROPERTY_OPTION:
        container, value = split_option(address.key)
        return (*split_key(container), value)
    if address.type == PIPELINE:
        owner, identifier = split_key(address.key)
        return owner, _IN_PIPELINE, identifier
    return None


def _holds(found: Any, value: str | None) -> bool:
    """Return whether a property of a record holds a value, or this one; of several chosen they stand side by side."""
    if value is None:
        return found not in (None, "")
    return found is not None and value in {str(found), *str(found).split(";")}
