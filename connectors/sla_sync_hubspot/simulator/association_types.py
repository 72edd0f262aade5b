"""The associations that HubSpot defines between two object types, by direction: their type ids and labels.

Between leads and activities there are none here. Inferred: the ids from contacts and companies back to leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sla_sync_hubspot.simulator.object_types import (
    CALL,
    COMMUNICATION,
    COMPANY,
    CONTACT,
    DEAL,
    EMAIL,
    LEAD,
    MEETING,
    NOTE,
    OBJECT_TYPES,
    TASK,
    TICKET,
    ObjectType,
)
from sla_sync_hubspot.simulator.records import Label
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, RefusalError

DEFINED = "HUBSPOT_DEFINED"
# From the vendor's table "Association type ID values": one type, the other, there and back.
_DEFAULTS: tuple[tuple[ObjectType, ObjectType, int, int], ...] = (
    (CONTACT, CONTACT, 449, 449),
    (CONTACT, COMPANY, 279, 280),
    (CONTACT, DEAL, 4, 3),
    (CONTACT, TICKET, 15, 16),
    (COMPANY, DEAL, 342, 341),
    (COMPANY, TICKET, 340, 339),
    (DEAL, TICKET, 27, 28),
    (LEAD, CONTACT, 608, 607),
    (LEAD, COMPANY, 610, 609),
    (CALL, CONTACT, 194, 193),
    (CALL, COMPANY, 182, 181),
    (CALL, DEAL, 206, 205),
    (EMAIL, CONTACT, 198, 197),
    (EMAIL, COMPANY, 186, 185),
    (EMAIL, DEAL, 210, 209),
    (MEETING, CONTACT, 200, 199),
    (MEETING, COMPANY, 188, 187),
    (MEETING, DEAL, 212, 211),
    (NOTE, CONTACT, 202, 201),
    (NOTE, COMPANY, 190, 189),
    (NOTE, DEAL, 214, 213),
    (TASK, CONTACT, 204, 203),
    (TASK, COMPANY, 192, 191),
    (TASK, DEAL, 216, 215),
    (COMMUNICATION, CONTACT, 81, 82),
    (COMMUNICATION, COMPANY, 87, 88),
    (COMMUNICATION, DEAL, 85, 86),
    (CALL, TICKET, 220, 219),
    (EMAIL, TICKET, 224, 223),
    (MEETING, TICKET, 222, 221),
    (NOTE, TICKET, 228, 227),
    (TASK, TICKET, 230, 229),
    (COMMUNICATION, TICKET, 83, 84),
)
_PRIMARIES: tuple[tuple[ObjectType, ObjectType, int, int], ...] = (
    (CONTACT, COMPANY, 1, 2),
    (DEAL, COMPANY, 5, 6),
    (LEAD, CONTACT, 578, 579),
)


def _both_ways(rows: Sequence[tuple[ObjectType, ObjectType, int, int]]) -> Mapping[tuple[str, str], Label]:
    there = {(one.identifier, other.identifier): Label(DEFINED, to) for one, other, to, _ in rows}
    back = {(other.identifier, one.identifier): Label(DEFINED, back) for one, other, _, back in rows}
    return there | back


_DEFAULT_LABELS = _both_ways(_DEFAULTS)
_PRIMARY_LABELS = _both_ways(_PRIMARIES)


def default_label(object_id: str, other_id: str) -> Label:
    """Return the label that every association of these types has in this direction.

    Raises RefusalError where HubSpot, or this simulator, has none between them.
    """
    found = _DEFAULT_LABELS.get((object_id, other_id))
    if found is None:
        one, other = (OBJECT_TYPES[each].plural.lower() for each in (object_id, other_id))
        raise RefusalError(BAD_REQUEST, f"No association type exists between {one} and {other}")
    return found


def both_labels(object_id: str, other_id: str, labels: Sequence[Label]) -> tuple[Sequence[Label], Sequence[Label]]:
    """Return the labels of a new association there and back; raises RefusalError for one that is not defined.

    The default label comes along with every other one.
    """
    there, back = default_label(object_id, other_id), default_label(other_id, object_id)
    primary = _PRIMARY_LABELS.get((object_id, other_id))
    for each in labels:
        if each not in (there, primary):
            raise RefusalError(
                BAD_REQUEST,
                f"Association type {each.type_id} of category {each.category} is not valid between object types "
                f"{object_id} and {other_id}",
            )
    if primary in labels and primary is not None:
        return (primary, there), (_PRIMARY_LABELS[other_id, object_id], back)
    return (there,), (back,)


def other_type(object_id: str, labels: Sequence[Label]) -> str:
    """Return the object type that associations of these labels lead to; raises RefusalError where they do not say."""
    for (one, other), label in (*_DEFAULT_LABELS.items(), *_PRIMARY_LABELS.items()):
        if one == object_id and label in labels:
            return other
    listed = ", ".join(f"{each.category} {each.type_id}" for each in labels) or "none"
    raise RefusalError(BAD_REQUEST, f"Object type {object_id} has no association of the types: {listed}")


def label_text(label: Label) -> str | None:
    """Return what a label is called; the default ones have no name."""
    return "Primary" if label in _PRIMARY_LABELS.values() else None
