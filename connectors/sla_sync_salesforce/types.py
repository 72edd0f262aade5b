"""The table of Salesforce setting types: what the engine must know of each.

The defaults and the places where spelling does not count are those on which tools that read Salesforce metadata back
stumble most: server defaults, order of lists, escapes, line ends, and numbers written in two ways. Inferred: which
members an org fills in by itself, from files that real orgs returned.
"""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.connector import Coercion, Consequence, Mark, Removal, SettingType

LEAD_STATUS = "LeadStatus"
STANDARD_VALUE_SET = "StandardValueSet"

_FIELD = SettingType(
    name="CustomField",
    noun="field",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "description", "inlineHelpText", "valueSet.valueSetDefinition.value.*.label"}),
    keyed={"valueSet.valueSetDefinition.value": "fullName", "valueSet.valueSettings": "valueName"},
    defaults={
        "required": False,
        "unique": False,
        "externalId": False,
        "trackHistory": False,
        "trackTrending": False,
        "valueSet.restricted": False,
        "valueSet.valueSetDefinition.sorted": False,
        "valueSet.valueSetDefinition.value.*.default": False,
        "valueSet.valueSetDefinition.value.*.isActive": True,
    },
    coerce={
        "length": Coercion.NUMBER,
        "precision": Coercion.NUMBER,
        "scale": Coercion.NUMBER,
        "visibleLines": Coercion.NUMBER,
        "defaultValue": Coercion.TEXT,
        "label": Coercion.MULTILINE,
        "description": Coercion.MULTILINE,
        "inlineHelpText": Coercion.MULTILINE,
        "formula": Coercion.MULTILINE,
    },
    immutable=frozenset({"type"}),
    on_removal=Removal.DELETE_DATA,
)

_LEAD_STATUS_VALUE = SettingType(
    name="LeadStatusValue",
    noun="Lead Status value",
    mark=Mark.MANIFEST,
    cosmetic=frozenset({"label"}),
    container=STANDARD_VALUE_SET,
    defaults={"default": False, "converted": False, "isActive": True},
    coerce={"label": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,  # leads may stand on it, and the platform keeps values that were in use
)

_STANDARD_VALUE_SET = SettingType(
    name=STANDARD_VALUE_SET,
    noun="list of Lead Status values",
    mark=Mark.MANIFEST,
    defaults={
        "sorted": False,
        "standardValue.*.default": False,
        "standardValue.*.converted": False,
        "standardValue.*.isActive": True,
    },
    coerce={"standardValue.*.label": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,
)

_VALIDATION_RULE = SettingType(
    name="ValidationRule",
    noun="validation rule",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"description", "errorMessage"}),
    coerce={
        "active": Coercion.BOOLEAN,
        "description": Coercion.MULTILINE,
        "errorConditionFormula": Coercion.MULTILINE,
        "errorMessage": Coercion.MULTILINE,
    },
    on_removal=Removal.DELETE,
)

_PERMISSION_SET = SettingType(
    name="PermissionSet",
    noun="permission set",
    mark=Mark.DESCRIPTION,
    consequence=Consequence.WEAKENING,
    cosmetic=frozenset({"label", "description"}),
    keyed={"fieldPermissions": "field"},
    defaults={
        "hasActivationRequired": False,
        "fieldPermissions.*.editable": False,
        "fieldPermissions.*.readable": False,
    },
    coerce={"label": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    on_removal=Removal.DELETE,
)

_ASSIGNMENT = SettingType(
    name="PermissionSetAssignment",
    noun="permission-set assignment",
    mark=Mark.MANIFEST,
    consequence=Consequence.WEAKENING,
    immutable=frozenset({"permissionSet", "assignee"}),
    on_removal=Removal.DELETE,
)

_FLOW = SettingType(
    name="Flow",
    noun="flow",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "description", "recordUpdates.*.label"}),
    keyed={"recordUpdates": "name", "processMetadataValues": "name"},
    # Where a node stands on the canvas and by which editor it was drawn decides nothing.
    ignored=frozenset(
        {
            "start.locationX",
            "start.locationY",
            "recordUpdates.*.locationX",
            "recordUpdates.*.locationY",
            "processMetadataValues",
            "environments",
            "interviewLabel",
            "triggerOrder",
        }
    ),
    coerce={"apiVersion": Coercion.NUMBER, "description": Coercion.MULTILINE, "label": Coercion.MULTILINE},
    # A flow that is in force cannot be deleted, and which of its versions go is for a person to say.
    on_removal=Removal.RELEASE,
)

_REPORT_FOLDER = SettingType(
    name="ReportFolder",
    noun="report folder",
    mark=Mark.MANIFEST,
    consequence=Consequence.WEAKENING,
    cosmetic=frozenset({"name"}),
    coerce={"name": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,  # others may have put their reports there
)

_REPORT = SettingType(
    name="Report",
    noun="report",
    mark=Mark.DESCRIPTION,
    consequence=Consequence.WEAKENING,
    cosmetic=frozenset({"name", "description"}),
    defaults={"showDetails": True, "scope": "user"},
    coerce={"name": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    on_removal=Removal.DELETE,
)

TYPES: Mapping[str, SettingType] = {
    each.name: each
    for each in (
        _FIELD,
        _LEAD_STATUS_VALUE,
        _STANDARD_VALUE_SET,
        _VALIDATION_RULE,
        _PERMISSION_SET,
        _ASSIGNMENT,
        _FLOW,
        _REPORT_FOLDER,
        _REPORT,
    )
}
