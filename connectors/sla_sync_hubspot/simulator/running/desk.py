"""Where workflows are run: the portal, what is under way in it, and how far its changes were considered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.membership import meets
from sla_sync_hubspot.simulator.pace import Pace
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import ARCHIVED, ID, LISTED, Change, Record
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.running.criteria import Criteria, criteria_of
from sla_sync_hubspot.simulator.running.enrolments import Book

_DERIVED = ("createdate", "lastmodifieddate", "hs_createdate", "hs_lastmodifieddate")
"""Properties that every record has and none is given."""
_TURNS = 20
"""How often one record may be enrolled in one workflow at one instant.

Inferred: HubSpot documents that it stops endless loops of workflows, and not when.
"""


@dataclass
class Desk:
    """One portal while its workflows run."""

    portal: Portal
    book: Book
    considered: int = 0
    """How many of the changes that the records tell were considered."""
    _turns: Counter[tuple[str, str]] = field(default_factory=Counter)
    _turns_at: datetime | None = None

    @property
    def now(self) -> datetime:
        """The virtual clock."""
        return self.portal.now

    @property
    def pace(self) -> Pace:
        """How fast and how regularly workflows run."""
        return self.portal.switches.workflows

    @property
    def flows(self) -> Mapping[str, Json]:
        """The workflows by id, those that are switched off too."""
        flows: Mapping[str, Json] = self.portal.state["flows"]
        return flows

    @property
    def zone_name(self) -> str:
        """The time zone of the portal. Documented: Eastern time where none is set."""
        return str(self.portal.state["portal"].get("timeZone") or "US/Eastern")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the portal."""
        return ZoneInfo(self.zone_name)

    def how(self, flow: Json) -> Criteria:
        """Return how a workflow enrols."""
        kept = self.portal.memory.once("criteria of workflows", dict[str, Criteria])
        found = kept.get(flow["id"])
        if found is None:
            found = kept[flow["id"]] = criteria_of(flow, self.portal.state["lists"])
        return found

    def concerned(self, object_id: str, changes: Sequence[Change]) -> Sequence[str]:
        """Return the workflows that look at what changed of a record, in the order of their creation."""
        watch = self.portal.memory.once("workflows by what they look at", self._watch)
        found = set[str]()
        for each in changes:
            if each.property == ARCHIVED:
                return watch.get((object_id, ""), ())
            if each.property == ID:
                found.update(
                    self.portal.memory.once(f"workflows of empty records {object_id}", lambda: self._empty(object_id))
                )
                found.update(one for name in _DERIVED for one in watch.get((object_id, name), ()))
            key = (object_id, f"list {each.new or each.old}" if each.property == LISTED else each.property)
            found.update(watch.get(key, ()))
        return [each for each in watch.get((object_id, ""), ()) if each in found] if found else ()

    def _empty(self, object_id: str) -> Sequence[str]:
        """Return the workflows whose criteria a record without any value meets."""
        empty = Record(object_id, "", self.now, self.now)
        branches = {
            each: self.how(flow).branch for each, flow in self.flows.items() if flow["objectTypeId"] == object_id
        }
        return [each for each, branch in branches.items() if branch and meets(self.portal, empty, branch)]

    def _watch(self) -> dict[tuple[str, str], list[str]]:
        """Return the workflows by object type and by each property and list that they look at; all of them by an empty one."""
        watch: dict[tuple[str, str], list[str]] = {}
        for identifier, flow in self.flows.items():
            looks = self.how(flow).looks
            for each in ("", *looks.properties, *(f"list {one}" for one in looks.lists)):
                watch.setdefault((flow["objectTypeId"], each), []).append(identifier)
        return watch

    def values(self, flow: Json, record: str) -> dict[str, str]:
        """Return what the properties of a record of the workflow's type hold, without those that hold nothing."""
        found = self.portal.records.get(flow["objectTypeId"], record)
        names = (*found.history, *_DERIVED) if found else ()
        return {name: text for name in names if found and (text := found.get(name))}

    def take_changes(self) -> Sequence[Change]:
        """Return the changes of records that were not considered yet, and count them as considered."""
        found = self.portal.records.changes[self.considered :]
        self.considered += len(found)
        return found

    def may_turn(self, flow: str, record: str) -> bool:
        """Return whether a record may be enrolled once more at this instant, and count it."""
        if self._turns_at != self.now:
            self._turns.clear()
            self._turns_at = self.now
        self._turns[flow, record] += 1
        return self._turns[flow, record] <= _TURNS


def open_desk(portal: Portal) -> Desk:
    """Return the desk of a portal."""
    return Desk(portal, Book(portal))
