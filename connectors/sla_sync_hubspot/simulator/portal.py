"""The portal as endpoints and workflows see it from inside: settings, records, switches and the virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sla_sync_hubspot.simulator.memory import Memory
from sla_sync_hubspot.simulator.records import Records
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.switches import Switches


@dataclass(slots=True)
class Portal:
    """One portal at one moment; whoever lets the clock run moves `now`, which is aware and in UTC."""

    state: Json
    """The settings, as `state.py` keeps them: properties, lists, flows, pipelines, owners."""
    records: Records
    switches: Switches
    now: datetime
    memory: Memory = field(default_factory=Memory)
    """What was found out about these settings; whoever changes them lets it forget."""
