"""What an agreement takes of a portal: the figures with which a plan opens, beside what an edition offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import Desired
from sla_sync_hubspot.translate.building import ROTATE
from sla_sync_hubspot.types import PROPERTY, SEGMENT, WORKFLOW

_OFFERED: Mapping[str, str] = {
    PROPERTY: "an object may have 1,000 custom properties",
    "calculated": "Professional offers 40, Enterprise 200",
    SEGMENT: "Professional offers 1,000 active ones, Enterprise 1,500",
    WORKFLOW: "Professional offers 300, Enterprise 1,000",
}
"""HubSpot, "Product and services catalog" and "Usage guidelines"."""
_CALCULATED = "calculation_equation"


def footprint(desired: Iterable[Desired]) -> tuple[str, ...]:
    """Return sentences that say what these settings take of a portal, and which edition they need."""
    wanted = tuple(desired)
    properties = [each for each in wanted if each.address.type == PROPERTY]
    flows = [each for each in wanted if each.address.type == WORKFLOW]
    rows = (
        (len(properties), "property", "properties", PROPERTY),
        (
            sum(each.values.get("fieldType") == _CALCULATED for each in properties),
            "calculated property",
            "calculated properties",
            "calculated",
        ),
        (sum(each.address.type == SEGMENT for each in wanted), "segment", "segments", SEGMENT),
        (len(flows), "workflow", "workflows", WORKFLOW),
    )
    counted = [
        f"{number} {one if number == 1 else many} ({_OFFERED[kind]})" for number, one, many, kind in rows if number
    ]
    if not counted:
        return ()
    taken = f"It takes {_listed(counted)}; the plan is refused where the portal has less room left."
    return (taken, *_editions(flows, properties))


def _editions(flows: Sequence[Desired], properties: Sequence[Desired]) -> Iterator[str]:
    kinds = {str(action.get("actionTypeId") or action.get("type")) for each in flows for action in _actions(each)}
    if flows:
        yield "Workflows need Professional or Enterprise; who changed a setting is told on Enterprise only."
    if ROTATE in kinds:
        # HubSpot, "Assign ownership of records": rotation is of these two hubs, and for users with a seat of theirs.
        yield (
            "Rotation needs Sales Hub or Service Hub, Professional or Enterprise, and a paid seat of one of them for each "
            "person; HubSpot's API tells neither."
        )
    if "CUSTOM_CODE" in kinds:
        yield "Custom code in workflows needs Data Hub Professional or Enterprise."
    if any(each.values.get("fieldType") == _CALCULATED for each in properties):
        yield "Calculated properties need Professional or Enterprise; made by API, they cannot be edited in the portal."


def _actions(flow: Desired) -> Iterator[Mapping[str, Any]]:
    actions: Any = flow.values.get("actions", ())
    yield from actions


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
