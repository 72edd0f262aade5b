"""What happened in an org, read as the history of a lead that the model of the agreement understands.

Only what people and other systems could see is read: status, owner, source, facts and activities with their instants.
Nothing that a flow of ours keeps on an assignment is looked at here. Everything is read from the list of changes, so that
a lead that was converted, merged or deleted is told as it was then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
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
    Parted,
    Queued,
    Raised,
    Touched,
    history_of,
)
from sla_sync_salesforce.simulator.store import Change
from tests.behaviour.salesforce.orgs import Org

STAGES = {
    "Open - Not Contacted": "inquiry",
    "MQL": "mql",
    "Working - Contacted": "sal",
    "Closed - Converted": "sql",
    "Nurture": "recycled",
    "Closed - Not Converted": "disqualified",
}
STATUSES = {stage: status for status, stage in STAGES.items()}
SOURCES = {"Demo Request": "demo_request", "Webinar": "webinar"}
FACTS = {"Company": "company", "Country": "country", "SLA_Score__c": "score"}
REASONS_IN = frozenset({"recycled", "disqualified"})
TEAMS = {"ana": "sdr", "ben": "sdr", "pat": "emea"}
_CHANNELS = {"Call": Channel.CALL, "Email": Channel.EMAIL, "Meeting": Channel.MEETING}
_USER = "005"


def told(org: Org, lead: str, marks: Sequence[int], parted: Parted | None = None) -> History:
    """Return the history of one lead.

    `marks` are the lengths of the list of changes between two steps: two saves in one instant are two events.
    """
    found = [*_of_the_record(org, lead, marks), *_touches(org, lead)]
    events = [event for _, event in sorted(found, key=lambda each: each[0])]
    return history_of(*events, *([] if parted is None else [parted]))


def _of_the_record(org: Org, lead: str, marks: Sequence[int]) -> Iterator[tuple[int, Event]]:
    changes = [
        (place, each) for place, each in enumerate(org.store.history) if each.object == "Lead" and each.id == lead
    ]
    values: dict[str, object] = {}
    in_cycle = False

    def save(each: tuple[int, Change]) -> tuple[int, datetime]:
        return bisect_right(marks, each[0]), each[1].at

    for (_, at), group in groupby(changes, key=save):
        before, places = dict(values), []
        for place, each in group:
            places.append(place)
            values[each.field] = each.new
        events, in_cycle = _save(org, at, before, values, in_cycle=in_cycle)
        yield from ((places[0], event) for event in events)


def _save(
    org: Org, at: datetime, before: Mapping[str, object], values: Mapping[str, object], *, in_cycle: bool
) -> tuple[list[Event], bool]:
    """Return what one save of a lead means, and whether its cycle is open after it."""
    events: list[Event] = []
    source = SOURCES.get(str(values.get("LeadSource")))
    if source is not None and values.get("LeadSource") != before.get("LeadSource"):
        events.append(Raised(at, source))
    for name, agreed in FACTS.items():
        if values.get(name) != before.get(name):
            events.append(Changed(at, agreed, _fact(values.get(name))))
    moved = values.get("Status") != before.get("Status")
    stage = STAGES[str(values["Status"])]
    if moved:
        events.append(Entered(at, stage, _reason(values) if stage in REASONS_IN else None))
    qualifies = moved and stage == "mql" and not in_cycle
    in_cycle = (in_cycle or qualifies) and stage not in {*REASONS_IN, "sql"}
    owner = str(values["OwnerId"])
    if in_cycle and (qualifies or owner != before.get("OwnerId")):
        events.append(_owned(org, at, owner))
    return events, in_cycle


def _owned(org: Org, at: datetime, owner: str) -> Event:
    """Return who holds a lead in an open cycle; before it opens nobody's ownership starts a clock."""
    if owner.startswith(_USER):
        name = name_of(org, owner)
        return Assigned(at, name, TEAMS.get(name))
    return Queued(at, str(org.row("Group", owner)["DeveloperName"]))


def _touches(org: Org, lead: str) -> Iterator[tuple[int, Event]]:
    for (place, at), row in _activities(org):
        if row.get("WhoId") != lead:
            continue
        by = name_of(org, str(row["OwnerId"]))
        if "StartDateTime" in row:
            yield place, Booked(at)
            yield place, Touched(at, by, Channel.MEETING)
        elif row["Status"] == "Completed" and row.get("Type") in _CHANNELS:
            automated = str(row.get("Subject") or "").startswith("Automatic")
            yield place, Touched(at, by, _CHANNELS[str(row["Type"])], automated=automated)


def _activities(org: Org) -> Iterator[tuple[tuple[int, datetime], Mapping[str, object]]]:
    """Yield each activity as it was when it was saved first, with its place in the list of changes and its instant."""
    rows: dict[str, dict[str, object]] = {}
    began: dict[str, tuple[int, datetime]] = {}
    for place, each in enumerate(org.store.history):
        if each.object in {"Task", "Event"}:
            rows.setdefault(each.id, {}).setdefault(each.field, each.new)
            began.setdefault(each.id, (place, each.at))
    return ((began[identity], row) for identity, row in rows.items())


def name_of(org: Org, identity: str) -> str:
    """Return the name of a person as the agreement's people have it."""
    return str(org.row("User", identity)["Username"]).partition("@")[0]


def _reason(values: Mapping[str, object]) -> str | None:
    found = values.get("SLA_Reason__c")
    return None if found is None else str(found)


def _fact(value: object) -> str | float | None:
    return value if isinstance(value, str | float | int) else None
