"""Access as a permission set with field permissions, and its assignment to the people behind roles and teams.

A new field is invisible to everybody, administrators included, until a permission set or profile shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sla_sync.connector import Access, Address, Desired, Gap, KeyPath, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate.words import Words, added_fields

_SET_LABEL_LIMIT = 80


def writable(resources: Resources, binding: SalesforceBinding, words: Words) -> frozenset[str]:
    """Return the keys of those fields of ours that people write: all that no flow and no other system writes."""
    own = {
        words.places[each.name].key for each in resources.fields if each.written_by_people and each.name in words.places
    }
    added = {bound.field for _, bound, _ in added_fields(binding) if bound.writer is None}
    return frozenset(own | added)


def access(
    resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words, fields: Sequence[Desired]
) -> Iterator[Desired | Gap]:
    """Yield a permission set over these fields for each access, its assignments, and gaps for roles without people."""
    editable = writable(resources, binding, words)
    for each in resources.access:
        name = developer_name(binding.prefix, each.name)
        permission_set = Address("PermissionSet", name)
        yield Desired(
            permission_set,
            _values(each, fields, editable, setup),
            requires=tuple(field.address for field in fields),
            origins=_origins(each, fields),
        )
        yield from _assignments(each, name, permission_set, setup)


def _values(each: Access, fields: Sequence[Desired], editable: frozenset[str], setup: Setup) -> dict[str, Value]:
    permissions: list[Value] = [
        {"editable": field.address.key in editable, "field": field.address.key, "readable": True}
        for field in sorted(fields, key=lambda field: field.address)
    ]
    return {
        "description": describe(each.means, setup.agreement, limit=DESCRIPTION_LIMIT),
        "fieldPermissions": permissions,
        "hasActivationRequired": False,
        "label": shorten(each.label, _SET_LABEL_LIMIT),
    }


def _origins(each: Access, fields: Sequence[Desired]) -> Mapping[KeyPath, KeyPath]:
    explained: dict[KeyPath, KeyPath] = {(): each.origin}
    for field in fields:
        explained["fieldPermissions", field.address.key] = field.origin() or each.origin
    return explained


def _assignments(each: Access, name: str, permission_set: Address, setup: Setup) -> Iterator[Desired | Gap]:
    assigned: set[str] = set()
    for holder in each.holders:
        people = setup.people.get(holder, ())
        if not people:
            yield Gap(
                f"people:{holder}",
                f"access of «{holder}»",
                f"Name the people behind «{holder}» in the targets file: nobody gets access for it.",
                each.origin,
            )
        for person in people:
            if person not in assigned:
                assigned.add(person)
                yield Desired(
                    Address("PermissionSetAssignment", f"{name}/{person}"),
                    {"permissionSet": name, "assignee": person},
                    requires=(permission_set,),
                    origins={(): each.origin},
                )
