"""How settings of each type are written: one module per kind, one table."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync_hubspot.types import (
    LIFECYCLE_STAGE,
    PIPELINE,
    PROPERTY,
    PROPERTY_GROUP,
    PROPERTY_OPTION,
    SEGMENT,
    VALIDATION,
    WORKFLOW,
)
from sla_sync_hubspot.writes.desk import Craft
from sla_sync_hubspot.writes.groups import GROUPS
from sla_sync_hubspot.writes.lifecycle import STAGES
from sla_sync_hubspot.writes.options import OPTIONS
from sla_sync_hubspot.writes.pipelines import PIPELINES
from sla_sync_hubspot.writes.properties import PROPERTIES
from sla_sync_hubspot.writes.segments import SEGMENTS
from sla_sync_hubspot.writes.validations import VALIDATIONS
from sla_sync_hubspot.writes.workflows import WORKFLOWS

CRAFTS: Mapping[str, Craft] = {
    PROPERTY_GROUP: GROUPS,
    PROPERTY: PROPERTIES,
    PROPERTY_OPTION: OPTIONS,
    VALIDATION: VALIDATIONS,
    LIFECYCLE_STAGE: STAGES,
    PIPELINE: PIPELINES,
    SEGMENT: SEGMENTS,
    WORKFLOW: WORKFLOWS,
}
"""In the order in which they are written."""
