"""How each type of setting is known: which description says what it holds, and whether real orgs were seen to hold such.

`docs/verified.md` is made from this table. "WSDL" is Salesforce's own description of version 63.0, as simple-salesforce
1.12.10 ships it.
"""

from __future__ import annotations

from collections.abc import Mapping

_META = "Documented: Metadata API Developer Guide"
_OBJECTS = "Documented: Object Reference"
_REAL = "Recorded: files of real orgs in public repositories."

SETTINGS: Mapping[str, str] = {
    "ApexClass": f'{_META}, "ApexClass"; WSDL.',
    "AssignmentRule": f'{_META}, "AssignmentRules"; WSDL. {_REAL}',
    "AssignmentRuleEntry": f'{_META}, "AssignmentRules"; WSDL. {_REAL}',
    "AssignmentRules": f'{_META}, "AssignmentRules"; WSDL. {_REAL}',
    "BusinessHours": f'{_META}, "BusinessHoursSettings"; WSDL. {_REAL}',
    "BusinessProcess": f'{_META}, "BusinessProcess"; WSDL. {_REAL}',
    "CustomField": f'{_META}, "CustomField"; WSDL. {_REAL}',
    "CustomMetadata": f'{_META}, "CustomMetadata"; WSDL. {_REAL}',
    "CustomNotificationType": f'{_META}, "CustomNotificationType"; WSDL. {_REAL}',
    "CustomObject": f'{_META}, "CustomObject"; WSDL. {_REAL}',
    "CustomPermission": f'{_META}, "CustomPermission"; WSDL.',
    "Dashboard": f'{_META}, "Dashboard"; WSDL. {_REAL}',
    "DashboardFolder": f'{_META}, "Folder"; WSDL. {_REAL}',
    "Flow": f'{_META}, "Flow"; WSDL. {_REAL}',
    "Group": f'{_META}, "Group"; WSDL.',
    "GroupMember": f'{_OBJECTS}, "GroupMember".',
    "Holiday": f'{_META}, "BusinessHoursSettings"; WSDL. {_REAL}',
    "LeadConversionMapping": f'{_META}, "LeadConvertSettings"; WSDL. {_REAL}',
    "LeadConvertSettings": f'{_META}, "LeadConvertSettings"; WSDL. {_REAL}',
    "LeadStatusValue": f'{_META}, "StandardValueSet"; WSDL. {_REAL}',
    "ListView": f'{_META}, "ListView"; WSDL. {_REAL}',
    "PermissionSet": f'{_META}, "PermissionSet"; WSDL. {_REAL}',
    "PermissionSetAssignment": f'{_OBJECTS}, "PermissionSetAssignment".',
    "Queue": f'{_META}, "Queue"; WSDL. {_REAL}',
    "RecordType": f'{_META}, "RecordType"; WSDL. {_REAL}',
    "Report": f'{_META}, "Report"; WSDL. {_REAL}',
    "ReportFolder": f'{_META}, "Folder"; WSDL. {_REAL}',
    "ReportType": f'{_META}, "ReportType"; WSDL. {_REAL}',
    "Settings": f'{_META}, "BusinessHoursSettings"; WSDL. {_REAL}',
    "SilentSwitch": f'{_META}, "CustomObject" (custom settings); Object Reference, "Custom Objects".',
    "StandardValueSet": f'{_META}, "StandardValueSet"; WSDL. {_REAL}',
    "TeamMember": f'{_OBJECTS}, "Custom Objects": a record of an object of ours.',
    "ValidationRule": f'{_META}, "ValidationRule"; WSDL. {_REAL}',
}
"""Type of setting → how it is known. What an org fills in and spells in its own way is said in `types.py`."""
