"""Merging two contacts into a new one that has the past of both, as HubSpot does since January 2025.

Documented: changelog "Updated merge functionality for contacts and companies" and the guide "Merge records". Inferred: that
nobody is enrolled by it, that labels of associations come along, and which instants its own properties bear.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sla_sync_hubspot.simulator import membership, shapes
from sla_sync_hubspot.simulator.call import Answer, Call
from sla_sync_hubspot.simulator.object_types import CONTACT, OBJECT_TYPES
from sla_sync_hubspot.simulator.objects import one_by_one as objects
from sla_sync_hubspot.simulator.records import CALCULATED, ID, Record, Records, Source, Value, members_kind
from sla_sync_hubspot.simulator.refusals import invalid, not_built

_SHAPE = shapes.record({"primaryObjectId": shapes.digits, "objectIdToMerge": shapes.digits})
_IDS, _INSTANTS = "hs_merged_object_ids", "hs_calculated_merged_vids"


def merge_records(call: Call) -> Answer:
    """Merge two contacts, and answer the one that is left."""
    _SHAPE(call.body, "")
    if call.object_type is not CONTACT:
        raise not_built(f"Merging {call.object_type.plural.lower()}")
    one = objects.find(call, CONTACT, call.body["primaryObjectId"], None)
    other = objects.find(call, CONTACT, call.body["objectIdToMerge"], None)
    if one.id == other.id:
        raise invalid("A record cannot be merged with itself", where="objectIdToMerge")
    records = call.records
    merged = str(records.next_id)
    records.next_id += 1
    _leave_lists(records, one, other, call.now)
    records.merge(CONTACT.identifier, merged, _history(one, other, merged, call.now), min(one.created, other.created))
    for gone in (one, other):
        _hand_over(records, gone.id, merged)
        records.remove(CONTACT.identifier, gone.id, merged)
    membership.settle(call.portal, [(CONTACT.identifier, merged)])
    return Answer(body=objects.spell(call, records.rows[CONTACT.identifier][merged], (), (), ()))


def _history(one: Record, other: Record, merged: str, now: datetime) -> Mapping[str, tuple[Value, ...]]:
    """Return the values of both, the newest first; what the primary one holds is held now."""
    calculated = Source(CALCULATED)
    names = dict.fromkeys((*one.history, *other.history))
    both = {name: _together(one.values(name), other.values(name), now) for name in names}
    ids = [each.id for each in (one, other)]
    known = [text for each in (one, other) if (text := each.get(_IDS))]
    instants = [text for each in (one, other) if (text := each.get(_INSTANTS))]
    milliseconds = round(now.timestamp() * 1000)
    told = {
        ID: merged,
        _IDS: ";".join((*known, *ids)),
        _INSTANTS: ";".join((*instants, *(f"{each}:{milliseconds}" for each in ids))),
    }
    return both | {name: (Value(text, now, calculated), *both.get(name, ())) for name, text in told.items()}


def _together(one: tuple[Value, ...], other: tuple[Value, ...], now: datetime) -> tuple[Value, ...]:
    taken = {each.at for each in one}
    joined = sorted((*one, *(each for each in other if each.at not in taken)), key=lambda each: each.at, reverse=True)
    if one and one[0].text and joined[0].text != one[0].text:
        return (one[0]._replace(at=now), *joined)
    return tuple(joined)


def _leave_lists(records: Records, one: Record, other: Record, now: datetime) -> None:
    for kind in [each for each in records.notes if each.startswith(members_kind(""))]:
        for gone in (one.id, other.id):
            if gone in records.noted(kind):
                records.enlist(kind.removeprefix(members_kind("")), CONTACT.identifier, gone, now, member=False)


def _hand_over(records: Records, gone: str, merged: str) -> None:
    """Associate with the record that is left whatever was associated with the one that is gone."""
    side, new = (CONTACT.identifier, gone), (CONTACT.identifier, merged)
    for object_id in OBJECT_TYPES:
        for identifier, labels in tuple(records.links_of(*side, object_id).items()):
            other = (object_id, identifier)
            back = records.links_of(*other, CONTACT.identifier).get(gone, ())
            records.link(side, other, ())
            records.link(other, side, ())
            if other != new:
                records.link(new, other, labels)
                records.link(other, new, back)
