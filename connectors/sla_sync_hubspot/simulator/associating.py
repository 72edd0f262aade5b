"""Bringing two records together and apart, and what an activity that is logged on a contact does to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.association_types import both_labels
from sla_sync_hubspot.simulator.object_types import ACTIVITIES, CONTACT, OBJECT_TYPES
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import Label
from sla_sync_hubspot.simulator.refusals import Json, not_found
from sla_sync_hubspot.simulator.saving import note_contact

LABELS = shapes.list_of(
    shapes.record(
        {"associationCategory": shapes.one_of(("HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED")),
         "associationTypeId": shapes.integer}
    )
)  # fmt: skip
_ACTIVITIES = frozenset(each.identifier for each in ACTIVITIES)


def read_labels(body: Any, where: str) -> tuple[Label, ...]:
    """Return the labels that a body names; raises RefusalError for a wrong shape."""
    LABELS(body, where)
    return tuple(Label(each["associationCategory"], each["associationTypeId"]) for each in body)


def associate(portal: Portal, side: tuple[str, str], other: tuple[str, str], labels: Sequence[Label]) -> Json:
    """Associate two records (object type, id) and return the spelled result; raises RefusalError where it cannot be.

    Without labels the association is the default one. Labels are added to those that are there.
    """
    for object_id, identifier in (side, other):
        if portal.records.get(object_id, identifier) is None:
            word = OBJECT_TYPES[object_id].singular.upper()
            raise not_found(f"{word}={identifier} is not valid: it does not exist", objectId=identifier)
    there, back = both_labels(side[0], other[0], labels)
    new = other[1] not in portal.records.links_of(*side, other[0])
    _add(portal, side, other, there)
    _add(portal, other, side, back)
    if new:
        portal.records.tell_linked(side, other[0], portal.now)
        portal.records.tell_linked(other, side[0], portal.now)
        _tell_contact(portal, side, other)
        _tell_contact(portal, other, side)
    return {
        "fromObjectTypeId": side[0], "fromObjectId": int(side[1]), "toObjectTypeId": other[0],
        "toObjectId": int(other[1]), "labels": [],
    }  # fmt: skip


def part(portal: Portal, side: tuple[str, str], other: tuple[str, str]) -> None:
    """End every association between two records; there may be none."""
    portal.records.link(side, other, ())
    portal.records.link(other, side, ())


def _add(portal: Portal, side: tuple[str, str], other: tuple[str, str], labels: Sequence[Label]) -> None:
    present = portal.records.links_of(*side, other[0]).get(other[1], ())
    portal.records.link(side, other, tuple(dict.fromkeys((*labels, *present))))


def _tell_contact(portal: Portal, activity: tuple[str, str], contact: tuple[str, str]) -> None:
    logged = portal.records.get(*activity)
    if activity[0] in _ACTIVITIES and contact[0] == CONTACT.identifier and logged is not None:
        note_contact(portal, logged, contact[1])
