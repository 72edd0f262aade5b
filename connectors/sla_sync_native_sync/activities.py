"""Calls and meetings that are logged in HubSpot become tasks in Salesforce, where the settings ask for it.

Documented (knowledge.hubspot.com, «sync activities and tasks»): each becomes one task of whoever it is assigned to.
Inferred: the task is completed at once, its type is that of the activity, and it belongs to the integration's user where
Salesforce does not know the person. So a touch counts from the look on at which Salesforce hears of it, and not before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync_native_sync import hubspot_side, salesforce_side
from sla_sync_native_sync.memory import Memory
from sla_sync_native_sync.shape import Shape
from sla_sync_native_sync.wire import AnswerError, Wire

_KINDS: Mapping[str, tuple[str, str]] = {
    "calls": ("Call", "hs_call_title"),
    "meetings": ("Meeting", "hs_meeting_title"),
}
"""Activity of HubSpot → type of the task, and the property with its title."""


@dataclass(frozen=True, slots=True)
class _Activity:
    id: str
    kind: str
    title: str
    owner: str
    day: str
    contacts: tuple[str, ...]


def carry_activities(hubspot: Wire, salesforce: Wire, shape: Shape, memory: Memory) -> None:
    """Create a task for each activity with a contact that passes and has none yet; a refusal is noted."""
    for each in _logged(hubspot):
        contact = next((key for key in each.contacts if key in memory.links and key in memory.members), None)
        if each.id in memory.tasks or contact is None or memory.looked is None:
            continue
        task = {
            "WhoId": memory.links[contact].id,
            "Subject": each.title,
            "Type": each.kind,
            "Status": "Completed",
            "ActivityDate": each.day,
            "OwnerId": shape.user_of(shape.owners.get(each.owner)) or None,
        }
        memory.tasks.add(each.id)
        try:
            salesforce_side.create_person(salesforce, "Task", task, assign=False)
        except AnswerError as error:
            memory.fail(memory.looked, contact, error)


def _logged(hubspot: Wire) -> Iterator[_Activity]:
    for name, (kind, title) in _KINDS.items():
        for each in hubspot_side.read_activities(hubspot, name, (title, "hubspot_owner_id", "hs_timestamp")):
            said = each["properties"]
            linked = each.get("associations", {}).get("contacts", {}).get("results", ())
            contacts = tuple(dict.fromkeys(str(one["id"]) for one in linked))
            day = str(said.get("hs_timestamp") or "")[:10]
            yield _Activity(
                str(each["id"]),
                kind,
                str(said.get(title) or kind),
                str(said.get("hubspot_owner_id") or ""),
                day,
                contacts,
            )
