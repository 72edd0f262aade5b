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
}


def identifier(kind: str, number: int) -> str:
    """Return the 18-character id of the `number`-th row of a kind."""
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return with_check(PREFIXES[kind] + "5g" + digits.rjust(LENGTH - 5, "0"))


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
