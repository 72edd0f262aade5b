"""Record ids as the platform spells them: three characters for the kind, twelve for the row, three that check the case."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
LENGTH = 15

PREFIXES = {
    "Organization": "00D",
    "User": "005",
    "Profile": "00e",
    "PermissionSet": "0PS",
    "PermissionSetAssignment": "0Pa",
    "FieldPermissions": "01k",
    "CustomObject": "01I",
    "CustomField": "00N",
    "ValidationRule": "03d",
    "FlowDefinition": "300",
    "Flow": "301",
    "Report": "00O",
    "ReportFolder": "00l",
    "StaticResource": "081",
    "SetupAuditTrail": "0Ym",
    "Group": "00G",
    "GroupMember": "011",
    "LeadStatus": "01J",
    "Deploy": "0Af",
    "Retrieve": "09S",
    "QueryLocator": "01g",
    "Bulk": "750",
    "ApexClass": "01p",
    "AssignmentRule": "01Q",
    "BusinessProcess": "019",
    "CustomMetadata": "m00",
    "CustomNotificationType": "0ML",
    "CustomPermission": "0CP",
    "Dashboard": "01Z",
    "DashboardFolder": "00l",
    "EmailFolder": "00l",
    "EmailTemplate": "00X",
    "LeadConvertSettings": "04n",
    "ListView": "00B",
    "Queue": "00G",
    "RecordType": "012",
    "ReportType": "070",
    "Settings": "0De",
    "WorkflowAlert": "01W",
}
# The prefixes of the objects whose rows are records, as the platform documents them.
DATA_KEYS = {
    "Lead": "00Q",
    "Contact": "003",
    "Account": "001",
    "Opportunity": "006",
    "Campaign": "701",
    "CampaignMember": "00v",
    "Task": "00T",
    "Event": "00U",
    "EmailMessage": "02s",
    "User": "005",
    "UserRole": "00E",
    "Profile": "00e",
    "Organization": "00D",
    "Group": "00G",
    "GroupMember": "011",
    "BusinessHours": "01m",
    "Holiday": "0C0",
    "RecordType": "012",
    "BusinessProcess": "019",
    "CustomNotificationType": "0ML",
    "LeadStatus": "01J",
    "PermissionSet": "0PS",
}
CUSTOM_KEY, METADATA_KEY = "a", "m"
"""The first letters of the prefixes of custom objects and of types of custom metadata."""


def identifier(kind: str, number: int) -> str:
    """Return the 18-character id of the `number`-th row of a kind."""
    return spelled(PREFIXES[kind], number)


def spelled(prefix: str, number: int) -> str:
    """Return the 18-character id of the `number`-th row of those that begin with a prefix."""
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return with_check(prefix + "5g" + digits.rjust(LENGTH - 5, "0"))


def with_check(short: str) -> str:
    """Return an id of 15 characters with the three that say which of its letters are capital."""
    check = ""
    for start in range(0, LENGTH, 5):
        bits = sum(1 << place for place, letter in enumerate(short[start : start + 5]) if letter.isupper())
        check += _CHECKS[bits]
    return short + check


def normal(given: str) -> str:
    """Return the 18-character spelling of an id that may be given in 15."""
    return with_check(given) if len(given) == LENGTH else given
