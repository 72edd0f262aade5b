"""The table of Salesforce setting types: what the engine must know of each.

The defaults and the places where spelling does not count are those on which tools that read Salesforce metadata back
stumble most: server defaults, order of lists, escapes, line ends, and numbers written in two ways. Inferred: which
members an org fills in by itself, from files that real orgs returned.
"""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.connector import Address, Aspect, Coercion, Leaving, Mark, Removal, SettingType
from sla_sync_salesforce.behaviour_types import BEHAVIOUR
from sla_sync_salesforce.view_types import VIEWS

LEAD_STATUS = "LeadStatus"
STANDARD_VALUE_SET = "StandardValueSet"

_ACCESS = "Give people access to {} in a permission set of your own: with ours gone nobody sees what stays."
_BIN = (
    "Salesforce keeps deleted fields and objects for 15 days, with what they held, in Setup > Object Manager > Deleted "
    "Fields and Deleted Objects; until then they count towards the limits of the org."
)
"""Salesforce Help, "Manage Deleted Custom Fields" and "Manage Deleted Custom Objects"."""

_FIELD = SettingType(
    name="CustomField",
    noun="field",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "description", "inlineHelpText", "valueSet.valueSetDefinition.value.*.label"}),
    keyed={
        "valueSet.valueSetDefinition.value": "fullName",
        "valueSet.valueSettings": "valueName",
        "valueSet.valueSettings.*.controllingFieldValue": "",
    },
    defaults={
        "required": False,
        "unique": False,
        "externalId": False,
        "trackHistory": False,
        "trackTrending": False,
        "trackFeedHistory": False,
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
    immutable=frozenset({"type", "referenceTo"}),
    closed={"valueSet.valueSetDefinition.value.*": "isActive"},
    on_removal=Removal.DELETE_DATA,
    leaving=Leaving(Removal.DELETE_DATA, part_of=("CustomObject", "."), by_hand=_ACCESS, remains=_BIN),
    aspects=frozenset({Aspect.DOCUMENTED, Aspect.RECORDED}),
)

_OBJECT = SettingType(
    name="CustomObject",
    noun="object",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "pluralLabel", "description", "nameField.label"}),
    defaults={
        "enableActivities": False,
        "enableBulkApi": True,
        "enableFeeds": False,
        "enableHistory": False,
        "enableReports": False,
        "enableSearch": False,
        "enableSharing": True,
        "enableStreamingApi": True,
        "visibility": "Public",
        "deploymentStatus": "Deployed",
    },
    coerce={
        "label": Coercion.MULTILINE,
        "pluralLabel": Coercion.MULTILINE,
        "description": Coercion.MULTILINE,
        "nameField.label": Coercion.MULTILINE,
    },
    immutable=frozenset({"customSettingsType"}),
    on_removal=Removal.DELETE_DATA,
    leaving=Leaving(Removal.DELETE_DATA, by_hand=_ACCESS, remains=_BIN),
    aspects=frozenset({Aspect.RECORDED}),
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
    leaving=Leaving(
        Removal.RELEASE,
        # Inferred: a value that a deployed list calls inactive is switched off, and leads that have it keep it.
        idle={"isActive": False},
        by_hand="Delete the values {} in Setup > Object Manager > Lead > Fields & Relationships > Lead Status, and name the "
        "value that their leads get instead: by API they can be switched off at most.",
    ),
    aspects=frozenset({Aspect.RECORDED}),
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

_METADATA_ROW = SettingType(
    name="CustomMetadata",
    noun="row of custom metadata",
    mark=Mark.MANIFEST,
    cosmetic=frozenset({"label"}),
    keyed={"values": "field"},
    defaults={"protected": False},
    coerce={"label": Coercion.MULTILINE},
    on_removal=Removal.DELETE,
    aspects=frozenset({Aspect.RECORDED}),
)

_PROCESS = SettingType(
    name="BusinessProcess",
    noun="lead process",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"description"}),
    keyed={"values": "fullName"},
    defaults={"isActive": True, "values.*.default": False},
    coerce={"description": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,  # a record type may stand on it
    leaving=Leaving(
        Removal.RELEASE,
        by_hand="Delete the lead processes {} in Setup > Lead Processes, after the record types on them.",
    ),
    aspects=frozenset({Aspect.ENFORCED}),
)

_RECORD_TYPE = SettingType(
    name="RecordType",
    noun="record type",
    mark=Mark.DESCRIPTION,
    cosmetic=frozenset({"label", "description"}),
    keyed={"picklistValues": "picklist", "picklistValues.*.values": "fullName"},
    defaults={"active": True, "picklistValues.*.values.*.default": False},
    switched_off={"active": False},
    coerce={"label": Coercion.MULTILINE, "description": Coercion.MULTILINE},
    on_removal=Removal.RELEASE,  # records may be of it, and the platform refuses to delete it then
    leaving=Leaving(
        Removal.RELEASE,
        does_without=frozenset({"CustomField"}),
        by_hand="Delete the record types {} in Setup > Object Manager > Lead > Record Types, and name the one that their leads "
        "get instead: no API deletes a record type.",
    ),
)

TYPES: Mapping[str, SettingType] = {
    each.name: each
    for each in (
        _OBJECT,
        _FIELD,
        _LEAD_STATUS_VALUE,
        _STANDARD_VALUE_SET,
        _METADATA_ROW,
        _PROCESS,
        _RECORD_TYPE,
        *BEHAVIOUR,
        *VIEWS,
    )
}

CONTAINERS: Mapping[str, Address] = {
    "LeadStatusValue": Address(STANDARD_VALUE_SET, LEAD_STATUS),
    "AssignmentRule": Address("AssignmentRules", "Lead"),
    "AssignmentRuleEntry": Address("AssignmentRules", "Lead"),
    "BusinessHours": Address("Settings", "BusinessHours"),
    "Holiday": Address("Settings", "BusinessHours"),
    "LeadConversionMapping": Address("LeadConvertSettings", "LeadConvertSettings"),
}
"""Type of a part → the file in which all such parts stand, whoever put them there.

Inferred: a value that a deployment leaves out may be deactivated or may stay, so the list is always sent whole.
"""

RECORDS = frozenset({"PermissionSetAssignment", "GroupMember", "TeamMember", "SilentSwitch"})
"""Settings that are rows of the record API: no package carries them."""

WHOLE = frozenset({"Flow", "ApexClass", "Report", "Dashboard", "ReportType", "ListView", "ValidationRule"})
"""Types of which a file of ours is written as it is agreed: what stands there besides is not kept. An element that a
flow no longer needs would point at others that are gone, and the platform would refuse the flow."""
