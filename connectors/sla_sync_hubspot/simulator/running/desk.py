"""Where workflows are run: the portal, what is under way in it, and how far its changes were considered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import Change
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.running.criteria import Criteria, criteria_of
from sla_sync_hubspot.simulator.running.enrolments import Book
from sla_sync_hubspot.simulator.running.pace import Pace

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
    criteria: dict[str, Criteria] = field(default_factory=dict)
    """How each workflow enrols, looked up once; `refresh` forgets it when a workflow or a list changed."""
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
        found = self.criteria.get(flow["id"])
        if found is None:
            found = self.criteria[flow["id"]] = criteria_of(flow, self.portal.state["lists"])
        return found

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
