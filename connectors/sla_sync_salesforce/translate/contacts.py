"""The stamps: what a Lead, and a Contact where the binding asks, shows of its latest assignment.

The assignment keeps everything; these six are copies, so that lists and pages of the person can show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync.connector import Address, DataType, Desired, Field, KeyPath, Mode, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.words import OBJECT, own_field

ON_LEG = frozenset({"qualified_at"})
"""Agreed fields that only the assignment carries."""
DEADLINE = "due_at"
_SHORT_TEXT = 80


@dataclass(frozen=True, slots=True)
class Stamped:
    """One stamp: the field as the agreement would ask for it, and how many characters it holds where it is a text."""

    field: Field
    length: int | None = None


def has_assignments(resources: Resources) -> bool:
    """Return whether the agreement opens assignments at all: it does so where a stage qualifies."""
    return any(stage.qualifies for stage in resources.stages)


def stamps_of(resources: Resources) -> tuple[Stamped, ...]:
    """Return the stamps that this agreement needs, in the order in which people read them."""
    if not has_assignments(resources):
        return ()
    stage = next(stage for stage in resources.stages if stage.qualifies)
    deadline = next(
        (each for each in resources.clocks if each.name == resources.deadline and each.mode is not Mode.MEASURE), None
    )
    agreed = {field.name: field for field in resources.fields}
    found: list[Stamped] = []
    if deadline is not None:
        means = f"How the promise stands: {deadline.means}"
        found.append(Stamped(_asked("status", deadline.origin, means, "SLA Status"), _SHORT_TEXT))
        due = _asked(DEADLINE, deadline.origin, f"When the promise falls due: {deadline.means}", "Due At")
        found.append(Stamped(agreed.get(DEADLINE, due)))
    owned = "Since when the present owner has had this person, counted from the qualification on."
    found.append(Stamped(_asked("assigned_at", stage.origin, owned, "Assigned At", DataType.INSTANT)))
    touched = "When the present owner first touched this person."
    found.append(Stamped(_asked("first_touch_at", stage.origin, touched, "First Touch At", DataType.INSTANT)))
    if resources.priorities:
        means = "How urgent the lead is; the first that matches counts."
        found.append(Stamped(agreed.get("priority", _asked("priority", ("priorities",), means, "Priority"))))
    if resources.policy:
        means = "The version of the agreement that counts for the present assignment."
        found.append(Stamped(_asked("policy", ("metadata", "effective"), means, "SLA Policy"), 255))
    return tuple(found)


def _asked(name: str, origin: KeyPath, means: str, label: str, data: DataType | None = None) -> Field:
    kind = data or (DataType.INSTANT if name.endswith("_at") else DataType.TEXT)
    return Field(name=name, origin=origin, means=means, label=label, data=kind)


def stamp_address(binding: SalesforceBinding, name: str, holder: str = OBJECT) -> Address:
    """Return the address of a stamp on the Lead or the Contact."""
    return Address("CustomField", f"{holder}.{own_field(binding, name)}")


def on_contact(fields: Mapping[str, Desired], binding: SalesforceBinding) -> Iterator[Desired]:
    """Yield the same stamps on the Contact where the binding says that it carries them; `fields` are those of the Lead."""
    if "Contact" not in binding.objects:
        return
    for name, field in fields.items():
        yield Desired(stamp_address(binding, name, "Contact"), field.values, origins=field.origins)
