"""Access as three permission sets, for those who work leads, those who answer for them, and the systems that write.

A new field is invisible to everybody, administrators included, until a permission set or profile shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, Gap, KeyPath, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, developer_name
from sla_sync_salesforce.translate.switches import bypass_permission
from sla_sync_salesforce.translate.words import OBJECT, Words, added_fields

INTEGRATION = "integration"
"""The name in the targets file under which the user by whom systems write is named."""
_RIGHTS = ("allowCreate", "allowDelete", "allowEdit", "allowRead", "modifyAllRecords", "viewAllRecords")


@dataclass(frozen=True)
class _Set:
    """One permission set: what it is for, which objects it opens and how far, who gets it."""

    name: str
    label: str
    means: str
    objects: Mapping[str, tuple[str, ...]]
    holders: tuple[str, ...]
    passes: bool = False


def writable(resources: Resources, binding: SalesforceBinding, words: Words) -> frozenset[str]:
    """Return the keys of those fields of ours that people write: all that no flow and no other system writes."""
    own = {
        words.places[each.name].key for each in resources.fields if each.written_by_people and each.name in words.places
    }
    added = {bound.field for _, bound, _ in added_fields(binding) if bound.writer is None}
    asked = {f"{OBJECT}.{developer_name(binding.prefix, 'revisit_on')}__c"}
    return frozenset(own | added | asked | binding.lookups.keys())


def access(
    resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words, settings: Sequence[Desired]
) -> Iterator[Desired | Gap]:
    """Yield the permission sets over all fields and objects among `settings`, their assignments, and gaps for the rest."""
    if not resources.access:
        return
    fields = sorted(
        (each for each in settings if each.address.type == "CustomField" and _shown_by_permission(each)),
        key=lambda each: each.address,
    )
    objects = tuple(
        each.address
        for each in settings
        if each.address.type == "CustomObject" and each.address.key.endswith("__c") and "sharingModel" in each.values
    )
    written = writable(resources, binding, words)
    origin = resources.access[0].origin
    assigned: set[str] = set()
    for each in _sets(resources, binding, objects):
        name = f"{binding.prefix}{each.name}"
        address = Address("PermissionSet", name)
        editable = frozenset(field.address.key for field in fields) if each.passes else written
        if each.name == "Manager":
            editable |= {f"{binding.prefix}Member__c.Away__c"}
        yield Desired(
            address,
            _values(each, fields, editable, setup, binding),
            requires=(
                *(field.address for field in fields),
                *objects,
                *((Address("CustomPermission", bypass_permission(binding)),) if each.passes else ()),
            ),
            origins={
                (): origin,
                **{("fieldPermissions", field.address.key): field.origin() or origin for field in fields},
            },
        )
        yield from _assignments(each, address, setup, origin, assigned)


def _shown_by_permission(field: Desired) -> bool:
    """Return whether a field is shown by permissions: rows of custom metadata and custom settings know none."""
    holder = field.address.key.partition(".")[0]
    required = bool(field.values.get("required")) or field.values.get("type") == "MasterDetail"
    return not required and not holder.endswith(("__mdt", "Switch__c"))


def _sets(resources: Resources, binding: SalesforceBinding, objects: Sequence[Address]) -> tuple[_Set, ...]:
    teams = {team.name for team in resources.teams}
    holders = tuple(dict.fromkeys(holder for each in resources.access for holder in each.holders))
    member = f"{binding.prefix}Member__c"
    seen = {each.key: ("allowRead",) for each in objects}
    managed = {
        key: ("allowRead", "allowEdit", "viewAllRecords") if key == member else rights for key, rights in seen.items()
    }
    every = {each.key: _RIGHTS for each in objects}
    means = resources.access[0].means
    return (
        _Set("Rep", "SLA Rep", f"{means} Reads the promises, writes the reasons.", seen, _only(holders, teams)),
        _Set(
            "Manager",
            "SLA Manager",
            f"{means} Reads everything, and says who is out of office.",
            managed,
            tuple(each for each in holders if each not in teams),
        ),
        _Set(
            "Integration",
            "SLA Integration",
            "The user by whom systems write: every field, and past the gates.",
            every,
            (INTEGRATION,),
            passes=True,
        ),
    )


def _only(holders: Iterable[str], teams: set[str]) -> tuple[str, ...]:
    return tuple(each for each in holders if each in teams)


def _values(
    each: _Set, fields: Sequence[Desired], editable: frozenset[str], setup: Setup, binding: SalesforceBinding
) -> dict[str, Value]:
    permissions: list[Value] = [
        {
            # What a formula computes, nobody writes, and Salesforce refuses the permission for it.
            "editable": field.address.key in editable and "formula" not in field.values,
            "field": field.address.key,
            "readable": True,
        }
        for field in fields
    ]
    objects: list[Value] = [
        {**{right: right in rights for right in _RIGHTS}, "object": key} for key, rights in sorted(each.objects.items())
    ]
    values: dict[str, Value] = {}
    if each.passes:
        values["customPermissions"] = [{"enabled": True, "name": bypass_permission(binding)}]
    values["description"] = describe(each.means, setup.agreement, limit=DESCRIPTION_LIMIT)
    values["fieldPermissions"] = permissions
    values["hasActivationRequired"] = False
    values["label"] = each.label
    if objects:
        values["objectPermissions"] = objects
    return values


def _assignments(
    each: _Set, address: Address, setup: Setup, origin: KeyPath, assigned: set[str]
) -> Iterator[Desired | Gap]:
    for holder in each.holders:
        people = setup.people.get(holder, ())
        if not people and holder == INTEGRATION:
            yield Gap(
                "people:integration",
                "the user by whom systems write",
                f"Name the user by whom other systems write leads as «{INTEGRATION}» among the people of the targets "
                f"file: gates would refuse what it writes, and {address.key} assigned by hand counts as extra.",
                origin,
            )
        elif not people:
            yield Gap(
                f"people:{holder}",
                f"access of «{holder}»",
                f"Name the people behind «{holder}» in the targets file: nobody gets access for it.",
                origin,
            )
        for person in people:
            key = f"{address.key}/{person}"
            if key not in assigned:
                assigned.add(key)
                yield Desired(
                    Address("PermissionSetAssignment", key),
                    {"permissionSet": address.key, "assignee": person},
                    requires=(address,),
                    origins={(): origin},
                )
