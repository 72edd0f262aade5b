"""The setting types of what an org does by itself: gates, flows, routing, time, access, notices."""

from __future__ import annotations

from sla_sync.connector import Aspect, Coercion, Consequence, Leaving, Mark, Removal, SettingType

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
    at_rest={"active": (True, False)},
    aspects=frozenset({Aspect.DOCUMENTED, Aspect.ENFORCED}),
)

_PERMISSION_SET = SettingType(
    name="PermissionSet",
    noun="permission set",
    mark=Mark.DESCRIPTION,
    consequence=Consequence.WEAKENING,
    cosmetic=frozenset({"label", "description"}),
    keyed={
        "classAccesses": "apexClass",
        "customMetadataTypeAccesses": "name",
        "customPermissions": "name",
        "customSettingAccesses": "name",
        "fieldPermissions": "field",
        "objectPermissions": "object",
        "recordTypeVisibilities": "recordType",
        "tabSettings": "tab",
        "userPermissions": "name",
    },
    defaults={
        "hasActivationRequired": False,
        "fieldPermissions.*.editable": False,
        "fieldPermissions.*.readable": False,
        "objectPermissions.*.allowCreate": False,
        "objectPermissions.*.allowDelete": False,
        "objectPermissions.*.allowEdit": False,
        "objectPermissions.*.allowRead": False,
        "objectPermissions.*.modifyAllRecords": False,
        "objectPermissions.*.viewAllRecords": False,
    },
    coerce={"label": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    # Who has the set has what stands in it: a right that somebody adds was never agreed.
    closed={
        "customPermissions.*": "enabled",
        "fieldPermissions.*": "readable",
        "objectPermissions.*": "allowRead",
        "userPermissions.*": "enabled",
    },
    on_removal=Removal.DELETE,
)

_PERMISSION = SettingType(
    name="CustomPermission",
    noun="custom permission",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "description"}),
    defaults={"isLicensed": False},
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

_ELEMENTS = (
    "actionCalls",
    "assignments",
    "constants",
    "decisions",
    "formulas",
    "loops",
    "recordCreates",
    "recordLookups",
    "recordUpdates",
    "textTemplates",
    "variables",
)
"""The members of a flow that hold named elements; where they stand in the file decides nothing."""

_FLOW = SettingType(
    name="Flow",
    noun="flow",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "description", *(f"{member}.*.label" for member in _ELEMENTS)}),
    keyed={
        **dict.fromkeys(_ELEMENTS, "name"),
        "processMetadataValues": "name",
        "start.scheduledPaths": "name",
        "actionCalls.*.inputParameters": "name",
        "recordLookups.*.queriedFields": "",
    },
    # Where a node stands on the canvas and by which editor it was drawn decides nothing.
    ignored=frozenset(
        {
            "start.locationX",
            "start.locationY",
            *(f"{member}.*.location{axis}" for member in _ELEMENTS for axis in "XY"),
            *(f"{member}.*.processMetadataValues" for member in _ELEMENTS),
            "processMetadataValues",
            "environments",
            "interviewLabel",
        }
    ),
    # A path or a condition that somebody adds decides as much as one that is changed.
    closed={"start.scheduledPaths.*": "", "start.filterFormula": "", "start.filterLogic": "", "start.filters": ""},
    defaults={
        "recordLookups.*.assignNullValuesIfNoRecordsFound": False,
        "recordLookups.*.storeOutputAutomatically": False,
        "variables.*.isCollection": False,
        "variables.*.isInput": False,
        "variables.*.isOutput": False,
    },
    coerce={
        "apiVersion": Coercion.NUMBER,
        "description": Coercion.MULTILINE,
        "label": Coercion.MULTILINE,
        "formulas.*.expression": Coercion.MULTILINE,
        "textTemplates.*.text": Coercion.MULTILINE,
        "start.filterFormula": Coercion.MULTILINE,
        "triggerOrder": Coercion.NUMBER,
    },
    # A flow that is in force cannot be deleted, and which of its versions go is for a person to say.
    on_removal=Removal.RELEASE,
    at_rest={"status": ("Active", "Obsolete")},
    switched_off={"status": "Draft"},
    leaving=Leaving(
        Removal.DELETE,
        put_back="Put the version of the flow {} in force again that was there before us, in Setup > Flows.",
    ),
    aspects=frozenset({Aspect.RECORDED}),
)

_APEX_CLASS = SettingType(
    name="ApexClass",
    noun="Apex class",
    mark=Mark.MANIFEST,
    coerce={"apiVersion": Coercion.NUMBER, "content": Coercion.MULTILINE},
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.RECORDED}),
)

_QUEUE = SettingType(
    name="Queue",
    noun="queue",
    mark=Mark.MANIFEST,
    cosmetic=frozenset({"name", "description"}),
    keyed={"queueSobject": "sobjectType", "queueMembers.users.user": "", "queueMembers.publicGroups.publicGroup": ""},
    defaults={"doesSendEmailToMembers": False},
    coerce={"name": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,  # leads may wait there
    leaving=Leaving(Removal.DELETE_DATA, does_without=frozenset({"CustomObject"})),
    aspects=frozenset({Aspect.RECORDED}),
)

_GROUP = SettingType(
    name="Group",
    noun="public group",
    mark=Mark.MANIFEST,
    consequence=Consequence.WEAKENING,
    cosmetic=frozenset({"name", "description"}),
    coerce={"name": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,  # others may have shared records with it
    leaving=Leaving(Removal.DELETE_DATA),
    aspects=frozenset({Aspect.ALERTED}),
)

_GROUP_MEMBER = SettingType(
    name="GroupMember",
    noun="member of a group or queue",
    mark=Mark.MANIFEST,
    consequence=Consequence.WEAKENING,
    immutable=frozenset({"group", "member"}),
    on_removal=Removal.DELETE,
)

_TEAM_MEMBER = SettingType(
    name="TeamMember",
    noun="member of a team",
    mark=Mark.MANIFEST,
    coerce={"place": Coercion.NUMBER},
    # Whether somebody is away is set by people in the org, never by the agreement.
    immutable=frozenset({"team", "person"}),
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.ENFORCED}),
)

_SILENT_SWITCH = SettingType(
    name="SilentSwitch",
    noun="switch that silences the agreement",
    mark=Mark.MANIFEST,
    on_removal=Removal.DELETE,  # nobody asks for one: a row that is on is always too much
)

_RULE = SettingType(
    name="AssignmentRule",
    noun="lead assignment rule",
    mark=Mark.MANIFEST,
    container="AssignmentRules",
    coerce={"active": Coercion.BOOLEAN},
    sole="active",
    on_removal=Removal.RELEASE,  # others may have put entries into it
    leaving=Leaving(Removal.DELETE_DATA),
    aspects=frozenset({Aspect.ENFORCED}),
)

_RULE_ENTRY = SettingType(
    name="AssignmentRuleEntry",
    noun="entry of the lead assignment rule",
    mark=Mark.MANIFEST,
    container="AssignmentRules",
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.ENFORCED}),
)

_RULES = SettingType(
    name="AssignmentRules",
    noun="lead assignment rules",
    mark=Mark.MANIFEST,
    keyed={"assignmentRule": "fullName"},
    on_removal=Removal.RELEASE,
)

_HOURS = SettingType(
    name="BusinessHours",
    noun="business hours",
    mark=Mark.MANIFEST,
    container="Settings",
    defaults={"active": True, "default": False},
    switched_off={"active": False},
    on_removal=Removal.RELEASE,  # an org can switch business hours off and cannot delete them
    leaving=Leaving(
        Removal.RELEASE,
        # Inferred: a deployment may switch business hours off that are not the default.
        idle={"active": False},
        by_hand="Leave the business hours {} as they are: they are switched off, and Salesforce deletes none.",
    ),
    aspects=frozenset({Aspect.RECORDED}),
)

_HOLIDAY = SettingType(
    name="Holiday",
    noun="holiday",
    mark=Mark.MANIFEST,
    container="Settings",
    keyed={"businessHours": ""},
    defaults={"isRecurring": False},
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.RECORDED}),
)

_SETTINGS = SettingType(
    name="Settings",
    noun="list of business hours and holidays",
    mark=Mark.MANIFEST,
    keyed={"businessHours": "name"},
    on_removal=Removal.RELEASE,
)

_MAPPING = SettingType(
    name="LeadConversionMapping",
    noun="field mapping of lead conversion",
    mark=Mark.MANIFEST,
    container="LeadConvertSettings",
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.RECORDED}),
)

_CONVERSION = SettingType(
    name="LeadConvertSettings",
    noun="lead conversion settings",
    mark=Mark.MANIFEST,
    keyed={"objectMapping": "outputObject", "objectMapping.*.mappingFields": "inputField"},
    on_removal=Removal.RELEASE,
)

_NOTIFICATION = SettingType(
    name="CustomNotificationType",
    noun="notification type",
    mark=Mark.MANIFEST,
    consequence=Consequence.WEAKENING,
    cosmetic=frozenset({"masterLabel", "description"}),
    coerce={"masterLabel": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.ALERTED}),
)

BEHAVIOUR: tuple[SettingType, ...] = (
    _VALIDATION_RULE,
    _FLOW,
    _APEX_CLASS,
    _PERMISSION,
    _PERMISSION_SET,
    _ASSIGNMENT,
    _QUEUE,
    _GROUP,
    _GROUP_MEMBER,
    _TEAM_MEMBER,
    _SILENT_SWITCH,
    _RULE,
    _RULE_ENTRY,
    _RULES,
    _HOURS,
    _HOLIDAY,
    _SETTINGS,
    _MAPPING,
    _CONVERSION,
    _NOTIFICATION,
)
