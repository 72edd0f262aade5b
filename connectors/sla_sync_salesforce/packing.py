"""Changes as one package: our parts put into the files of many as they are at the last moment, and queues with their members."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sla_sync.connector import (
    Action,
    Address,
    Change,
    KeyPath,
    Manifest,
    Reason,
    RejectedError,
    Snapshot,
    Value,
    Values,
    merge,
)
from sla_sync_salesforce.build import component, manifest_component
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.containers import RULE_ENTRY, containers_of, merged
from sla_sync_salesforce.deployment import deletions
from sla_sync_salesforce.flow_versions import version_names
from sla_sync_salesforce.ledger import manifest_of
from sla_sync_salesforce.names import manifest_name
from sla_sync_salesforce.package import STATIC_RESOURCE, Component, mdapi_package, zipped
from sla_sync_salesforce.record_settings import HOLIDAY
from sla_sync_salesforce.retrieved import retrieved
from sla_sync_salesforce.soql import one_of, select
from sla_sync_salesforce.types import CONTAINERS, LEAD_STATUS, STANDARD_VALUE_SET, TYPES, WHOLE

_SENT = frozenset({Action.CREATE, Action.UPDATE, Action.ADOPT})
_QUEUE, _APEX, _FLOW = "Queue", "ApexClass", "Flow"
_TEST_SUFFIX = "Test"
_OFFERED = ("valueSet", "valueSetDefinition", "value")
_PARTLY = frozenset({Reason.BEFORE_US, Reason.KEPT})
"""Changes that say only what becomes different of a setting, whatever its type."""
_LEAD_STATUS = Address(STANDARD_VALUE_SET, LEAD_STATUS)


@dataclass(frozen=True)
class Packed:
    """A package as a zip, and the Apex tests that prove the classes in it."""

    content: bytes
    tests: tuple[str, ...]


class Packing:
    """Packs changes for one org; asks it for what others put into the files that we write into."""

    def __init__(self, agreement: str, client: Client, snapshot: Snapshot) -> None:
        self._agreement = agreement
        self._client = client
        self._snapshot = snapshot

    def pack(self, changes: Sequence[Change], manifest: Manifest) -> Packed:
        """Return the package of these changes. Raises RejectedError where a file of many cannot be seen."""
        components: list[Component] = []
        parts: dict[Address, Values] = {}
        removed: list[Address] = []
        for change in changes:
            address = change.address
            if change.action in _SENT and address.type in CONTAINERS:
                parts[address] = change.desired.values if change.desired else {}
            elif change.action is Action.DELETE and address.type in CONTAINERS and address.type != HOLIDAY:
                removed.append(address)
            elif change.action in _SENT:
                made = component(address, _values(change))
                if made is not None:
                    components.append(made)
            elif (change.action is Action.RELEASE and change.fields) or _is_in_force(change):
                components.append(_stopped(change))
        queues = [each for each in components if each.type == _QUEUE]
        live = self._now([*containers_of([*parts, *removed]), *(Address(each.type, each.name) for each in queues)])
        members = self._members([each.name for each in queues])
        components = [_with_members(each, live, members) if each.type == _QUEUE else each for each in components]
        ours = self._entries_of_ours() if any(each.type == RULE_ENTRY for each in (*parts, *removed)) else ()
        components += [
            Component(each.type, each.key, merged(each, live.get(each, {}), parts, removed, ours=ours))
            for each in sorted(containers_of([*parts, *removed]))
        ]
        tests = tuple(each.name for each in components if each.type == _APEX and each.name.endswith(_TEST_SUFFIX))
        gone = [*self._flows_that_go(changes), *deletions(changes)]
        if manifest.says_nothing:
            gone.append((STATIC_RESOURCE, manifest_name(self._agreement)))
        else:
            components.append(manifest_component(self._agreement, manifest))
        return Packed(zipped(mdapi_package(components, gone, self._client.version)), tests)

    def _flows_that_go(self, changes: Sequence[Change]) -> list[tuple[str, str]]:
        deleted = {each.address.key for each in changes if each.address.type == _FLOW and each.action is Action.DELETE}
        return [(_FLOW, name) for name in version_names(self._client, deleted)]

    def _now(self, addresses: Collection[Address]) -> Mapping[Address, Values]:
        """Return these files as they are now: what was added since the snapshot would be lost otherwise."""
        if not addresses:
            return {}
        result = self._client.retrieve((each.type, each.key) for each in addresses)
        found = retrieved(result, target=self._client.target)
        live = {Address(each.type, each.name): each.values for each in found}
        if _LEAD_STATUS in addresses and _LEAD_STATUS not in live:
            before = self._snapshot.containers.get(_LEAD_STATUS)
            if before is None:
                raise RejectedError(
                    f"Salesforce ({self._client.target}) does not show the values of Lead Status, so none can be added.",
                    call="retrieve of the Metadata API",
                    hint="Give the user of this token «Modify Metadata Through Metadata API Functions».",
                )
            live[_LEAD_STATUS] = before.values
        return live

    def _members(self, queues: Collection[str]) -> Mapping[str, tuple[Values, ...]]:
        """Return the users who are in these queues now, as entries of their files."""
        if not queues:
            return {}
        columns = "Group.DeveloperName, UserOrGroupId"
        rows = self._client.query(select(columns, "GroupMember", one_of("Group.DeveloperName", queues)))
        users = {str(each["UserOrGroupId"]) for each in rows if str(each["UserOrGroupId"]).startswith("005")}
        found = self._client.query(select("Id, Username", "User", one_of("Id", users))) if users else []
        names: dict[str, Any] = {str(each["Id"]): each["Username"] for each in found}
        return {
            queue: tuple(
                {"user": names[str(each["UserOrGroupId"])]}
                for each in rows
                if each["Group"]["DeveloperName"] == queue and str(each["UserOrGroupId"]) in names
            )
            for queue in queues
        }

    def _entries_of_ours(self) -> tuple[Values, ...]:
        """Return the entries of assignment rules that the last apply wrote."""
        before = manifest_of(self._client, self._agreement)
        return tuple(values for each, values in before.applied.items() if each.type == RULE_ENTRY) if before else ()


def _with_members(
    queue: Component, live: Mapping[Address, Values], members: Mapping[str, Sequence[Values]]
) -> Component:
    """Return a queue with everybody who is in it.

    Inferred: a queue that is deployed without its members may lose them or may keep them, so they always travel along.
    """
    told = live.get(Address(queue.type, queue.name), {}).get("queueMembers")
    known: dict[str, Value] = dict(told) if isinstance(told, Mapping) else {}
    listed = known.get("users")
    users = [str(each) for each in (listed.get("user") or ())] if isinstance(listed, Mapping) else []  # type: ignore[union-attr]
    users += [str(each["user"]) for each in members.get(queue.name, ())]
    if users:
        known["users"] = {"user": sorted(set(users))}
    return Component(queue.type, queue.name, {**queue.values, "queueMembers": known}) if known else queue


def _is_in_force(change: Change) -> bool:
    """Return whether a flow that goes is in force, which keeps it from being deleted."""
    deleted = change.address.type == _FLOW and change.action is Action.DELETE
    return deleted and change.live is not None and change.live.revision is not None


def _stopped(change: Change) -> Component:
    """Return what stops a setting that acts by itself; all else that it says stays."""
    address = change.address
    if address.type == _FLOW:
        # Documented: 0 puts no version of a flow in force (Metadata API Developer Guide, "FlowDefinition").
        return Component("FlowDefinition", address.key, {"activeVersionNumber": "0"})
    found = change.live.values if change.live else {}
    return Component(address.type, address.key, {**found, **{str(each.path[0]): each.after for each in change.fields}})


_NAMING: Mapping[str, frozenset[str]] = {"ValidationRule": frozenset({"errorDisplayField"})}
"""Members that name another setting, or are left out: an empty name names none, and the deployment is refused.

Documented: without it the message stands at the top of the page (Metadata API Developer Guide, "ValidationRule").
"""


def _values(change: Change) -> Values:
    wish = change.desired.values if change.desired else {}
    if change.live is None or (change.address.type in WHOLE and change.reason not in _PARTLY):
        return wish
    values = merge(change.live.values, wish, TYPES[change.address.type])
    named = _NAMING.get(change.address.type, frozenset())
    values = {key: each for key, each in values.items() if each != "" or key not in named}
    for each in change.fields:
        if each.after is None and each.before is not None:
            values = _withdrawn(values, each.path, TYPES[change.address.type].keyed, ())
    return values


def _withdrawn(values: Values, path: KeyPath, keyed: Mapping[str, str], above: tuple[str, ...]) -> dict[str, Value]:
    """Return values in which an entry that nobody agreed on stands and counts no more.

    Inferred: an entry that a deployed list leaves out may be taken away or may stay, so each is sent and says no.
    """
    step, *rest = path
    inside, here = values.get(str(step)), (*above, str(step))
    if isinstance(inside, Mapping) and rest:
        return {**values, str(step): _withdrawn(inside, tuple(rest), keyed, here)}
    member = keyed.get(".".join(here))
    if not member or len(rest) != 1 or not isinstance(inside, list | tuple):
        return dict(values)
    return {
        **values,
        str(step): [
            _idle(each, here) if isinstance(each, Mapping) and each.get(member) == rest[0] else each for each in inside
        ],
    }


def _idle(entry: Values, place: tuple[str, ...]) -> Values:
    off: Values = {key: False if value is True else value for key, value in entry.items()}
    return {**off, "isActive": False} if place == _OFFERED else off
