"""What happened in an org, read as the history of a lead that the model of the agreement understands.

Only what people and other systems could see is read: status, owner, source, facts and activities with their instants.
Nothing that a flow of ours keeps on an assignment is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby

from sla_sync.semantics.history import (
    Assigned,
    Changed,
    Channel,
    Entered,
    Event,
    History,
    Parted,
    Parting,
    Queued,
    Raised,
    Touched,
    history_of,
)
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
_USER, _QUEUE = "005", "00G"


def told(org: Org, lead: str) -> History:
    """Return the history of one lead."""
    return history_of(*_of_the_record(org, lead), *_touches(org, lead))


def _of_the_record(org: Org, lead: str) -> Iterator[Event]:
    changes = [each for each in org.store.history if each.object == "Lead" and each.id == lead]
    values: dict[str, object] = {}
    in_cycle = False
    for at, group in groupby(changes, key=lambda each: each.at):
        before = dict(values)
        for each in group:
            values[each.field] = each.new
        if not before:
            yield Raised(at, SOURCES.get(str(values.get("LeadSource"))))
        for name, agreed in FACTS.items():
            if values.get(name) != before.get(name):
                yield Changed(at, agreed, _fact(values.get(name)))
        moved = values.get("Status") != before.get("Status")
        stage = STAGES[str(values["Status"])]
        if moved:
            yield Entered(at, stage, _reason(values) if stage in REASONS_IN else None)
        qualifies = moved and stage == "mql" and not in_cycle
        in_cycle = (in_cycle or qualifies) and stage not in {*REASONS_IN, "sql"}
        owner = str(values["OwnerId"])
        if in_cycle and (qualifies or owner != before.get("OwnerId")):
            yield _owned(org, at, owner)


def _owned(org: Org, at: datetime, owner: str) -> Event:
    """Return who holds a lead in an open cycle; before it opens nobody's ownership starts a clock."""
    if owner.startswith(_USER):
        name = _name(org, owner)
        return Assigned(at, name, TEAMS.get(name))
    return Queued(at, str(org.row("Group", owner)["DeveloperName"]))


def _touches(org: Org, lead: str) -> Iterator[Event]:
    for task in org.rows("Task"):
        if task.get("WhoId") == lead and task["Status"] == "Completed" and task.get("Type") in _CHANNELS:
            automated = str(task.get("Subject") or "").startswith("Automatic")
            at = task["CreatedDate"]
            yield Touched(at, _name(org, str(task["OwnerId"])), _CHANNELS[str(task["Type"])], automated=automated)
    for event in org.rows("Event"):
        if event.get("WhoId") == lead:
            yield Touched(event["CreatedDate"], _name(org, str(event["OwnerId"])), Channel.MEETING)


def _name(org: Org, identity: str) -> str:
    return str(org.row("User", identity)["Username"]).partition("@")[0]


def _reason(values: Mapping[str, object]) -> str | None:
    found = values.get("SLA_Reason__c")
    return None if found is None else str(found)


def _fact(value: object) -> str | float | None:
    return value if isinstance(value, str | float | int) else None


__all__ = ["REASONS_IN", "SOURCES", "STAGES", "STATUSES", "TEAMS", "Parted", "Parting", "told"]
