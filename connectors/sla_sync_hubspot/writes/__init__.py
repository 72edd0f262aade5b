"""How settings of each type are written: one module per kind, one table."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync_hubspot.types import PROPERTY, PROPERTY_GROUP, PROPERTY_OPTION, SEGMENT, WORKFLOW
from sla_sync_hubspot.writes.desk import Craft
from sla_sync_hubspot.writes.groups import GROUPS
from sla_sync_hubspot.writes.options import OPTIONS
from sla_sync_hubspot.writes.properties import PROPERTIES
from sla_sync_hubspot.writes.segments import SEGMENTS
from sla_sync_hubspot.writes.workflows import WORKFLOWS

CRAFTS: Mapping[str, Craft] = {
    PROPERTY_GROUP: GROUPS,
    PROPERTY: PROPERTIES,
    PROPERTY_OPTION: OPTIONS,
    SEGMENT: SEGMENTS,
    WORKFLOW: WORKFLOWS,
}
"""In the order in which they are written."""
