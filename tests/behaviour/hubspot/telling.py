"""What happened to a contact, read as the history of a lead that the model of the agreement understands.

Only what people and other systems could see is read: stage, owner, source, facts and activities with their instants.
Nothing that a workflow of ours keeps is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby

from sla_sync.semantics.history import (
    Assigned,
    Booked,
    Changed,
    Channel,
    Entered,
    Event,
    History,
    Queued,
    Raised,
    Touched,
    history_of,
)
from sla_sync_hubspot.simulator.records import Record
from tests.behaviour.hubspot.portals import CONTACT, Crm

STATUSES = {
    "inquiry": "NEW", "mql": "OPEN", "sal": "IN_PROGRESS", "sql": "OPEN_DEAL", "recycled": "BAD_TIMING",
    "disqualified": "UNQUALIFIED",
}  # fmt: skip
STAGES = {status: stage for stage, status in STATUSES.items()}
SOURCES = {"Demo Request": "demo_request", "Webinar": "webinar"}
FACTS = {"company": "company", "country": "country", "sla_score": "score"}
CLOSING = frozenset({"recycled", "disqualified", "sql"})
TEAMS = {"ana": "sdr", "ben": "sdr", "kim": "sdr", "pat": "emea"}
_ACTIVITIES = {"0-48": Channel.CALL, "0-49": Channel.EMAIL, "0-47": Channel.MEETING}
_SEEN = ("hs_lead_status", "hubspot_owner_id", "sla_source", *FACTS)


def told(crm: Crm, contact: str) -> History:
    """Return the history of one contact."""
    found = [*_of_the_record(crm, crm.contact(contact)), *_touches(crm, contact)]
    return history_of(*sorted(found, key=lambda each: each.at))


def _of_the_record(crm: Crm, record: Record) -> Iterator[Event]:
    changes = sorted(
        ((value.at, name, value.text) for name in _SEEN for value in reversed(record.history.get(name, ()))),
        key=lambda each: each[0],
    )
    values: dict[str, str] = {}
    in_cycle = False
    for at, group in groupby(changes, key=lambda each: each[0]):
        before = dict(values)
        values |= {name: text for _, name, text in group}
        events, in_cycle = _save(crm, at, before, values, record, in_cycle=in_cycle)
        yield from events


def _save(
    crm: Crm, at: datetime, before: Mapping[str, str], values: Mapping[str, str], record: Record, *, in_cycle: bool
) -> tuple[list[Event], bool]:
    """Return what the changes of one instant mean, and whether the cycle of the contact is open after them."""
    events: list[Event] = []
    source = SOURCES.get(values.get("sla_source", ""))
    if source is not None and values.get("sla_source") != before.get("sla_source"):
        events.append(Raised(at, source))
    for name, agreed in FACTS.items():
        if values.get(name) != before.get(name):
            text = values[name]
            events.append(Changed(at, agreed, float(text) if agreed == "score" and text else text or None))
    # Within one instant a contact may pass through several stages: as created, and where a workflow put it.
    stages = [value.text for value in reversed(record.history.get("hs_lead_status", ())) if value.at == at]
    for status in stages:
        stage = STAGES[status]
        events.append(Entered(at, stage, record.at(at).get("sla_reason") if stage in CLOSING - {"sql"} else None))  # type: ignore[union-attr]
        qualifies = stage == "mql" and not in_cycle
        in_cycle = (in_cycle or qualifies) and stage not in CLOSING
        if qualifies:
            before = {**before, "hubspot_owner_id": "asks anew"}
    owner = values.get("hubspot_owner_id", "")
    if in_cycle and owner != before.get("hubspot_owner_id", ""):
        name = crm.name_of(owner) if owner else ""
        events.append(Assigned(at, name, TEAMS.get(name)) if owner else Queued(at, "pool"))
    return events, in_cycle


def _touches(crm: Crm, contact: str) -> Iterator[Event]:
    records = crm.application.portal.records
    for object_id, channel in _ACTIVITIES.items():
        for activity in records.of(object_id):
            if contact not in records.links_of(object_id, activity.id, CONTACT):
                continue
            at = activity.created
            by = crm.name_of(str(activity.get("hubspot_owner_id")))
            if channel is Channel.MEETING:
                yield Booked(at)
            yield Touched(at, by, channel, automated=bool(activity.get("hs_sequence_id")))
