"""What the engine must know of each type of HubSpot setting, as a table."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.connector import Aspect, Coercion, Consequence, Leaving, Mark, Removal, SettingType

PROPERTY_GROUP, PROPERTY, PROPERTY_OPTION = "PropertyGroup", "Property", "PropertyOption"
SEGMENT, WORKFLOW = "Segment", "Workflow"
VALIDATION = "PropertyValidation"
LIFECYCLE_STAGE, PIPELINE = "LifecycleStage", "Pipeline"
OWNER, USER, TEAM = "Owner", "User", "Team"
"""People of the portal: they are looked up by name, and never written."""


def _filters(*branches: str) -> tuple[Mapping[str, str], Mapping[str, Coercion]]:
    """Return which lists below filter branches have no order, and which values have several spellings."""
    keyed: dict[str, str] = {}
    coerce: dict[str, Coercion] = {}
    for branch in branches:
        each = f"{branch}.filters.*"
        keyed[f"{each}.operation.values"] = ""
        coerce |= {
            f"{each}.operation.value": Coercion.NUMBER,
            f"{each}.operation.values": Coercion.TEXT,
            f"{each}.operation.includeObjectsWithNoValueSet": Coercion.BOOLEAN,
            f"{each}.listId": Coercion.TEXT,
        }
    return keyed, coerce


# Inferred: for how long HubSpot keeps archived properties its pages do not say; of segments they do ("Delete a list").
_ARCHIVE = (
    "HubSpot keeps deleted segments for 90 days, and archived properties too; a property made anew under an archived name is "
    "that property again."
)
_READ_AND_KEPT = frozenset({Aspect.DOCUMENTED, Aspect.RECORDED})
_SEGMENT_KEYED, _SEGMENT_COERCE = _filters("filterBranch.filterBranches.*")
_ENROLMENT = "enrollmentCriteria"
_WORKFLOW_KEYED, _WORKFLOW_COERCE = _filters(
    f"{_ENROLMENT}.listFilterBranch.filterBranches.*",
    f"{_ENROLMENT}.reEnrollmentTriggersFilterBranches.*",
    "actions.*.listBranches.*.filterBranch.filterBranches.*",
)
_PEOPLE = frozenset(f"actions.*.fields.{each}" for each in ("user_ids", "team_ids", "owner_properties"))
_ACTION_COERCE: Mapping[str, Coercion] = {
    **dict.fromkeys(_PEOPLE, Coercion.TEXT),
    "actions.*.actionTypeVersion": Coercion.NUMBER,
    "actions.*.fields.delta": Coercion.TEXT,
    "actions.*.fields.expiration_minutes": Coercion.TEXT,
    "actions.*.fields.overwrite_current_owner": Coercion.TEXT,
    "actions.*.fields.value.staticValue": Coercion.TEXT,
    "actions.*.fields.value.incrementAmount": Coercion.NUMBER,
    # HubSpot's editor keeps these as HTML, and wraps what comes without tags.
    "actions.*.fields.body": Coercion.MARKUP,
    "actions.*.connection.nextActionId": Coercion.TEXT,
    "actions.*.defaultBranch.nextActionId": Coercion.TEXT,
    "actions.*.listBranches.*.connection.nextActionId": Coercion.TEXT,
    "actions.*.staticBranches.*.connection.nextActionId": Coercion.TEXT,
    "actions.*.staticBranches.*.branchValue": Coercion.TEXT,
}

TYPES: Mapping[str, SettingType] = {
    each.name: each
    for each in (
        SettingType(
            PROPERTY_GROUP,
            "property group",
            Mark.NAME,
            consequence=Consequence.COSMETIC,
            coerce={"label": Coercion.TEXT},
            leaving=Leaving(Removal.DELETE_DATA),
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
            closed={"options.*": "!hidden"},
            coerce={
                "description": Coercion.MULTILINE,
                "options.*.description": Coercion.MULTILINE,
                "options.*.displayOrder": Coercion.NUMBER,
                "options.*.hidden": Coercion.BOOLEAN,
                "hidden": Coercion.BOOLEAN,
            },
            immutable=frozenset({"type"}),
            on_removal=Removal.DELETE_DATA,
            leaving=Leaving(Removal.DELETE_DATA, remains=_ARCHIVE),
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
            leaving=Leaving(Removal.DELETE_DATA),
            aspects=_READ_AND_KEPT,
        ),
        SettingType(
            VALIDATION,
            "validation rule",
            Mark.MANIFEST,
            coerce={"ruleArguments.*": Coercion.NUMBER},
            leaving=Leaving(
                Removal.RELEASE,
                part_of=(PROPERTY, "/"),
                by_hand="Take the rules {} out in Settings > Properties, at the rules of each property: no API deletes one.",
            ),
            aspects=frozenset({Aspect.ENFORCED}),
        ),
        SettingType(
            LIFECYCLE_STAGE,
            "lifecycle stage",
            Mark.MANIFEST,
            leaving=Leaving(
                Removal.RELEASE,
                by_hand="Delete the lifecycle stages {} in Settings > Objects > Contacts > Lifecycle stages, and name the stage "
                "that their contacts get instead.",
            ),
            aspects=_READ_AND_KEPT,
        ),
        SettingType(
            PIPELINE,
            "pipeline",
            Mark.NAME,
            # Not the order of the stages: by it also a stage that is gone shows as more than a label that is not there.
            cosmetic=frozenset({"label", "stages.*.label"}),
            keyed={"stages": "stageId"},
            coerce={"stages.*.displayOrder": Coercion.NUMBER},
            on_removal=Removal.DELETE,
            leaving=Leaving(Removal.DELETE_DATA),
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
            keyed={
                "actions": "actionId",
                "timeWindows": "",
                "blockedDates": "",
                **dict.fromkeys(_PEOPLE, ""),
                **_WORKFLOW_KEYED,
            },
            defaults={
                "actions.*.actionTypeVersion": 0,
                "enrollmentCriteria.shouldReEnroll": False,
                "enrollmentCriteria.unEnrollObjectsNotMeetingCriteria": False,
            },
            coerce={
                "description": Coercion.MULTILINE,
                "startActionId": Coercion.TEXT,
                "isEnabled": Coercion.BOOLEAN,
                **_ACTION_COERCE,
                **_WORKFLOW_COERCE,
            },
            immutable=frozenset({"type", "flowType", "objectTypeId"}),
            withheld=_PEOPLE,
            on_removal=Removal.DELETE,
            leaving=Leaving(
                Removal.DELETE,
                put_back="Build the workflows {} again as they were before us: HubSpot keeps one version of a workflow.",
            ),
            at_rest={"isEnabled": (True, False)},
            aspects=frozenset({Aspect.RECORDED}),
        ),
    )
}
