"""What would be lost with a setting of ours: records that hold a value, and what others put into something that we made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sla_sync.connector import Address, ForbiddenError, Live, Manifest, RejectedError, Snapshot
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.containers import RULE, RULE_ENTRY
from sla_sync_salesforce.record_settings import MEMBER_SUFFIX, TEAM_MEMBER
from sla_sync_salesforce.soql import literal, one_of, select

_FIELD, _OBJECT, _ROW = "CustomField", "CustomObject", "CustomMetadata"
_METADATA = "__mdt"
_FOLDERS = {"ReportFolder": "Report", "DashboardFolder": "Dashboard"}
_UNFILTERED = frozenset({"LongTextArea", "Html", "EncryptedText"})
"""Types of fields by which a query cannot ask (SOQL and SOSL Reference, "Condition Expression Syntax")."""


def holdings_of(
    client: Client, snapshot: Snapshot | None, manifest: Manifest | None, addresses: Iterable[Address]
) -> Mapping[Address, int]:
    """Return for each setting how many records or things of others hold something in it; the rest is not known."""
    ours = {*manifest.applied, *manifest.created} if manifest else set()
    return _Holdings(client, snapshot.settings if snapshot else {}, ours).of(addresses)


@dataclass(frozen=True)
class _Holdings:
    """What an org tells of what settings hold; `ours` are those that we applied."""

    client: Client
    found: Mapping[Address, Live]
    ours: Collection[Address]

    def of(self, addresses: Iterable[Address]) -> Mapping[Address, int]:
        """Return what is known of these settings, objects first, since their fields stay with them."""
        told: dict[Address, int] = {}
        for address in sorted(addresses, key=lambda each: (each.type != _OBJECT, each)):
            held = self._held(address, told)
            if held is not None:
                told[address] = held
        return told

    def _held(self, address: Address, told: Mapping[Address, int]) -> int | None:
        if address.type == _FIELD:
            return self._field(address, told)
        if address.type == _OBJECT:
            return self._object(address.key)
        if address.type == "Queue":
            return self._queue(address)
        if address.type == RULE:
            return self._beside(each for each in self.found if each.type == RULE_ENTRY and _inside(each, address))
        if address.type in _FOLDERS:
            listed = self.client.list_metadata([(_FOLDERS[address.type], address.key)])
            return self._beside(Address(_FOLDERS[address.type], str(each["fullName"])) for each in listed)
        return None

    def _beside(self, addresses: Iterable[Address]) -> int:
        return sum(each not in self.ours for each in addresses)

    def _object(self, name: str) -> int | None:
        """Return how many rows of others an object holds, and fields that others added to it."""
        added = self._beside(each for each in self._fields if _inside(each, Address(_OBJECT, name), "."))
        if name.endswith(_METADATA):
            kind = name.removesuffix(_METADATA)
            rows = self.client.query(select("DeveloperName", name))
            return added + self._beside(Address(_ROW, f"{kind}.{each['DeveloperName']}") for each in rows)
        counted = self._counted(name)
        if counted is not None and name.endswith(MEMBER_SUFFIX):
            counted -= sum(each.type == TEAM_MEMBER and each in self.ours for each in self.found)
        return None if counted is None else added + counted

    @cached_property
    def _fields(self) -> tuple[Address, ...]:
        """Every custom field of the org, whoever made it."""
        listed = self.client.list_metadata([(_FIELD, None)])
        return tuple(Address(_FIELD, str(each["fullName"])) for each in listed)

    def _field(self, address: Address, told: Mapping[Address, int]) -> int | None:
        values = self.found[address].values
        owner, _, name = address.key.partition(".")
        if "formula" in values or told.get(Address(_OBJECT, owner)) == 0:
            return 0
        if Address(_OBJECT, owner) in self.found or values.get("type") in _UNFILTERED:
            return None  # what stands in an object that stays, stays with it
        return self._counted(owner, f"{name} = true" if values.get("type") == "Checkbox" else f"{name} != null")

    def _queue(self, address: Address) -> int | None:
        found = self.client.query(select("Id", "Group", f"{one_of('DeveloperName', [address.key])} AND Type = 'Queue'"))
        if not found:
            return 0
        listed = self.found[address].values.get("queueSobject")
        entries = listed if isinstance(listed, list | tuple) else ()
        kinds = [each.get("sobjectType") for each in entries if isinstance(each, Mapping)]
        counts = [self._counted(str(each), f"OwnerId = {literal(str(found[0]['Id']))}") for each in kinds]
        return None if None in counts else sum(each for each in counts if each is not None)

    def _counted(self, kind: str, where: str = "") -> int | None:
        """Return how many records there are, or None where this user may not ask."""
        try:
            rows = self.client.query(select("COUNT(Id) held", kind, where))
        except (ForbiddenError, RejectedError):
            return None
        return int(rows[0]["held"]) if rows else None


def _inside(address: Address, whole: Address, sign: str = "/") -> bool:
    return address.key.partition(sign)[0] == whole.key
