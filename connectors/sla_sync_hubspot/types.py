"""What the engine must know of each type of HubSpot setting, as a table."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.connector import Aspect, Coercion, Consequence, Mark, Removal, SettingType

PROPERTY_GROUP, PROPERTY, PROPERTY_OPTION = "PropertyGroup", "Property", "PropertyOption"
SEGMENT, WORKFLOW = "Segment", "Workflow"


def _filters(branch: str) -> tuple[Mapping[str, str], Mapping[str, Coercion]]:
    """Return which lists below a filter branch have no order, and which values have several spellings."""
    each = f"{branch}.filterBranches.*.filters.*"
    keyed = {f"{each}.operation.values": ""}
    coerce = {
        f"{each}.operation.value": Coercion.NUMBER,
        f"{each}.operation.includeObjectsWithNoValueSet": Coercion.BOOLEAN,
        f"{each}.listId": Coercion.TEXT,
    }
    return keyed, coerce


_READ_AND_KEPT = frozenset({Aspect.DOCUMENTED, Aspect.RECORDED})
_SEGMENT_KEYED, _SEGMENT_COERCE = _filters("filterBranch")
_WORKFLOW_KEYED, _WORKFLOW_COERCE = _filters("enrollmentCriteria.listFilterBranch")

TYPES: Mapping[str, SettingType] = {
    each.name: each
    for each in (
        SettingType(
            PROPERTY_GROUP,
            "property group",
            Mark.NAME,
            consequence=Consequence.COSMETIC,
            coerce={"label": Coercion.TEXT},
            aspects=frozenset({Aspect.DOCUMENTED}),
        ),
        SettingType(
            PROPERTY,
            "property",
            Mark.DESCRIPTION,
            cosmetic=frozenset(
                {
                    "label",
                    "description",
                    "groupName",
                    "options.*.label",
                    "options.*.description",
                    "options.*.displayOrder",
                }
            ),
            keyed={"options": "value"},
            defaults={"hidden": False, "options.*.hidden": False},
            coerce={
                "description": Coercion.MULTILINE,
                "options.*.description": Coercion.MULTILINE,
                "options.*.displayOrder": Coercion.NUMBER,
                "options.*.hidden": Coercion.BOOLEAN,
                "hidden": Coercion.BOOLEAN,
            },
            immutable=frozenset({"type"}),
            on_removal=Removal.DELETE_DATA,
            aspects=_READ_AND_KEPT,
        ),
        SettingType(
            PROPERTY_OPTION,
            "option",
            Mark.DESCRIPTION,
            container=PROPERTY,
            cosmetic=frozenset({"label", "description"}),
            defaults={"hidden": False},
            coerce={"description": Coercion.MULTILINE, "hidden": Coercion.BOOLEAN},
            aspects=_READ_AND_KEPT,
        ),
        SettingType(
            SEGMENT,
            "segment",
            Mark.NAME,
            cosmetic=frozenset({"name"}),
            keyed=_SEGMENT_KEYED,
            coerce=_SEGMENT_COERCE,
            immutable=frozenset({"processingType"}),
            on_removal=Removal.DELETE,
            aspects=frozenset({Aspect.RECORDED}),
        ),
        SettingType(
            WORKFLOW,
            "workflow",
            Mark.NAME,
            cosmetic=frozenset({"name", "description"}),
            keyed={"actions": "actionId", **_WORKFLOW_KEYED},
            defaults={
                "enrollmentCriteria.shouldReEnroll": False,
                "enrollmentCriteria.unEnrollObjectsNotMeetingCriteria": False,
            },
            coerce={
                "description": Coercion.MULTILINE,
                "startActionId": Coercion.TEXT,
                "isEnabled": Coercion.BOOLEAN,
                **_WORKFLOW_COERCE,
            },
            immutable=frozenset({"type", "flowType", "objectTypeId"}),
            on_removal=Removal.DELETE,
            aspects=frozenset({Aspect.RECORDED}),
        ),
    )
}
