"""The neutral kinds: what an agreement needs to exist, in no platform's words.

Every resource has a `name` that is unique within its kind and an `origin`, the place in the agreement that asked for
it. `means` is the agreement's own sentence and becomes help text and description.
"""

from sla_sync.resources.clocks import Calendar, Clock, ClosedDay, Limit, Opening, Promise, Rung
from sla_sync.resources.lead import (
    ADDED,
    Access,
    Choice,
    DataType,
    Field,
    Gate,
    ReasonSet,
    Report,
    Segment,
    Stage,
    Stamp,
)
from sla_sync.resources.needed import Resources
from sla_sync.resources.routing import Destination, Line, Priority, Queue, Routing, Source, Team

__all__ = [
    "ADDED",
    "Access",
    "Calendar",
    "Choice",
    "Clock",
    "ClosedDay",
    "DataType",
    "Destination",
    "Field",
    "Gate",
    "Limit",
    "Line",
    "Opening",
    "Priority",
    "Promise",
    "Queue",
    "ReasonSet",
    "Report",
    "Resources",
    "Routing",
    "Rung",
    "Segment",
    "Source",
    "Stage",
    "Stamp",
    "Team",
]
